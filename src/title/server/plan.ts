/** What a transfer comes to: pure, all of it or nothing. */
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Presented } from './presented.ts';
import { OutdatedProof } from './outdated.ts';
import type { CellChange, PooledTitle } from './ports.ts';
import { isPooling, ruleFault } from './rules.ts';
import type { Judging } from './rules.ts';

/** What there is when a transfer is planned. */
export interface View {
  /** The sequence of a cell. */
  sequence(cell: number): number;
  /** The title of the pool that would go after `skipped` others of its kind. */
  peek(titleClass: string, denomination: number, skipped: number): PooledTitle | undefined;
  /** How many of a kind the pool holds. */
  count(titleClass: string, denomination: number): number;
}

/** What changes. */
export interface Planned {
  readonly presented: Presented;
  /** Those that come out of the pool, one for each of the change. */
  readonly fromPool: readonly PooledTitle[];
  readonly toPool: readonly PooledTitle[];
  /** The titles' new sequences: the inputs first, then the change. */
  readonly cells: readonly CellChange[];
}

/** The first title whose proof is not its last. */
export function outdated(
  { signed, places }: Presented,
  view: Pick<View, 'sequence'>,
): OutdatedProof | undefined {
  for (const [at, { serial, sequence }] of signed.transfer.inputs.entries()) {
    const current = view.sequence(places[at]?.cell ?? NaN);
    if (current === sequence) continue;
    const details = `transfer.inputs[${at}].sequence: ${sequence}, title ${serial} is at ${current}`;
    return new OutdatedProof(details, serial, current);
  }
  return undefined;
}

/** What a transfer changes at a moment, or why it may not. Who signed it is not asked here. */
export function planTransfer(presented: Presented, view: View, judging: Judging): Planned | Refusal {
  const fault = outdated(presented, view) ?? ruleFault(presented, judging);
  if (fault !== undefined) return fault;
  const fromPool = changeFrom(presented, view);
  if (fromPool instanceof Refusal) return fromPool;
  const { signed, places, known } = presented;
  const cells: CellChange[] = [];
  const toPool: PooledTitle[] = [];
  for (const [at, { cell, range }] of places.entries()) {
    const input = signed.transfer.inputs[at];
    if (input === undefined) throw new Error('every place has its input');
    const sequence = input.sequence + 1;
    cells.push({ cell, sequence });
    if (!isPooling(input.to, judging.server)) continue;
    const { denomination } = range;
    toPool.push({ cell, titleClass: known.id, serial: input.serial, sequence, denomination });
  }
  for (const { cell, sequence } of fromPool) cells.push({ cell, sequence: sequence + 1 });
  return { presented, fromPool, toPool, cells };
}

/** Titles of the pool for the change that is wanted. */
function changeFrom({ signed, known }: Presented, view: View): readonly PooledTitle[] | Refusal {
  const titles: PooledTitle[] = [];
  for (const { denomination } of signed.transfer.change) {
    const before = titles.filter((title) => title.denomination === denomination).length;
    const title = view.peek(known.id, denomination, before);
    if (title === undefined)
      return refuse(
        'empty pool',
        `transfer.change: ${stockOf(known.certificate.title_class.terms.denominations, (each) => view.count(known.id, each))}`,
      );
    titles.push(title);
  }
  return titles;
}

function stockOf(denominations: readonly number[], count: (denomination: number) => number): string {
  const held = denominations.filter((each) => count(each) > 0);
  if (held.length === 0) return 'the pool of this class holds nothing';
  return `the pool holds ${held.map((each) => `${count(each)} of ${each}`).join(', ')}`;
}
