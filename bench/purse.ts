/** Coins of 1 for the load: bought once, and then those that renewals gave. */
import type { Coin } from '../src/protocol/documents.ts';
import { ask, buy, coinsOf } from './coins.ts';
import type { Target } from './coins.ts';
import { Connection } from './http-load.ts';

/** As many as one request may have, in round numbers. */
const COINS_AT_ONCE = 250;

export class Purse {
  readonly #port: number;
  readonly #target: Target;
  #coins: Coin[] = [];

  /** `port`: of the front where coins are bought. */
  constructor(port: number, target: Target) {
    this.#port = port;
    this.#target = target;
  }

  /** Takes so many out, and buys what is missing. */
  async take(count: number): Promise<readonly Coin[]> {
    if (this.#coins.length < count) await this.#buy(count);
    return this.#coins.splice(0, count);
  }

  async #buy(count: number): Promise<void> {
    const connection = await Connection.open(this.#port);
    while (this.#coins.length < count) {
      const { coins, request } = await buy(connection, this.#target, COINS_AT_ONCE);
      this.put(coinsOf(coins, await ask(connection, request)));
    }
    connection.close();
  }

  put(coins: readonly Coin[]): void {
    this.#coins = [...this.#coins, ...coins];
  }
}
