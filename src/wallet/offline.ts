/**
 * Accepting a payment without asking the mint: only where a coin that is paid twice gives its payer away. What was
 * accepted is kept, and renewed when the mint can be reached.
 */
import { DAY, HOUR } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Amount } from '../base/amount.ts';
import type { Coin, CoinStack } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import { outputsFor } from './change.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { coinsEach } from './first-round.ts';
import { suiteOf } from './keys.ts';
import { begin, isPending } from './operations.ts';
import { payeeIn } from './payee.ts';
import { roomFor } from './purse.ts';
import { currencyOf } from './receive.ts';
import type { KnownCurrency, Operation, Renewal } from './state.ts';
import { verifyOffline } from './verify.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** What a coin has to live on: one that expires before it is renewed is lost, and paying it twice would not be found out. */
const LIFE_LEFT = DAY;

/** How far the payer's clock may be from this one: whoever answers later may have answered somebody else before. */
const TIME_APART = HOUR;

/**
 * Accepts a stack that was handed to this wallet just now, and keeps it: the entry is pending until its coins are renewed.
 * The same stack again is refused: whoever hands out goods for it must not do so twice.
 */
export async function receiveOffline(context: Context, stack: CoinStack): Promise<Entry | Refusal> {
  const id = currencyOf(context, stack);
  if (id instanceof Refusal) return id;
  const known = usableCurrency(context, id);
  if (known instanceof Refusal) return known;
  const coinIds = stack.coins.map(({ payload }) => coinId(payload));
  const before = seenBefore(context, coinIds);
  if (before !== undefined && isSame(before, coinIds))
    return refuse(
      'already spent',
      `this wallet has accepted this payment before, as operation ${before.number}; it is worth nothing a second time`,
    );
  if (before !== undefined || coinIds.some((each) => context.book.coins.has(each)))
    return refuse('already spent', 'this wallet has had these coins before; see its history');
  const total = await verifyOffline(context, known, stack.coins);
  if (total instanceof Refusal) return total;
  const wrong =
    doubtsAboutPayment(context, known, stack.coins, total) ?? doubtsAboutRoom(context, known, total);
  if (wrong !== undefined) return wrong;
  const operation: Renewal = {
    ...begin(context, id, total),
    kind: 'receive',
    state: 'pending',
    coins: stack.coins,
    coinIds,
    subject: stack.subject,
    sentBy: null,
    offline: true,
    transaction: { number: -1, location: '', outputs: [] },
  };
  await context.book.commit({ operations: [operation] });
  return entryOf(operation);
}

/** The last operation that any of these coins stood in; one that was refused may have been so because they were spent. */
function seenBefore({ book }: Context, coinIds: readonly string[]): Operation | undefined {
  const ids = new Set(coinIds);
  return [...book.operations.values()].findLast(
    (operation) => 'coinIds' in operation && operation.coinIds.some((id) => ids.has(id)),
  );
}

/** Whether an operation is these very coins, accepted and not renewed yet. */
function isSame(operation: Operation, coinIds: readonly string[]): boolean {
  if (operation.kind !== 'receive' || operation.offline !== true || !isPending(operation)) return false;
  return operation.coinIds.length === coinIds.length && coinIds.every((id) => operation.coinIds.includes(id));
}

/** Refuses what was not handed to this wallet, now and for this sum. */
function doubtsAboutPayment(
  context: Context,
  known: KnownCurrency,
  coins: readonly Coin[],
  total: Amount,
): Refusal | undefined {
  const { offline, promises } = suiteOf(known.cddc.cdd);
  const payee = payeeIn(context, known.id);
  if (offline === undefined || !promises.safeOffline || payee instanceof Refusal)
    return refuse('not possible', 'coins of this currency prove nothing offline: receive them online');
  for (const [index, { payload, signature }] of coins.entries()) {
    const payment = offline.paymentOf(signature);
    if (payment?.payee !== payee)
      return refuse(
        'not possible',
        `coins[${index}]: was not handed to this wallet; ask for a payment to it`,
      );
    if (Math.abs(payment.time - context.clock()) > TIME_APART)
      return refuse('expired', `coins[${index}]: was not handed over within this hour; compare your clocks`);
    if (context.book.times(payload.mint_key_id).expires - context.clock() < LIFE_LEFT)
      return refuse(
        'expired',
        `coins[${index}]: expires so soon that it may not be renewed in time; receive it online`,
      );
    if (payment.amount !== total)
      return refuse('unbalanced', `coins[${index}]: was handed over in a payment of another amount`);
  }
  return undefined;
}

/** Refuses what could not be renewed at once. */
function doubtsAboutRoom(context: Context, { id, cddc }: KnownCurrency, total: Amount): Refusal | undefined {
  const outputs = outputsFor(total, cddc.cdd.denominations, coinsEach(cddc.cdd));
  return outputs === undefined
    ? refuse('too large', 'coins: more than this currency makes at once; have it sent in several payments')
    : roomFor(context, id, total);
}
