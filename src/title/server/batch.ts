/** A batch of transfers: planned one after the other, each on what those before it leave. */
import { sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { signersOf } from '../documents/signed.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { planTransfer } from './plan.ts';
import type { Planned, View } from './plan.ts';
import type { Pool } from './pool.ts';
import type { PooledTitle, TitleStore } from './ports.ts';
import type { Presented } from './presented.ts';
import type { Judging } from './rules.ts';

/** A transfer whose signatures were checked: each of those who signed it, in their order. */
export interface Checked {
  readonly presented: Presented;
  readonly signers: readonly Uint8Array[];
}

/** What became of a batch. */
export interface Batch {
  /** What was planned, by groups: none has a title twice, none more leaves than a group may have. */
  readonly groups: readonly (readonly Planned[])[];
  /** Of each transfer of the batch; one that was there before is the same plan again. */
  readonly outcomes: readonly (Planned | Refusal)[];
}

/** Plans transfers on what the store and the pool hold, without changing either. */
export function planBatch(
  transfers: readonly Checked[],
  base: { readonly store: Pick<TitleStore, 'sequence'>; readonly pool: Pool },
  judging: Judging,
): Batch {
  const view = new BatchView(base.store, base.pool);
  const outcomes = transfers.map((checked) => {
    const twin = view.twin(checked.presented);
    if (twin !== undefined) return twin;
    const planned = planTransfer(checked.presented, view, judging);
    if (planned instanceof Refusal) return planned;
    if (!isSignedFor(checked, judging.now))
      return refuse('expired', 'transfer.inputs: a condition’s time was over before it could be done');
    view.keep(planned);
    return planned;
  });
  return { groups: view.groups.filter((group) => group.length > 0), outcomes };
}

/** Whether those whose signatures were checked are those who have to sign now. */
function isSignedFor({ presented, signers }: Checked, now: number): boolean {
  const { transfer } = presented.signed;
  if (transfer.inputs.every(({ condition }) => condition === undefined)) return true;
  const due = signersOf(transfer, now);
  return (
    due.length === signers.length && due.every((each, at) => sameBytes(each, signers[at] ?? each.subarray(1)))
  );
}

/** What the store and the pool hold, as the transfers of the batch leave it. */
class BatchView implements View {
  readonly #store: Pick<TitleStore, 'sequence'>;
  readonly #pool: Pool;
  readonly #cells = new Map<
    number,
    { readonly sequence: number; readonly planned: Planned; readonly group: number }
  >();
  readonly #shelves = new Map<string, { taken: number; readonly put: PooledTitle[] }>();
  readonly groups: Planned[][] = [[]];
  #leaves = 0;

  constructor(store: Pick<TitleStore, 'sequence'>, pool: Pool) {
    this.#store = store;
    this.#pool = pool;
  }

  sequence(cell: number): number {
    return this.#cells.get(cell)?.sequence ?? this.#store.sequence(cell);
  }

  peek(titleClass: string, denomination: number, skipped: number): PooledTitle | undefined {
    const shelf = this.#shelves.get(shelfName(titleClass, denomination));
    if (shelf === undefined) return this.#pool.peek(titleClass, denomination, skipped);
    const at = shelf.taken + skipped;
    const before = this.#pool.count(titleClass, denomination);
    return at < before ? this.#pool.peek(titleClass, denomination, at) : shelf.put[at - before];
  }

  count(titleClass: string, denomination: number): number {
    const shelf = this.#shelves.get(shelfName(titleClass, denomination));
    return (
      this.#pool.count(titleClass, denomination) + (shelf === undefined ? 0 : shelf.put.length - shelf.taken)
    );
  }

  /** The very same transfer, where the batch has it already. */
  twin({ hash, places }: Presented): Planned | undefined {
    for (const { cell } of places) {
      const planned = this.#cells.get(cell)?.planned;
      if (planned !== undefined && sameBytes(planned.presented.hash, hash)) return planned;
    }
    return undefined;
  }

  keep(planned: Planned): void {
    const { cells, toPool, fromPool } = planned;
    const group = this.#groupFor(planned);
    for (const { cell, sequence } of cells) this.#cells.set(cell, { sequence, planned, group });
    for (const title of toPool) this.#shelf(title).put.push(title);
    for (const title of fromPool) this.#shelf(title).taken++;
  }

  /** Puts it into the last group, or begins another: no group changes a title twice. */
  #groupFor(planned: Planned): number {
    const { cells } = planned;
    const last = this.groups.length - 1;
    const isFull = this.#leaves + cells.length > TITLE_LIMITS.groupLeaves;
    if (isFull || cells.some(({ cell }) => this.#cells.get(cell)?.group === last)) {
      this.groups.push([]);
      this.#leaves = 0;
    }
    this.groups.at(-1)?.push(planned);
    this.#leaves += cells.length;
    return this.groups.length - 1;
  }

  #shelf({ titleClass, denomination }: PooledTitle): { taken: number; readonly put: PooledTitle[] } {
    const name = shelfName(titleClass, denomination);
    let shelf = this.#shelves.get(name);
    if (shelf === undefined) this.#shelves.set(name, (shelf = { taken: 0, put: [] }));
    return shelf;
  }
}

function shelfName(titleClass: string, denomination: number): string {
  return `${titleClass} ${denomination}`;
}
