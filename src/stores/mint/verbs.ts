import type { Instant } from '../../base/dates.ts';
import { readDate } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { assertConserved } from '../../mint/counters.ts';
import { dayOf, judge, judgeFund, judgeStep, keepFunding } from '../../mint/ledger.ts';
import type { LedgerView } from '../../mint/ledger.ts';
import type { CommitOutcome, FundOutcome, Intent, JournalOutcome, KeptIntent } from '../../mint/ports.ts';
import { mintKeySecret } from '../../mint/secrets.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import { load } from './check.ts';
import type { Call, CallOf, CallResult } from './calls.ts';
import { shortId } from './shelf.ts';
import type { Shelf } from './shelf.ts';

/**
 * Carries out one call on a shelf. All checks stand before the first write, so what throws has left no trace. The same
 * calls on the same books always come to the same: the second place relies on it when it is replayed.
 */
export function carryOut(call: Call, shelf: Shelf): CallResult {
  switch (call.verb) {
    case 'commit':
      return commit(call.intent, call.now, shelf);
    case 'fund':
      return fund(call, shelf);
    case 'record':
      return record(call, shelf);
    case 'keepOrder':
      return keepOrder(call, shelf);
    case 'sweep':
      return sweep(call.now, shelf);
    case 'recall':
      return shelf.intent(call.reference);
    case 'spent':
      return shelf.spentAnywhere(call.coins);
    case 'counters':
      return shelf.counters;
    case 'orders':
      return shelf.orders();
    case 'journal':
      return shelf.journal(call.from, call.most);
    case 'receipts':
      return shelf.receipts(call.after, call.most);
    case 'doublePayments':
      return shelf.doublePayments(call.after, call.most);
    case 'load':
      return load(shelf);
  }
}

function commit(intent: Intent, now: Instant, shelf: Shelf): CommitOutcome {
  if (new Set(intent.spends.map((coin) => shortId(coin.coinId))).size < intent.spends.length)
    throw new Error('a coin stands twice in one intent');
  const kept = shelf.intent(intent.reference);
  const { outcome, next, wait, found } = judge(intent, now, viewOf(shelf, kept));
  if (next !== undefined) {
    assertConserved(next);
    if (outcome.kind === 'committed' && outcome.receipt !== undefined) shelf.addReceipt(outcome.receipt);
    shelf.setCounters(next);
    shelf.spend(intent.spends);
    keep(intent, 'committed', kept, shelf);
    shelf.touch(now);
  }
  if (found !== undefined) {
    for (const each of found) shelf.addDoublePayment(each);
    shelf.touch(now);
  }
  if (wait === true) {
    keep(intent, 'waiting', kept, shelf);
    const oldest = shelf.waiting > LIMITS.waitingRequests ? shelf.oldestWaiting() : undefined;
    if (oldest !== undefined) shelf.forget(oldest);
    shelf.touch(now);
  }
  return outcome;
}

/** The shelf as the rule sees it, with what was looked up already. */
function viewOf(shelf: Shelf, kept: KeptIntent | undefined): LedgerView {
  return {
    counters: shelf.counters,
    lastReceipt: shelf.lastReceipt,
    intent: () => kept,
    funding: (reference) => shelf.funding(reference),
    isSpent: (coin) => shelf.isSpent(coin),
    answer: (coinId) => shelf.answer(coinId),
    doublePayment: (coinId) => shelf.doublePayment(coinId),
    lastDoublePayment: shelf.lastDoublePayment,
    receipt: (reference) => shelf.receipt(reference),
  };
}

/** What was minted is kept as long as its funding too: a funding whose intent is forgotten would pay once more. */
function keep(
  intent: Intent,
  state: KeptIntent['state'],
  before: KeptIntent | undefined,
  shelf: Shelf,
): void {
  const funding = intent.kind === 'mint' ? shelf.funding(intent.reference) : undefined;
  if (before !== undefined) shelf.forget(before);
  shelf.keep(intent, state, Math.max(intent.expires, funding?.expires ?? 0));
}

function fund({ funding, cashier, now }: CallOf<'fund'>, shelf: Shelf): FundOutcome {
  const word = keepFunding(funding, now);
  const today = shelf.fundedOn(word.cashier, word.day);
  const outcome = judgeFund(word, cashier, shelf.funding(word.reference), today);
  if (outcome.kind === 'recorded') {
    shelf.addFunding(word);
    shelf.touch(now);
  }
  return outcome;
}

function record({ step }: CallOf<'record'>, shelf: Shelf): JournalOutcome {
  const { outcome, next } = judgeStep(step, shelf.counters);
  if (next === undefined) return outcome;
  const opened = new Set(step.opens);
  if (opened.size < step.opens.length || step.opens.some((id) => shelf.knowsKey(id)))
    throw new Error('a mint key is opened once');
  assertConserved(next);
  shelf.append(step.entries);
  shelf.keepSecrets(step.secrets);
  shelf.openKeys(step.opens);
  shelf.closeKeys(step.closes.map((each) => each.mint_key_id));
  shelf.dropSecrets(step.closes.map((each) => mintKeySecret(each.mint_key_id)));
  for (const cashier of step.dismisses) shelf.dismiss(cashier);
  shelf.setCounters(next);
  if (step.settles !== null) shelf.dropOrder(step.settles);
  shelf.touch(step.now);
  return outcome;
}

function keepOrder({ order, operators, now }: CallOf<'keepOrder'>, shelf: Shelf): 'kept' | 'too many' {
  const { serial } = order.order;
  const beginnerOf = ({ signatures }: SignedOrder) =>
    signatures.find(({ operator }) => operators.includes(operator))?.operator;
  // What nobody of the policy has signed is nobody's wish any more.
  const isWaiting = (each: SignedOrder) => expiryOf(each) >= now && beginnerOf(each) !== undefined;
  const kept = shelf.orders();
  const waiting = kept.filter(isWaiting);
  const forgotten = kept.filter((each) => !waiting.includes(each));
  const begun = waiting.filter((each) => beginnerOf(each) === beginnerOf(order));
  const isKnown = waiting.some((each) => each.order.serial === serial);
  const isRoom = waiting.length < LIMITS.pendingOrders && begun.length < LIMITS.pendingOrdersEach;
  const fits = isKnown || isRoom;
  for (const each of forgotten) shelf.dropOrder(each.order.serial);
  if (fits) shelf.putOrder(order);
  if (fits || forgotten.length > 0) shelf.touch(now);
  return fits ? 'kept' : 'too many';
}

function expiryOf({ order }: SignedOrder): Instant {
  const expires = readDate(order.expires);
  if (expires === undefined) throw new Error('the mint keeps only orders whose dates it has read');
  return expires;
}

/** Rows that one call to sweep drops at most: each takes about 20 µs, and other calls wait meanwhile. */
const SWEEP_ROWS = 500;
/** Coins of one key lie beside each other and go quicker. */
const SWEEP_COINS = 10_000;

/** One kind at a time; whoever is told that there may be more calls again. */
function sweep(now: Instant, shelf: Shelf): boolean {
  const dropped =
    shelf.sweepIntents(now, SWEEP_ROWS) ||
    shelf.sweepFundings(now, SWEEP_ROWS) ||
    // A day more than needed, for a clock that is set back over midnight.
    shelf.sweepDays(dayOf(now) - 1) ||
    shelf.sweepCoins(SWEEP_COINS) ||
    shelf.sweepAnswers(SWEEP_ROWS);
  if (dropped > 0) shelf.touch(now);
  return dropped > 0;
}
