import { Refusal, refuse } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import type { KnownCurrency, WalletState } from '../wallet/state.ts';
import type { CurrencyInfo } from '../wallet/wallet.ts';
import { openMemoryWallet } from './memory-wallet.ts';
import type { MemoryWallet } from './memory-wallet.ts';
import type { HostParts } from './ports.ts';
import { Turns } from './turns.ts';

/** Currencies that are remembered; the one that was not asked for the longest goes first. */
const MOST = 500;

/** What a wallet has to know of a currency. */
export interface Knowledge {
  readonly currencies: readonly KnownCurrency[];
  readonly certificates: WalletState['certificates'];
}

/**
 * What a host knows of currencies, whoever asked: so that not every look and every payment asks their issuers anew. Each
 * currency has a wallet of its own without a coin, so that nothing that one issuer shows stands in the way of another.
 */
export class Issuers {
  readonly #parts: HostParts;
  readonly #known = new Map<string, MemoryWallet>();
  readonly #turns = new Turns();

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** A currency as its issuer describes it at `location`. Refuses 'distrusted' when there is another one there. */
  async describe(currency: string, location: string): Promise<CurrencyInfo | Refusal> {
    const wallet = await this.#wallet(currency, location);
    if (wallet instanceof Refusal) return wallet;
    const [info] = wallet.wallet.currencies();
    return info ?? refuse('unknown', 'there is no such currency');
  }

  /** The records by which another wallet knows the currency; keys and revocations are asked for where that was long ago. */
  async knowledge(currency: string, location: string): Promise<Knowledge | Refusal> {
    const wallet = await this.#wallet(currency, location);
    if (wallet instanceof Refusal) return wallet;
    // Whether it came to anything is seen when the records are used.
    await wallet.wallet.renewDue();
    const state = await wallet.store.load();
    return { currencies: state?.currencies ?? [], certificates: state?.certificates ?? [] };
  }

  /** Whether any coin of a stack was spent. */
  async isSpent(currency: string, location: string, stack: CoinStack): Promise<boolean | Refusal> {
    const wallet = await this.#wallet(currency, location);
    return wallet instanceof Refusal ? wallet : wallet.wallet.isSpent(stack);
  }

  #wallet(currency: string, location: string): Promise<MemoryWallet | Refusal> {
    return this.#turns.run(currency, async () => {
      const known = this.#known.get(currency) ?? (await this.#learn(currency, location));
      if (known instanceof Refusal) return known;
      // Last in the map is whichever was asked for last.
      this.#known.delete(currency);
      this.#known.set(currency, known);
      const [oldest] = this.#known.keys();
      if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
      return known;
    });
  }

  async #learn(currency: string, location: string): Promise<MemoryWallet | Refusal> {
    const fresh = await openMemoryWallet(this.#parts, {});
    const info = await fresh.wallet.add(location);
    if (info instanceof Refusal) return info;
    return info.id === currency
      ? fresh
      : refuse('distrusted', 'at the address in these coins there is another currency');
  }
}
