/** What a class has issued, and what of it lies in the pool: what an audit tells people. */
import { sameBytes } from '../../base/bytes.ts';
import type { KnownClass, PlacedRange } from '../documents/registry.ts';
import { markOf } from './book.ts';
import type { AuditParts, Past } from './fold.ts';

export interface ClassSummary {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly version: number;
  readonly titles: number;
  /** What all titles are worth together, in the class's unit. */
  readonly issued: bigint;
  /** And those in the pool; undefined where the log does not say it. */
  readonly pooled: bigint | undefined;
}

/** A class by itself. */
export function issuedOf({ id, certificate, ranges }: KnownClass): ClassSummary {
  const { terms, version } = certificate.title_class;
  return {
    id,
    name: terms.name,
    unit: terms.unit,
    version,
    titles: ranges.reduce((sum, { count }) => sum + count, 0),
    issued: ranges.reduce((sum, range) => sum + worthOf(range), 0n),
    pooled: undefined,
  };
}

/** Every class of a log that was followed from its beginning, in the order in which they came. */
export function summaryOf(
  past: Past,
  classes: readonly KnownClass[],
  { sha256 }: AuditParts,
): readonly ClassSummary[] {
  const pool = markOf({ holder: past.server, condition: undefined }, sha256);
  const ranges = classes
    .flatMap((known) => known.ranges.map((range) => ({ known, range })))
    .sort((left, right) => left.range.cell - right.range.cell);
  const pooled = new Map(classes.map(({ id }) => [id, 0n]));
  const add = (id: string, worth: bigint) => pooled.set(id, (pooled.get(id) ?? 0n) + worth);
  let at = 0;
  for (const { cell, mark } of past.book.moved()) {
    while (!isIn(ranges[at]?.range, cell) && at < ranges.length) at++;
    const place = ranges[at];
    if (place === undefined) continue;
    if (sameBytes(mark, pool)) add(place.known.id, BigInt(place.range.denomination));
  }
  return classes.map((known) => ({ ...issuedOf(known), pooled: pooled.get(known.id) ?? 0n }));
}

function worthOf({ denomination, count }: PlacedRange): bigint {
  return BigInt(denomination) * BigInt(count);
}

function isIn(range: PlacedRange | undefined, cell: number): boolean {
  return range !== undefined && cell >= range.cell && cell < range.cell + range.count;
}
