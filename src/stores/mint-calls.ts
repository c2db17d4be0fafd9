import type { Instant } from '../base/dates.ts';
import type {
  CommitOutcome,
  Counters,
  Currency,
  FundOutcome,
  Intent,
  KeptIntent,
  MintStore,
} from '../mint/ports.ts';
import type { Funding } from '../protocol/messages/fund.ts';

/** The store's verbs as data, so that calls that arrive together can travel and be committed together. */
export interface Verbs {
  load: { args: object; result: Currency | undefined };
  found: { args: { currency: Currency }; result: undefined };
  fund: { args: { funding: Funding; now: Instant }; result: FundOutcome };
  commit: { args: { intent: Intent; now: Instant }; result: CommitOutcome };
  recall: { args: { reference: string }; result: KeptIntent | undefined };
  spent: { args: { coins: readonly string[] }; result: readonly boolean[] };
  counters: { args: object; result: Counters };
}

export type Call = {
  [Verb in keyof Verbs]: { readonly verb: Verb } & Readonly<Verbs[Verb]['args']>;
}[keyof Verbs];
export type CallResult = Verbs[keyof Verbs]['result'];

/** Carries out one call, together with others if it likes, durably. Rejects when nothing can be said about it. */
export type Perform = (call: Call) => Promise<CallResult>;

/** A mint's store out of something that performs its calls. */
export function storeOf(perform: Perform, close: () => Promise<void>): MintStore {
  const ask = <Verb extends keyof Verbs>(call: Extract<Call, { verb: Verb }>) =>
    perform(call) as Promise<Verbs[Verb]['result']>;
  return {
    load: () => ask<'load'>({ verb: 'load' }),
    found: async (currency) => {
      await ask<'found'>({ verb: 'found', currency });
    },
    fund: (funding, now) => ask<'fund'>({ verb: 'fund', funding, now }),
    commit: (intent, now) => ask<'commit'>({ verb: 'commit', intent, now }),
    recall: (reference) => ask<'recall'>({ verb: 'recall', reference }),
    spent: (coins) => ask<'spent'>({ verb: 'spent', coins }),
    counters: () => ask<'counters'>({ verb: 'counters' }),
    close,
  };
}
