/** Pseudo-random choices that a seed determines: the same seed gives the same ones on any machine. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995 || 1;
    for (let warm = 0; warm < 8; warm++) this.#step();
  }

  /** A whole number from 0 to `sides - 1`. */
  below(sides: number): number {
    return this.#step() % sides;
  }

  /** One of a list. Throws when there is none. */
  pick<Item>(from: readonly Item[]): Item {
    const item = from[this.below(from.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Marsaglia's xorshift with 32 bits. */
  #step(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }
}
