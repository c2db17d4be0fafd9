/** Receiving: a stack is verified whole, then its coins are renewed into the purse. */
import { Refusal, refuse } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { currentCurrency } from './currency.ts';
import { isPending } from './operations.ts';
import { boundToAnother } from './payee.ts';
import { renew, resumeRenewal } from './renew.ts';
import type { Operation, Renewal } from './state.ts';
import { takeback } from './takeback.ts';
import { verifyCoins } from './verify.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/**
 * Takes a stack. Refuses 'unknown' with the address to add when its currency is not known here, and 'already spent'
 * when it was taken before. Own coins that nobody took are taken back.
 */
export async function receive(context: Context, stack: CoinStack): Promise<Entry | Refusal> {
  const coinIds = new Set(stack.coins.map(({ payload }) => coinId(payload)));
  const earlier = lastAbout(context.book.operations.values(), coinIds);
  if (earlier?.kind === 'send') return takeback(context, earlier.number);
  if (earlier !== undefined && isPending(earlier)) return entry(await resumeRenewal(context, earlier));
  if (earlier?.state === 'done') {
    return refuse(
      'already spent',
      `this wallet has taken these coins before, as operation ${earlier.number}`,
    );
  }
  return takeStack(context, stack, coinIds);
}

async function takeStack(
  context: Context,
  stack: CoinStack,
  coinIds: ReadonlySet<string>,
): Promise<Entry | Refusal> {
  const issuer_id = currencyOf(context, stack);
  if (issuer_id instanceof Refusal) return issuer_id;
  const currency = await currentCurrency(context, issuer_id);
  if (currency instanceof Refusal) return currency;
  const foreign = boundToAnother(context, currency, stack.coins);
  if (foreign !== undefined) return foreign;
  const total = await verifyCoins(context, currency, stack.coins);
  if (total instanceof Refusal) return total;
  const inUse = [...coinIds]
    .map((id) => context.book.coins.get(id)?.reservedBy ?? null)
    .find((by) => by !== null);
  if (inUse !== undefined)
    return refuse('not possible', `operation ${inUse} of this wallet uses these coins`);
  const { coins, subject } = stack;
  return entry(await renew(context, { kind: 'receive', currency: issuer_id, coins, subject, sentBy: null }));
}

/** The currency of a stack that is known here; refuses with the address to add. */
export function currencyOf({ book }: Context, { coins: [first] }: CoinStack): string | Refusal {
  if (first === undefined) return refuse('malformed', 'coins: there are none');
  const { issuer_id, cdd_location } = first.payload;
  return book.currencies.has(issuer_id)
    ? issuer_id
    : refuse('unknown', `the currency of these coins is not known here; add ${cdd_location} if you trust it`);
}

/**
 * The last operation that these coins stand in: a receipt or take-back that holds any of them, or a send that holds
 * all of them and that nobody has taken.
 */
function lastAbout(
  operations: Iterable<Operation>,
  coinIds: ReadonlySet<string>,
): Renewal | (Operation & { kind: 'send' }) | undefined {
  let last: Renewal | (Operation & { kind: 'send' }) | undefined;
  for (const operation of operations) {
    if (operation.kind === 'receive' || operation.kind === 'takeback') {
      if (operation.state !== 'refused' && operation.coinIds.some((id) => coinIds.has(id))) last = operation;
    } else if (
      operation.kind === 'send' &&
      operation.state === 'sent' &&
      sameCoins(operation.coinIds, coinIds)
    ) {
      last = operation;
    }
  }
  return last;
}

function sameCoins(coinIds: readonly string[], others: ReadonlySet<string>): boolean {
  return coinIds.length === others.size && coinIds.every((id) => others.has(id));
}

function entry(outcome: Renewal | Refusal): Entry | Refusal {
  return outcome instanceof Refusal ? outcome : entryOf(outcome);
}
