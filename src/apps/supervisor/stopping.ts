/** How programs that a supervisor may have started end, and how confined ones are given what opens their vault. */
import type { Unlock } from '../../signers/vault/vault.ts';
import { endWithParent, readInput } from './orphan.ts';

/**
 * Resolves at SIGINT or SIGTERM, and for a supervised program when its supervisor is gone. Told more than once, as when a
 * whole group of processes is told and its head tells us again, it still ends well.
 */
export function stopSignal(supervised = false): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    if (supervised) endWithParent(resolve);
  });
}

/** The key file that was named; else the passphrase, the first line of standard input, empty where none came. */
export async function suppliedUnlock(keyFile: string | null): Promise<Unlock> {
  return keyFile === null ? { passphrase: (await readInput()) ?? '' } : { keyFile };
}
