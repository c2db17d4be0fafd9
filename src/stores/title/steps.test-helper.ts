/** Groups for the tests of the title server's stores, and all that can be seen of a store. */
import assert from 'node:assert/strict';
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { formBytes } from '../../title/documents/codec.ts';
import { Group } from '../../title/documents/documents.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type {
  CellChange,
  GroupRecord,
  PooledTitle,
  TitleStart,
  TitleStore,
} from '../../title/server/ports.ts';

export const CLASS = 'c1'.repeat(32);

/** A group's bytes: they decode, and tell one group from another. */
export function groupBytes(number: number): Uint8Array {
  const filled = (length: number): Uint8Array => new Uint8Array(length).fill(number % 251);
  const head = { number, previous: filled(32), time: 1_000 + number, size: 1, root: filled(32) };
  return formBytes(Group, {
    signed_head: { head, signature: filled(64) },
    title_class: undefined,
    transfers: [],
  });
}

export function group(number: number, titles: number, cells: readonly CellChange[] = []): GroupRecord {
  return {
    number,
    bytes: groupBytes(number),
    head: new Uint8Array(32).fill(number % 251),
    time: 1_000 + number,
    isClass: cells.length === 0,
    titles,
    cells,
    pooled: [],
    unpooled: [],
  };
}

export function pooled(cell: number, sequence: number): PooledTitle {
  return { cell, titleClass: CLASS, serial: cell + 1, sequence, denomination: 5 };
}

/**
 * So many groups that follow from each other: every third one brings a class with titles, the others change some, and every
 * other one of those moves titles into the pool and out again. The same for the same number.
 */
export function history(groups: number): readonly GroupRecord[] {
  const sequences = new Map<number, number>();
  const pool = new Set<number>();
  let titles = 0;
  return Array.from({ length: groups }, (_, at) => {
    const number = at + 1;
    if (at % 3 === 0) return group(number, (titles += 400));
    const wanted = [at, 7 * at, 1_023, titles - 1].map((cell) => cell % titles);
    const cells = [...new Set(wanted)].map((cell) => {
      const sequence = (sequences.get(cell) ?? 0) + 1;
      sequences.set(cell, sequence);
      return { cell, sequence };
    });
    const changed = group(number, titles, cells);
    const unpooled = cells.map(({ cell }) => cell).filter((cell) => pool.delete(cell));
    const entering = at % 2 === 0 ? cells.filter(({ cell }) => !unpooled.includes(cell)) : [];
    for (const { cell } of entering) pool.add(cell);
    return { ...changed, unpooled, pooled: entering.map(({ cell, sequence }) => pooled(cell, sequence)) };
  });
}

/** Groups as commits bring them: one, two, three, one... at once. */
export function commitsOf(records: readonly GroupRecord[]): readonly (readonly GroupRecord[])[] {
  const commits: GroupRecord[][] = [];
  for (let at = 0; at < records.length;) {
    const length = 1 + (commits.length % 3);
    commits.push(records.slice(at, at + length));
    at += length;
  }
  return commits;
}

/** The number of a group. */
export function numberOf({ signed_head }: Group): number {
  return signed_head.head.number;
}

export interface Seen {
  readonly start: TitleStart;
  readonly pages: readonly string[];
  /** Of titles that changed: cell, sequence number, last group. */
  readonly changed: readonly (readonly [number, number, number | undefined])[];
  readonly groups: readonly string[];
}

const byCell = (one: PooledTitle, other: PooledTitle): number => one.cell - other.cell;

/** Everything that can be seen of a store: of one that was just opened, or has so many titles. */
export async function seen(store: TitleStore, titles?: number): Promise<Seen> {
  const start = await store.start();
  const count = Math.ceil((titles ?? start.titles) / TITLE_LIMITS.pageCells) + 1;
  const pages = Array.from({ length: count }, (_, page) => Buffer.from(store.page(page)));
  const cells = pages.flatMap((page, number) => changedCells(page, number * TITLE_LIMITS.pageCells));
  return {
    start: { ...start, pool: start.pool.toSorted(byCell) },
    pages: pages.map((page) => page.toString('hex')),
    changed: await Promise.all(
      cells.map(async (cell) => [cell, store.sequence(cell), await store.lastGroup(cell, numberOf)]),
    ),
    groups: (await store.groups(1, 1_000_000)).map(bytesToHex),
  };
}

function changedCells(page: Buffer, first: number): number[] {
  const cells: number[] = [];
  for (let at = 0; at < page.length; at += 4) if (page.readUInt32BE(at) > 0) cells.push(first + at / 4);
  return cells;
}

export async function must<Value>(value: Promise<Value | Refusal>): Promise<Value> {
  const given = await value;
  assert.ok(!(given instanceof Refusal), given instanceof Refusal ? given.details : '');
  return given;
}
