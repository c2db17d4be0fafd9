/** Told more than once, as when a whole group of processes is told and its head tells us again, it still ends well. */
import { endWithParent } from '../supervisor/orphan.ts';

/** Resolves at SIGINT or SIGTERM, and for a supervised program when its supervisor is gone. */
export function stopSignal(supervised = false): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    if (supervised) endWithParent(resolve);
  });
}
