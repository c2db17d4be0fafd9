import type { Instant } from '../../base/dates.ts';
import type {
  Books,
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
  MintStore,
} from '../../mint/ports.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import type { Funding } from '../../protocol/messages/fund.ts';

/** The store's verbs as data, so that calls that arrive together can travel, be committed and be recorded together. */
export interface Verbs {
  load: { args: object; result: Books | undefined };
  journal: { args: { from: number; most: number }; result: readonly SignedEntry[] };
  record: { args: { step: JournalStep }; result: JournalOutcome };
  keepOrder: {
    args: { order: SignedOrder; operators: readonly string[]; now: Instant };
    result: 'kept' | 'too many';
  };
  orders: { args: object; result: readonly SignedOrder[] };
  fund: { args: { funding: Funding; cashier: Cashier; now: Instant }; result: FundOutcome };
  commit: { args: { intent: Intent; now: Instant }; result: CommitOutcome };
  recall: { args: { reference: string }; result: KeptIntent | undefined };
  spent: { args: { coins: readonly string[] }; result: readonly boolean[] };
  receipts: { args: { after: number; most: number }; result: readonly KeptReceipt[] };
  doublePayments: { args: { after: number; most: number }; result: readonly KeptDoublePayment[] };
  counters: { args: object; result: Counters };
  sweep: { args: { now: Instant }; result: boolean };
}

export type Call = {
  [Verb in keyof Verbs]: { readonly verb: Verb } & Readonly<Verbs[Verb]['args']>;
}[keyof Verbs];
export type CallOf<Verb extends keyof Verbs> = Extract<Call, { verb: Verb }>;
export type CallResult = Verbs[keyof Verbs]['result'];

/** What carries out a store's calls. */
export interface Performer {
  /** Carries out one call, together with others if it likes, durably. Rejects when nothing can be said about it. */
  perform(call: Call): Promise<CallResult>;
  snapshot(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A mint's store out of something that performs its calls. */
export function storeOf(performer: Performer): MintStore {
  const ask = <Verb extends keyof Verbs>(call: CallOf<Verb>) =>
    performer.perform(call) as Promise<Verbs[Verb]['result']>;
  return {
    load: () => ask<'load'>({ verb: 'load' }),
    journal: (from, most) => ask<'journal'>({ verb: 'journal', from, most }),
    record: (step) => ask<'record'>({ verb: 'record', step }),
    keepOrder: (order, operators, now) => ask<'keepOrder'>({ verb: 'keepOrder', order, operators, now }),
    orders: () => ask<'orders'>({ verb: 'orders' }),
    fund: (funding, cashier, now) => ask<'fund'>({ verb: 'fund', funding, cashier, now }),
    commit: (intent, now) => ask<'commit'>({ verb: 'commit', intent, now }),
    recall: (reference) => ask<'recall'>({ verb: 'recall', reference }),
    spent: (coins) => ask<'spent'>({ verb: 'spent', coins }),
    receipts: (after, most) => ask<'receipts'>({ verb: 'receipts', after, most }),
    doublePayments: (after, most) => ask<'doublePayments'>({ verb: 'doublePayments', after, most }),
    counters: () => ask<'counters'>({ verb: 'counters' }),
    sweep: (now) => ask<'sweep'>({ verb: 'sweep', now }),
    snapshot: (path) => performer.snapshot(path),
    close: () => performer.close(),
  };
}
