/** How groups, pool and totals are written in the title server's own files. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { Reader, Writer } from '../../title/documents/bytes.ts';
import { SignedHead } from '../../title/documents/documents.ts';
import type { CellChange, GroupRecord, PooledTitle } from '../../title/server/ports.ts';

/** What a place keeps of a group: enough to make its index again. */
export type PlacedGroup = Pick<GroupRecord, 'number' | 'cells' | 'bytes'>;

export function writePlaced({ number, cells, bytes }: PlacedGroup): Uint8Array {
  const to = new Writer();
  to.integer(number);
  writeCells(to, cells);
  to.raw(bytes);
  return to.finish();
}

/** Undefined where it cannot be read, or holds a group of another number: where places lie, others may write. */
export function readPlaced(bytes: Uint8Array): PlacedGroup | undefined {
  const from = new Reader(bytes);
  const number = from.integer();
  const cells = readCells(from);
  const group = from.raw(from.left);
  return from.isFine() && signedHeadOf(group)?.head.number === number
    ? { number, cells, bytes: group }
    : undefined;
}

/** The head that a group in its form begins with; undefined where it does not. What follows may be wrong all the same. */
export function signedHeadOf(group: Uint8Array): SignedHead | undefined {
  const from = new Reader(group, true);
  const head = SignedHead.read(from);
  return from.isFine() ? head : undefined;
}

/** The groups of one commit: one piece of the write-ahead log. */
export function writeRecords(records: readonly GroupRecord[]): Uint8Array {
  const to = new Writer();
  to.uint32(records.length);
  for (const record of records) writeRecord(to, record);
  return to.finish();
}

export function readRecords(bytes: Uint8Array): readonly GroupRecord[] {
  const from = new Reader(bytes);
  return finished(from, readMany(from, readRecord));
}

function writeRecord(to: Writer, record: GroupRecord): void {
  to.integer(record.number);
  to.raw(record.head);
  to.integer(record.time);
  to.uint8(record.isClass ? 1 : 0);
  to.uint32(record.titles);
  writeCells(to, record.cells);
  to.uint32(record.pooled.length);
  for (const title of record.pooled) writePooledTitle(to, title);
  to.uint32(record.unpooled.length);
  for (const cell of record.unpooled) to.uint32(cell);
  to.uint32(record.bytes.length);
  to.raw(record.bytes);
}

function readRecord(from: Reader): GroupRecord {
  return {
    number: from.integer(),
    head: from.raw(32),
    time: from.integer(),
    isClass: from.uint8() === 1,
    titles: from.uint32(),
    cells: readCells(from),
    pooled: readMany(from, readPooledTitle),
    unpooled: readMany(from, () => from.uint32()),
    bytes: from.raw(from.uint32()),
  };
}

function writeCells(to: Writer, cells: readonly CellChange[]): void {
  to.uint32(cells.length);
  for (const { cell, sequence } of cells) {
    to.uint32(cell);
    to.uint32(sequence);
  }
}

function readCells(from: Reader): readonly CellChange[] {
  return readMany(from, () => ({ cell: from.uint32(), sequence: from.uint32() }));
}

export function writePool(titles: readonly PooledTitle[]): Uint8Array {
  const to = new Writer();
  to.uint32(titles.length);
  for (const title of titles) writePooledTitle(to, title);
  return to.finish();
}

export function readPool(bytes: Uint8Array): readonly PooledTitle[] {
  const from = new Reader(bytes);
  return finished(from, readMany(from, readPooledTitle));
}

function writePooledTitle(to: Writer, title: PooledTitle): void {
  to.uint32(title.cell);
  to.raw(hexToBytes(title.titleClass));
  to.uint32(title.serial);
  to.uint32(title.sequence);
  to.integer(title.denomination);
}

function readPooledTitle(from: Reader): PooledTitle {
  return {
    cell: from.uint32(),
    titleClass: bytesToHex(from.raw(32)),
    serial: from.uint32(),
    sequence: from.uint32(),
    denomination: from.integer(),
  };
}

function readMany<Item>(from: Reader, read: (from: Reader) => Item): readonly Item[] {
  const many: Item[] = [];
  for (let left = from.uint32(); left > 0 && from.isFine(); left--) many.push(read(from));
  return many;
}

/** Throws where bytes whose checksum is right say something else than we write: only a bug can bring that. */
export function finished<Value>(from: Reader, value: Value): Value {
  if (!from.isFine() || from.left > 0) throw new Error(`what was kept cannot be read ${from.fault()}`);
  return value;
}
