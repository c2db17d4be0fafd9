import { amount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { canonical } from '../base/canonical.ts';
import { DAY, readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import { move } from './counters.ts';
import { sameWish } from './wish.ts';
import type { Cashier, CommitOutcome, Counters, FundOutcome, Intent, KeptIntent } from './ports.ts';

/** A cashier's word as the ledger keeps it. `document` is its canonical form; `day` counts days since 1970 in UTC. */
export interface KeptFunding {
  readonly reference: string;
  readonly cashier: string;
  readonly amount: Amount;
  readonly expires: Instant;
  readonly day: number;
  readonly document: string;
}

/** What the ledger has to know to judge. A store answers these within the transaction that will act on them. */
export interface LedgerView {
  readonly counters: Counters;
  intent(reference: string): KeptIntent | undefined;
  funding(reference: string): KeptFunding | undefined;
  isSpent(coinId: string): boolean;
}

/** What a store must do: with `next` it spends the coins, keeps the intent as committed and writes the counters. */
export interface Judgement {
  readonly outcome: CommitOutcome;
  readonly next?: Counters;
  /** The intent is to be kept, waiting for its payment. */
  readonly wait?: true;
}

/** The rule of the ledger, the same for every store: may this intent take effect, now, on these books? */
export function judge(intent: Intent, now: Instant, view: LedgerView): Judgement {
  const kept = view.intent(intent.reference);
  if (kept !== undefined) {
    const isVoid = kept.state === 'waiting' && kept.lapses < now;
    if (!isVoid && !sameWish(kept, intent)) return { outcome: { kind: 'reference reused' } };
    if (kept.state === 'committed') return { outcome: { kind: 'repeated' } };
  }
  const waits = kept?.state === 'waiting' && sameWish(kept, intent);
  if (intent.lapses < now) return { outcome: { kind: 'lapsed' } };
  const spent = intent.spends.map((coin) => coin.coinId).filter((coinId) => view.isSpent(coinId));
  if (spent.length > 0) return { outcome: { kind: 'spent', coinIds: spent } };
  const unfunded = intent.kind === 'mint' ? judgeFunding(intent, now, view) : undefined;
  // What waits already is not written again each time somebody asks.
  if (unfunded !== undefined) return waits ? { outcome: unfunded.outcome } : unfunded;
  const next = move(view.counters, intent.moves);
  return 'kind' in next ? { outcome: next } : { outcome: { kind: 'committed' }, next };
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
