/**
 * Whether more was ever in circulation than was authorised, as far as a journal can tell.
 *
 * Its totals come once an hour, so at an entry that lowers what is authorised nobody outside knows the float: coins may
 * have come back since the last totals. What is known is a least: each key had issued what the last totals before say, and
 * had taken back no more than the next totals after say. A moment is judged when those are there.
 */
import type { Charter, Totals } from '../../mint/charter/charter.ts';
import type { Statement } from '../../protocol/attestations.ts';
import type { JournalEvent, SignedEntry } from '../../protocol/journal.ts';

export interface FloatWatch {
  entry(before: Charter | undefined, signed: SignedEntry, after: Charter): void;
  /** All that was found out; the statement, of the journal's end, says what came back since the last totals. */
  end(charter: Charter, statement: Statement): readonly string[];
}

/** An entry at which the float had to fit into what was authorised. */
interface Moment {
  readonly entry: number;
  readonly authorised: number;
  /** What the keys had issued at least; of a key that is closed here, what it had issued. */
  readonly totals: ReadonlyMap<string, Totals>;
}

/** The keys that are closed in one step count together: until then all of them were in circulation. */
interface Closing extends Moment {
  readonly time: string;
}

export function watchFloat(): FloatWatch {
  const faults: string[] = [];
  const closed = new Map<string, Totals>();
  let moments: Moment[] = [];
  let closing: Closing | undefined;
  const judge = (leastOf: (totals: Moment['totals']) => number): void => {
    for (const { entry, authorised, totals } of closing === undefined ? moments : [...moments, closing]) {
      const least = leastOf(totals);
      if (least > authorised)
        faults.push(`entry ${entry}: at least ${least} was in circulation, and ${authorised} was authorised`);
    }
    moments = [];
    closing = undefined;
    closed.clear();
  };
  const close = (before: Charter, { entry }: SignedEntry, { totals }: Expired): void => {
    const joins = closing?.time === entry.time;
    if (closing !== undefined && !joins) moments.push(closing);
    const all = new Map(joins ? closing?.totals : before.lastTotals).set(
      totals.mint_key_id,
      totalsOf(totals),
    );
    closing = { entry: entry.number, time: entry.time, authorised: before.authorised, totals: all };
    closed.set(totals.mint_key_id, totalsOf(totals));
  };
  return {
    entry: (before, signed, after) => {
      const { event } = signed.entry;
      if (before === undefined) return;
      if (event.type === 'mint key expired') {
        close(before, signed, event);
        return;
      }
      if (closing !== undefined) moments.push(closing);
      closing = undefined;
      if (after.authorised < before.authorised) {
        moments.push({
          entry: signed.entry.number,
          authorised: after.authorised,
          totals: after.lastTotals,
        });
      }
      if (event.type === 'totals') judge((totals) => leastByKey(totals, after.lastTotals, closed));
    },
    end: (charter, statement) => {
      judge((totals) => leastByDenomination(totals, charter, statement, closed));
      return faults;
    },
  };
}

type Expired = Extract<JournalEvent, { readonly type: 'mint key expired' }>;

function totalsOf({ issued, redeemed }: { readonly issued: number; readonly redeemed: number }): Totals {
  return { issued: issued as Totals['issued'], redeemed: redeemed as Totals['redeemed'] };
}

function leastByKey(
  totals: Moment['totals'],
  next: ReadonlyMap<string, Totals>,
  closed: ReadonlyMap<string, Totals>,
): number {
  let least = 0;
  for (const [id, { issued }] of totals) {
    least += Math.max(0, issued - ((closed.get(id) ?? next.get(id))?.redeemed ?? 0));
  }
  return least;
}

function leastByDenomination(
  totals: Moment['totals'],
  charter: Charter,
  statement: Statement,
  closed: ReadonlyMap<string, Totals>,
): number {
  const ended = new Map([...totals].filter(([id]) => closed.has(id)));
  let least = leastByKey(ended, closed, closed);
  const issuedOf = new Map<number, number>();
  for (const [id, { issued }] of totals) {
    const denomination = charter.keys.get(id)?.certificate.mint_key.denomination;
    if (denomination !== undefined) issuedOf.set(denomination, (issuedOf.get(denomination) ?? 0) + issued);
  }
  const redeemedOf = new Map(statement.denominations.map((each) => [each.denomination, each.redeemed]));
  for (const [denomination, issued] of issuedOf) {
    least += Math.max(0, issued - (redeemedOf.get(denomination) ?? 0));
  }
  return least;
}
