/** Coins that came back from the phrase and may have been handed over: a person says that they were not. */
import { sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { askSpent } from './operations.ts';
import { doubtfulIn } from './purse.ts';
import type { HeldCoin } from './state.ts';

/** What became of a currency's doubtful coins. */
export interface Cleared {
  /** What can be spent now. */
  readonly amount: Amount;
  /** What was spent meanwhile, and is gone. */
  readonly gone: Amount;
}

/**
 * Makes the doubtful coins of a currency usable, but for those that the mint says were spent: they leave the purse. Whoever
 * calls has asked a person whether one of them was paid to somebody who has not brought it yet. Nothing changes after a
 * refusal.
 */
export async function clearDoubt(context: Context, currency: string): Promise<Cleared | Refusal> {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const doubtful = doubtfulIn(context, currency);
  const spent = await askSpent(
    context,
    known.cddc.cdd,
    doubtful.map(({ id }) => id),
  );
  if (spent instanceof Refusal) return spent;
  const [gone, left] = [
    doubtful.filter(({ id }) => spent.has(id)),
    doubtful.filter(({ id }) => !spent.has(id)),
  ];
  const coins = left.map(({ doubtful: _, ...coin }): HeldCoin => coin);
  if (doubtful.length > 0) await context.book.commit({ coins, gone: gone.map(({ id }) => id) });
  return { amount: sumOf(left), gone: sumOf(gone) };
}

function sumOf(coins: readonly HeldCoin[]): Amount {
  return sum(coins.map(({ coin }) => coin.payload.denomination));
}
