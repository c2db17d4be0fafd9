/** What a suite's native side offers. A new suite is one file that implements this, and a line in natives.ts. */
import type { NewKey } from '../mint/ports.ts';
import type { KeyDocument } from '../suites/index.ts';

/** A mint key pair, opened once and used many times, by one thread. */
export interface NativeKey {
  /**
   * The blind signature of a blind, both BigInts, checked against the public key. Throws on a blind out of range,
   * and when the check fails: then nothing of the answer leaves.
   */
  sign(blind: string): string;
  /** Whether the signature makes the payload a coin. False for whatever is no signature; never throws. */
  verify(payload: Uint8Array, signature: string): boolean;
}

/** A cipher suite's private and hot operations. */
export interface NativeSuite {
  /** As in the CDD's `issuer_cipher_suite`. */
  readonly name: string;
  /** Opens a key pair; `secret` is PKCS #8 DER. Throws when the two are no pair. */
  open(publicKey: KeyDocument, secret: Uint8Array): NativeKey;
  /** Makes a key pair of so many bits. */
  make(bits: number): Promise<NewKey>;
  /** Signs canonical bytes as `CipherSuite.verifyDocument` verifies them; `secret` is PKCS #8 DER. */
  signDocument(secret: Uint8Array, document: Uint8Array): Promise<string>;
}
