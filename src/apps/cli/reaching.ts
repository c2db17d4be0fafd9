/** How programs of ours wait for each other. */
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../base/refusal.ts';

/** How long a program waits for another that its supervisor is just starting again, in milliseconds, and how often it asks. */
const PATIENCE = 30_000;
const PACE = 200;

/** Opens something that needs another program, which may be away for a moment; refuses when it stays away, or is stopped. */
export async function whenReachable<Opened>(
  open: () => Promise<Opened | Refusal>,
  stopped: Promise<void>,
): Promise<Opened | Refusal> {
  const end = performance.now() + PATIENCE;
  const waiting = { isOver: false };
  void stopped.then(() => {
    waiting.isOver = true;
  });
  for (;;) {
    const opened = await open();
    const isAway = opened instanceof Refusal && opened.name === 'unreachable';
    if (!isAway || waiting.isOver || performance.now() > end) return opened;
    await Promise.race([stopped, pause(PACE)]);
  }
}
