import type { MintKeyCertificate } from '../protocol/documents.ts';
import type { SeedOf, WalletStore } from './ports.ts';
import { rootSecret } from './derivation.ts';
import { timesOf } from './keys.ts';
import type { KeyTimes } from './keys.ts';
import { seedOf } from './phrase.ts';
import type { Counter, HeldCoin, KnownCurrency, Operation, WalletChange } from './state.ts';
import { Tables } from './tables.ts';

/**
 * The wallet's records in memory, as the store has them. Changed only through `commit`, and only after the store
 * has kept the change.
 */
export class Book {
  readonly #store: WalletStore;
  readonly #tables: Tables;
  readonly #seedOf: SeedOf;
  #broken = false;
  #root: Uint8Array | undefined;

  private constructor(store: WalletStore, tables: Tables, seed: SeedOf) {
    this.#store = store;
    this.#tables = tables;
    this.#seedOf = seed;
  }

  /** Reads everything from a store. */
  static async open(store: WalletStore, seed: SeedOf = seedOf): Promise<Book> {
    const state = await store.load();
    const tables = new Tables();
    if (state !== undefined) tables.apply(state);
    return new Book(store, tables, seed);
  }

  /** Undefined only before the first commit. */
  get phrase(): string | undefined {
    return this.#tables.phrase;
  }

  /** The phrase of an opened wallet. */
  get secretPhrase(): string {
    if (this.#tables.phrase === undefined) throw new Error('a wallet has a phrase from its first commit on');
    return this.#tables.phrase;
  }

  /** The root of the derivation. Kept, because BIP-39 makes it slow to come by. */
  get root(): Uint8Array {
    return (this.#root ??= rootSecret(this.#seedOf(this.secretPhrase)));
  }

  get currencies(): ReadonlyMap<string, KnownCurrency> {
    return this.#tables.currencies;
  }

  get certificates(): ReadonlyMap<string, MintKeyCertificate> {
    return this.#tables.certificates;
  }

  get coins(): ReadonlyMap<string, HeldCoin> {
    return this.#tables.coins;
  }

  get operations(): ReadonlyMap<number, Operation> {
    return this.#tables.operations;
  }

  /** The number for the next operation. */
  get nextOperation(): number {
    return this.#tables.lastOperation + 1;
  }

  /** A currency that an operation of this wallet is in. */
  currency(id: string): KnownCurrency {
    const currency = this.#tables.currencies.get(id);
    if (currency === undefined)
      throw new Error('a wallet has no operation and no coin in a currency it does not know');
    return currency;
  }

  /** The certificate of a mint key that a coin of this wallet is or will be made with. */
  certificate(mintKeyId: string): MintKeyCertificate {
    const certificate = this.#tables.certificates.get(mintKeyId);
    if (certificate === undefined) throw new Error('a wallet keeps the certificates of its coins');
    return certificate;
  }

  /** When a mint key signs and its coins live, as its revocation has it where there is one. */
  times(mintKeyId: string): KeyTimes {
    const certificate = this.certificate(mintKeyId);
    const revocations = this.#tables.currencies.get(certificate.mint_key.issuer_id)?.revocations ?? [];
    const revoked = revocations.find(({ revocation }) => revocation.mint_key_id === mintKeyId);
    return timesOf(certificate, revoked?.revocation);
  }

  /** The certificates of a currency's mint keys by their ids, those of expired ones too. */
  certificatesOf(currency: string): ReadonlyMap<string, MintKeyCertificate> {
    return new Map([...this.certificates].filter(([, { mint_key }]) => mint_key.issuer_id === currency));
  }

  /** The coins of a currency, reserved ones too. */
  coinsOf(currency: string): readonly HeldCoin[] {
    return [...this.coins.values()].filter(({ coin }) => coin.payload.issuer_id === currency);
  }

  /** Which transaction numbers of a currency were used. */
  counter(currency: string): Counter {
    return this.#tables.counters.get(currency) ?? { currency, next: 0, known: -1, free: [] };
  }

  /** Keeps a change. When the store fails it is not known what it kept: nothing works then until it is opened again. */
  async commit(change: WalletChange): Promise<void> {
    if (this.#broken) throw new Error('the store failed before; open the wallet again');
    this.#broken = true;
    await this.#store.commit(change);
    this.#tables.apply(change);
    if (change.phrase !== undefined) this.#root = undefined;
    this.#broken = false;
  }
}
