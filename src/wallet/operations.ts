/** What the operations have in common: how they begin, how they are settled, what a change to the books says. */
import type { Amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import type { Cdd } from '../protocol/documents.ts';
import type { Context } from './context.ts';
import { numberRefused } from './numbers.ts';
import { ask } from './speak.ts';
import type {
  Buy,
  Counter,
  HeldCoin,
  Operation,
  PayoutOrder,
  Redemption,
  Renewal,
  Transaction,
} from './state.ts';
import { referenceOf } from './transaction.ts';

/** An operation that was not settled when it was begun. */
export type Unsettled = Buy | Renewal | Redemption | PayoutOrder;

/** The fields that every operation begins with. */
export function begin(context: Context, currency: string, amount: Amount) {
  return { number: context.book.nextOperation, currency, amount, started: context.clock(), reason: null };
}

/** Whether an operation waits to be taken up. */
export function isPending(operation: Operation): operation is Unsettled & { readonly state: 'pending' } {
  return operation.state === 'pending';
}

/** The operation as it stays in the history: its coins and blinds are needed no more. */
export function done<Kind extends Unsettled>(operation: Kind): Kind {
  return { ...slim(operation), state: 'done' };
}

/** The operation as it stays in the history, with the reason why it was not done and whether the wallet says so. */
export function refused<Kind extends Unsettled>(
  operation: Kind,
  { name, details }: Refusal,
  own = false,
): Kind {
  return { ...slim(operation), state: 'refused', reason: { name, details, ...(own ? { own } : {}) } };
}

function slim<Kind extends Unsettled>(operation: Kind): Kind {
  const coins = 'coins' in operation ? { coins: [] } : {};
  const transaction =
    'transaction' in operation ? { transaction: { ...operation.transaction, outputs: [] } } : {};
  const { proof: _, ...kept } = { proof: '', ...operation };
  return { ...(kept as Kind), ...coins, ...transaction };
}

/** The purse's coins that an operation has reserved. */
export function reservedBy({ book }: Context, operation: Operation): readonly HeldCoin[] {
  return [...book.coins.values()].filter((coin) => coin.reservedBy === operation.number);
}

/** The same coins, available again. */
export function released(coins: readonly HeldCoin[]): readonly HeldCoin[] {
  return coins.map((coin) => ({ ...coin, reservedBy: null }));
}

/** The counter once the operation's number was refused. */
export function counterWithout({ book }: Context, { currency, transaction }: Buy | Renewal): Counter {
  return numberRefused(book.counter(currency), transaction.number);
}

/**
 * What the mint has kept under the operation's reference. Asked before a refusal is believed: the request may have
 * been done before, with the answer lost.
 */
export function askResume(context: Context, cdd: Cdd, { number }: Transaction) {
  const transaction_reference = referenceOf(context, cdd.id, number);
  return ask(context, cdd, { transaction_reference, type: 'request resume' });
}

/** For each coin whether it was spent, in batches; the ids of those that were. */
export async function askSpent(
  context: Context,
  cdd: Cdd,
  coinIds: readonly string[],
): Promise<ReadonlySet<string> | Refusal> {
  const spent = new Set<string>();
  const batch = LIMITS.coinsPerRequest;
  for (let from = 0; from < coinIds.length; from += batch) {
    const coin_ids = coinIds.slice(from, from + batch);
    const answer = await ask(context, cdd, { coin_ids, type: 'request coin status' });
    if (answer instanceof Refusal) return answer;
    // A list of another length says nothing of the coins it leaves out: those count as unspent, and are tried.
    for (const [index, id] of coin_ids.entries()) if (answer.spent[index] === true) spent.add(id);
  }
  return spent;
}
