/** Buying: an order at the bank, its payment, and the coins from the mint. Amounts are of the smallest unit. */
import { sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import type { ResponseOrder } from '../protocol/messages/order.ts';
import { tokenOf } from './account.ts';
import { outputsFor } from './change.ts';
import type { Context } from './context.ts';
import { currentKeys, refreshed, usableCurrency } from './currency.ts';
import { coinsEach, unregistered, withFirstRound, withoutFirstRound } from './first-round.ts';
import { instant, signsNow } from './keys.ts';
import type { SigningKeys } from './keys.ts';
import { numberKnown, takeNumber } from './numbers.ts';
import { askResume, begin, counterWithout, done, refused } from './operations.ts';
import { roomFor } from './purse.ts';
import { ask } from './speak.ts';
import type { Buy, KnownCurrency } from './state.ts';
import { blindsOf, collect, planTransaction, referenceOf } from './transaction.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** How to buy. */
export interface BuyOptions {
  /** The way in which the bank is paid; 'test' where it is left out. */
  readonly rail?: string;
  /** Whether the wallet pays the order itself: only on the rail *test*, which takes no money. */
  readonly payTest?: boolean;
  /** The code of the voucher that pays, on the rail *voucher*. On the rail *account* the wallet's own account pays. */
  readonly proof?: string;
}

const NOT_PAID = 'the order was not paid in time; place a new one';

/** Orders coins of this amount, and mints them as soon as they are paid. An unpaid order gives a pending entry. */
export async function buy(
  context: Context,
  currency: string,
  amount: Amount,
  { rail = 'test', payTest = false, proof = '' }: BuyOptions,
): Promise<Entry | Refusal> {
  const pays = proof === '' ? {} : { proof };
  const kept = await keep(context, { currency, amount, rail, payTest, ...pays });
  if (kept instanceof Refusal) return kept;
  const outcome = await resumeBuy(context, kept);
  return outcome instanceof Refusal ? outcome : entryOf(outcome);
}

type Wanted = Pick<Buy, 'currency' | 'amount' | 'rail' | 'payTest' | 'proof'>;

/** Before anything is sent the purchase is kept. */
async function keep(context: Context, wanted: Wanted): Promise<Buy | Refusal> {
  const { book } = context;
  if (wanted.amount === 0) return refuse('malformed', 'amount: must be at least 1');
  const full = roomFor(context, wanted.currency, wanted.amount);
  if (full !== undefined) return full;
  const keys = await currentKeys(context, wanted.currency);
  if (keys instanceof Refusal) return keys;
  const outputs = plannedFor(context, wanted, keys);
  if (outputs instanceof Refusal) return outputs;
  const taken = takeNumber(book.counter(wanted.currency));
  if (taken instanceof Refusal) return taken;
  const operation: Buy = {
    ...begin(context, wanted.currency, wanted.amount),
    ...wanted,
    kind: 'buy',
    state: 'pending',
    order: null,
    asked: false,
    transaction: planTransaction(context, book.currency(wanted.currency), taken.number, outputs, keys),
  };
  await book.commit({ operations: [operation], counters: [taken.counter] });
  return operation;
}

function plannedFor(
  { book }: Context,
  { amount, currency }: Pick<Buy, 'amount' | 'currency'>,
  keys: SigningKeys,
): readonly number[] | Refusal {
  const each = coinsEach(book.currency(currency).cddc.cdd);
  const few = each < LIMITS.coinsPerRequest ? `${each} of a kind` : `${LIMITS.coinsPerRequest} coins`;
  return (
    outputsFor(amount, [...keys.keys()], each) ??
    refuse('too large', `amount: it takes more than ${few}; buy less at once`)
  );
}

/**
 * Takes up a purchase that is kept: done, or still pending because it is unpaid, or the refusal that it met. Where
 * the refusal is temporary, or the treasury is exhausted, the purchase stays pending.
 */
export async function resumeBuy(context: Context, kept: Buy): Promise<Buy | Refusal> {
  let operation = kept;
  for (let attempt = 0; attempt < LIMITS.restoreGap; attempt++) {
    const outcome = await attemptOnce(context, operation);
    if (outcome instanceof Refusal) return outcome;
    if (!('again' in outcome)) return outcome;
    operation = outcome.again;
  }
  return refuse('busy', 'the issuer has refused every attempt at this purchase');
}

/** What an attempt comes to: settled, waiting for payment, refused, or planned anew and to be attempted again. */
type Attempt = Buy | Refusal | { readonly again: Buy };

async function attemptOnce(context: Context, operation: Buy): Promise<Attempt> {
  const usable = usableCurrency(context, operation.currency);
  if (usable instanceof Refusal) return usable;
  const restored = operation.transaction.outputs === null;
  if (operation.order === null && !restored) return placeOrder(context, operation);
  if (operation.order?.state === 'unpaid' && paysItself(operation)) return payOrder(context, operation);
  return operation.asked || restored ? resumeMint(context, operation) : requestMint(context, operation);
}

async function placeOrder(context: Context, operation: Buy): Promise<Attempt> {
  // Nobody pays for coins that this wallet may not have made.
  const refusal = await unregistered(context, operation.currency);
  if (refusal !== undefined) return refusal.temporary ? refusal : giveUp(context, operation, refusal);
  const { cdd } = context.book.currency(operation.currency).cddc;
  const { amount, currency, rail } = operation;
  const transaction_reference = referenceOf(context, currency, operation.transaction.number);
  const answer = await ask(context, cdd, {
    amount,
    currency,
    rail,
    transaction_reference,
    type: 'request order',
  });
  if (!(answer instanceof Refusal)) return keepOrder(context, operation, answer);
  if (answer.temporary) return answer;
  return answer.name === 'reference reused'
    ? planAnew(context, operation)
    : giveUp(context, operation, answer);
}

/** Whether the wallet has what the rail asks for; on others the customer pays beside it. */
function paysItself({ rail, payTest, proof }: Buy): boolean {
  return payTest || proof !== undefined || rail === 'account';
}

async function payOrder(context: Context, operation: Buy): Promise<Attempt> {
  const answer = await askPayment(context, operation);
  if (!(answer instanceof Refusal)) {
    const { state } = answer.order;
    if (state === 'unpaid') return refuse('unpaid', 'the bank did not take the payment');
    return keepOrder(context, operation, answer);
  }
  // With the treasury exhausted the order may be paid already.
  return answer.temporary || answer.name === 'treasury exhausted'
    ? answer
    : giveUp(context, operation, answer);
}

async function askPayment(context: Context, operation: Buy): Promise<ResponseOrder | Refusal> {
  const { cdd } = context.book.currency(operation.currency).cddc;
  const transaction_reference = referenceOf(context, operation.currency, operation.transaction.number);
  if (operation.payTest) return ask(context, cdd, { transaction_reference, type: 'request test payment' });
  const proof = operation.proof ?? (await tokenOf(context, operation.currency));
  if (proof instanceof Refusal) return proof;
  return ask(context, cdd, { proof, transaction_reference, type: 'request payment' });
}

/** Keeps the order as the bank has it; one that is not what was ordered is not. */
async function keepOrder(context: Context, operation: Buy, { order }: ResponseOrder): Promise<Attempt> {
  const { book } = context;
  const { number } = operation.transaction;
  const same =
    order.amount === operation.amount &&
    order.currency === operation.currency &&
    order.rail === operation.rail &&
    order.transaction_reference === referenceOf(context, operation.currency, number);
  if (!same) return refuse('unreachable', 'the bank answered with another order');
  const again = { ...operation, order };
  await book.commit({
    operations: [again],
    counters: [numberKnown(book.counter(operation.currency), number)],
  });
  return { again };
}

/** Asks for what the mint has under the reference; sends the request again where that is nothing. */
async function resumeMint(context: Context, operation: Buy): Promise<Attempt> {
  const { cdd } = context.book.currency(operation.currency).cddc;
  const answer = await askResume(context, cdd, operation.transaction);
  if (!(answer instanceof Refusal)) return conclude(context, operation, answer);
  if (answer.name === 'unpaid') return stillUnpaid(context, operation);
  if (answer.temporary || answer.name === 'treasury exhausted') return answer;
  if (operation.transaction.outputs !== null) return requestMint(context, operation);
  // The mint has dropped what another wallet with this phrase asked for: this one asks for it.
  return operation.order === null ? giveUp(context, operation, answer) : planAgain(context, operation);
}

async function requestMint(context: Context, kept: Buy): Promise<Attempt> {
  const opened = await withFirstRound(context, kept);
  const operation = opened instanceof Refusal ? kept : opened;
  const currency = context.book.currency(operation.currency);
  const answer = opened instanceof Refusal ? opened : await askMint(context, currency, opened);
  if (!(answer instanceof Refusal)) return conclude(context, operation, answer);
  if (answer.name === 'unpaid') return stillUnpaid(context, operation);
  if (answer.temporary || answer.name === 'treasury exhausted') return answer;
  // The request may have been done before, with the answer lost.
  const earlier = await askResume(context, currency.cddc.cdd, operation.transaction);
  // Where the first round was begun anew, what has the reference may be this purchase, which was still under way.
  const isOurs = answer.name !== 'reference reused' || operation.transaction.commitments !== undefined;
  if (!(earlier instanceof Refusal) && isOurs) {
    const outcome = await conclude(context, operation, earlier);
    if (!(outcome instanceof Refusal) || answer.name !== 'reference reused') return outcome;
  }
  if (earlier instanceof Refusal && (earlier.temporary || earlier.name === 'treasury exhausted'))
    return earlier;
  switch (answer.name) {
    case 'reference reused':
      return planAnew(context, operation);
    case 'first round over':
      return { again: await withoutFirstRound(context, operation) };
    case 'expired':
      return afterExpiry(context, operation, answer);
    default:
      return giveUp(context, operation, answer);
  }
}

function askMint(context: Context, currency: KnownCurrency, { transaction }: Buy) {
  return ask(context, currency.cddc.cdd, {
    blinds: blindsOf(context, currency, transaction),
    transaction_reference: referenceOf(context, currency.id, transaction.number),
    type: 'request mint',
  });
}

/** A mint key may have stopped early, so that the mint is asked once which ones sign: new blinds, if others do. */
async function afterExpiry(context: Context, operation: Buy, refusal: Refusal): Promise<Attempt> {
  if (keysSign(context, operation)) {
    const shown = await refreshed(context, context.book.currency(operation.currency));
    if (shown instanceof Refusal) return shown;
  }
  return keysSign(context, operation) ? giveUp(context, operation, refusal) : planAgain(context, operation);
}

async function conclude(context: Context, operation: Buy, answer: ResponseMint): Promise<Buy | Refusal> {
  const { book } = context;
  const coins = collect(context, book.currency(operation.currency), operation.transaction, answer);
  if (coins instanceof Refusal) return coins;
  const amount = sum(coins.map(({ coin }) => coin.payload.denomination));
  if (operation.order !== null && amount !== operation.amount) {
    return refuse('bad signature', 'the mint has not signed all the coins that were ordered');
  }
  const settled = done({ ...operation, amount });
  await book.commit({
    operations: [settled],
    counters: [numberKnown(book.counter(operation.currency), operation.transaction.number)],
    coins,
  });
  return settled;
}

/** The mint waits for the payment. An order that the bank no longer lets anyone pay is over. */
async function stillUnpaid(context: Context, operation: Buy): Promise<Attempt> {
  const asked: Buy = { ...operation, asked: true };
  if (!operation.asked) await context.book.commit({ operations: [asked] });
  const { order } = operation;
  if (order === null || context.clock() <= instant(order.expires)) return asked;
  const { cdd } = context.book.currency(operation.currency).cddc;
  const { transaction_reference } = order;
  const answer = await ask(context, cdd, { transaction_reference, type: 'request order status' });
  const over = answer instanceof Refusal ? !answer.temporary : answer.order.state === 'unpaid';
  return over ? giveUp(context, asked, refuse('expired', NOT_PAID), true) : asked;
}

/** Another wallet with this phrase has used the number: the next one, and an order of its own. */
async function planAnew(context: Context, operation: Buy): Promise<Attempt> {
  const { book } = context;
  const taken = takeNumber(numberKnown(book.counter(operation.currency), operation.transaction.number));
  if (taken instanceof Refusal) return taken;
  const planned = await planUnder(context, operation, taken.number);
  if (planned instanceof Refusal) return planned;
  const again: Buy = { ...planned, order: null };
  await book.commit({ operations: [again], counters: [taken.counter] });
  return { again };
}

/** Under the same number, with the mint keys that make coins now. */
async function planAgain(context: Context, operation: Buy): Promise<Attempt> {
  const again = await planUnder(context, operation, operation.transaction.number);
  if (again instanceof Refusal) return again;
  await context.book.commit({ operations: [again] });
  return { again };
}

async function planUnder(context: Context, operation: Buy, number: number): Promise<Buy | Refusal> {
  const keys = await currentKeys(context, operation.currency);
  if (keys instanceof Refusal) return keys;
  const outputs = plannedFor(context, operation, keys);
  if (outputs instanceof Refusal) return outputs;
  const currency = context.book.currency(operation.currency);
  return {
    ...operation,
    asked: false,
    transaction: planTransaction(context, currency, number, outputs, keys),
  };
}

async function giveUp(context: Context, operation: Buy, refusal: Refusal, own = false): Promise<Refusal> {
  await context.book.commit({
    operations: [refused(operation, refusal, own)],
    counters: [counterWithout(context, operation)],
  });
  return refusal;
}

function keysSign({ book, clock }: Context, { transaction }: Buy): boolean {
  const now = clock();
  return (transaction.outputs ?? []).every(({ mintKeyId }) => signsNow(book.times(mintKeyId), now));
}
