/** Renewing: old coins for new ones of the same sum. Receiving, taking back and tidying are all this. */
import { sum } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { RefusalName } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { fitsRequest, outputsFor } from './change.ts';
import type { Context } from './context.ts';
import { currentKeys, refreshed, usableCurrency } from './currency.ts';
import { coinsEach, withFirstRound, withoutFirstRound } from './first-round.ts';
import { shown } from './hand.ts';
import { signsNow } from './keys.ts';
import type { SigningKeys } from './keys.ts';
import { numberKnown, takeNumber } from './numbers.ts';
import {
  askResume,
  askSpent,
  begin,
  counterWithout,
  done,
  refused,
  released,
  reservedBy,
} from './operations.ts';
import { roomFor } from './purse.ts';
import { ask } from './speak.ts';
import type { HeldCoin, KnownCurrency, Operation, Renewal, Send } from './state.ts';
import { blindsOf, collect, planTransaction, referenceOf } from './transaction.ts';

/** What is to be renewed. */
export interface RenewalOrder {
  readonly kind: Renewal['kind'];
  readonly currency: string;
  readonly coins: readonly Coin[];
  /** What for; where it is left out, for coins that can pay any amount. */
  readonly get?: readonly number[];
  readonly subject: string;
  readonly sentBy: number | null;
}

/** Keeps a renewal and carries it out as far as it goes now: done, or the refusal that it met. */
export async function renew(context: Context, order: RenewalOrder): Promise<Renewal | Refusal> {
  const kept = await keep(context, order);
  return kept instanceof Refusal ? kept : resumeRenewal(context, kept);
}

/** Before anything is sent the renewal is kept, and the coins of the purse that it gives are reserved. */
async function keep(context: Context, order: RenewalOrder): Promise<Renewal | Refusal> {
  const { book } = context;
  const keys = await currentKeys(context, order.currency);
  if (keys instanceof Refusal) return keys;
  const get = order.get ?? freshFor(context, order, keys);
  if (get === undefined) return tooMany();
  const taken = takeNumber(book.counter(order.currency));
  if (taken instanceof Refusal) return taken;
  const coinIds = order.coins.map(({ payload }) => coinId(payload));
  const amount = sum(order.coins.map(({ payload }) => payload.denomination));
  const full = order.kind === 'tidy' ? undefined : roomFor(context, order.currency, amount);
  if (full !== undefined) return full;
  const operation: Renewal = {
    ...begin(context, order.currency, amount),
    kind: order.kind,
    state: 'pending',
    coins: order.coins,
    coinIds,
    subject: order.subject,
    sentBy: order.sentBy,
    transaction: planTransaction(context, book.currency(order.currency), taken.number, get, keys),
  };
  const coins = reserved(context, operation);
  await book.commit({ operations: [operation], counters: [taken.counter], coins });
  return operation;
}

/** The purse's own coins among those given, from now on in the form in which they are given: no other goes out of it. */
function reserved({ book }: Context, { coins, number }: Renewal): readonly HeldCoin[] {
  return coins.flatMap((coin): readonly HeldCoin[] => {
    const own = book.coins.get(coinId(coin.payload));
    return own === undefined ? [] : [{ ...own, coin, reservedBy: number }];
  });
}

/** A complete set of coins where one request carries it; else few; else the very denominations that were given. */
function freshFor(
  { book }: Context,
  { coins, currency }: Pick<RenewalOrder, 'coins' | 'currency'>,
  keys: SigningKeys,
): readonly number[] | undefined {
  const each = coinsEach(book.currency(currency).cddc.cdd);
  const given = coins.map(({ payload }) => payload.denomination);
  const outputs = outputsFor(sum(given), [...keys.keys()], each);
  if (outputs !== undefined) return outputs;
  return given.every((one) => keys.has(one)) && fitsRequest(given, each) ? given : undefined;
}

/** Takes up a renewal that is kept: done, or the refusal that it met. A temporary one leaves it as it was. */
export async function resumeRenewal(context: Context, kept: Renewal): Promise<Renewal | Refusal> {
  let operation = kept;
  for (let attempt = 0; attempt < LIMITS.restoreGap; attempt++) {
    const outcome = await attemptOnce(context, operation);
    if (outcome instanceof Refusal || outcome.state !== 'pending') return outcome;
    operation = outcome;
  }
  return refuse('busy', 'the mint has refused every attempt at this renewal');
}

/** Sends the request once. A renewal that comes back pending was planned anew and is to be sent again. */
async function attemptOnce(context: Context, kept: Renewal): Promise<Renewal | Refusal> {
  const currency = usableCurrency(context, kept.currency);
  if (currency instanceof Refusal) return currency;
  if (kept.transaction.number < 0) return planAnew(context, kept, 'fresh number');
  const opened = await withFirstRound(context, kept);
  const operation = opened instanceof Refusal ? kept : opened;
  const answer = opened instanceof Refusal ? opened : await askRenew(context, currency, opened);
  if (!(answer instanceof Refusal)) return conclude(context, operation, answer);
  if (answer.temporary) return answer;
  if (answer.name === 'reference reused') return afterReuse(context, operation);
  const earlier = await askResume(context, currency.cddc.cdd, operation.transaction);
  if (!(earlier instanceof Refusal)) return conclude(context, operation, earlier);
  if (earlier.temporary) return earlier;
  switch (answer.name) {
    case 'already spent':
      return withoutSpent(context, operation, answer);
    case 'first round over':
      return withoutFirstRound(context, operation);
    case 'expired':
      return afterExpiry(context, operation, answer);
    default:
      return giveUp(context, operation, answer);
  }
}

function askRenew(context: Context, currency: KnownCurrency, { coins, transaction }: Renewal) {
  return ask(context, currency.cddc.cdd, {
    blinds: blindsOf(context, currency, transaction),
    coins: shown(currency.cddc.cdd, coins),
    transaction_reference: referenceOf(context, currency.id, transaction.number),
    type: 'request renew',
  });
}

/**
 * Another wallet with this phrase used the number. Where the first round was begun anew it may also have been this
 * renewal, still under way when the mint said that it knew nothing of it: then all that it gives is spent.
 */
async function afterReuse(context: Context, operation: Renewal): Promise<Renewal | Refusal> {
  if (operation.transaction.commitments !== undefined) {
    const { cdd } = context.book.currency(operation.currency).cddc;
    const spent = await askSpent(context, cdd, operation.coinIds);
    const earlier = spent instanceof Refusal ? spent : await askResume(context, cdd, operation.transaction);
    if (earlier instanceof Refusal && earlier.temporary) return earlier;
    const isOurs = !(spent instanceof Refusal) && spent.size === operation.coinIds.length;
    const done =
      isOurs && !(earlier instanceof Refusal) ? await conclude(context, operation, earlier) : undefined;
    if (done !== undefined && !(done instanceof Refusal)) return done;
  }
  return planAnew(context, operation, 'fresh number');
}

/** A mint key may have stopped early, so that the mint is asked once which ones sign: new blinds, if others do. */
async function afterExpiry(
  context: Context,
  operation: Renewal,
  refusal: Refusal,
): Promise<Renewal | Refusal> {
  if (keysSign(context, operation)) {
    const shown = await refreshed(context, context.book.currency(operation.currency));
    if (shown instanceof Refusal) return shown;
  }
  return keysSign(context, operation)
    ? giveUp(context, operation, refusal)
    : planAnew(context, operation, 'same number');
}

/** The old coins are gone and the new ones are there, at once. */
async function conclude(
  context: Context,
  operation: Renewal,
  answer: ResponseMint,
): Promise<Renewal | Refusal> {
  const { book } = context;
  const coins = collect(context, book.currency(operation.currency), operation.transaction, answer);
  if (coins instanceof Refusal) return coins;
  const settled = done(operation);
  await book.commit({
    operations: [settled, ...sendAs(context, operation, 'taken back')],
    counters: [numberKnown(book.counter(operation.currency), operation.transaction.number)],
    coins,
    gone: operation.coinIds.filter((id) => book.coins.has(id)),
  });
  return settled;
}

/** Another wallet with this phrase used the number, or the keys sign no more: new blinds, kept before they are sent. */
async function planAnew(
  context: Context,
  operation: Renewal,
  how: 'fresh number' | 'same number',
): Promise<Renewal | Refusal> {
  const { book } = context;
  const keys = await currentKeys(context, operation.currency);
  if (keys instanceof Refusal) return keys;
  const get = freshFor(context, operation, keys);
  if (get === undefined) return tooMany();
  const counter = book.counter(operation.currency);
  const used = operation.transaction.number;
  // A number gives a coin the same blinding on whatever payload: two payloads under one would tell the mint which it is.
  const hasMoved = operation.transaction.location !== book.currency(operation.currency).cddc.cdd.cdd_location;
  const isSame = how === 'same number' && !hasMoved;
  const taken = isSame ? { number: used, counter } : takeNumber(numberKnown(counter, used));
  if (taken instanceof Refusal) return taken;
  const transaction = planTransaction(context, book.currency(operation.currency), taken.number, get, keys);
  const planned = { ...operation, transaction };
  await book.commit({ operations: [planned], counters: [taken.counter] });
  return planned;
}

/** Some coins were spent before: they are gone, and what happens to the others hangs on whose they are. */
async function withoutSpent(
  context: Context,
  operation: Renewal,
  refusal: Refusal,
): Promise<Renewal | Refusal> {
  const { book } = context;
  const { cddc } = book.currency(operation.currency);
  const spent = await askSpent(context, cddc.cdd, operation.coinIds);
  if (spent instanceof Refusal) return spent.temporary ? spent : giveUp(context, operation, refusal);
  // Whoever words refusals otherwise leaves it open which kind of 409 it was.
  if (spent.size === 0) return planAnew(context, operation, 'fresh number');
  const left = operation.coins.filter(({ payload }) => !spent.has(coinId(payload)));
  const keepsRest = operation.kind === 'takeback' || operation.offline === true;
  if (!keepsRest || left.length === 0) return giveUp(context, operation, refusal, spent);
  const amount = sum(left.map(({ payload }) => payload.denomination));
  return planAnew(
    context,
    { ...operation, coins: left, coinIds: left.map(({ payload }) => coinId(payload)), amount },
    'same number',
  );
}

/** What an issuer can say against coins that were accepted without asking it; all else may change. */
const AGAINST_COINS: ReadonlySet<RefusalName> = new Set(['already spent', 'bad signature', 'expired']);

const PAID_TWICE = refuse(
  'already spent',
  'this money was paid twice: whoever gave you these coins offline has given them to somebody else too; the issuer ' +
    'shows everybody who does so',
);

/**
 * Settles a renewal that the mint refuses for good; the purse's own coins are available again but for the spent. What was
 * accepted offline is given up only for what is wrong with the coins.
 */
async function giveUp(
  context: Context,
  operation: Renewal,
  refusal: Refusal,
  spent: ReadonlySet<string> = new Set(),
): Promise<Refusal> {
  if (operation.offline === true && !AGAINST_COINS.has(refusal.name)) return refusal;
  const wasPaidTwice = operation.offline === true && refusal.name === 'already spent';
  const own = reservedBy(context, operation);
  const taken = refusal.name === 'already spent' ? sendAs(context, operation, 'taken') : [];
  await context.book.commit({
    operations: [wasPaidTwice ? refused(operation, PAID_TWICE, true) : refused(operation, refusal), ...taken],
    counters: [counterWithout(context, operation)],
    coins: released(own.filter(({ id }) => !spent.has(id))),
    gone: own.map(({ id }) => id).filter((id) => spent.has(id)),
  });
  return wasPaidTwice ? PAID_TWICE : refusal;
}

/** For a take-back the operation that sent the coins, in its new state. */
function sendAs({ book }: Context, { sentBy }: Renewal, state: Send['state']): readonly Operation[] {
  const sent = sentBy === null ? undefined : book.operations.get(sentBy);
  return sent?.kind === 'send' ? [{ ...sent, state, coins: [] }] : [];
}

function keysSign({ book, clock }: Context, { transaction }: Renewal): boolean {
  const now = clock();
  return (transaction.outputs ?? []).every(({ mintKeyId }) => signsNow(book.times(mintKeyId), now));
}

function tooMany(): Refusal {
  return refuse(
    'too large',
    'more coins would come out of it than this currency makes at once; have it sent in several payments',
  );
}
