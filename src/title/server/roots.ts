/** The server's word on all sequence numbers at one moment. */
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { leafHash } from '../documents/merkle.ts';
import type { Said } from '../documents/messages.ts';
import { rootSigned } from '../documents/signed.ts';
import type { Commits } from './commits.ts';
import type { MadeGroup } from './groups.ts';
import { leastRootBytes, tooLarge } from './answers.ts';
import { PageTree } from './page-tree.ts';
import type { TitleServerParts } from './ports.ts';
import type { TitleState } from './state.ts';

/** Pages that are hashed at a stretch, and how often before the rest is done at once. */
const SLICE = 512;
const MOST_SLICES = 4_096;

type Parts = Pick<TitleServerParts, 'store' | 'key' | 'sha256' | 'clock' | 'pause'>;

/** Hashes of all pages: read when a root is asked for the first time, and again where something changed since. */
export class Roots {
  readonly #parts: Parts;
  readonly #state: TitleState;
  readonly #tree: PageTree;
  /** Pages that changed since they were hashed. */
  readonly #changed = new Set<number>();
  /** The first page that was never hashed. */
  #fresh = 0;
  /** How many titles the tree has seen. */
  #titles = 0;

  constructor(parts: Parts, state: TitleState) {
    this.#parts = parts;
    this.#state = state;
    this.#tree = new PageTree(parts.sha256);
  }

  /** Hears of groups that took effect. */
  took(made: readonly MadeGroup[]): void {
    for (const { record } of made)
      for (const { cell } of record.cells) {
        const page = pageOf(cell);
        if (page < this.#fresh) this.#changed.add(page);
      }
  }

  /** The signed root with pages under it, all as of one moment. Nothing is done for an answer that could not fit in `room`. */
  async answer(
    wanted: readonly number[],
    room: number,
    commits: Pick<Commits, 'between'>,
  ): Promise<Said<'response title root'> | Refusal> {
    if (leastRootBytes(wanted, this.#state.registry.titles) > room) return tooLarge();
    for (let slices = 0; slices < MOST_SLICES && this.#hash(SLICE) > 0; slices++) await this.#parts.pause(0);
    return commits.between(() => {
      this.#hash(Infinity);
      return this.#statement(wanted);
    });
  }

  #statement(wanted: readonly number[]): Said<'response title root'> | Refusal {
    if (wanted.some((page) => page >= this.#tree.size))
      return refuse('unknown', `pages: there are ${this.#tree.size}`);
    const { key, store, clock } = this.#parts;
    const { groups, head } = this.#state.end;
    const statement = {
      groups,
      head,
      time: this.#state.timeAt(clock()),
      titles: this.#state.registry.titles,
      root: this.#tree.root(),
    };
    const signature = key.sign(rootSigned(key.publicKey, statement));
    const pages = wanted.map((page) => ({
      page,
      sequences: store.page(page),
      path: this.#tree.path(page),
    }));
    return { type: 'response title root', signed_root: { statement, signature }, pages };
  }

  /** Hashes up to `most` pages that are new or have changed; how many are left. */
  #hash(most: number): number {
    this.#grow();
    let left = most;
    for (const page of this.#changed) {
      if (left-- <= 0) break;
      this.#changed.delete(page);
      this.#hashPage(page);
    }
    for (; left > 0 && this.#fresh < this.#tree.size; left--) this.#hashPage(this.#fresh++);
    return this.#changed.size + this.#tree.size - this.#fresh;
  }

  /** Takes notice of titles that are new: the last page may be longer now. */
  #grow(): void {
    const { titles } = this.#state.registry;
    if (titles === this.#titles) return;
    const last = pageOf(this.#titles);
    if (last < this.#fresh) this.#changed.add(last);
    this.#tree.grow(pageOf(titles - 1) + 1);
    this.#titles = titles;
  }

  #hashPage(page: number): void {
    this.#tree.set(page, leafHash(this.#parts.store.page(page), this.#parts.sha256));
  }
}

function pageOf(cell: number): number {
  return Math.floor(cell / TITLE_LIMITS.pageCells);
}
