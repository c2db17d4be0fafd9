import { closeSync, openSync } from 'node:fs';
import { ZERO } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { KeptAnswer, KeptFunding } from '../../mint/ledger.ts';
import type {
  Counters,
  Intent,
  KeptDoublePayment,
  KeptIntent,
  KeptReceipt,
  MintStore,
  SealedSecret,
  Spend,
} from '../../mint/ports.ts';
import { REDEEM_PREFIX } from '../../mint/wish.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import { storeOf } from './calls.ts';
import type { Call } from './calls.ts';
import { shortId } from './shelf.ts';
import type { Shelf, Span } from './shelf.ts';
import { openSqliteBooks } from './sqlite.ts';
import { carryOut } from './verbs.ts';

/** A mint's books in memory, for tests and simulators: lost with the process. A snapshot of them is a file of SQLite. */
export function openMemoryMintStore(): MintStore {
  const shelf = new MemoryShelf();
  // Calls that changed something: done again on an empty file they make the same books.
  const changing: Call[] = [];
  return storeOf({
    perform: async (call) => {
      const before = shelf.changes;
      const result = carryOut(call, shelf);
      if (shelf.changes !== before) changing.push(call);
      return Promise.resolve(result);
    },
    snapshot: async (path) => {
      await Promise.resolve();
      closeSync(openSync(path, 'wx', 0o600));
      const copy = openSqliteBooks(path);
      if (copy instanceof Refusal) throw new Error(copy.details);
      copy.perform(changing);
      await copy.close();
    },
    close: () => Promise.resolve(),
  });
}

interface Key {
  isOpen: boolean;
  readonly coins: Set<string>;
  /** What its coins answered, by their short ids. */
  readonly answers: Map<string, KeptAnswer>;
}

interface Entry {
  readonly kept: KeptIntent;
  readonly until: Instant;
}

class MemoryShelf implements Shelf {
  counters: Counters = {
    authorised: ZERO,
    treasury: ZERO,
    float: ZERO,
    sequence: 0,
    keys: new Map(),
    head: { entries: 0, hash: '0'.repeat(64) },
  };
  latest: Instant = 0;
  changes = 0;
  waiting = 0;
  private readonly entries: SignedEntry[] = [];
  private readonly sealed = new Map<string, Uint8Array>();
  private readonly keys = new Map<string, Key>();
  private readonly pending = new Map<string, SignedOrder>();
  private readonly fundings = new Map<string, KeptFunding>();
  private readonly days = new Map<string, { readonly day: number; readonly total: number }>();
  /** In the order in which they were kept. */
  private readonly intents = new Map<string, Entry>();
  private readonly received: KeptReceipt[] = [];
  private readonly redemptions = new Map<string, KeptReceipt>();
  private readonly doubles: KeptDoublePayment[] = [];

  get lastReceipt(): number {
    return this.received.length;
  }

  get lastDoublePayment(): number {
    return this.doubles.length;
  }

  touch(now: Instant): void {
    this.changes++;
    this.latest = Math.max(this.latest, now);
  }

  setCounters(next: Counters): void {
    this.counters = next;
  }

  append(entries: readonly SignedEntry[]): void {
    this.entries.push(...entries);
  }

  journal(from: number, most: number): readonly SignedEntry[] {
    return this.entries.slice(from, from + most);
  }

  keepSecrets(secrets: readonly SealedSecret[]): void {
    for (const { name, sealed } of secrets) this.sealed.set(name, sealed);
  }

  secrets(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.sealed);
  }

  knowsKey(keyId: string): boolean {
    return this.keys.has(keyId);
  }

  openKeys(keyIds: readonly string[]): void {
    for (const id of keyIds) this.keys.set(id, { isOpen: true, coins: new Set(), answers: new Map() });
  }

  closeKeys(keyIds: readonly string[]): void {
    for (const id of keyIds) this.keyOf(id).isOpen = false;
  }

  putOrder(order: SignedOrder): void {
    this.pending.set(order.order.serial, order);
  }

  dropOrder(serial: string): void {
    this.pending.delete(serial);
  }

  orders(): readonly SignedOrder[] {
    return [...this.pending.values()];
  }

  funding(reference: string): KeptFunding | undefined {
    return this.fundings.get(reference);
  }

  addFunding(word: KeptFunding): void {
    this.fundings.set(word.reference, word);
    const total = this.fundedOn(word.cashier, word.day) + word.amount;
    this.days.set(`${word.cashier} ${word.day}`, { day: word.day, total });
  }

  dismiss(cashier: string): void {
    for (const word of [...this.fundings.values()]) {
      const isMinted = this.intents.get(word.reference)?.kept.state === 'committed';
      if (word.cashier === cashier && !isMinted) this.fundings.delete(word.reference);
    }
  }

  dropSecrets(names: readonly string[]): void {
    for (const name of names) this.sealed.delete(name);
  }

  fundedOn(cashier: string, day: number): number {
    return this.days.get(`${cashier} ${day}`)?.total ?? 0;
  }

  intent(reference: string): KeptIntent | undefined {
    return this.intents.get(reference)?.kept;
  }

  keep(intent: Intent, state: KeptIntent['state'], until: Instant): void {
    this.intents.set(intent.reference, { kept: { ...intent, state }, until });
    if (state === 'waiting') this.waiting++;
  }

  forget(kept: KeptIntent): void {
    this.intents.delete(kept.reference);
    if (kept.state === 'waiting') this.waiting--;
  }

  oldestWaiting(): KeptIntent | undefined {
    for (const { kept } of this.intents.values()) if (kept.state === 'waiting') return kept;
    return undefined;
  }

  isSpent({ keyId, coinId }: Spend): boolean {
    const key = this.keyOf(keyId);
    return !key.isOpen || key.coins.has(shortId(coinId));
  }

  spend(coins: readonly Spend[]): void {
    for (const { keyId, coinId, answer, payment } of coins) {
      const key = this.keyOf(keyId);
      key.coins.add(shortId(coinId));
      if (answer === undefined) continue;
      key.answers.set(shortId(coinId), payment === undefined ? { answer } : { answer, payment });
    }
  }

  answer(coinId: string): KeptAnswer | undefined {
    const coin = shortId(coinId);
    return [...this.keys.values()].find((key) => key.answers.has(coin))?.answers.get(coin);
  }

  doublePayment(coinId: string): KeptDoublePayment | undefined {
    return this.doubles.find((each) => each.coinId === coinId);
  }

  addDoublePayment(found: KeptDoublePayment): void {
    if (this.doublePayment(found.coinId) !== undefined)
      throw new Error('of a coin one double payment is kept');
    this.doubles.push(found);
  }

  doublePayments(after: number, most: number): readonly KeptDoublePayment[] {
    return this.doubles.slice(after, after + most);
  }

  doublePaymentSpan(): Span {
    return {
      count: this.doubles.length,
      first: this.doubles[0]?.number ?? 0,
      last: this.doubles.at(-1)?.number ?? 0,
    };
  }

  spentAnywhere(coinIds: readonly string[]): readonly boolean[] {
    const keys = [...this.keys.values()];
    return coinIds.map(shortId).map((coin) => keys.some((key) => key.coins.has(coin)));
  }

  receipt(reference: string): KeptReceipt | undefined {
    return this.redemptions.get(reference.slice(REDEEM_PREFIX.length));
  }

  addReceipt(receipt: KeptReceipt): void {
    if (this.redemptions.has(receipt.redemption)) throw new Error('a redemption has one receipt');
    this.received.push(receipt);
    this.redemptions.set(receipt.redemption, receipt);
  }

  receipts(after: number, most: number): readonly KeptReceipt[] {
    return this.received.slice(after, after + most);
  }

  receiptSpan(): Span {
    const first = this.received[0]?.sequence ?? 0;
    return { count: this.received.length, first, last: this.received.at(-1)?.sequence ?? 0 };
  }

  sweepIntents(now: Instant, most: number): number {
    const expired = [...this.intents.values()].filter(({ until }) => until < now);
    const oldest = expired.sort((left, right) => left.until - right.until).slice(0, most);
    for (const { kept } of oldest) this.forget(kept);
    return oldest.length;
  }

  sweepFundings(now: Instant, most: number): number {
    const expired = [...this.fundings.values()].filter(({ expires }) => expires < now);
    const oldest = expired.sort((left, right) => left.expires - right.expires).slice(0, most);
    for (const { reference } of oldest) this.fundings.delete(reference);
    return oldest.length;
  }

  sweepDays(before: number): number {
    const past = [...this.days].filter(([, { day }]) => day < before);
    for (const [name] of past) this.days.delete(name);
    return past.length;
  }

  sweepCoins(most: number): number {
    const closed = [...this.keys.values()].find((key) => !key.isOpen && key.coins.size > 0);
    const coins = [...(closed?.coins ?? [])].sort().slice(0, most);
    for (const coin of coins) closed?.coins.delete(coin);
    return coins.length;
  }

  sweepAnswers(most: number): number {
    const closed = [...this.keys.values()].find((key) => !key.isOpen && key.answers.size > 0);
    const coins = [...(closed?.answers.keys() ?? [])].slice(0, most);
    for (const coin of coins) closed?.answers.delete(coin);
    return coins.length;
  }

  private keyOf(keyId: string): Key {
    const key = this.keys.get(keyId);
    if (key === undefined) throw new Error('a call names a mint key that the books do not have');
    return key;
  }
}
