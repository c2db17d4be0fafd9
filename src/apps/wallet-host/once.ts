/** A form that moves money is carried out once, however often its button is pressed. */
import type { Clock } from '../../base/ports.ts';

/** How long it is remembered, in milliseconds: longer than a page is likely to be sent again. */
const REMEMBERED = 60 * 60_000;
/** How much is remembered of one member, and of all. Then the oldest is forgotten: of the same member first. */
const MOST_OF_ONE = 200;
const MOST = 20_000;

/** What is asked for. */
export interface Asked {
  /** Of whom it is remembered: a member. */
  readonly whose: string;
  /** What tells it apart from what else they ask for; empty: it is never remembered. */
  readonly key: string;
  /** All that it says: what comes with the same key and says something else is not the same. */
  readonly what: string;
}

interface Done<Outcome> {
  readonly at: number;
  readonly what: string;
  readonly outcome: Promise<Outcome>;
}

export class Once<Outcome> {
  readonly #clock: Clock;
  readonly #done = new Map<string, Map<string, Done<Outcome>>>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What came of the first time that it was asked for; the second waits for it. What `isFinal` says no to is forgotten, so
   * that it can be tried again. 'reused': the key came before, with something else.
   */
  async run(
    { whose, key, what }: Asked,
    work: () => Promise<Outcome>,
    isFinal: (outcome: Outcome) => boolean,
  ): Promise<Outcome | 'reused'> {
    if (key === '') return work();
    this.#makeRoom(whose);
    const known = this.#done.get(whose)?.get(key);
    if (known !== undefined) return known.what === what ? known.outcome : 'reused';
    const done = { at: this.#clock(), what, outcome: work() };
    this.#remember(whose, key, done);
    try {
      const settled = await done.outcome;
      if (!isFinal(settled)) this.#forget(whose, key, done);
      return settled;
    } catch (error) {
      this.#forget(whose, key, done);
      throw error;
    }
  }

  /** Whoever has done something last stands last. */
  #remember(whose: string, key: string, done: Done<Outcome>): void {
    const theirs = this.#done.get(whose) ?? new Map<string, Done<Outcome>>();
    this.#done.delete(whose);
    this.#done.set(whose, theirs.set(key, done));
    this.#size += 1;
  }

  #forget(whose: string, key: string, done: Done<Outcome>): void {
    const theirs = this.#done.get(whose);
    if (theirs?.get(key) !== done) return;
    theirs.delete(key);
    this.#size -= 1;
    if (theirs.size === 0) this.#done.delete(whose);
  }

  /** Makes room for one more of this member's. The oldest stand first. */
  #makeRoom(whose: string): void {
    const now = this.#clock();
    for (const [member, theirs] of this.#done) {
      for (const [key, done] of theirs) {
        const isFull = this.#size >= MOST || (member === whose && theirs.size >= MOST_OF_ONE);
        if (isFull || now - done.at >= REMEMBERED) this.#forget(member, key, done);
      }
    }
  }
}
