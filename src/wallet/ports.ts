import type { Clock, Randomness } from '../base/ports.ts';
import type { Refusal } from '../base/refusal.ts';
import type { WalletChange, WalletState } from './state.ts';

/** Carries bytes to an issuer and back. Knows nothing of coins, keeps nothing, repeats nothing by itself. */
export interface Messenger {
  /** Sends a message to a service URL; resolves to the answer's bytes, or to 'unreachable' when there was none. */
  exchange(url: string, message: Uint8Array): Promise<Uint8Array | Refusal>;
  /** Fetches a currency's certified description (JSON) from its `cdd_location`. */
  describe(url: string): Promise<Uint8Array | Refusal>;
}

/** Where one wallet keeps everything. Only one wallet has a store open at a time. */
export interface WalletStore {
  /** All that was committed; undefined where nothing ever was. */
  load(): Promise<WalletState | undefined>;
  /**
   * Keeps a change: whole and durable once the promise resolves. A rejected promise says neither that it was kept
   * nor that it was not; the wallet then has to be opened again.
   */
  commit(change: WalletChange): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whether an Ed25519 signature (128 hexadecimal digits) by this key (64) covers the bytes. False for whatever is no
 * key or no signature. A browser's own cryptography answers by a promise.
 */
export type VerifyEd25519 = (
  publicKey: string,
  bytes: Uint8Array,
  signature: string,
) => boolean | Promise<boolean>;

/** BIP-39's seed of a phrase, 64 bytes, with no passphrase. */
export type SeedOf = (phrase: string) => Uint8Array;

/** Lets whatever else waits have its turn. */
export type Pause = () => Promise<void>;

/** What a wallet is put together from. */
export interface WalletParts {
  readonly store: WalletStore;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly verifyEd25519: VerifyEd25519;
  /** Where the platform is faster at it than the wallet's own JavaScript. */
  readonly seedOf?: SeedOf | undefined;
  /** Where others wait for the same thread: a stack of many coins is checked a few at a time. */
  readonly pause?: Pause | undefined;
}
