/** Which coins of the purse can pay. */
import { isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import { expiryOf, signsUntil } from './keys.ts';
import { isPending } from './operations.ts';
import type { HeldCoin } from './state.ts';

/** A coin of the purse as change-making sees it. */
export interface PurseCoin {
  readonly denomination: number;
  readonly held: HeldCoin;
}

/** The coins of a currency that can be spent now, those that expire first foremost. */
export function spendable(context: Context, currency: string): readonly PurseCoin[] {
  const live = context.book
    .coinsOf(currency)
    .filter((held) => held.reservedBy === null && isLive(context, held));
  const expiry = (held: HeldCoin) => expiryOf(context.book.certificate(held.coin.payload.mint_key_id));
  const sorted = live.toSorted((left, right) => expiry(left) - expiry(right));
  return sorted.map((held) => ({ denomination: held.coin.payload.denomination, held }));
}

/** Whether anyone still takes the coin. */
export function isLive({ book, clock }: Context, { coin }: HeldCoin): boolean {
  return clock() <= expiryOf(book.certificate(coin.payload.mint_key_id));
}

/** Whether the coin should be renewed before it expires: half the time since its key made its last coin is over. */
export function isStale({ book, clock }: Context, { coin }: HeldCoin): boolean {
  const certificate = book.certificate(coin.payload.mint_key_id);
  return clock() >= (signsUntil(certificate) + expiryOf(certificate)) / 2;
}

/** Refuses what would make a purse's total more than an amount can be, with all that is still to come. */
export function roomFor({ book }: Context, currency: string, more: Amount): Refusal | undefined {
  const coming = [...book.operations.values()]
    .filter((operation) => operation.currency === currency && isPending(operation))
    .filter(({ kind }) => kind !== 'tidy' && kind !== 'redeem');
  const held = book.coinsOf(currency).map(({ coin }) => coin.payload.denomination);
  const total = [...coming.map(({ amount }) => amount), ...held].reduce((left, right) => left + right, more);
  return isAmount(total)
    ? undefined
    : refuse('too large', 'amount: no purse holds more than 2^53 - 1 in all');
}
