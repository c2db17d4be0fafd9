/** Whether one statement can follow another: what was ever issued and came back never becomes less. */
import { HOUR } from '../../base/dates.ts';
import { instantOf } from '../../mint/charter/charter.ts';
import type { Charter, Totals } from '../../mint/charter/charter.ts';
import type { Statement } from '../../protocol/attestations.ts';

/** Totals come once an hour where anything moved; whoever writes none for this long hides what moved. */
const TOTALS_WITHIN = 2 * HOUR;

/** A statement, and what the journal added up to at its head. */
export interface Stated {
  readonly statement: Statement;
  readonly charter: Charter;
}

const COUNTS = ['issued', 'redeemed'] as const;

/**
 * What is wrong with a statement that follows an earlier one. `closed` holds the totals with which keys were closed.
 *
 * A statement counts the keys that live. Those of the earlier one that were closed in between come back with what they were
 * closed with, and of those made in between what the journal says at least is taken off. What an old key lost may
 * still hide behind what a new one has issued since the journal's last totals: an hour's worth.
 */
export function growthFaults(
  earlier: Stated,
  later: Stated,
  closed: ReadonlyMap<string, Totals>,
): readonly string[] {
  const faults: string[] = [];
  const since = instantOf(later.statement.time) - instantOf(earlier.statement.time);
  for (const before of earlier.statement.denominations) {
    const after = later.statement.denominations.find((each) => each.denomination === before.denomination);
    for (const count of COUNTS) {
      const sums = sumsOf(before.denomination, count, earlier.charter, later.charter, closed);
      const what = `${count} of denomination ${before.denomination}`;
      const most = (after?.[count] ?? 0) + sums.ended - sums.fresh;
      if (most < before[count]) {
        faults.push(
          `statement: at most ${Math.max(0, most)} were ${what} by what it says now, ` +
            `and ${before[count]} by the statement of ${earlier.statement.time}`,
        );
      }
      if (since > TOTALS_WITHIN && sums.journal + sums.ended < before[count]) {
        faults.push(
          `journal: its totals still say less ${what} than the statement of ${earlier.statement.time}; ` +
            'they are due every hour',
        );
      }
    }
  }
  return faults;
}

interface Sums {
  /** Of the keys that were closed in between. */
  readonly ended: number;
  /** By the journal, of those that were made in between. */
  readonly fresh: number;
  /** By the journal, of those that were there before and are. */
  readonly journal: number;
}

function sumsOf(
  denomination: number,
  count: keyof Totals,
  before: Charter,
  after: Charter,
  closed: ReadonlyMap<string, Totals>,
): Sums {
  const sums = { ended: 0, fresh: 0, journal: 0 };
  for (const id of idsOf(before, denomination)) {
    if (!after.keys.has(id)) sums.ended += closed.get(id)?.[count] ?? 0;
  }
  for (const id of idsOf(after, denomination)) {
    sums[before.keys.has(id) ? 'journal' : 'fresh'] += after.lastTotals.get(id)?.[count] ?? 0;
  }
  return sums;
}

function idsOf({ keys }: Charter, denomination: number): readonly string[] {
  return [...keys]
    .filter(([, { certificate }]) => certificate.mint_key.denomination === denomination)
    .map(([id]) => id);
}
