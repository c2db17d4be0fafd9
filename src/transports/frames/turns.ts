/** One who has work to hand out, piece by piece. */
export interface Taker {
  /** Whether `start` may be called. */
  ready(): boolean;
  /** Hands out one piece of work, and calls `done` of the turns when that is finished. */
  start(): void;
}

/** Shares a number of places for work among all who have some, in turns: who has much waits, who has little does not. */
export class Turns {
  readonly #places: number;
  readonly #ring = new Set<Taker>();
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Gives this one its turns, for as long as it is ready. */
  want(taker: Taker): void {
    if (!taker.ready()) return;
    this.#ring.add(taker);
    this.#handOut();
  }

  /** A piece of work is finished. */
  done(): void {
    this.#taken--;
    this.#handOut();
  }

  leave(taker: Taker): void {
    this.#ring.delete(taker);
  }

  #handOut(): void {
    // A set goes on to what is added while it is gone through, in the order of adding: that is the ring.
    for (const taker of this.#ring) {
      if (this.#taken >= this.#places) return;
      this.#ring.delete(taker);
      if (!taker.ready()) continue;
      this.#taken++;
      taker.start();
      if (taker.ready()) this.#ring.add(taker);
    }
  }
}
