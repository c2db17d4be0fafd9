import type { MintKeyCertificate } from '../protocol/documents.ts';
import type { Counter, HeldCoin, KnownCurrency, Operation, WalletChange, WalletState } from './state.ts';

/** A wallet's records by their identity: what a change does to them, said once. */
export class Tables {
  phrase: string | undefined;
  readonly currencies = new Map<string, KnownCurrency>();
  readonly certificates = new Map<string, MintKeyCertificate>();
  readonly counters = new Map<string, Counter>();
  readonly coins = new Map<string, HeldCoin>();
  readonly operations = new Map<number, Operation>();
  /** The highest number of an operation; 0 where there is none. */
  lastOperation = 0;

  /** Adds, replaces and removes what the change says. */
  apply(change: WalletChange): void {
    this.phrase = change.phrase ?? this.phrase;
    for (const currency of change.currencies ?? []) this.currencies.set(currency.id, currency);
    for (const certificate of change.certificates ?? [])
      this.certificates.set(certificate.mint_key.id, certificate);
    for (const counter of change.counters ?? []) this.counters.set(counter.currency, counter);
    for (const coin of change.coins ?? []) this.coins.set(coin.id, coin);
    for (const id of change.gone ?? []) this.coins.delete(id);
    for (const operation of change.operations ?? []) {
      this.operations.set(operation.number, operation);
      this.lastOperation = Math.max(this.lastOperation, operation.number);
    }
  }

  /** All of it; undefined as long as there is no phrase. */
  state(): WalletState | undefined {
    if (this.phrase === undefined) return undefined;
    return {
      phrase: this.phrase,
      currencies: [...this.currencies.values()],
      certificates: [...this.certificates.values()],
      counters: [...this.counters.values()],
      coins: [...this.coins.values()],
      operations: [...this.operations.values()],
    };
  }
}
