/** What a title server's files take: the trusted folder, and one of the two places. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { printTable } from './table.ts';

const GOAL_BYTES = 4;

/** Bytes of files, as long as they are said to be. */
export interface TitleBytes {
  /** Sequence numbers, the trusted state that grows with titles. */
  readonly sequences: number;
  /** Write-ahead logs and checkpoint, which do not. */
  readonly log: number;
  readonly checkpoint: number;
  /** Of one place: groups, and what is derived from them. */
  readonly groups: number;
  readonly derived: number;
}

/** Of a store with its books and places in one folder; zeros where nothing is. */
export function bytesOf(folder: string): TitleBytes {
  const books = join(folder, 'books');
  const place = join(folder, 'place-1');
  return {
    sequences: sizes(books, /^sequences$/),
    log: sizes(books, /^log-/),
    checkpoint: sizes(books, /^checkpoint$/),
    groups: sizes(place, /^groups$/),
    derived: sizes(place, /^(index|starts|derived)$/),
  };
}

/** Prints what there is; `each` is what a transfer of one title added to the groups of a place. */
export function printBytes(
  now: TitleBytes,
  { titles, each }: { readonly titles: number; readonly each: number },
): void {
  const trusted = now.sequences / titles;
  console.log(
    `trusted state, bytes a title: ${trusted.toFixed(2)}: ${trusted <= GOAL_BYTES ? 'reached' : 'NOT reached'} (goal ${GOAL_BYTES.toFixed(1)})`,
  );
  printTable(
    ['bytes of', 'all', 'each'],
    [
      ['sequences, a title', now.sequences, trusted],
      ['log, emptied', now.log, NaN],
      ['checkpoint', now.checkpoint, NaN],
      ['groups in a place, a transfer', now.groups, each],
      ['index of a place, a title', now.derived, now.derived / titles],
    ].map(([name, all, one]) => [
      String(name),
      String(all),
      Number.isNaN(one) ? '-' : Number(one).toFixed(1),
    ]),
  );
}

function sizes(folder: string, names: RegExp): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder)
    .filter((name) => names.test(name))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
