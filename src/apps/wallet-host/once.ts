/** A form that moves money is carried out once, however often its button is pressed. */
import type { Clock } from '../../base/ports.ts';

/** How long it is remembered, in milliseconds: longer than a page is likely to be sent again. */
const REMEMBERED = 60 * 60_000;
const MOST = 50_000;

export class Once<Outcome> {
  readonly #clock: Clock;
  readonly #done = new Map<string, { readonly at: number; readonly outcome: Promise<Outcome> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What came of the first time that `key` was given; the second waits for it. What `isFinal` says no to is forgotten, so
   * that it can be tried again. An empty key is never remembered.
   */
  async run(
    key: string,
    work: () => Promise<Outcome>,
    isFinal: (outcome: Outcome) => boolean,
  ): Promise<Outcome> {
    if (key === '') return work();
    this.#forgetOld();
    const known = this.#done.get(key);
    if (known !== undefined) return known.outcome;
    const outcome = work();
    this.#done.set(key, { at: this.#clock(), outcome });
    try {
      const settled = await outcome;
      if (!isFinal(settled)) this.#done.delete(key);
      return settled;
    } catch (error) {
      this.#done.delete(key);
      throw error;
    }
  }

  /** The oldest stand first. */
  #forgetOld(): void {
    const now = this.#clock();
    for (const [key, { at }] of this.#done) {
      if (now - at < REMEMBERED && this.#done.size <= MOST) return;
      this.#done.delete(key);
    }
  }
}
