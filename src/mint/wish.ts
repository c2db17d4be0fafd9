import { coinId, hashOf } from '../protocol/ids.ts';
import type { Coin } from '../protocol/documents.ts';
import type { RequestMint } from '../protocol/messages/mint.ts';
import type { RequestRedeem } from '../protocol/messages/redeem.ts';
import type { RequestRenew } from '../protocol/messages/renew.ts';
import type { OfflineScheme } from '../suites/suite.ts';
import type { Spend, Wish } from './ports.ts';

/** Keeps redemptions apart from references that a client chose. */
export const REDEEM_PREFIX = 'redeem:';

/** The requests that move money. */
export type MoneyRequest = RequestMint | RequestRenew | RequestRedeem;

/** The ids of the coins that a request spends, in its order. */
export function coinIdsOf(request: MoneyRequest): readonly string[] {
  return request.type === 'request mint' ? [] : request.coins.map(({ payload }) => coinId(payload));
}

/**
 * What a request asks for. A redemption's coins are a set: in whatever order they come, it is the same one. Of a suite that
 * is safe offline the coins' answers are part of it.
 */
export function wishOf(
  request: MoneyRequest,
  coinIds: readonly string[],
  offline: OfflineScheme | undefined,
): Wish {
  if (request.type === 'request redeem') {
    const spends = spendsOf(request.coins, coinIds, offline).sort((left, right) =>
      left.coinId < right.coinId ? -1 : 1,
    );
    const reference = `${REDEEM_PREFIX}${hashOf(spends.map((coin) => coin.coinId))}`;
    return { kind: 'redeem', reference, blinds: [], spends, payee: request.payee ?? '' };
  }
  return {
    kind: request.type === 'request mint' ? 'mint' : 'renew',
    reference: request.transaction_reference,
    blinds: request.blinds.map((blind) => ({
      keyId: blind.mint_key_id,
      reference: blind.reference,
      blind: blind.blinded_payload_hash,
    })),
    spends: request.type === 'request mint' ? [] : spendsOf(request.coins, coinIds, offline),
    payee: '',
  };
}

function spendsOf(
  coins: readonly Coin[],
  ids: readonly string[],
  offline: OfflineScheme | undefined,
): Spend[] {
  return ids.map((id, index) => {
    const coin = coins[index];
    if (coin === undefined) throw new Error('one id for each coin');
    const spend = { keyId: coin.payload.mint_key_id, coinId: id };
    return offline === undefined ? spend : { ...spend, ...answerOf(coin, offline) };
  });
}

function answerOf({ signature }: Coin, offline: OfflineScheme): Pick<Spend, 'answer' | 'payment'> {
  const payment = offline.paymentOf(signature);
  if (payment === undefined) return { answer: signature };
  return { answer: signature, payment: `${payment.payee} ${payment.time} ${payment.amount}` };
}

/** Whether two answers of one coin are to the same payment, and so one. */
export function sameAnswer(
  left: Pick<Spend, 'answer' | 'payment'>,
  right: Pick<Spend, 'answer' | 'payment'>,
): boolean {
  return left.payment === undefined || right.payment === undefined
    ? left.answer === right.answer
    : left.payment === right.payment;
}

/** Whether two requests that ask for the same bring the same answers too. */
export function sameAnswers(left: Wish, right: Wish): boolean {
  return left.spends.every((coin, index) => sameAnswer(coin, right.spends[index] ?? {}));
}

/**
 * Whether two requests ask for the very same: the second is then a repetition, and not a reference reused. What the coins
 * answer is not asked here: the ledger has looked at that before.
 */
export function sameWish(left: Wish, right: Wish): boolean {
  return (
    left.kind === right.kind &&
    left.reference === right.reference &&
    left.payee === right.payee &&
    left.blinds.length === right.blinds.length &&
    left.spends.length === right.spends.length &&
    left.blinds.every((blind, index) => sameFields(blind, right.blinds[index])) &&
    left.spends.every(({ keyId, coinId }, index) => sameFields({ keyId, coinId }, right.spends[index]))
  );
}

function sameFields<Fields extends object>(left: Fields, right: Fields | undefined): boolean {
  return Object.entries(left).every(([name, value]) => right?.[name as keyof Fields] === value);
}
