/** Coins of 1 for the load: bought once, and then those that renewals gave. */
import type { Coin } from '../src/protocol/documents.ts';
import { ask, buy, coinsOf } from './coins.ts';
import type { Target } from './coins.ts';
import type { Connection } from './http-load.ts';

/** As many as one request may have, in round numbers. */
const COINS_AT_ONCE = 250;

export class Purse {
  readonly #connection: Connection;
  readonly #target: Target;
  #coins: Coin[] = [];

  constructor(connection: Connection, target: Target) {
    this.#connection = connection;
    this.#target = target;
  }

  /** Takes so many out, and buys what is missing. */
  async take(count: number): Promise<readonly Coin[]> {
    while (this.#coins.length < count) {
      const { coins, request } = await buy(this.#connection, this.#target, COINS_AT_ONCE);
      this.put(coinsOf(coins, await ask(this.#connection, request)));
    }
    return this.#coins.splice(0, count);
  }

  put(coins: readonly Coin[]): void {
    this.#coins = [...this.#coins, ...coins];
  }
}
