import type { MintStatements } from './sqlite-statements.ts';
import { blob, count } from './sqlite-rows.ts';
import type { Row as SqlRow } from './sqlite-rows.ts';
import { COIN_BYTES, PLACES, SpentIndex } from './spent-index.ts';

/** Coins of one row: it fills a page of 1,024 bytes. */
const ROW_COINS = 60;
/** Places that each row has numbers for. */
const ROW_PLACES = 64;

/** A row of coins of one mint key in the order in which they were spent. Coins are added to it, and never changed. */
interface Row {
  readonly number: number;
  readonly key: number;
  readonly coins: Buffer;
  size: number;
  /** How many of its coins are in the table. */
  written: number;
}

interface Change {
  readonly kind: 'add' | 'remove';
  readonly coins: Uint8Array;
  readonly from: number;
  readonly place: number;
}

/**
 * The spent coins: a table that is only appended to, and an index of it in memory, made anew when the books are opened.
 * The table alone is the truth. The index learns of a coin when its transaction has been committed, and whatever it
 * finds is read from the table, so that neither of them has an answer of its own.
 *
 * A coin's id names its mint key (it is the hash of a payload that does), so coins are looked for without their key.
 */
export class SpentCoins {
  private readonly sql: MintStatements;
  private readonly index: SpentIndex;
  /** What this transaction did, in order, for the index to do after it. */
  private changes: Change[] = [];
  /** Coins that this transaction spent. */
  private readonly fresh = new Set<string>();
  /** The last row of each mint key that coins were added to. */
  private readonly tails = new Map<number, Row>();
  private readonly unwritten = new Set<Row>();
  /** The number of the table's last row, where it is known. */
  private last: number | undefined;

  constructor(sql: MintStatements) {
    this.sql = sql;
    const expected = new Map(sql.keys.all().map((row) => [count(row, 'number'), count(row, 'spent')]));
    this.index = new SpentIndex([...expected.values()].reduce((sum, each) => sum + each, 0));
    for (const row of sql.spentRows.iterate()) {
      const key = count(row, 'key');
      expected.set(key, (expected.get(key) ?? 0) - this.load(row));
    }
    if ([...expected.values()].some((missing) => missing !== 0))
      throw new Error('the books hold more or fewer spent coins than they count');
  }

  /** Whether the coin of this short id was spent. */
  has(coin: string): boolean {
    if (this.fresh.has(coin)) return true;
    const bytes = Buffer.from(coin, 'hex');
    return this.index.has(bytes, (place) => this.stands(bytes, place));
  }

  /** Spends a coin of a mint key. It is in the table when `write` was called. */
  add(key: number, coin: string): void {
    if (this.has(coin)) throw new Error('a coin is spent once');
    const row = this.rowFor(key);
    const from = row.size * COIN_BYTES;
    row.coins.write(coin, from, 'hex');
    this.changes.push({ kind: 'add', coins: row.coins, from, place: placeOf(row.number, row.size) });
    row.size++;
    this.unwritten.add(row);
    this.fresh.add(coin);
  }

  /** Brings the table to where this transaction is. */
  write(): void {
    for (const row of this.unwritten) {
      const coins = row.coins.subarray(0, row.size * COIN_BYTES);
      if (row.written === 0) this.sql.addSpent.run(row.number, row.key, coins);
      else if (this.sql.setSpent.run(coins, row.number, row.key).changes !== 1)
        throw new Error('a row of spent coins is missing');
      this.sql.countSpent.run(row.size - row.written, row.key);
      row.written = row.size;
    }
    this.unwritten.clear();
  }

  /** Drops about as many coins of a mint key, whole rows of them, the oldest first. Returns how many. */
  drop(key: number, most: number): number {
    this.write();
    let dropped = 0;
    for (const row of this.sql.dropSpent.all(key, Math.ceil(most / ROW_COINS))) {
      const coins = Buffer.from(blob(row, 'coins'));
      for (let from = 0; from < coins.length; from += COIN_BYTES, dropped++) {
        const place = placeOf(count(row, 'number'), from / COIN_BYTES);
        this.changes.push({ kind: 'remove', coins, from, place });
        if (this.fresh.size > 0) this.fresh.delete(coins.toString('hex', from, from + COIN_BYTES));
      }
    }
    if (dropped > 0) this.sql.countSpent.run(-dropped, key);
    this.tails.delete(key);
    this.last = undefined;
    return dropped;
  }

  /** The transaction was committed. Were this to throw, the books would have to be opened anew. */
  committed(): void {
    if (this.unwritten.size > 0) throw new Error('spent coins were not written');
    for (const { kind, coins, from, place } of this.changes) this.index[kind](coins, from, place);
    this.changes = [];
    this.fresh.clear();
  }

  /** The transaction left no trace in the table. */
  rolledBack(): void {
    this.changes = [];
    this.fresh.clear();
    this.unwritten.clear();
    this.tails.clear();
    this.last = undefined;
  }

  private load(row: SqlRow): number {
    const coins = blob(row, 'coins');
    const size = coins.length / COIN_BYTES;
    if (!Number.isInteger(size) || size === 0 || size > ROW_COINS)
      throw new Error('a row of spent coins is damaged');
    for (let each = 0; each < size; each++)
      this.index.add(coins, each * COIN_BYTES, placeOf(count(row, 'number'), each));
    return size;
  }

  private stands(coin: Buffer, place: number): boolean {
    const row = this.sql.spentRow.get(Math.floor(place / ROW_PLACES));
    const from = (place % ROW_PLACES) * COIN_BYTES;
    return row !== undefined && coin.equals(blob(row, 'coins').subarray(from, from + COIN_BYTES));
  }

  /**
   * The row that this key's next coin goes into. Which one, and the number of a new row, depend on the table and the
   * order of the calls alone, so that calls carried out again make the same table however they are batched.
   */
  private rowFor(key: number): Row {
    const tail = this.tails.get(key) ?? this.lastOf(key);
    const row = tail === undefined || tail.size === ROW_COINS ? this.newRow(key) : tail;
    this.tails.set(key, row);
    return row;
  }

  private lastOf(key: number): Row | undefined {
    const row = this.sql.lastSpentOf.get(key);
    if (row === undefined) return undefined;
    const coins = Buffer.alloc(ROW_COINS * COIN_BYTES);
    coins.set(blob(row, 'coins'));
    const size = blob(row, 'coins').length / COIN_BYTES;
    return { number: count(row, 'number'), key, coins, size, written: size };
  }

  private newRow(key: number): Row {
    this.last = (this.last ?? count(this.sql.lastSpent.get(), 'last')) + 1;
    if (placeOf(this.last, ROW_PLACES) > PLACES)
      throw new Error('the books have no room for more spent coins');
    return { number: this.last, key, coins: Buffer.alloc(ROW_COINS * COIN_BYTES), size: 0, written: 0 };
  }
}

function placeOf(row: number, position: number): number {
  return row * ROW_PLACES + position;
}
