import { open, unlink } from 'node:fs/promises';
import { backup } from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import type { Call, CallResult } from './calls.ts';
import { SqliteShelf } from './sqlite-shelf.ts';
import { carryOut } from './verbs.ts';
import { hashOfUnwritten, writeRecord } from './second-place-record.ts';
import type { Place } from './second-place-record.ts';
import type { SecondPlace } from './second-place.ts';
import type { WrittenRecord } from './second-place-segment.ts';
import { StepGate } from './step-gate.ts';

/**
 * The second place has a record that the books do not, or the books have what is not known in memory: they must be
 * opened anew, which mends it.
 */
export class BooksApart extends Error {}

/** Pages that a snapshot copies before other calls get their turn. */
const SNAPSHOT_PAGES = 512;

/**
 * A mint's books in one SQLite file. `perform` carries out calls that arrived together in one transaction, so that
 * they share one sync, and one record in the second place where there is one.
 */
export class SqliteBooks {
  private readonly database: DatabaseSync;
  private readonly shelf: SqliteShelf;
  private second: SecondPlace | undefined;
  private readonly gate = new StepGate();

  constructor(database: DatabaseSync) {
    this.database = database;
    this.shelf = new SqliteShelf(database);
  }

  get place(): Place {
    return this.shelf.place;
  }

  /** Whether nothing has ever been written here. */
  get isUntouched(): boolean {
    return this.shelf.place.number === 0;
  }

  /** From now on every batch that changes something is recorded there first. */
  recordIn(second: SecondPlace): void {
    this.second = second;
  }

  /** From now on nothing is recorded elsewhere: an empty second place may be begun later. */
  recordNowhere(): void {
    if (this.place.isRecorded)
      this.transact(() => {
        this.shelf.write({ ...this.place, isRecorded: false });
      });
  }

  /** Carries out the calls in order, all durable when this returns. Throws when none of them happened. */
  perform(calls: readonly Call[]): CallResult[] {
    let isRecorded = false;
    const work = () => {
      const { results, changing } = this.carryOut(calls);
      if (changing.length > 0) isRecorded = this.record(changing);
      return results;
    };
    return this.transact(work, () => isRecorded);
  }

  /** Carries out records of the second place again. Refuses, with nothing changed, when they come out otherwise. */
  replay(records: readonly WrittenRecord[]): Refusal | undefined {
    const isSame = this.transact(() => records.every((record) => this.replayOne(record)));
    if (isSame) return undefined;
    return refuse(
      'not possible',
      'the second place, replayed, comes to other sums than it did; use the version of Specie that wrote it',
    );
  }

  /** Makes these untouched books those whose records begin with this hash. */
  adopt(hash: string): void {
    this.transact(() => {
      this.shelf.write({ number: 0, hash, isRecorded: false });
    });
  }

  /** Does something with these books at once or, while a snapshot is written, between its steps; in order. */
  inTurn<Value>(work: () => Value): Promise<Value> {
    return this.gate.pass(work);
  }

  /** Resolves when the second place, where there is one, is ready for the next batch. */
  async ready(): Promise<void> {
    await this.second?.ready();
  }

  /** Writes a copy to a new file, readable by its owner only. Meanwhile everything else goes through `inTurn`. */
  snapshot(path: string): Promise<void> {
    return this.gate.stepped((between) => this.copyTo(path, between));
  }

  /** Lets snapshots end, then closes the file. */
  async close(): Promise<void> {
    await this.gate.idle();
    await this.second?.close();
    this.database.close();
  }

  private async copyTo(path: string, between: () => void): Promise<void> {
    // A FileHandle may sync under Node's permission model, where fsyncSync may not.
    const copy = await open(path, 'wx', 0o600);
    try {
      await backup(this.database, path, { rate: SNAPSHOT_PAGES, progress: between });
      await copy.sync();
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await copy.close();
    }
  }

  private carryOut(calls: readonly Call[]): { results: CallResult[]; changing: Call[] } {
    const changing: Call[] = [];
    const results = calls.map((call) => {
      const before = this.shelf.changes;
      const result = carryOut(call, this.shelf);
      if (this.shelf.changes !== before) changing.push(call);
      return result;
    });
    return { results, changing };
  }

  /** Numbers what the calls changed. Returns whether it stands in a second place. */
  private record(calls: readonly Call[]): boolean {
    const { number: last, hash: previous } = this.place;
    const number = last + 1;
    const after = this.shelf.summary;
    if (this.second === undefined) {
      this.shelf.write({ number, hash: hashOfUnwritten(number, previous, after), isRecorded: false });
      return false;
    }
    const line = writeRecord({ number, previous, calls, after });
    const before = this.place;
    this.shelf.write({ number, hash: line.hash, isRecorded: true });
    this.second.append(line, before);
    return true;
  }

  private replayOne({ number, hash, calls, after }: WrittenRecord): boolean {
    this.carryOut(calls);
    this.shelf.write({ number, hash, isRecorded: true });
    return JSON.stringify(this.shelf.summary) === JSON.stringify(after);
  }

  /** Work that answers false, or throws, leaves no trace. */
  private transact<Value>(work: () => Value, isRecorded = () => false): Value {
    let isCommitted = false;
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const value = work();
      if (value === false) this.rollBack();
      else {
        this.database.exec('COMMIT');
        isCommitted = true;
        this.shelf.settle();
      }
      return value;
    } catch (error) {
      this.rollBack();
      if (isCommitted)
        throw new BooksApart('a batch was committed and is not known in memory', { cause: error });
      if (!isRecorded()) throw error;
      throw new BooksApart('a batch was recorded in the second place and not committed', { cause: error });
    }
  }

  private rollBack(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    this.shelf.refresh();
  }
}
