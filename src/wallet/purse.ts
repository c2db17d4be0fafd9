/** Which coins of the purse can pay. */
import { isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { DAY } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import { formOf } from './hand.ts';
import type { Form } from './hand.ts';
import type { SigningKeys } from './keys.ts';
import { isPending } from './operations.ts';
import type { HeldCoin } from './state.ts';

/** A coin of the purse as change-making sees it. */
export interface PurseCoin {
  readonly denomination: number;
  readonly held: HeldCoin;
  readonly form: Form;
}

/** The coins of a currency that can be spent now, those that expire first foremost. Doubtful ones are none of them. */
export function spendable(context: Context, currency: string): readonly PurseCoin[] {
  const live = context.book
    .coinsOf(currency)
    .filter((held) => held.reservedBy === null && held.doubtful !== true && isLive(context, held));
  if (live.length === 0) return [];
  const expiry = (held: HeldCoin) => context.book.times(held.coin.payload.mint_key_id).expires;
  const sorted = live.toSorted((left, right) => expiry(left) - expiry(right));
  const { cdd } = context.book.currency(currency).cddc;
  return sorted.map((held) => ({
    denomination: held.coin.payload.denomination,
    held,
    form: formOf(cdd, held.coin),
  }));
}

/** The coins of a currency that nothing uses before a person says that they were not handed over; no expired ones. */
export function doubtfulIn(context: Context, currency: string): readonly HeldCoin[] {
  return context.book
    .coinsOf(currency)
    .filter((held) => held.reservedBy === null && held.doubtful === true && isLive(context, held));
}

/** Whether anyone still takes the coin. */
export function isLive({ book, clock }: Context, { coin }: HeldCoin): boolean {
  return clock() <= book.times(coin.payload.mint_key_id).expires;
}

/**
 * Whether the coin is to be renewed now: its key was revoked, or half the time from the end of its signing to the
 * expiry of its coins is over, or less than a day is left. Only where another key makes coins that live longer.
 */
export function isDue({ book, clock }: Context, keys: SigningKeys, { coin }: HeldCoin): boolean {
  const { mint_key_id, denomination } = coin.payload;
  const next = keys.get(denomination) ?? keys.get(1);
  if (next === undefined || next.mint_key.id === mint_key_id) return false;
  const { until, expires, revoked } = book.times(mint_key_id);
  if (revoked) return true;
  const inGoodTime = Math.min((until + expires) / 2, expires - DAY);
  return clock() >= inGoodTime && book.times(next.mint_key.id).expires > expires;
}

/** Refuses what would make a purse's total more than an amount can be, with all that is still to come. */
export function roomFor({ book }: Context, currency: string, more: Amount): Refusal | undefined {
  const coming = [...book.operations.values()]
    .filter((operation) => operation.currency === currency && isPending(operation))
    .filter(({ kind }) => kind !== 'tidy' && kind !== 'redeem' && kind !== 'payout');
  const held = book.coinsOf(currency).map(({ coin }) => coin.payload.denomination);
  const total = [...coming.map(({ amount }) => amount), ...held].reduce((left, right) => left + right, more);
  return isAmount(total)
    ? undefined
    : refuse('too large', 'amount: no purse holds more than 2^53 - 1 in all');
}
