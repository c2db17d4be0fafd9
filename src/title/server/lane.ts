/** What is costly and can be asked by anybody, a few at a time: between them everything else has its turn. */
import { refuse } from '../../base/refusal.ts';
import type { Pause } from '../../base/ports.ts';
import type { Refusal } from '../../base/refusal.ts';

/** Those who may wait. */
const MOST_WAITING = 256;

export class Lane {
  readonly #pause: Pause;
  readonly #turns: (() => void)[] = [];
  #free: number;

  /** Does `width` at a time. */
  constructor(width: number, pause: Pause) {
    this.#free = width;
    this.#pause = pause;
  }

  /** Does it when it is its turn; refuses where too many wait. */
  async run<Made>(task: () => Promise<Made>): Promise<Made | Refusal> {
    if (this.#free > 0) this.#free--;
    else if (this.#turns.length >= MOST_WAITING) return refuse('busy', 'too many ask for the same at once');
    else await new Promise<void>((turn) => this.#turns.push(turn));
    try {
      return await task();
    } finally {
      void this.#pause(0).then(() => this.#next());
    }
  }

  #next(): void {
    const turn = this.#turns.shift();
    if (turn === undefined) this.#free++;
    else turn();
  }
}
