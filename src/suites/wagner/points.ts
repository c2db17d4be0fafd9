/**
 * Points and scalars of secp256k1 (SEC 2, §2.4.1) as documents and coins carry them: hexadecimal text of one length each.
 * A point is its 33 compressed bytes (SEC 1, §2.3.3), whose first digit, a zero, a BigInt does not have.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { writeBigInt } from '../../base/bigint.ts';

const { Point } = secp256k1;

/** A point of the curve. What `readPoint` gives is never the neutral element. */
export type CurvePoint = InstanceType<typeof Point>;

/** The generator, and how many elements it generates: all there are. */
export const G: CurvePoint = Point.BASE;
export const ORDER = Point.Fn.ORDER;

/** Digits of a point and of a scalar. */
export const POINT_DIGITS = 65;
export const SCALAR_DIGITS = 64;

const POINT = /^[23][0-9a-f]{64}$/;
const SCALAR = /^[0-9a-f]{64}$/;

/** Reads a point in its one spelling; undefined for what is none, or not on the curve. */
export function readPoint(text: string): CurvePoint | undefined {
  return POINT.test(text) ? pointOrNone(`0${text}`) : undefined;
}

/** Writes a point. Throws on the neutral element, which has no compressed form. */
export function writePoint(point: CurvePoint): string {
  return point.toHex(true).slice(1);
}

/** Reads a scalar, from 0 to the order less one; undefined for anything else. */
export function readScalar(text: string): bigint | undefined {
  if (!SCALAR.test(text)) return undefined;
  const scalar = BigInt(`0x${text}`);
  return scalar < ORDER ? scalar : undefined;
}

/** Writes a scalar, leading zeros and all. */
export function writeScalar(scalar: bigint): string {
  return writeBigInt(scalar).padStart(SCALAR_DIGITS, '0');
}

/** scalar · point. Not constant time. */
export function times(scalar: bigint, point: CurvePoint): CurvePoint {
  return point.multiplyUnsafe(scalar);
}

/** The point that 33 compressed bytes in hexadecimal stand for; undefined where there is none. */
export function pointOrNone(hex: string): CurvePoint | undefined {
  try {
    return Point.fromHex(hex);
  } catch {
    // Noble says by throwing that an x is no point's; it has no other way to ask.
    return undefined;
  }
}
