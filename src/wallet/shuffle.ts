import type { Randomness } from '../base/ports.ts';

const RANGE = 2 ** 32;

/** The same things in random order, every order equally likely (Fisher and Yates). */
export function shuffle<Thing>(things: readonly Thing[], randomness: Randomness): readonly Thing[] {
  const left = [...things];
  const shuffled: Thing[] = [];
  while (left.length > 0) shuffled.push(...left.splice(below(left.length, randomness), 1));
  return shuffled;
}

/** A number from 0 to `bound` - 1. What lies above the last whole multiple is drawn again, or some were likelier. */
function below(bound: number, randomness: Randomness): number {
  const most = RANGE - (RANGE % bound);
  for (;;) {
    const drawn = new DataView(randomness(4).slice().buffer).getUint32(0);
    if (drawn < most) return drawn % bound;
  }
}
