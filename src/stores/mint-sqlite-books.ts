import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { amount } from '../base/amount.ts';
import { hexToBytes } from '../base/bytes.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { assertConserved } from '../mint/counters.ts';
import { dayOf, judge, judgeFund, keepFunding } from '../mint/ledger.ts';
import type { KeptFunding, LedgerView } from '../mint/ledger.ts';
import type {
  Cashier,
  CommitOutcome,
  Counters,
  Currency,
  FundOutcome,
  Intent,
  KeptIntent,
  StoredKey,
} from '../mint/ports.ts';
import type { Cddc, MintKeyCertificate } from '../protocol/documents.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import type { Call, CallResult } from './mint-calls.ts';
import { mintStatements } from './mint-sqlite-statements.ts';
import type { MintStatements, Row } from './mint-sqlite-statements.ts';

/**
 * A mint's books in one SQLite file. `perform` carries out calls that arrived together in one transaction, so that
 * they share one sync. The counters are kept in memory too and written when the transaction ends.
 */
export class SqliteBooks implements LedgerView {
  private readonly database: DatabaseSync;
  private readonly sql: MintStatements;
  private known: Counters | undefined;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.sql = mintStatements(database);
  }

  /** Carries out the calls in order, all durable when this returns. Throws when none of them happened. */
  perform(calls: readonly Call[]): CallResult[] {
    const before = this.known;
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const results = calls.map((call) => this.carryOut(call));
      if (this.known !== before) this.writeCounters();
      this.database.exec('COMMIT');
      return results;
    } catch (error) {
      this.known = undefined;
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.database.close();
  }

  get counters(): Counters {
    return (this.known ??= this.readCounters());
  }

  intent(reference: string): KeptIntent | undefined {
    const row = this.sql.intent.get(reference);
    return row === undefined ? undefined : readIntent(row);
  }

  funding(reference: string): KeptFunding | undefined {
    const row = this.sql.funding.get(reference);
    return row === undefined ? undefined : readFunding(row);
  }

  isSpent(coinId: string): boolean {
    return this.sql.spent.get(hexToBytes(coinId)) !== undefined;
  }

  private carryOut(call: Call): CallResult {
    switch (call.verb) {
      case 'commit':
        return this.commit(call.intent, call.now);
      case 'fund':
        return this.fund(call.funding, call.now);
      case 'recall':
        return this.intent(call.reference);
      case 'spent':
        return call.coins.map((coin) => this.isSpent(coin));
      case 'counters':
        return this.counters;
      case 'load':
        return this.load();
      case 'found':
        this.found(call.currency);
        return undefined;
    }
  }

  private commit(intent: Intent, now: Instant): CommitOutcome {
    const { outcome, next, wait } = judge(intent, now, this);
    if (next !== undefined) {
      this.known = next;
      for (const coin of intent.spends) this.sql.spend.run(hexToBytes(coin.coinId), intent.reference);
      this.keep(intent, 'committed');
      if (intent.kind === 'mint') this.sql.stopWaiting.run(intent.reference);
    }
    if (wait === true) this.wait(intent);
    return outcome;
  }

  private keep(intent: Intent, state: KeptIntent['state']): void {
    const { reference, kind, moves, blinds, spends, expires, lapses } = intent;
    const body = JSON.stringify({ moves, blinds, spends, expires, lapses });
    this.sql.keep.run(reference, state, kind, body);
  }

  private wait(intent: Intent): void {
    this.keep(intent, 'waiting');
    this.sql.startWaiting.run(intent.reference);
    for (const row of this.sql.overWaiting.all(LIMITS.waitingRequests)) {
      this.sql.forget.run(text(row, 'reference'));
      this.sql.stopWaiting.run(text(row, 'reference'));
    }
  }

  private fund(funding: Funding, now: Instant): FundOutcome {
    const row = this.sql.cashier.get(funding.cashier);
    if (row === undefined) throw new Error('the mint funds only by cashiers it knows');
    const word = keepFunding(funding, now);
    const today = count(this.sql.fundedOn.get(word.cashier, dayOf(now)), 'total');
    const outcome = judgeFund(word, readCashier(row), this.funding(word.reference), today);
    if (outcome.kind === 'recorded') {
      this.sql.fund.run(word.reference, word.cashier, word.amount, word.expires, word.day, word.document);
    }
    return outcome;
  }

  private found(currency: Currency): void {
    const { cddc, masterSecret, keys, cashiers, treasury } = currency;
    if (this.sql.currency.get() !== undefined) throw new Error('a currency was founded here before');
    this.sql.found.run(JSON.stringify(cddc), masterSecret, treasury, treasury, 0);
    this.sql.changeTreasury.run(treasury, 'founding');
    for (const { certificate, secret } of keys) {
      this.sql.addKey.run(certificate.mint_key.id, JSON.stringify(certificate), secret);
    }
    for (const each of cashiers) {
      this.sql.addCashier.run(each.publicKey, each.limitPerOperation, each.limitPerDay);
    }
  }

  private load(): Currency | undefined {
    const row = this.sql.currency.get();
    if (row === undefined) return undefined;
    assertConserved(this.counters);
    const changes = count(this.sql.authorised.get(), 'total');
    if (changes !== this.counters.authorised) throw new Error('conservation: treasury changes do not sum up');
    return {
      cddc: JSON.parse(text(row, 'cddc')) as Cddc,
      masterSecret: blob(row, 'master_secret'),
      keys: this.sql.keys.all().map(readKey),
      cashiers: this.sql.cashiers.all().map(readCashier),
      treasury: amount(count(row, 'authorised')),
    };
  }

  private readCounters(): Counters {
    const row = this.sql.currency.get();
    const keys = this.sql.keys.all().map((key) => {
      const moved = { issued: amount(count(key, 'issued')), redeemed: amount(count(key, 'redeemed')) };
      return [text(key, 'id'), moved] as const;
    });
    return {
      authorised: amount(count(row, 'authorised')),
      treasury: amount(count(row, 'treasury')),
      float: amount(count(row, 'float')),
      keys: new Map(keys),
    };
  }

  private writeCounters(): void {
    const { treasury, float, keys } = this.counters;
    assertConserved(this.counters);
    this.sql.setTotals.run(treasury, float);
    for (const [id, { issued, redeemed }] of keys)
      this.sql.setKey.run(issued, redeemed, id, issued, redeemed);
  }
}

function readIntent(row: Row): KeptIntent {
  const body = JSON.parse(text(row, 'body')) as Omit<Intent, 'reference' | 'kind'>;
  return {
    ...body,
    reference: text(row, 'reference'),
    kind: text(row, 'kind') as Intent['kind'],
    state: text(row, 'state') as KeptIntent['state'],
  };
}

function readFunding(row: Row): KeptFunding {
  return {
    reference: text(row, 'reference'),
    cashier: text(row, 'cashier'),
    amount: amount(count(row, 'amount')),
    expires: count(row, 'expires'),
    day: count(row, 'day'),
    document: text(row, 'document'),
  };
}

function readKey(row: Row): StoredKey {
  return {
    certificate: JSON.parse(text(row, 'certificate')) as MintKeyCertificate,
    secret: blob(row, 'secret'),
  };
}

function readCashier(row: Row): Cashier {
  return {
    publicKey: text(row, 'public_key'),
    limitPerOperation: amount(count(row, 'limit_per_operation')),
    limitPerDay: amount(count(row, 'limit_per_day')),
  };
}

function text(row: Row, column: string): string {
  return field(row, column, 'string') as string;
}

function count(row: Row | undefined, column: string): number {
  return field(row, column, 'number') as number;
}

function blob(row: Row, column: string): Uint8Array {
  return field(row, column, 'object') as Uint8Array;
}

/** The tables are STRICT: another type here is a file of another program. */
function field(row: Row | undefined, column: string, type: 'string' | 'number' | 'object'): SQLInputValue {
  const value = row?.[column];
  if (value === undefined || typeof value !== type)
    throw new Error(`the books hold no ${column} of type ${type}`);
  return value;
}
