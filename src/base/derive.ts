import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { utf8 } from './bytes.ts';

/** A secret out of another, 64 bytes, by names: spec/wallet-derivation.md, Notation. Names are ASCII without a zero. */
export function derive(secret: Uint8Array, ...parts: readonly string[]): Uint8Array {
  return hmac(sha512, secret, utf8(parts.join('\0')));
}
