/**
 * What is derived from a place's file of groups: where each group stands (8 bytes a group) and which one was the last of each
 * title (8 bytes a title). Never synced but when a mark is set: behind the mark both are made again from the groups.
 */
import { join } from 'node:path';
import { sameBytes } from '../../base/bytes.ts';
import { Reader, Writer } from '../../title/documents/bytes.ts';
import type { TitleDisk, TitleFile } from './disk.ts';
import type { PlacedGroup } from './entries.ts';
import { HEAD_BYTES, fileHead, frame, frameAt, frameLength, markOf } from './frames.ts';
import { pieces } from './slices.ts';
import { readWhole, writeWhole } from './whole.ts';

const ENTRY_BYTES = 8;
const MARK_NUMBERS = 5;
const MARK_FILE_BYTES = HEAD_BYTES + frameLength(8 * MARK_NUMBERS);

/** How far a file of groups goes. */
export interface Extent {
  /** Where the next frame begins. */
  readonly end: number;
  /** The number of the last group, and how many there are. */
  readonly last: number;
  readonly count: number;
}

export const NO_GROUPS: Extent = { end: HEAD_BYTES, last: 0, count: 0 };

/** A group, and where its frame begins. */
export interface IndexedGroup {
  readonly group: Pick<PlacedGroup, 'number' | 'cells'>;
  readonly at: number;
}

interface Entry {
  readonly file: 'starts' | 'titles';
  readonly at: number;
  readonly value: number;
}

function* entriesOf(groups: Iterable<IndexedGroup>): Generator<Entry> {
  for (const { group, at } of groups) {
    yield { file: 'starts', at: group.number - 1, value: at };
    for (const { cell } of group.cells) yield { file: 'titles', at: cell, value: group.number };
  }
}

async function scatter(file: TitleFile, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const values = new Uint8Array(entries.length * ENTRY_BYTES);
  const view = new DataView(values.buffer);
  const positions = new Float64Array(entries.length);
  for (const [index, { at, value }] of entries.entries()) {
    view.setUint32(index * ENTRY_BYTES, Math.floor(value / 2 ** 32));
    view.setUint32(index * ENTRY_BYTES + 4, value % 2 ** 32);
    positions[index] = at * ENTRY_BYTES;
  }
  await file.scatter({ values, positions });
}

/** The derived files of one place. */
export class TitleIndex {
  readonly #disk: TitleDisk;
  readonly #folder: string;
  readonly #store: Uint8Array;
  readonly #starts: TitleFile;
  readonly #titles: TitleFile;
  /** How far the derived files are durable. */
  #marked: Extent;
  /** Whether nothing was known when it was opened. */
  readonly isNew: boolean;

  private constructor(
    parts: { readonly disk: TitleDisk; readonly folder: string; readonly store: Uint8Array },
    [starts, titles]: readonly [TitleFile, TitleFile],
    marked: Extent | undefined,
  ) {
    this.#disk = parts.disk;
    this.#folder = parts.folder;
    this.#store = parts.store;
    this.#starts = starts;
    this.#titles = titles;
    this.#marked = marked ?? NO_GROUPS;
    this.isNew = marked === undefined;
    if (this.isNew) this.clear();
  }

  /** Opens the files, making them where they are missing. `store` is the mark of the store that they belong to. */
  static open(disk: TitleDisk, folder: string, store: Uint8Array): TitleIndex {
    const starts = openOrCreate(disk, join(folder, 'starts'));
    const titles = openOrCreate(disk, join(folder, 'index'));
    const written = readMark(disk, folder, store);
    const isThere =
      written !== undefined && starts.size() >= written.starts && titles.size() >= written.titles;
    return new TitleIndex({ disk, folder, store }, [starts, titles], isThere ? written.extent : undefined);
  }

  get marked(): Extent {
    return this.#marked;
  }

  /** Forgets everything: it has to be made again from the first group on. */
  clear(): void {
    // First, so that what is half cleared is never taken for whole.
    this.#disk.remove(markPath(this.#folder));
    this.#starts.resize(0);
    this.#titles.resize(0);
    this.#marked = NO_GROUPS;
  }

  /** Adds groups, the newest last. */
  async add(groups: Iterable<IndexedGroup>): Promise<void> {
    for (const piece of pieces(entriesOf(groups))) {
      const starts = piece.filter(({ file }) => file === 'starts');
      await scatter(this.#starts, starts);
      await scatter(
        this.#titles,
        piece.filter(({ file }) => file === 'titles'),
      );
    }
  }

  /** Where a group's frame begins; 0 where it is not known. */
  startOf(number: number): number {
    return readEntry(this.#starts, (number - 1) * ENTRY_BYTES);
  }

  /** The number of a title's last group; 0 where none is known. */
  lastOf(cell: number): number {
    return readEntry(this.#titles, cell * ENTRY_BYTES);
  }

  /** Makes all durable, and says how far it goes. */
  async mark(extent: Extent): Promise<void> {
    await this.#starts.sync();
    await this.#titles.sync();
    const to = new Writer();
    for (const value of [extent.end, extent.last, extent.count, this.#starts.size(), this.#titles.size()])
      to.integer(value);
    await writeWhole(this.#disk, markPath(this.#folder), [
      fileHead('derived', this.#store),
      frame(this.#store, to.finish()),
    ]);
    this.#marked = extent;
  }

  close(): void {
    this.#starts.close();
    this.#titles.close();
  }
}

const markPath = (folder: string): string => join(folder, 'derived');

interface WrittenMark {
  readonly extent: Extent;
  /** How long the files were. */
  readonly starts: number;
  readonly titles: number;
}

/** Undefined where there is none of this store, or it is damaged: then everything is derived again. */
function readMark(disk: TitleDisk, folder: string, store: Uint8Array): WrittenMark | undefined {
  const bytes = readWhole(disk, markPath(folder), MARK_FILE_BYTES);
  const mark = bytes === undefined ? undefined : markOf('derived', bytes);
  if (bytes === undefined || mark === undefined || !sameBytes(mark, store)) return undefined;
  const body = frameAt(store, bytes, HEAD_BYTES);
  if (body === undefined) return undefined;
  const from = new Reader(body);
  const extent = { end: from.integer(), last: from.integer(), count: from.integer() };
  const written = { extent, starts: from.integer(), titles: from.integer() };
  const isRight = extent.end >= HEAD_BYTES && extent.count <= extent.last;
  return from.isFine() && isRight ? written : undefined;
}

function openOrCreate(disk: TitleDisk, path: string): TitleFile {
  return disk.open(path) ?? disk.create(path);
}

function readEntry(file: TitleFile, at: number): number {
  const bytes = file.read(ENTRY_BYTES, at);
  if (bytes.length < ENTRY_BYTES) return 0;
  const value = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  // Of a damaged entry nothing is known.
  return Number.isSafeInteger(value) ? value : 0;
}
