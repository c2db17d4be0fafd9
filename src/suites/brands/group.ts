/** The group of the suite `P256-BRANDS`: P-256 with three generators, its scalars, its hash, and how points are written. */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { p256 } from '@noble/curves/nist.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToNumber, isBigIntText, numberToBytes, writeBigInt } from '../../base/bigint.ts';
import { concatBytes, hexToBytes, utf8 } from '../../base/bytes.ts';
import { inverseMod } from '../rsa/modular.ts';
import type { CoinSecrets } from '../suite.ts';

export const { Point } = p256;
export type Point = InstanceType<typeof Point>;

/** The group's order, a prime. */
export const ORDER = Point.Fn.ORDER;

export const POINT_BYTES = 33;
export const SCALAR_BYTES = 32;

/** Bytes of a scalar before it is reduced: 128 bits more than the order has leave a bias of at most 2^-128. */
const WIDE_BYTES = 48;

/** Zero once is luck beyond belief, eight times a fault of the secrets. */
const MOST_ATTEMPTS = 8;

/**
 * g, g1 and g2: P-256's own base point, and the first two generators of "U-Prove Recommended Parameters Profile V1.1
 * (Revision 2)", whose derivation from a hash is repeated in a test. Nobody knows the logarithm of one to another.
 */
export const GENERATORS = {
  g: Point.BASE.toBytes(true),
  g1: hexToBytes('02f1b986d5d11f43483ae736e886af750e870d7f0c2312aad8db5c8a3e34f5391e'),
  g2: hexToBytes('021554cf983e0b060c78705ed7d14a4941b02e608cdb78f6a75a52345978141fd3'),
} as const;
export const g = Point.BASE;
export const g1 = Point.fromBytes(GENERATORS.g1).precompute();
export const g2 = Point.fromBytes(GENERATORS.g2).precompute();

/** A point to the power of a scalar that is secret and not zero, in noble's constant-time arithmetic. */
export function secretPower(point: Point, scalar: bigint): Point {
  return point.multiply(scalar);
}

/** A point to the power of a scalar, both public; faster than `publicProduct` for the generators, whose tables it uses. */
export function publicPower(point: Point, scalar: bigint): Point {
  return point.multiplyUnsafe(scalar);
}

/** The product of powers, all of which are public. */
export function publicProduct(...powers: readonly (readonly [point: Point, scalar: bigint])[]): Point {
  return mulAddUnsafe(
    Point,
    powers.map(([point]) => point),
    powers.map(([, scalar]) => scalar),
  );
}

/** A number modulo the order, from 0 to order - 1, whatever its sign. */
export function reduce(value: bigint): bigint {
  const rest = value % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/** The inverse of a scalar; undefined for zero. */
export function inverse(scalar: bigint): bigint | undefined {
  return inverseMod(reduce(scalar), ORDER);
}

/** A scalar out of secrets, from 1 to order - 1, the same for the same label. Throws when they give none. */
export function secretScalar(secrets: CoinSecrets, label: string): bigint {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const bytes = secrets(attempt === 0 ? label : `${label} ${attempt}`, WIDE_BYTES);
    const scalar = reduce(bytesToNumber(bytes));
    if (scalar !== 0n) return scalar;
  }
  throw new Error('the secrets give no scalar');
}

/** What every hash of the suite begins with: its own name, what it is for, and a zero byte. */
export function domain(use: string): Uint8Array {
  return concatBytes(utf8(`P256-BRANDS ${use}`), new Uint8Array(1));
}

/** SHA-512 as a scalar. All parts but the last have one length for each use, so that no two inputs are one. */
export function hashToScalar(use: string, ...parts: readonly Uint8Array[]): bigint {
  return reduce(bytesToNumber(sha512(concatBytes(domain(use), ...parts))));
}

/** A point, which is not neutral, in its compressed form (SEC 1 §2.3.3). Throws on the neutral element. */
export function pointBytes(point: Point): Uint8Array {
  return point.toBytes(true);
}

/** The point of 33 bytes in compressed form; undefined for bytes that are none. The neutral element has no such form. */
export function pointOf(bytes: Uint8Array): Point | undefined {
  if (bytes.length !== POINT_BYTES) return undefined;
  try {
    return Point.fromBytes(bytes);
  } catch {
    // Noble says by throwing that bytes are no point; it has no other way to ask.
    return undefined;
  }
}

export function scalarBytes(scalar: bigint): Uint8Array {
  return numberToBytes(scalar, SCALAR_BYTES);
}

/** A scalar from 1 to order - 1; undefined out of range. */
export function scalarOf(bytes: Uint8Array): bigint | undefined {
  const scalar = bytesToNumber(bytes);
  return scalar > 0n && scalar < ORDER ? scalar : undefined;
}

/** Bytes, the first of which is from 1 to 15, as a BigInt of one length. */
export function writeBytes(...parts: readonly Uint8Array[]): string {
  return writeBigInt(bytesToNumber(concatBytes(...parts)));
}

/**
 * The parts of a BigInt that `writeBytes` wrote, by their lengths; undefined for a BigInt of another length, and where
 * the first byte is none of those given.
 */
export function readBytes<const Lengths extends readonly number[]>(
  text: string,
  lengths: Lengths,
  firstBytes: readonly number[],
): { [Part in keyof Lengths]: Uint8Array } | undefined {
  const length = lengths.reduce((sum, each) => sum + each, 0);
  if (text.length !== length * 2 - 1 || !isBigIntText(text)) return undefined;
  const bytes = hexToBytes(`0${text}`);
  if (!firstBytes.includes(bytes[0] ?? 0)) return undefined;
  let end = 0;
  return lengths.map((each) => bytes.slice(end, (end += each))) as { [Part in keyof Lengths]: Uint8Array };
}

/** The first bytes of a point in compressed form. */
export const POINT_PREFIXES: readonly number[] = [2, 3];

/** What stands before bytes that begin with no point: one byte, so that the BigInt has one length. */
export const VERSION = Uint8Array.of(1);
export const VERSION_PREFIXES: readonly number[] = [1];
