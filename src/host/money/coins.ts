import { isAmount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { coinId } from '../../protocol/ids.ts';
import { object } from '../objections.ts';
import type { Objection } from '../objections.ts';

/** What coins claim to be. Nothing of it is verified. */
export interface Claim {
  readonly currency: string;
  readonly location: string;
  readonly amount: Amount;
  readonly coins: number;
}

/** What a stack claims to be; objects where it is of several currencies, or has a coin twice. */
export function claimOf({ coins }: CoinStack): Claim | Objection {
  const [first] = coins;
  if (first === undefined) return object('no coins');
  const { issuer_id: currency, cdd_location: location } = first.payload;
  if (coins.some(({ payload }) => payload.issuer_id !== currency)) {
    return object('not possible', 'the coins are of several currencies');
  }
  if (new Set(coinIdsOf({ coins })).size < coins.length)
    return object('malformed', 'a coin stands twice in it');
  const total = coins.reduce((left, { payload }) => left + payload.denomination, 0);
  if (!isAmount(total)) return object('too large', 'the sum of the coins is beyond 2^53 - 1');
  return { currency, location, amount: total, coins: coins.length };
}

/** The identities of a stack's coins, in an order that does not hang on the stack's. */
export function coinIdsOf({ coins }: Pick<CoinStack, 'coins'>): readonly string[] {
  return coins.map(({ payload }) => coinId(payload)).sort();
}
