import type { Instant } from '../base/dates.ts';
import type { Context } from './context.ts';
import { spendable } from './purse.ts';

/** The coins of one denomination that can be spent now. */
export interface Pile {
  /** What each of them is worth, in the smallest unit. */
  readonly denomination: number;
  readonly coins: number;
  /** When the first of them is taken no more. */
  readonly expires: Instant;
}

/** The coins of a currency that can be spent now, by denomination, the largest first. */
export function piles(context: Context, currency: string): readonly Pile[] {
  const byDenomination = Map.groupBy(spendable(context, currency), ({ denomination }) => denomination);
  return [...byDenomination]
    .sort(([left], [right]) => right - left)
    .map(([denomination, coins]) => {
      const ends = coins.map(({ held }) => context.book.times(held.coin.payload.mint_key_id).expires);
      return { denomination, coins: coins.length, expires: Math.min(...ends) };
    });
}
