/**
 * How a master key signs documents in the suites that are not RSA's: Ed25519 (RFC 8032 §5.1), with one verdict for every
 * key, document and signature wherever it is checked.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToNumber, isBigIntText, numberToBytes, readBigInt, writeBigInt } from '../base/bigint.ts';
import { concatBytes, sameBytes } from '../base/bytes.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { formFault } from './key-document.ts';
import type { DocumentScheme, KeyDocument } from './suite.ts';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

const TYPE = 'ed25519 public key';
const FIELDS = ['public_key'];
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** A public key that was read and checked: its encoding, 32 bytes, and the point. */
export interface Ed25519PublicKey {
  readonly bytes: Uint8Array;
  readonly point: Point;
}

export const ed25519Documents: DocumentScheme<Ed25519PublicKey> = {
  readKey: readEd25519PublicKey,
  weakness: () => undefined,
  verify: verifyEd25519Document,
};

/** Writes an `ed25519 public key`: the 32 bytes of RFC 8032 §5.1.5, in their order, as a BigInt. */
export function writeEd25519PublicKey(bytes: Uint8Array): KeyDocument {
  if (bytes.length !== KEY_BYTES) throw new RangeError(`an ed25519 public key has ${KEY_BYTES} bytes`);
  return { type: TYPE, public_key: writeBigInt(bytesToNumber(bytes)) };
}

/**
 * Reads an `ed25519 public key`; the refusal names the field. A point with a part of small order is none: under it, some
 * signatures hold for one verifier and not for another.
 */
export function readEd25519PublicKey(document: KeyDocument): Ed25519PublicKey | Refusal {
  const fault = formFault(document, TYPE, FIELDS);
  if (fault !== undefined) return fault;
  const bytes = bytesOf(document['public_key'], KEY_BYTES);
  if (bytes === undefined) return refuse('malformed', 'public_key: must be a BigInt of at most 32 bytes');
  const point = pointOf(bytes);
  return point === undefined || point.is0() || !point.isTorsionFree()
    ? refuse('malformed', 'public_key: must be a point of the large group, in its one encoding')
    : { bytes, point };
}

/**
 * RFC 8032 §5.1.7 without the cofactor, as OpenSSL checks it: comparing the encoding of [S]B - [k]A with R's bytes leaves
 * R one spelling and no part of small order. False for whatever is no signature.
 */
function verifyEd25519Document(
  { bytes: A, point }: Ed25519PublicKey,
  document: Uint8Array,
  signature: string,
): boolean {
  const sig = bytesOf(signature, SIGNATURE_BYTES);
  if (sig === undefined) return false;
  const R = sig.subarray(0, KEY_BYTES);
  const S = littleEndian(sig.subarray(KEY_BYTES));
  if (S >= Point.Fn.ORDER) return false;
  const k = littleEndian(sha512(concatBytes(R, A, document))) % Point.Fn.ORDER;
  const expected = Point.BASE.multiplyUnsafe(S).subtract(point.multiplyUnsafe(k));
  return sameBytes(expected.toBytes(), R);
}

/** The bytes of a BigInt, as many as `length`; undefined for anything else. */
function bytesOf(field: string | number | undefined, length: number): Uint8Array | undefined {
  if (typeof field !== 'string' || field.length > length * 2 || !isBigIntText(field)) return undefined;
  return numberToBytes(readBigInt(field), length);
}

/** RFC 8032 §5.1.3: a point in its one encoding; undefined for bytes that are none. */
function pointOf(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    // Noble says by throwing that bytes are no point; it has no other way to ask.
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytesToNumber(bytes.toReversed());
}
