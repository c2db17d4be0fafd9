import { ZERO, add, amount, isAmount, subtract, sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { canonical } from '../base/canonical.ts';
import { DAY, readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { hashOf } from '../protocol/ids.ts';
import type { JournalEntry } from '../protocol/journal.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import { move } from './counters.ts';
import { REDEEM_PREFIX, sameAnswer, sameWish } from './wish.ts';
import type {
  Cashier,
  CommitOutcome,
  Counters,
  FundOutcome,
  Intent,
  JournalOutcome,
  JournalStep,
  KeptDoublePayment,
  KeptIntent,
  KeptReceipt,
  Move,
  Spend,
} from './ports.ts';

/** A cashier's word as the ledger keeps it. `document` is its canonical form; `day` counts days since 1970 in UTC. */
export interface KeptFunding {
  readonly reference: string;
  readonly cashier: string;
  readonly amount: Amount;
  readonly expires: Instant;
  readonly day: number;
  readonly document: string;
}

/** What a coin of a suite that is safe offline said when it was spent. */
export type KeptAnswer = Required<Pick<Spend, 'answer'>> & Pick<Spend, 'payment'>;

/** What the ledger has to know to judge. A store answers these within the transaction that will act on them. */
export interface LedgerView {
  readonly counters: Counters;
  intent(reference: string): KeptIntent | undefined;
  funding(reference: string): KeptFunding | undefined;
  isSpent(coin: Spend): boolean;
  /** The answer that a spent coin was brought with, where one was kept. */
  answer(coinId: string): KeptAnswer | undefined;
  /** What is kept of a coin that was handed over twice. */
  doublePayment(coinId: string): KeptDoublePayment | undefined;
  /** The number of the last of them; 0 before the first. */
  readonly lastDoublePayment: number;
  /** The receipt of a redemption that was committed, by its reference. */
  receipt(reference: string): KeptReceipt | undefined;
  /** The number of the last receipt; 0 before the first. */
  readonly lastReceipt: number;
}

/** What a store must do: with `next` it spends the coins, keeps the intent as committed and writes the counters. */
export interface Judgement {
  readonly outcome: CommitOutcome;
  readonly next?: Counters;
  /** The intent is to be kept, waiting for its payment. */
  readonly wait?: true;
  /** Coins of it that were found handed over twice just now: to be kept. */
  readonly found?: readonly KeptDoublePayment[];
}

/** The rule of the ledger, the same for every store: may this intent take effect, now, on these books? */
export function judge(intent: Intent, now: Instant, view: LedgerView): Judgement {
  // First: the same coins with other answers are no repetition, whatever else the request says.
  const twice = handedTwice(intent.spends, view);
  if (twice.length > 0) {
    const coinIds = spentOf(intent, view);
    const found = twice.filter((each) => each.number > view.lastDoublePayment);
    return { outcome: { kind: 'spent', coinIds, twice }, ...(found.length > 0 ? { found } : {}) };
  }
  const kept = view.intent(intent.reference);
  if (kept !== undefined) {
    const isVoid = kept.state === 'waiting' && hasLapsed(kept, now, view);
    if (!isVoid && !sameWish(kept, intent)) return { outcome: { kind: 'reference reused' } };
    if (kept.state === 'committed') return { outcome: { kind: 'repeated', ...receiptOf(view, intent) } };
  }
  const waits = kept?.state === 'waiting' && sameWish(kept, intent);
  if (hasLapsed(intent, now, view)) return { outcome: { kind: 'lapsed' } };
  const spent = spentOf(intent, view);
  if (spent.length > 0) return { outcome: { kind: 'spent', coinIds: spent, twice: [] } };
  const unfunded = intent.kind === 'mint' ? judgeFunding(intent, now, view) : undefined;
  // What waits already is not written again each time somebody asks.
  if (unfunded !== undefined) return waits ? { outcome: unfunded.outcome } : unfunded;
  const next = move(view.counters, intent.moves);
  if ('kind' in next) return { outcome: next };
  const receipt = intent.kind === 'redeem' ? { receipt: writeReceipt(intent, now, view) } : {};
  return { outcome: { kind: 'committed', ...receipt }, next };
}

function spentOf({ spends }: Intent, view: LedgerView): readonly string[] {
  return spends.filter((coin) => view.isSpent(coin)).map((coin) => coin.coinId);
}

/**
 * The coins that were spent with an answer to another payment. Of each the first two answers are kept, once: those that
 * are not kept yet have the numbers after the last.
 */
function handedTwice(spends: readonly Spend[], view: LedgerView): readonly KeptDoublePayment[] {
  let last = view.lastDoublePayment;
  return spends.flatMap((coin) => {
    const { keyId, coinId, answer } = coin;
    const first = answer === undefined ? undefined : view.answer(coinId);
    if (answer === undefined || first === undefined || sameAnswer(coin, first)) return [];
    const kept = view.doublePayment(coinId);
    return [kept ?? { number: ++last, keyId, coinId, first: first.answer, second: answer }];
  });
}

/** Whether a mint key that it needs has stopped to sign, by its own date or because it was revoked. */
function hasLapsed(intent: Intent, now: Instant, { counters }: LedgerView): boolean {
  const stopped = ({ keyId, issued }: Move) => issued > 0 && counters.keys.get(keyId)?.stopped === true;
  return intent.lapses < now || intent.moves.some(stopped);
}

function receiptOf(view: LedgerView, { kind, reference }: Intent): { receipt?: KeptReceipt } {
  const receipt = kind === 'redeem' ? view.receipt(reference) : undefined;
  return receipt === undefined ? {} : { receipt };
}

function writeReceipt(intent: Intent, now: Instant, view: LedgerView): KeptReceipt {
  return {
    sequence: view.lastReceipt + 1,
    redemption: intent.reference.slice(REDEEM_PREFIX.length),
    amount: sum(intent.moves.map((each) => each.redeemed)),
    payee: intent.payee,
    time: now,
  };
}

function judgeFunding(intent: Intent, now: Instant, view: LedgerView): Judgement | undefined {
  const funding = view.funding(intent.reference);
  if (funding === undefined) return { outcome: { kind: 'unpaid' }, wait: true };
  if (funding.expires < now) return { outcome: { kind: 'funding expired' } };
  const asked = intent.moves.reduce((total, each) => total + each.issued, 0);
  if (asked !== funding.amount) return { outcome: { kind: 'funding differs', funded: funding.amount } };
  return undefined;
}

/** The day in UTC that a cashier's limit counts by. */
export function dayOf(now: Instant): number {
  return Math.floor(now / DAY);
}

/** The rule for a cashier's word: once for each reference, and within the day's limit. */
export function judgeFund(
  funding: KeptFunding,
  cashier: Cashier,
  kept: KeptFunding | undefined,
  fundedToday: number,
): FundOutcome {
  if (kept !== undefined)
    return { kind: kept.document === funding.document ? 'repeated' : 'reference reused' };
  const total = fundedToday + funding.amount;
  return { kind: total > cashier.limitPerDay ? 'over the day limit' : 'recorded' };
}

/** A cashier's word as the ledger keeps it. */
export function keepFunding(funding: Funding, now: Instant): KeptFunding {
  const expires = readDate(funding.expires);
  if (expires === undefined) throw new Error('the mint records only fundings whose dates it has read');
  return {
    reference: funding.transaction_reference,
    cashier: funding.cashier,
    amount: amount(funding.amount),
    expires,
    day: dayOf(now),
    document: canonical(funding),
  };
}

/** The rule for the journal: entries follow each other, and the treasury covers what they take from it. */
export function judgeStep(
  step: JournalStep,
  counters: Counters,
): { readonly outcome: JournalOutcome; readonly next?: Counters } {
  const { head } = counters;
  const follows = step.entries.every(
    ({ entry }, index) =>
      entry.number === head.entries + index &&
      entry.previous === (index === 0 ? head.hash : hashOf(entryBefore(step, index))),
  );
  if (!follows || step.entries.length === 0) return { outcome: { kind: 'head moved' } };
  const moved = closeKeys(counters, step);
  const authorised = moved.authorised + step.authorised;
  const treasury = moved.treasury + step.authorised;
  if (!isAmount(treasury) || !isAmount(authorised)) return { outcome: { kind: 'treasury exhausted' } };
  const keys = new Map(moved.keys);
  for (const id of step.opens) keys.set(id, { issued: ZERO, redeemed: ZERO, stopped: false });
  for (const id of step.stops) {
    const count = keys.get(id);
    if (count !== undefined) keys.set(id, { ...count, stopped: true });
  }
  const last = entryBefore(step, step.entries.length);
  const next = {
    ...moved,
    authorised,
    treasury,
    keys,
    head: { entries: last.number + 1, hash: hashOf(last) },
  };
  return { outcome: { kind: 'recorded' }, next };
}

function entryBefore({ entries }: JournalStep, index: number): JournalEntry {
  const signed = entries[index - 1];
  if (signed === undefined) throw new Error('no entry stands before the first');
  return signed.entry;
}

/** What is left of an expired key's coins goes back to the treasury: nobody can bring them back any more. */
function closeKeys(counters: Counters, { closes }: JournalStep): Counters {
  const keys = new Map(counters.keys);
  let left = ZERO;
  for (const { mint_key_id: id, issued, redeemed } of closes) {
    const count = keys.get(id);
    if (count?.issued !== issued || count.redeemed !== redeemed)
      throw new Error('a key was closed with other totals than the books have');
    left = add(left, subtract(count.issued, count.redeemed));
    keys.delete(id);
  }
  return {
    ...counters,
    keys,
    float: subtract(counters.float, left),
    treasury: add(counters.treasury, left),
  };
}
