/** Which transaction number comes next, so that a restore that counts through them misses none. */
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Counter } from './state.ts';

/** From so many numbers on that nobody is known to have taken, refused ones are used again. */
const GAP_TO_FILL = LIMITS.restoreGap / 2;

/**
 * Takes a number. A fresh one as long as the gap is small: a number used again tells the mint that both requests
 * came from one wallet. Refuses where a restore could miss it.
 */
export function takeNumber(
  counter: Counter,
): { readonly number: number; readonly counter: Counter } | Refusal {
  const gap = counter.next - counter.known - 1;
  const [refused, ...free] = counter.free;
  if (refused !== undefined && gap >= GAP_TO_FILL) return { number: refused, counter: { ...counter, free } };
  if (gap < LIMITS.restoreGap)
    return { number: counter.next, counter: { ...counter, next: counter.next + 1 } };
  return refuse('not possible', `${gap} operations of this currency wait for an answer; take them up first`);
}

/** The mint or the bank has taken the number. */
export function numberKnown(counter: Counter, number: number): Counter {
  const known = Math.max(counter.known, number);
  return { ...counter, known, free: counter.free.filter((each) => each > known) };
}

/** The number was refused and nobody has taken it. */
export function numberRefused(counter: Counter, number: number): Counter {
  if (number <= counter.known || counter.free.includes(number)) return counter;
  return { ...counter, free: [...counter.free, number].sort((left, right) => left - right) };
}
