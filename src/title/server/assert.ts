/** What no bug may ever do: asserted of every group before it is committed, from its records and not from how they were made. */
import type { Registry } from '../documents/registry.ts';
import type { MadeGroup } from './groups.ts';
import type { Planned } from './plan.ts';
import type { GroupRecord, TitleStore } from './ports.ts';

/** Throws where a title would appear, vanish, have two holders, or a sequence would not be the one before plus one. */
export function assertConserved(
  groups: readonly (readonly Planned[])[],
  made: readonly MadeGroup[],
  registry: Registry,
  store: Pick<TitleStore, 'sequence'>,
): void {
  const sequences = new Map<number, number>();
  for (const [at, { record, transfers }] of made.entries()) {
    const leaves = transfers.flatMap(({ holdings }) => holdings);
    if (leaves.length !== record.cells.length) throw new Error('every title that changes has its leaf');
    const seen = new Set<number>();
    for (const [place, { cell, sequence }] of record.cells.entries()) {
      const leaf = leaves[place];
      const before = sequences.get(cell) ?? store.sequence(cell);
      if (sequence !== before + 1 || leaf?.sequence !== sequence)
        throw new Error('a sequence is the one before plus one');
      if (cell < 0 || cell >= registry.titles || seen.has(cell)) throw new Error('a group has a title once');
      const known = registry.find(leaf.title_class);
      const title = known === undefined ? undefined : registry.place(known, leaf.serial);
      if (title?.cell !== cell || title.range.denomination !== leaf.denomination)
        throw new Error('a leaf is of the title that changes, and worth what its range says');
      seen.add(cell);
      sequences.set(cell, sequence);
    }
    assertPool(groups[at] ?? [], record);
  }
}

function assertPool(planned: readonly Planned[], record: GroupRecord): void {
  for (const { fromPool, toPool } of planned) {
    const given = sum(toPool.map(({ denomination }) => denomination));
    if (fromPool.length > 0 && given !== sum(fromPool.map(({ denomination }) => denomination)))
      throw new Error('what goes into the pool is worth what comes out');
  }
  const [pooled, unpooled] = [record.pooled.length, record.unpooled.length];
  const count = (of: (each: Planned) => number): number => planned.reduce((all, each) => all + of(each), 0);
  if (
    pooled !== count(({ toPool }) => toPool.length) ||
    unpooled !== count(({ fromPool }) => fromPool.length)
  )
    throw new Error('the pool changes as the transfers say');
}

function sum(amounts: readonly number[]): bigint {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n);
}
