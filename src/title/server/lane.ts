/** What is costly and can be asked by anybody, one after the other: between two of them everything else has its turn. */
import { refuse } from '../../base/refusal.ts';
import type { Pause } from '../../base/ports.ts';
import type { Refusal } from '../../base/refusal.ts';

/** Those who may wait. */
const MOST_WAITING = 256;

export class Lane {
  readonly #pause: Pause;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  /** Does it when it is its turn; refuses where too many wait. */
  async run<Made>(task: () => Promise<Made>): Promise<Made | Refusal> {
    if (this.#waiting >= MOST_WAITING) return refuse('busy', 'too many ask for the same at once');
    this.#waiting++;
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#last = promise;
    try {
      await before;
      return await task();
    } finally {
      this.#waiting--;
      void this.#pause(0).then(() => resolve(undefined));
    }
  }
}
