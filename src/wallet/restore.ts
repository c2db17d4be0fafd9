/** Restoring: from the phrase alone, by counting through the references and asking what is kept under them. */
import { ZERO, amount, isAmount, sum } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { Context } from './context.ts';
import { addCurrency } from './currency.ts';
import { numberKnown } from './numbers.ts';
import { askResume, askSpent, begin } from './operations.ts';
import { readPhrase } from './phrase.ts';
import { locationsOf } from './locations.ts';
import { isLive } from './purse.ts';
import { ask } from './speak.ts';
import type { Buy, Counter, HeldCoin, KnownCurrency, Renewal, Restoration, Transaction } from './state.ts';
import { findCoins, referenceOf } from './transaction.ts';
import type { FoundCoins } from './transaction.ts';
import { currencyInfo } from './views.ts';
import type { CurrencyInfo } from './views.ts';
import type { Amount } from '../base/amount.ts';

/** Told after each number that was asked for: how many, and the sum of the coins found so far, spent ones too. */
export type RestoreProgress = (currency: CurrencyInfo, asked: number, found: Amount) => void;

/** What came back of one currency. */
export interface Restored {
  readonly currency: CurrencyInfo;
  /** Coins that are in the purse again. */
  readonly amount: Amount;
  /** Of these, what nothing uses before `clearDoubt`: it may have been handed over. */
  readonly doubtful: Amount;
  /** Purchases that were not finished; `resumeAll` takes them up. */
  readonly pending: number;
  /** Blind signatures that make no coin although they should. */
  readonly refused: number;
}

/**
 * Sets the phrase, adds the currencies at these URLs and brings back what the phrase has in them. Refuses in a wallet
 * that has another phrase and is in use. After a temporary refusal it may be repeated: nothing comes twice. Coins of the
 * purse that were spent elsewhere under the same phrase leave it.
 */
export async function restore(
  context: Context,
  typed: string,
  urls: readonly string[],
  progress: RestoreProgress = () => undefined,
): Promise<readonly Restored[] | Refusal> {
  const phrase = readPhrase(typed);
  if (phrase instanceof Refusal) return phrase;
  const { book } = context;
  if (book.phrase !== phrase) {
    if (book.operations.size > 0) {
      return refuse('not possible', 'this wallet is in use; restore into a new one');
    }
    await book.commit({ phrase });
  }
  const restored: Restored[] = [];
  for (const url of urls) {
    const currency = await addCurrency(context, url);
    if (currency instanceof Refusal) return currency;
    const outcome = await restoreCurrency(context, currency, progress);
    if (outcome instanceof Refusal) return outcome;
    restored.push(outcome);
  }
  return restored;
}

/** What was found of a currency, before anything of it is kept. */
interface Findings {
  coins: HeldCoin[];
  purchases: Omit<Buy, 'number'>[];
  counter: Counter;
  refused: number;
  /** What payloads may say, the current one first. */
  readonly locations: readonly string[];
}

async function restoreCurrency(
  context: Context,
  currency: KnownCurrency,
  progress: RestoreProgress,
): Promise<Restored | Refusal> {
  const findings = await search(context, currency, progress);
  if (findings instanceof Refusal) return findings;
  const fresh = findings.coins.filter((coin) => isLive(context, coin) && !isKnown(context, coin));
  // An old copy of a wallet still holds what a newer one of the same phrase has spent.
  const held = context.book.coinsOf(currency.id).filter(({ reservedBy }) => reservedBy === null);
  const spent = await askSpent(
    context,
    currency.cddc.cdd,
    [...fresh, ...held].map(({ id }) => id),
  );
  if (spent instanceof Refusal) return spent;
  const gone = held.map(({ id }) => id).filter((id) => spent.has(id));
  const coins = fresh.filter(({ id }) => !spent.has(id));
  const total = sum(coins.map(({ coin }) => coin.payload.denomination));
  await keepFindings(context, currency, { ...findings, coins, gone }, total);
  const doubtful = sum(
    coins.filter((each) => each.doubtful === true).map(({ coin }) => coin.payload.denomination),
  );
  const { purchases, refused } = findings;
  return { currency: currencyInfo(currency), amount: total, doubtful, pending: purchases.length, refused };
}

/** Counts through the numbers until so many in a row are unknown that there can be no more. */
async function search(
  context: Context,
  currency: KnownCurrency,
  progress: RestoreProgress,
): Promise<Findings | Refusal> {
  const locations = await locationsOf(context, currency);
  if (locations instanceof Refusal) return locations;
  const findings: Findings = {
    locations,
    coins: [],
    purchases: [],
    counter: context.book.counter(currency.id),
    refused: 0,
  };
  for (let number = 0, last = -1; number - last <= LIMITS.restoreGap; number++) {
    const known = await searchNumber(context, currency, number, findings);
    if (known instanceof Refusal) return known;
    if (known) {
      last = number;
      findings.counter = numberKnown(withNext(findings.counter, number + 1), number);
    }
    const total = findings.coins.reduce((left, { coin }) => left + coin.payload.denomination, 0);
    if (!isAmount(total)) return refuse('distrusted', 'the mint has made more coins than there can be money');
    progress(currencyInfo(currency), number + 1, total);
  }
  return findings;
}

function withNext(counter: Counter, next: number): Counter {
  return { ...counter, next: Math.max(counter.next, next) };
}

/** Whether mint or bank know the number; what it brings goes into the findings. */
async function searchNumber(
  context: Context,
  currency: KnownCurrency,
  number: number,
  findings: Findings,
): Promise<boolean | Refusal> {
  // What this wallet is at itself brings its coins by its own way, and must not bring them twice.
  if (operationAt(context, currency.id, number)?.state === 'pending') return true;
  const { cdd } = currency.cddc;
  const transaction: Transaction = { number, location: cdd.cdd_location, outputs: null };
  const answer = await askResume(context, cdd, transaction);
  if (!(answer instanceof Refusal)) {
    addCoins(context, currency, transaction, answer, findings);
    return true;
  }
  if (answer.temporary && answer.name !== 'unpaid') return answer;
  const order = await askOrder(context, currency, number);
  if (order instanceof Refusal) return order;
  const atMint = answer.name !== 'unknown';
  // What the mint refuses for good, but does not hold for unknown, has had its number all the same.
  if (atMint && !answer.temporary && answer.name !== 'treasury exhausted') return true;
  if (order === undefined && !atMint) return false;
  if (operationAt(context, currency.id, number) === undefined) {
    findings.purchases.push(purchase(context, currency, transaction, order, atMint));
  }
  return true;
}

function addCoins(
  context: Context,
  currency: KnownCurrency,
  transaction: Transaction,
  answer: ResponseMint,
  findings: Findings,
): void {
  // Which description was in force when the transaction was planned only its coins can tell.
  let best: FoundCoins | undefined;
  for (const location of findings.locations) {
    const found = findCoins(context, currency, { ...transaction, location }, answer);
    if (best === undefined || found.refused < best.refused) best = found;
    if (best.refused === 0) break;
  }
  findings.coins.push(...(best?.coins ?? []));
  findings.refused += best?.refused ?? 0;
}

/** The order under a number; undefined when there is none. */
async function askOrder(
  context: Context,
  { id, cddc }: KnownCurrency,
  number: number,
): Promise<Order | undefined | Refusal> {
  const transaction_reference = referenceOf(context, id, number);
  const answer = await ask(context, cddc.cdd, { transaction_reference, type: 'request order status' });
  if (answer instanceof Refusal) return answer.temporary ? answer : undefined;
  const { order } = answer;
  const same = order.currency === id && order.transaction_reference === transaction_reference;
  return same ? order : refuse('unreachable', 'the bank answered with another order');
}

/** A purchase as it would have been kept, to be taken up again. */
function purchase(
  context: Context,
  { id }: KnownCurrency,
  transaction: Transaction,
  order: Order | undefined,
  asked: boolean,
): Omit<Buy, 'number'> {
  return {
    ...begin(context, id, order === undefined ? ZERO : amount(order.amount)),
    kind: 'buy',
    state: 'pending',
    rail: order?.rail ?? '',
    payTest: false,
    order: order ?? null,
    asked,
    transaction,
  };
}

/** The last operation of this very wallet under a number. */
function operationAt({ book }: Context, currency: string, number: number): Buy | Renewal | undefined {
  return [...book.operations.values()]
    .filter((each) => 'transaction' in each)
    .findLast((each) => each.currency === currency && each.transaction.number === number);
}

/** Whether the wallet has the coin, or has given it away in a stack that nobody took. */
function isKnown({ book }: Context, { id }: HeldCoin): boolean {
  const sent = [...book.operations.values()].some(
    (each) => each.kind === 'send' && each.coinIds.includes(id),
  );
  return sent || book.coins.has(id);
}

async function keepFindings(
  context: Context,
  currency: KnownCurrency,
  { coins, purchases, counter, gone }: Findings & { readonly gone: readonly string[] },
  total: Amount,
): Promise<void> {
  const first = context.book.nextOperation;
  const restoration: readonly Restoration[] =
    total === 0 ? [] : [{ ...begin(context, currency.id, total), kind: 'restore', state: 'done' }];
  const operations = [
    ...restoration,
    ...purchases.map((each, index): Buy => ({ ...each, number: first + restoration.length + index })),
  ];
  await context.book.commit({ coins, gone, counters: [counter], operations });
}
