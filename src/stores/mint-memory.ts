import { ZERO } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { assertConserved } from '../mint/counters.ts';
import { judge, judgeFund, keepFunding } from '../mint/ledger.ts';
import type { KeptFunding, LedgerView } from '../mint/ledger.ts';
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

/** A mint's books in memory, for tests and simulators: lost with the process. */
export function openMemoryMintStore(): MintStore {
  const books = new MemoryBooks();
  return {
    load: () => Promise.resolve(books.currency),
    found: (currency) => settle(() => books.found(currency)),
    fund: (funding, now) => settle(() => books.fund(funding, now)),
    commit: (intent, now) => settle(() => books.commit(intent, now)),
    recall: (reference) => Promise.resolve(books.intents.get(reference)),
    spent: (coins) => Promise.resolve(coins.map((coin) => books.coins.has(coin))),
    counters: () => settle(() => books.counters),
    close: () => Promise.resolve(),
  };
}

async function settle<Value>(work: () => Value): Promise<Value> {
  return Promise.resolve(work());
}

class MemoryBooks implements LedgerView {
  currency: Currency | undefined;
  counters: Counters = { authorised: ZERO, treasury: ZERO, float: ZERO, keys: new Map() };
  readonly coins = new Set<string>();
  readonly intents = new Map<string, KeptIntent>();
  readonly fundings = new Map<string, KeptFunding>();
  /** References of the intents that wait for their payment, oldest first. */
  private readonly waiting = new Set<string>();

  intent(reference: string): KeptIntent | undefined {
    return this.intents.get(reference);
  }

  funding(reference: string): KeptFunding | undefined {
    return this.fundings.get(reference);
  }

  isSpent(coinId: string): boolean {
    return this.coins.has(coinId);
  }

  found(currency: Currency): void {
    if (this.currency !== undefined) throw new Error('a currency was founded here before');
    this.currency = currency;
    const keys = currency.keys.map(({ certificate }) => certificate.mint_key.id);
    this.counters = {
      authorised: currency.treasury,
      treasury: currency.treasury,
      float: ZERO,
      keys: new Map(keys.map((id) => [id, { issued: ZERO, redeemed: ZERO }])),
    };
  }

  fund(funding: Funding, now: Instant): FundOutcome {
    const cashier = this.currency?.cashiers.find((each) => each.publicKey === funding.cashier);
    if (cashier === undefined) throw new Error('the mint funds only by cashiers it knows');
    const word = keepFunding(funding, now);
    const today = [...this.fundings.values()].filter(
      (each) => each.day === word.day && each.cashier === word.cashier,
    );
    const outcome = judgeFund(
      word,
      cashier,
      this.fundings.get(word.reference),
      today.reduce((total, each) => total + each.amount, 0),
    );
    if (outcome.kind === 'recorded') this.fundings.set(word.reference, word);
    return outcome;
  }

  commit(intent: Intent, now: Instant): CommitOutcome {
    const { outcome, next, wait } = judge(intent, now, this);
    if (next !== undefined) {
      assertConserved(next);
      this.counters = next;
      for (const coin of intent.spends) this.coins.add(coin.coinId);
      this.intents.set(intent.reference, { ...intent, state: 'committed' });
      this.waiting.delete(intent.reference);
    }
    if (wait === true) this.wait(intent);
    return outcome;
  }

  private wait(intent: Intent): void {
    this.intents.set(intent.reference, { ...intent, state: 'waiting' });
    this.waiting.add(intent.reference);
    const [oldest] = this.waiting;
    if (this.waiting.size <= LIMITS.waitingRequests || oldest === undefined) return;
    this.waiting.delete(oldest);
    this.intents.delete(oldest);
  }
}
