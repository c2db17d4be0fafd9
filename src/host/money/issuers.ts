import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { KnownCurrency, WalletState } from '../../wallet/state.ts';
import type { CurrencyInfo } from '../../wallet/wallet.ts';
import { openMemoryWallet } from './memory-wallet.ts';
import type { MemoryWallet } from './memory-wallet.ts';
import { Offers } from './offers.ts';
import type { HostParts } from '../ports.ts';
import { Turns } from '../turns.ts';

/** Currencies that are remembered, with up to a megabyte of keys each; the one that was not asked for the longest goes first. */
const MOST = 40;
/** Strangers' currencies that are learned in a minute: checking the keys of the dearest takes half a second of the one thread. */
const LEARNED_A_MINUTE = 20;
const MINUTE = 60_000;

/** What a wallet has to know of a currency. */
export interface Knowledge {
  readonly currencies: readonly KnownCurrency[];
  readonly certificates: WalletState['certificates'];
}

/**
 * What a host knows of currencies, whoever asked: so that not every look and every payment asks their issuers anew. Each
 * currency has a wallet of its own without a coin, so that nothing that one issuer shows stands in the way of another. Known
 * and waited for by id and address together: coins may name any address with any id, and only an issuer proves its own.
 */
export class Issuers {
  /** The currency that was found at each of the host's own addresses: it may call itself by another. */
  readonly addresses = new Map<string, string>();
  readonly #parts: HostParts;
  readonly #offers: Offers;
  readonly #known = new Map<string, MemoryWallet>();
  readonly #turns = new Turns();
  /** When strangers' currencies were learned in the last minute, and what each attempt that failed was refused with. */
  #learned: Instant[] = [];
  readonly #failed = new Map<string, { readonly at: Instant; readonly refusal: Refusal }>();

  constructor(parts: HostParts, offers = new Offers(parts)) {
    this.#parts = parts;
    this.#offers = offers;
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
    const name = `${currency} ${location}`;
    return this.#turns.run(name, async () => {
      const known = this.#known.get(name) ?? (await this.#learnSparingly(name, currency, location));
      if (known instanceof Refusal) return known;
      // Last in the map is whichever was asked for last.
      this.#known.delete(name);
      this.#known.set(name, known);
      if (this.#known.size > MOST) this.#forgetOldest();
      return known;
    });
  }

  /** The host's own currencies stay: however many others strangers ask for, nobody has to wait for them again. */
  #forgetOldest(): void {
    for (const name of this.#known.keys()) {
      if (this.#isOwn(name.slice(name.indexOf(' ') + 1))) continue;
      this.#known.delete(name);
      return;
    }
  }

  /** Whether a currency is of one of the host's issuers. */
  #isOwn(location: string): boolean {
    return (
      this.#parts.currencies.includes(location) ||
      this.#offers.offered().some((each) => each.location === location)
    );
  }

  /** What strangers name costs a bounded share of the host's time, and the same mistake is not paid for twice in a minute. */
  async #learnSparingly(name: string, currency: string, location: string): Promise<MemoryWallet | Refusal> {
    if (this.#isOwn(location)) return this.#learn(currency, location);
    const since = this.#parts.clock() - MINUTE;
    for (const [each, { at }] of this.#failed) if (at <= since) this.#failed.delete(each);
    const failed = this.#failed.get(name);
    if (failed !== undefined) return failed.refusal;
    this.#learned = this.#learned.filter((at) => at > since);
    if (this.#learned.length >= LEARNED_A_MINUTE)
      return refuse('busy', 'too many currencies were asked for that are not known here');
    this.#learned.push(this.#parts.clock());
    const learned = await this.#learn(currency, location);
    if (learned instanceof Refusal && !learned.temporary)
      this.#failed.set(name, { at: this.#parts.clock(), refusal: learned });
    return learned;
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
