/** What a wallet of titles needs of the world. */
import type { Clock, Randomness } from '../../base/ports.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { VerifySignature } from '../documents/proof.ts';

/** Carries a request to a title server and its answer back. Knows nothing of titles, keeps nothing. */
export interface TitleMessenger {
  /**
   * By UDP to this port of the URL's host where one is named, with retries; by HTTP to the URL otherwise. Refuses
   * `unreachable` where no answer came: the request may have been done all the same.
   */
  exchange(url: string, udpPort: number | undefined, request: Uint8Array): Promise<Uint8Array | Refusal>;
}

/** A record as the store keeps it; JSON, of which the store knows nothing but the key. */
export interface StoredRecord {
  /** Printable ASCII. */
  readonly key: string;
  readonly json: string;
}

export interface StoredChange {
  /** Added, or in place of the record with the same key. */
  readonly put: readonly StoredRecord[];
  /** Keys of records that are gone. */
  readonly remove: readonly string[];
}

/** Where one wallet of titles keeps everything. Only one wallet has a store open at a time. */
export interface TitleWalletStore {
  /** All that was committed, in the order in which it came first. */
  load(): Promise<readonly StoredRecord[]>;
  /**
   * Keeps a change: whole and durable once the promise resolves. A rejected promise says neither that it was kept nor that
   * it was not; the wallet then has to be opened again.
   */
  commit(change: StoredChange): Promise<void>;
  close(): Promise<void>;
}

/** Ed25519 by the platform, out of a pseudonym's seed of 32 bytes. */
export interface PseudonymSigner {
  /** 32 bytes. */
  publicKeyOfSeed(seed: Uint8Array): Uint8Array;
  /** 64 bytes. */
  signWithSeed(seed: Uint8Array, bytes: Uint8Array): Uint8Array;
}

/** What a wallet of titles is put together from. */
export interface TitleWalletParts {
  readonly store: TitleWalletStore;
  readonly messenger: TitleMessenger;
  /** What all pseudonyms come from: the coin wallet's `titlesSecret()`. */
  readonly secret: Uint8Array;
  readonly signer: PseudonymSigner;
  readonly verify: VerifySignature;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Milliseconds after which a server's log is too long to be read; five minutes where nothing is said. */
  readonly logTime?: number;
}
