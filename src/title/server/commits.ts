/** Commits, one after the other: while one syncs, what comes next gathers. */
import { Refusal, refuse } from '../../base/refusal.ts';
import type { TitleClassCertificate } from '../documents/documents.ts';
import type { KnownClass } from '../documents/registry.ts';
import { assertConserved } from './assert.ts';
import { planBatch } from './batch.ts';
import type { Checked } from './batch.ts';
import { classGroup, transferGroup } from './groups.ts';
import type { GroupedTransfer, GroupTree, MadeGroup } from './groups.ts';
import type { Planned } from './plan.ts';
import type { TitleServerParts } from './ports.ts';
import type { TitleState } from './state.ts';

/** Leaves of one commit: what is planned at once keeps everything else waiting. */
const COMMIT_LEAVES = 2_048;

/** A transfer that took effect. */
export interface Done {
  readonly transfer: GroupedTransfer;
  readonly tree: GroupTree;
}

/** A class's version that took effect, and the group that brought it. */
export interface TakenClass {
  readonly known: KnownClass;
  readonly group: number;
}

/** What waits for the next commit. */
type Waiting =
  | { readonly kind: 'transfer'; readonly checked: Checked; readonly settle: (done: Done | Refusal) => void }
  | {
      readonly kind: 'class';
      readonly certificate: TitleClassCertificate;
      readonly settle: (taken: TakenClass | Refusal) => void;
    };
type WaitingTransfer = Extract<Waiting, { readonly kind: 'transfer' }>;
type WaitingClass = Extract<Waiting, { readonly kind: 'class' }>;

type Parts = Pick<TitleServerParts, 'store' | 'key' | 'sha256' | 'clock' | 'obstacle'>;

export class Commits {
  readonly #parts: Parts;
  readonly #state: TitleState;
  readonly #took: (made: readonly MadeGroup[]) => void;
  readonly #broke: (error: unknown) => void;
  #waiting: Waiting[] = [];
  #under: readonly Waiting[] = [];
  #between: (() => void)[] = [];
  #running: Promise<void> | undefined;
  #isBroken = false;

  /** `took` hears of every group that took effect; `broke`, once, why nothing does any more. */
  constructor(
    parts: Parts,
    state: TitleState,
    {
      took,
      broke,
    }: { readonly took: (made: readonly MadeGroup[]) => void; readonly broke: (error: unknown) => void },
  ) {
    this.#parts = parts;
    this.#state = state;
    this.#took = took;
    this.#broke = broke;
  }

  /** Makes a transfer take effect whose signatures were checked. Resolves when it is durable. */
  transfer(checked: Checked): Promise<Done | Refusal> {
    return new Promise((settle) => this.#add({ kind: 'transfer', checked, settle }));
  }

  /** Makes a class's version take effect. Resolves when it is durable. */
  titleClass(certificate: TitleClassCertificate): Promise<TakenClass | Refusal> {
    return new Promise((settle) => this.#add({ kind: 'class', certificate, settle }));
  }

  /** Looks at everything while no commit is under way. */
  between<Seen>(look: () => Seen): Promise<Seen> {
    const turn = async (): Promise<Seen> => look();
    if (this.#running === undefined) return turn();
    return new Promise((resolve) => this.#between.push(() => resolve(turn())));
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #add(waiting: Waiting): void {
    if (this.#isBroken) {
      waiting.settle(broken());
      return;
    }
    this.#waiting.push(waiting);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Those who were checked together arrive together.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        await this.#commitNext();
        for (const look of this.#between.splice(0)) look();
      }
    } catch (error) {
      this.#isBroken = true;
      for (const { settle } of [...this.#under, ...this.#waiting.splice(0)]) settle(broken());
      this.#broke(error);
    } finally {
      this.#running = undefined;
      for (const look of this.#between.splice(0)) look();
    }
  }

  async #commitNext(): Promise<void> {
    const [first] = this.#waiting;
    const obstacle = this.#parts.store.obstacle() ?? this.#parts.obstacle?.();
    if (obstacle !== undefined) {
      for (const { settle } of this.#waiting.splice(0)) settle(obstacle);
      return;
    }
    if (first?.kind === 'class') {
      this.#under = this.#waiting.splice(0, 1);
      await this.#commitClass(first);
    } else {
      const transfers = takeTransfers(this.#waiting);
      this.#under = transfers;
      await this.#commitTransfers(transfers);
    }
    this.#under = [];
  }

  async #commitClass({ certificate, settle }: WaitingClass): Promise<void> {
    const { registry, end } = this.#state;
    const known = registry.judge(certificate);
    if (known instanceof Refusal || known === registry.get(known.id)) {
      settle(known instanceof Refusal ? known : { known, group: this.#state.groupOf(known) });
      return;
    }
    const time = this.#state.timeAt(this.#parts.clock());
    const made = classGroup(known, { end, time, titles: registry.titlesWith(known) }, this.#parts);
    await this.#parts.store.commit([made.record]);
    this.#state.took(made.record);
    this.#state.tookClass(known, made.record.number);
    this.#took([made]);
    settle({ known, group: made.record.number });
  }

  async #commitTransfers(waiting: readonly WaitingTransfer[]): Promise<void> {
    const { store, key, sha256, clock } = this.#parts;
    const time = this.#state.timeAt(clock());
    const { groups, outcomes } = planBatch(
      waiting.map(({ checked }) => checked),
      { store, pool: this.#state.pool },
      { server: key.publicKey, now: time, sha256 },
    );
    const made = this.#make(groups, time);
    if (made.length > 0) {
      assertConserved(groups, made, this.#state.registry, store);
      await store.commit(made.map(({ record }) => record));
      for (const [at, { record }] of made.entries()) {
        this.#state.took(record);
        this.#state.tookTransfers(groups[at] ?? [], record.number);
      }
      this.#took(made);
    }
    const done = doneOf(groups, made);
    for (const [at, { settle }] of waiting.entries()) settle(outcomeOf(outcomes[at], done));
  }

  #make(groups: readonly (readonly Planned[])[], time: number): readonly MadeGroup[] {
    const made: MadeGroup[] = [];
    let { end } = this.#state;
    for (const planned of groups) {
      const group = transferGroup(planned, { end, time, titles: this.#state.registry.titles }, this.#parts);
      made.push(group);
      end = { groups: group.record.number, head: group.record.head, time };
    }
    return made;
  }
}

/** Takes the transfers that wait before the next class, as many as one commit does. */
function takeTransfers(waiting: Waiting[]): readonly WaitingTransfer[] {
  const transfers: WaitingTransfer[] = [];
  let leaves = 0;
  for (const each of waiting) {
    if (each.kind !== 'transfer') break;
    const { inputs, change } = each.checked.presented.signed.transfer;
    leaves += inputs.length + change.length;
    if (leaves > COMMIT_LEAVES) break;
    transfers.push(each);
  }
  waiting.splice(0, transfers.length);
  return transfers;
}

function doneOf(groups: readonly (readonly Planned[])[], made: readonly MadeGroup[]): Map<Planned, Done> {
  const done = new Map<Planned, Done>();
  for (const [at, planned] of groups.entries()) {
    const group = made[at];
    for (const [place, each] of planned.entries()) {
      const transfer = group?.transfers[place];
      if (group === undefined || transfer === undefined) throw new Error('every plan is in its group');
      done.set(each, { transfer, tree: group.tree });
    }
  }
  return done;
}

function outcomeOf(outcome: Planned | Refusal | undefined, done: ReadonlyMap<Planned, Done>): Done | Refusal {
  if (outcome instanceof Refusal) return outcome;
  const took = outcome === undefined ? undefined : done.get(outcome);
  if (took === undefined) throw new Error('every transfer is done or refused');
  return took;
}

/** What everybody hears whose transfer may or may not have taken effect. */
export function broken(): Refusal {
  return refuse('busy', 'the server has to be started anew; what was asked may have been done');
}
