/** What a suite's native side offers. A new suite is one file that implements this, and a line in natives.ts. */
import type { NewKey } from '../mint/ports.ts';
import type { KeyDocument } from '../suites/index.ts';

/** A mint key pair, opened once and used many times, by one thread. */
export interface NativeKey {
  /**
   * The blind signature of a blind, both BigInts, checked before it leaves. Throws on a blind out of range, and when the
   * check fails: then nothing of the answer leaves.
   */
  sign(blind: string): string;
  /** Whether the signature, as it is shown to the mint, makes the payload a coin. False for whatever is none; never throws. */
  verify(payload: Uint8Array, shown: string): boolean;
  /** Suites of two rounds: the first, for one coin of an account, under a fresh nonce. Throws on an identity that is none. */
  commit?(identity: string): string;
}

/** A cipher suite's private and hot operations. Secrets are bytes that only the suite reads. */
export interface NativeSuite {
  /** As in the CDD's `issuer_cipher_suite`. */
  readonly name: string;
  /** About what an operation takes, in µs of one core: only for sharing work out evenly. */
  readonly cost: { readonly sign: number; readonly verify: number; readonly commit: number };
  /** Opens a mint key's pair. Throws when the two are no pair. */
  open(publicKey: KeyDocument, secret: Uint8Array): NativeKey;
  /** Makes a master key's pair. */
  makeMaster(): Promise<NewKey>;
  /** Makes a mint key's pair. */
  makeMintKey(): Promise<NewKey>;
  /** A mint key's secret as the plain mathematics reads it: only for testing one against the other. */
  plainSecret(publicKey: KeyDocument, secret: Uint8Array): KeyDocument;
  /** Signs canonical bytes with a master key's secret, as `DocumentScheme.verify` verifies them. */
  signDocument(secret: Uint8Array, document: Uint8Array): Promise<string>;
}
