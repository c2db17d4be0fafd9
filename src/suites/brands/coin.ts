/**
 * Coins of the suite `P256-BRANDS`: how they are written, and when they are signed.
 *
 *     signature  A ‖ B ‖ z' ‖ c' ‖ r'
 *     held       signature ‖ u1·s ‖ s ‖ x1 ‖ x2                                it never leaves the wallet
 *     handed     signature ‖ r1 ‖ r2 ‖ payee ‖ time ‖ amount                   33, 8 and 8 bytes
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber, numberToBytes, writeBigInt } from '../../base/bigint.ts';
import { concatBytes } from '../../base/bytes.ts';
import { readIdentity } from './accounts.ts';
import {
  ORDER,
  POINT_BYTES,
  POINT_PREFIXES,
  SCALAR_BYTES,
  domain,
  g,
  hashToScalar,
  pointBytes,
  pointOf,
  publicProduct,
  readBytes,
  scalarBytes,
  scalarOf,
  writeBytes,
} from './group.ts';
import type { BrandsPublicKey } from './keys.ts';
import type { Payment } from '../suite.ts';

/** The mint's signature on a coin: A, B and z' as they are written, c' and r' from 1 to order - 1. */
export interface CoinSignature {
  readonly A: Uint8Array;
  readonly B: Uint8Array;
  readonly z: Uint8Array;
  readonly c: bigint;
  readonly r: bigint;
}

/** A coin as its owner holds it: with what answers one payment. */
export interface HeldCoin extends CoinSignature {
  readonly us: bigint;
  readonly s: bigint;
  readonly x1: bigint;
  readonly x2: bigint;
}

/** A coin as it was handed over: with the answer to one payment. */
export interface HandedCoin extends CoinSignature {
  readonly r1: bigint;
  readonly r2: bigint;
  readonly payment: Payment;
  /** Payee, time and amount as they are hashed. */
  readonly paymentBytes: readonly [payee: Uint8Array, time: Uint8Array, amount: Uint8Array];
}

const NUMBER_BYTES = 8;
const SIGNATURE = [POINT_BYTES, POINT_BYTES, POINT_BYTES, SCALAR_BYTES, SCALAR_BYTES] as const;
const HELD = [...SIGNATURE, SCALAR_BYTES, SCALAR_BYTES, SCALAR_BYTES, SCALAR_BYTES] as const;
const HANDED = [...SIGNATURE, SCALAR_BYTES, SCALAR_BYTES, POINT_BYTES, NUMBER_BYTES, NUMBER_BYTES] as const;

/** c': what the mint's signature on a coin is about. Points in compressed form. */
export function coinChallenge(
  key: Uint8Array,
  coinId: Uint8Array,
  { A, B, z, a, b }: Readonly<Record<'A' | 'B' | 'z' | 'a' | 'b', Uint8Array>>,
): bigint {
  return hashToScalar('coin challenge', key, coinId, A, B, z, a, b);
}

/**
 * The serial that the payload of a coin must have. It holds A and B fast, which answer payments: could one payload be
 * withdrawn twice with others, two coins would have one id, and who hands both over would never be named.
 */
export function serialAbout({ A, B }: Pick<CoinSignature, 'A' | 'B'>): string {
  return writeBigInt(bytesToNumber(sha256(concatBytes(domain('serial'), A, B))));
}

/** The serial that a coin must have, out of any form of its signature; undefined for what is none. */
export function serialOf(signature: string): string | undefined {
  const coin = readHanded(signature) ?? readHeld(signature);
  return coin && serialAbout(coin);
}

/** d: what a payment asks of a coin. */
export function paymentChallenge(
  key: Uint8Array,
  coinId: Uint8Array,
  { A, B }: Pick<CoinSignature, 'A' | 'B'>,
  payment: readonly Uint8Array[],
): bigint {
  return hashToScalar('payment challenge', key, coinId, A, B, ...payment);
}

/** Whether the mint signed: c' is the hash of a' = g^r' · h^-c' and b' = A^r' · z'^-c'. */
export function isSigned(key: BrandsPublicKey, coinId: Uint8Array, coin: CoinSignature): boolean {
  const [A, z] = [pointOf(coin.A), pointOf(coin.z)];
  if (A === undefined || z === undefined || pointOf(coin.B) === undefined || coin.c === 0n) return false;
  const a = publicProduct([g, coin.r], [key.h, ORDER - coin.c]);
  const b = publicProduct([A, coin.r], [z, ORDER - coin.c]);
  if (a.is0() || b.is0()) return false;
  return coinChallenge(key.bytes, coinId, { ...coin, a: pointBytes(a), b: pointBytes(b) }) === coin.c;
}

function signatureParts({ A, B, z, c, r }: CoinSignature): readonly Uint8Array[] {
  return [A, B, z, scalarBytes(c), scalarBytes(r)];
}

/** Undefined where c' or r' is out of range. Whether points are points is not asked here. */
function readSignature(parts: readonly Uint8Array[]): CoinSignature | undefined {
  const [A, B, z, cBytes, rBytes] = parts;
  if (!A || !B || !z || !cBytes || !rBytes) return undefined;
  const [c, r] = [scalarOf(cBytes), scalarOf(rBytes)];
  return c === undefined || r === undefined ? undefined : { A, B, z, c, r };
}

export function writeHeld(coin: HeldCoin): string {
  const { us, s, x1, x2 } = coin;
  return writeBytes(...signatureParts(coin), ...[us, s, x1, x2].map(scalarBytes));
}

/** A held coin's parts; undefined for what is none. */
export function readHeld(text: string): HeldCoin | undefined {
  const parts = readBytes(text, HELD, POINT_PREFIXES);
  const signature = parts && readSignature(parts);
  if (parts === undefined || signature === undefined) return undefined;
  const [us, s, x1, x2] = parts.slice(SIGNATURE.length).map(scalarOf);
  if (us === undefined || s === undefined || x1 === undefined || x2 === undefined) return undefined;
  return { ...signature, us, s, x1, x2 };
}

export function writeHanded(coin: Omit<HandedCoin, 'payment'>): string {
  const { r1, r2, paymentBytes } = coin;
  return writeBytes(...signatureParts(coin), scalarBytes(r1), scalarBytes(r2), ...paymentBytes);
}

/** A handed coin's parts; undefined for what is none. Nothing of it is checked beyond its form. */
export function readHanded(text: string): HandedCoin | undefined {
  const parts = readBytes(text, HANDED, POINT_PREFIXES);
  const signature = parts && readSignature(parts);
  if (parts === undefined || signature === undefined) return undefined;
  const [r1, r2] = [scalarOf(parts[5]), scalarOf(parts[6])];
  const paymentBytes = [parts[7], parts[8], parts[9]] as const;
  const payment = readPayment(paymentBytes);
  if (r1 === undefined || r2 === undefined || payment === undefined) return undefined;
  return { ...signature, r1, r2, payment, paymentBytes };
}

/** The bytes of a payment; undefined where the payee is no identity, or time or amount no whole number from 0 on. */
export function writePayment({ payee, time, amount }: Payment): HandedCoin['paymentBytes'] | undefined {
  const payeeBytes = payee === '' ? new Uint8Array(POINT_BYTES) : readIdentity(payee)?.bytes;
  if (payeeBytes === undefined || !isCount(time) || !isCount(amount)) return undefined;
  return [payeeBytes, numberToBytes(BigInt(time), NUMBER_BYTES), numberToBytes(BigInt(amount), NUMBER_BYTES)];
}

function readPayment([payeeBytes, timeBytes, amountBytes]: HandedCoin['paymentBytes']): Payment | undefined {
  const [first = 0] = payeeBytes;
  const whole = bytesToNumber(payeeBytes);
  if (whole !== 0n && !POINT_PREFIXES.includes(first)) return undefined;
  const [time, amount] = [Number(bytesToNumber(timeBytes)), Number(bytesToNumber(amountBytes))];
  if (!isCount(time) || !isCount(amount)) return undefined;
  return { payee: whole === 0n ? '' : writeBigInt(whole), time, amount };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
