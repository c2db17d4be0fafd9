import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import type { Payload, PublicKey } from './documents.ts';

/** A key's id, 64 hexadecimal digits: the SHA-256 of its canonical form. */
export function keyId(key: PublicKey): string {
  return hashOf(key);
}

/** A coin's identity, 64 hexadecimal digits: the SHA-256 of its canonical payload. Its signature is no part of it. */
export function coinId(payload: Payload): string {
  return idOf(payloadBytes(payload));
}

/** What the mint's signature covers. */
export function payloadBytes(payload: Payload): Uint8Array {
  return canonicalBytes(payload);
}

/** SHA-256 of the canonical form, in hexadecimal: what tells two requests with one reference apart. */
export function hashOf(value: Canonical): string {
  return idOf(canonicalBytes(value));
}

/** SHA-256 in hexadecimal: the id of a document whose canonical bytes are at hand. */
export function idOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
