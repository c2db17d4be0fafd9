import type { DatabaseSync } from 'node:sqlite';
import { amount } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { assertConserved } from '../../mint/counters.ts';
import type { KeptAnswer, KeptFunding } from '../../mint/ledger.ts';
import type {
  Counters,
  Intent,
  KeptDoublePayment,
  KeptIntent,
  KeptReceipt,
  KeyCount,
  SealedSecret,
  Spend,
} from '../../mint/ports.ts';
import { REDEEM_PREFIX } from '../../mint/wish.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import { shortId } from './shelf.ts';
import type { Shelf, Span } from './shelf.ts';
import {
  blob,
  count,
  readAnswer,
  readDoublePayment,
  readFunding,
  readIntent,
  readReceipt,
  text,
  writeBody,
} from './sqlite-rows.ts';
import type { Row } from './sqlite-rows.ts';
import { SpentCoins } from './sqlite-spent.ts';
import { mintStatements } from './sqlite-statements.ts';
import type { MintStatements } from './sqlite-statements.ts';
import type { Place, Summary } from './second-place-record.ts';

/** What is kept in memory beside the file, and written when a transaction ends. Never changed, only replaced. */
interface Known {
  readonly counters: Counters;
  readonly latest: Instant;
  readonly lastReceipt: number;
  readonly lastDoublePayment: number;
  readonly waiting: number;
  readonly place: Place;
  readonly keys: ReadonlyMap<string, { readonly number: number; readonly isOpen: boolean }>;
}

/** A mint's books in one SQLite file. Whoever writes holds a transaction and calls `write` before its end. */
export class SqliteShelf implements Shelf {
  /** How many calls moved something since the file was opened. */
  changes = 0;
  private readonly sql: MintStatements;
  private readonly spent: SpentCoins;
  private known: Known;
  /** The counters as the file has them. */
  private written: Counters;

  constructor(database: DatabaseSync) {
    this.sql = mintStatements(database);
    this.spent = new SpentCoins(this.sql);
    this.known = this.read();
    this.written = this.known.counters;
  }

  /** Takes from the file again what is kept in memory, after a transaction was rolled back. */
  refresh(): void {
    this.spent.rolledBack();
    this.known = this.read();
    this.written = this.known.counters;
  }

  /** What is kept in memory is in the file, after a transaction was committed. */
  settle(): void {
    this.spent.committed();
  }

  /** Writes what is kept in memory, with the number and hash of the record that this makes. */
  write(place: Place): void {
    const { counters, latest, lastReceipt, lastDoublePayment } = this.known;
    assertConserved(counters);
    const { authorised, treasury, float, sequence, head } = counters;
    this.sql.setLedger.run(
      ...[authorised, treasury, float, sequence, head.entries, head.hash, lastReceipt, latest],
      ...[place.number, place.hash, place.isRecorded ? 1 : 0, lastDoublePayment],
    );
    for (const [id, each] of counters.keys) {
      if (this.written.keys.get(id) === each) continue;
      this.sql.setKey.run(each.issued, each.redeemed, each.stopped ? 1 : 0, id);
    }
    this.spent.write();
    this.known = { ...this.known, place };
    this.written = counters;
  }

  get place(): Place {
    return this.known.place;
  }

  get summary(): Summary {
    const { counters, latest, lastReceipt, lastDoublePayment } = this.known;
    const { authorised, treasury, float, sequence, head } = counters;
    const sums = [authorised, treasury, float, sequence, head.hash, lastReceipt, latest];
    // Records of versions that kept no double payments say nothing of them, and replay.
    return lastDoublePayment === 0 ? sums : [...sums, lastDoublePayment];
  }

  get counters(): Counters {
    return this.known.counters;
  }

  get latest(): Instant {
    return this.known.latest;
  }

  get lastReceipt(): number {
    return this.known.lastReceipt;
  }

  get lastDoublePayment(): number {
    return this.known.lastDoublePayment;
  }

  get waiting(): number {
    return this.known.waiting;
  }

  touch(now: Instant): void {
    this.changes++;
    this.known = { ...this.known, latest: Math.max(this.known.latest, now) };
  }

  setCounters(next: Counters): void {
    this.known = { ...this.known, counters: next };
  }

  append(entries: readonly SignedEntry[]): void {
    for (const each of entries) this.sql.append.run(each.entry.number, JSON.stringify(each));
  }

  journal(from: number, most: number): readonly SignedEntry[] {
    return this.sql.entries.all(from, most).map((row) => JSON.parse(text(row, 'body')) as SignedEntry);
  }

  keepSecrets(secrets: readonly SealedSecret[]): void {
    for (const { name, sealed } of secrets) this.sql.keepSecret.run(name, sealed);
  }

  secrets(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.sql.secrets.all().map((row) => [text(row, 'name'), blob(row, 'sealed')]));
  }

  knowsKey(keyId: string): boolean {
    return this.known.keys.has(keyId);
  }

  openKeys(keyIds: readonly string[]): void {
    const keys = new Map(this.known.keys);
    for (const id of keyIds) {
      const { lastInsertRowid } = this.sql.openKey.run(id);
      keys.set(id, { number: Number(lastInsertRowid), isOpen: true });
    }
    this.known = { ...this.known, keys };
  }

  closeKeys(keyIds: readonly string[]): void {
    const keys = new Map(this.known.keys);
    for (const id of keyIds) {
      this.sql.closeKey.run(id);
      keys.set(id, { ...this.keyOf(id), isOpen: false });
    }
    this.known = { ...this.known, keys };
  }

  putOrder(order: SignedOrder): void {
    this.sql.putOrder.run(order.order.serial, JSON.stringify(order));
  }

  dropOrder(serial: string): void {
    this.sql.dropOrder.run(serial);
  }

  orders(): readonly SignedOrder[] {
    return this.sql.orders.all().map((row) => JSON.parse(text(row, 'body')) as SignedOrder);
  }

  funding(reference: string): KeptFunding | undefined {
    const row = this.sql.funding.get(reference);
    return row === undefined ? undefined : readFunding(row);
  }

  addFunding(word: KeptFunding): void {
    const { reference, cashier, amount: value, expires, day, document } = word;
    this.sql.fund.run(reference, cashier, value, expires, day, document);
    this.sql.addToDay.run(cashier, day, value);
  }

  dismiss(cashier: string): void {
    this.sql.dismiss.run(cashier);
  }

  dropSecrets(names: readonly string[]): void {
    for (const name of names) this.sql.dropSecret.run(name);
  }

  fundedOn(cashier: string, day: number): number {
    const row = this.sql.fundedOn.get(cashier, day);
    return row === undefined ? 0 : count(row, 'total');
  }

  intent(reference: string): KeptIntent | undefined {
    const row = this.sql.intent.get(reference);
    return row === undefined ? undefined : readIntent(row);
  }

  keep(intent: Intent, state: KeptIntent['state'], until: Instant): void {
    this.sql.keep.run(intent.reference, state, intent.kind, until, writeBody(intent));
    if (state === 'waiting') this.await(1);
  }

  forget(kept: KeptIntent): void {
    this.sql.forget.run(kept.reference);
    if (kept.state === 'waiting') this.await(-1);
  }

  oldestWaiting(): KeptIntent | undefined {
    const row = this.sql.oldestWaiting.get();
    return row === undefined ? undefined : readIntent(row);
  }

  isSpent({ keyId, coinId }: Spend): boolean {
    return !this.keyOf(keyId).isOpen || this.spent.has(shortId(coinId));
  }

  spend(coins: readonly Spend[]): void {
    for (const { keyId, coinId, answer, payment } of coins) {
      const { number } = this.keyOf(keyId);
      this.spent.add(number, shortId(coinId));
      if (answer !== undefined) this.sql.keepAnswer.run(number, shortId(coinId), answer, payment ?? '');
    }
  }

  answer(coinId: string): KeptAnswer | undefined {
    const row = this.sql.answer.get(shortId(coinId));
    return row === undefined ? undefined : readAnswer(row);
  }

  doublePayment(coinId: string): KeptDoublePayment | undefined {
    const row = this.sql.doublePayment.get(coinId);
    return row === undefined ? undefined : readDoublePayment(row);
  }

  addDoublePayment({ number, keyId, coinId, first, second }: KeptDoublePayment): void {
    this.sql.addDoublePayment.run(number, keyId, coinId, first, second);
    this.known = { ...this.known, lastDoublePayment: number };
  }

  doublePayments(after: number, most: number): readonly KeptDoublePayment[] {
    return this.sql.doublePayments.all(after, most).map(readDoublePayment);
  }

  doublePaymentSpan(): Span {
    return readSpan(this.sql.doublePaymentSpan.get());
  }

  spentAnywhere(coinIds: readonly string[]): readonly boolean[] {
    return coinIds.map((coinId) => this.spent.has(shortId(coinId)));
  }

  receipt(reference: string): KeptReceipt | undefined {
    const row = this.sql.receipt.get(reference.slice(REDEEM_PREFIX.length));
    return row === undefined ? undefined : readReceipt(row);
  }

  addReceipt({ sequence, redemption, amount: value, payee, time }: KeptReceipt): void {
    this.sql.addReceipt.run(sequence, redemption, value, payee, time);
    this.known = { ...this.known, lastReceipt: sequence };
  }

  receipts(after: number, most: number): readonly KeptReceipt[] {
    return this.sql.receipts.all(after, most).map(readReceipt);
  }

  receiptSpan(): Span {
    return readSpan(this.sql.receiptSpan.get());
  }

  sweepIntents(now: Instant, most: number): number {
    const dropped = this.sql.sweepIntents.all(now, most);
    this.await(-dropped.filter((row) => text(row, 'state') === 'waiting').length);
    return dropped.length;
  }

  sweepFundings(now: Instant, most: number): number {
    return Number(this.sql.sweepFundings.run(now, most).changes);
  }

  sweepDays(day: number): number {
    return Number(this.sql.sweepDays.run(day).changes);
  }

  sweepCoins(most: number): number {
    for (const { number, isOpen } of this.known.keys.values()) {
      const dropped = isOpen ? 0 : this.spent.drop(number, most);
      if (dropped > 0) return dropped;
    }
    return 0;
  }

  sweepAnswers(most: number): number {
    return Number(this.sql.sweepAnswers.run(most).changes);
  }

  private await(more: number): void {
    this.known = { ...this.known, waiting: this.known.waiting + more };
  }

  private keyOf(keyId: string): { readonly number: number; readonly isOpen: boolean } {
    const key = this.known.keys.get(keyId);
    if (key === undefined) throw new Error('a call names a mint key that the books do not have');
    return key;
  }

  private read(): Known {
    const row = this.sql.ledger.get();
    const rows = this.sql.keys.all();
    return {
      counters: readCounters(row, rows),
      latest: count(row, 'latest'),
      lastReceipt: count(row, 'last_receipt'),
      lastDoublePayment: count(row, 'last_double_payment'),
      waiting: count(this.sql.waiting.get(), 'total'),
      place: {
        number: count(row, 'record_number'),
        hash: text(row, 'record_hash'),
        isRecorded: count(row, 'is_recorded') === 1,
      },
      keys: new Map(
        rows.map((key) => [
          text(key, 'id'),
          { number: count(key, 'number'), isOpen: count(key, 'is_open') === 1 },
        ]),
      ),
    };
  }
}

function readSpan(row: Row | undefined): Span {
  return { count: count(row, 'total'), first: count(row, 'first'), last: count(row, 'last') };
}

function readCounters(row: Row | undefined, keys: readonly Row[]): Counters {
  const open = keys.filter((key) => count(key, 'is_open') === 1);
  return {
    authorised: amount(count(row, 'authorised')),
    treasury: amount(count(row, 'treasury')),
    float: amount(count(row, 'float')),
    sequence: count(row, 'sequence'),
    keys: new Map(
      open.map((key): [string, KeyCount] => [
        text(key, 'id'),
        {
          issued: amount(count(key, 'issued')),
          redeemed: amount(count(key, 'redeemed')),
          stopped: count(key, 'is_stopped') === 1,
        },
      ]),
    ),
    head: { entries: count(row, 'entries'), hash: text(row, 'head') },
  };
}
