/**
 * Points of P-256 to powers by OpenSSL, in constant time. Its Diffie-Hellman gives x-coordinates only: y follows from
 * x(P^k) and x(P^(k+1)) (Brier and Joye 2002, "Weierstraß Elliptic Curves and Side-Channel Attacks"). Points are computed
 * with big integers here where they are published, or follow from published ones; of a secret exponent nothing but the
 * next number.
 */
import { ECDH, createECDH } from 'node:crypto';
import { bytesToNumber, numberToBytes } from '../base/bigint.ts';
import { inverseMod } from '../suites/rsa/modular.ts';

const CURVE = 'prime256v1';
const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const SCALAR_BYTES = 32;
const COORDINATE_BYTES = 32;

export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A point that is not neutral. */
export interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** The point of 33 bytes in compressed form; undefined for bytes that are none. */
export function readPoint(bytes: Uint8Array): AffinePoint | undefined {
  if (bytes.length !== 1 + COORDINATE_BYTES) return undefined;
  try {
    const whole = ECDH.convertKey(bytes, CURVE, undefined, undefined, 'uncompressed');
    return typeof whole === 'string' ? undefined : pointOf(whole);
  } catch {
    // OpenSSL says by throwing that bytes are no point; it has no other way to ask.
    return undefined;
  }
}

/** The 33 bytes of a point in compressed form. */
export function writePoint({ x, y }: AffinePoint): Uint8Array {
  const bytes = new Uint8Array(1 + COORDINATE_BYTES);
  bytes[0] = 2 + Number(y & 1n);
  bytes.set(numberToBytes(x, COORDINATE_BYTES), 1);
  return bytes;
}

/** An exponent as OpenSSL holds it, beside the next one; made once where it serves for many points. */
export interface Exponent {
  readonly first: ECDH;
  /** Undefined for order - 1, after which comes zero. */
  readonly next: ECDH | undefined;
}

/** An exponent from 1 to order - 1. Throws out of range. */
export function exponentOf(scalar: bigint): Exponent {
  const last = scalar === P256_ORDER - 1n;
  return { first: holder(scalar), next: last ? undefined : holder(scalar + 1n) };
}

/** The base point to a power. */
export function basePower({ first }: Pick<Exponent, 'first'>): AffinePoint {
  return pointOf(first.getPublicKey());
}

/** A point to a power. Throws when OpenSSL's two answers do not belong to one point. */
export function power(point: AffinePoint, { first, next }: Exponent): AffinePoint {
  if (next === undefined) return negate(point);
  const bytes = uncompressed(point);
  return recover(point, bytesToNumber(first.computeSecret(bytes)), bytesToNumber(next.computeSecret(bytes)));
}

/** The product of two points; undefined where it is the neutral element. */
export function multiply(left: AffinePoint, right: AffinePoint): AffinePoint | undefined {
  const same = left.x === right.x;
  if (same && left.y !== right.y) return undefined;
  const slope = same
    ? modulo((3n * left.x * left.x - 3n) * inverted(2n * left.y))
    : modulo((right.y - left.y) * inverted(right.x - left.x));
  const x = modulo(slope * slope - left.x - right.x);
  return { x, y: modulo(slope * (left.x - x) - left.y) };
}

/** The inverse of a point. */
export function negate({ x, y }: AffinePoint): AffinePoint {
  return { x, y: FIELD - y };
}

export function samePoint(left: AffinePoint, right: AffinePoint): boolean {
  return left.x === right.x && left.y === right.y;
}

function holder(scalar: bigint): ECDH {
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(numberToBytes(scalar, SCALAR_BYTES));
  return ecdh;
}

/** The point with this x, where the next power's x is `next`. That it is on the curve shows that both answers were right. */
function recover({ x, y }: AffinePoint, first: bigint, next: bigint): AffinePoint {
  const difference = x - first;
  const numerator = 2n * B + (x * first - 3n) * (x + first) - next * difference * difference;
  const recovered = modulo(modulo(numerator) * inverted(2n * y));
  if (modulo(recovered * recovered - first * first * first + 3n * first - B) !== 0n) {
    throw new Error('the private operation failed its check');
  }
  return { x: first, y: recovered };
}

function pointOf(bytes: Uint8Array): AffinePoint {
  return {
    x: bytesToNumber(bytes.subarray(1, 1 + COORDINATE_BYTES)),
    y: bytesToNumber(bytes.subarray(1 + COORDINATE_BYTES)),
  };
}

function uncompressed({ x, y }: AffinePoint): Uint8Array {
  const bytes = new Uint8Array(1 + 2 * COORDINATE_BYTES);
  bytes[0] = 4;
  bytes.set(numberToBytes(x, COORDINATE_BYTES), 1);
  bytes.set(numberToBytes(y, COORDINATE_BYTES), 1 + COORDINATE_BYTES);
  return bytes;
}

function modulo(value: bigint): bigint {
  const rest = value % FIELD;
  return rest < 0n ? rest + FIELD : rest;
}

function inverted(value: bigint): bigint {
  const inverse = inverseMod(modulo(value), FIELD);
  if (inverse === undefined) throw new Error('zero has no inverse');
  return inverse;
}
