/** Mint keys of the suite `P256-BRANDS`: h = g^x. */
import { bytesToNumber, isBigIntText, readBigInt, writeBigInt } from '../../base/bigint.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { ORDER, POINT_BYTES, POINT_PREFIXES, g, pointOf, publicPower, readBytes } from './group.ts';
import type { Point } from './group.ts';
import { formFault } from '../key-document.ts';
import type { KeyDocument } from '../suite.ts';

const PUBLIC_TYPE = 'p256 brands public key';
const SECRET_TYPE = 'p256 brands secret key';
const PUBLIC_FIELDS = ['h'];

/** A mint key that was read and checked: the point, and its 33 bytes. */
export interface BrandsPublicKey {
  readonly h: Point;
  readonly bytes: Uint8Array;
}

export interface BrandsSecretKey extends BrandsPublicKey {
  readonly x: bigint;
}

/** Writes a mint key: the point's 33 bytes as a BigInt. */
export function writeBrandsPublicKey(bytes: Uint8Array): KeyDocument {
  return { type: PUBLIC_TYPE, h: writeBigInt(bytesToNumber(bytes)) };
}

/** Reads a mint key; the refusal names the field. */
export function readBrandsPublicKey(document: KeyDocument): BrandsPublicKey | Refusal {
  const fault = formFault(document, PUBLIC_TYPE, PUBLIC_FIELDS);
  if (fault !== undefined) return fault;
  const { h } = document;
  const [bytes] = typeof h === 'string' ? (readBytes(h, [POINT_BYTES], POINT_PREFIXES) ?? []) : [];
  const point = bytes === undefined ? undefined : pointOf(bytes);
  return bytes === undefined || point === undefined
    ? refuse('malformed', 'h: must be a point of P-256 in compressed form, as a BigInt')
    : { h: point, bytes };
}

/** The secret half for the plain mathematics. `x` is the secret's 32 bytes. */
export function writeBrandsSecretKey(publicKey: KeyDocument, x: Uint8Array): KeyDocument {
  return { ...publicKey, type: SECRET_TYPE, x: writeBigInt(bytesToNumber(x)) };
}

/** Reads what `writeBrandsSecretKey` wrote. Throws on anything else. */
export function readBrandsSecretKey({ type, h, x }: KeyDocument): BrandsSecretKey {
  if (type !== SECRET_TYPE) throw new Error(`not a ${SECRET_TYPE}`);
  const key = readBrandsPublicKey({ type: PUBLIC_TYPE, h: h ?? '' });
  if (key instanceof Refusal) throw new Error(`${SECRET_TYPE}: ${key.details}`);
  const secret = typeof x === 'string' && isBigIntText(x) ? readBigInt(x) : 0n;
  if (secret <= 0n || secret >= ORDER || !publicPower(g, secret).equals(key.h)) {
    throw new Error(`${SECRET_TYPE}: x and h are no pair`);
  }
  return { ...key, x: secret };
}
