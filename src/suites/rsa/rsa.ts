/** RSA as RFC 8017 has it: keys, the two primitives, and signatures on documents. What the RSA suites share. */
import { isBigIntText, readBigInt, writeBigInt } from '../../base/bigint.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { isCoprime, modPow } from './modular.ts';
import { formFault } from '../key-document.ts';
import type { KeyDocument } from '../suite.ts';

/** A public key that was read and checked. `bits` is the modulus's length in bits, `bytes` in bytes (RFC 8017's k). */
export interface RsaPublicKey {
  readonly n: bigint;
  readonly e: bigint;
  readonly bits: number;
  readonly bytes: number;
}

/** A private key in its first form (RFC 8017 §3.2), with the public exponent to check what it signs. */
export interface RsaSecretKey extends RsaPublicKey {
  readonly d: bigint;
}

/** Bits of a new RSA key: the master outlives the mint keys it certifies. Exponent of a new key: F4. */
export const RSA_KEY_BITS = { master: 3072, mint: 2048 } as const;
export const RSA_PUBLIC_EXPONENT = 65_537;

/** Bits of the shortest modulus that is read at all: the published examples of the draft have 512. */
const LEAST_BITS = 512;
const LARGEST_EXPONENT = 2 ** 32 - 1;

const PUBLIC_TYPE = 'rsa public key';
const PUBLIC_FIELDS = ['modulus', 'public_exponent'];
const SECRET_TYPE = 'rsa secret key';

/** Reads an `rsa public key`; the refusal names the field. Keys too short to trust are read too. */
export function readRsaPublicKey(document: KeyDocument): RsaPublicKey | Refusal {
  const fault = formFault(document, PUBLIC_TYPE, PUBLIC_FIELDS);
  if (fault !== undefined) return fault;
  const modulus = readModulus(document['modulus']);
  if (modulus instanceof Refusal) return modulus;
  const exponent = readExponent(document['public_exponent']);
  if (exponent instanceof Refusal) return exponent;
  return publicKey(modulus, exponent);
}

/** Writes an `rsa public key`. */
export function writeRsaPublicKey(n: bigint, e: bigint): KeyDocument {
  return { type: PUBLIC_TYPE, modulus: writeBigInt(n), public_exponent: Number(e) };
}

/** Reads an `rsa secret key`. It never comes from outside, so what is wrong with it throws. */
export function readRsaSecretKey(document: KeyDocument): RsaSecretKey {
  const { type, private_exponent: exponent, ...rest } = document;
  if (type !== SECRET_TYPE || typeof exponent !== 'string') throw new Error(`not an ${SECRET_TYPE}`);
  const key = readRsaPublicKey({ ...rest, type: PUBLIC_TYPE });
  if (key instanceof Refusal) throw new Error(`not an ${SECRET_TYPE}: ${key.details}`);
  return { ...key, d: readBigInt(exponent) };
}

/** Writes an `rsa secret key`: for tests and vectors; a mint keeps PKCS #8. */
export function writeRsaSecretKey(n: bigint, e: bigint, d: bigint): KeyDocument {
  return { ...writeRsaPublicKey(n, e), type: SECRET_TYPE, private_exponent: writeBigInt(d) };
}

/** Why a wallet should not trust this key, as one sentence; undefined when there is no reason. */
export function rsaWeakness(key: RsaPublicKey): string | undefined {
  if (key.bits < LIMITS.rsaBits)
    return `The key has ${key.bits} bits; under ${LIMITS.rsaBits} its signatures can be forged.`;
  if (isCoprime(smallPrimes(), key.n)) return undefined;
  return 'The modulus has a small factor; whoever made it so could recognise coins that were blinded.';
}

/** A prime of so many bits is no factor of an honest modulus. */
const SMALL_FACTOR_BITS = 16;
let productOfPrimes: bigint | undefined;

/**
 * The product of all small primes. Blinding leaves what shares a factor with the modulus recognisable, and RFC 9474 §4.2
 * makes no blind of it: with small factors that would happen often, with others never.
 */
function smallPrimes(): bigint {
  if (productOfPrimes !== undefined) return productOfPrimes;
  const isComposite = new Uint8Array(1 << SMALL_FACTOR_BITS);
  let product = 1n;
  for (let each = 2; each < isComposite.length; each++) {
    if (isComposite[each] === 1) continue;
    product *= BigInt(each);
    for (let multiple = each * each; multiple < isComposite.length; multiple += each)
      isComposite[multiple] = 1;
  }
  productOfPrimes = product;
  return product;
}

/** RSAVP1 of RFC 8017 §5.2.2: s^e mod n. Throws when s is not from 0 to n - 1. */
export function rsavp1(key: RsaPublicKey, s: bigint): bigint {
  if (s < 0n || s >= key.n) throw new RangeError('signature representative out of range');
  return modPow(s, key.e, key.n);
}

/** RSASP1 of RFC 8017 §5.2.1: m^d mod n. Throws when m is not from 0 to n - 1. */
export function rsasp1(key: RsaSecretKey, m: bigint): bigint {
  if (m < 0n || m >= key.n) throw new RangeError('message representative out of range');
  return modPow(m, key.d, key.n);
}

/** Reads what should be a number below the modulus, as blinds and signatures are; undefined when it is not. */
export function readBelowModulus(key: RsaPublicKey, text: string): bigint | undefined {
  if (text.length > key.bytes * 2 || !isBigIntText(text)) return undefined;
  const value = readBigInt(text);
  return value < key.n ? value : undefined;
}

/** Whether a blind may be signed: 0 < blind < n. */
export function acceptsBlind(key: RsaPublicKey, blind: string): boolean {
  const value = readBelowModulus(key, blind);
  return value !== undefined && value > 0n;
}

/** Whether a blind signature is the private operation's answer to a blind: blind_signature^e mod n = blind. */
export function answersBlind(key: RsaPublicKey, blind: string, blindSignature: string): boolean {
  const z = readBelowModulus(key, blindSignature);
  return z !== undefined && rsavp1(key, z) === readBelowModulus(key, blind);
}

function publicKey(n: bigint, exponent: number): RsaPublicKey {
  const bits = n.toString(2).length;
  return { n, e: BigInt(exponent), bits, bytes: Math.ceil(bits / 8) };
}

function readModulus(field: string | number | undefined): bigint | Refusal {
  if (typeof field !== 'string' || field.length > LIMITS.bigIntDigits || !isBigIntText(field)) {
    return refuse('malformed', 'modulus: must be a BigInt');
  }
  const n = readBigInt(field);
  const bits = n.toString(2).length;
  if (bits < LEAST_BITS || bits > LIMITS.rsaBitsMost) {
    return refuse('malformed', `modulus: must have ${LEAST_BITS} to ${LIMITS.rsaBitsMost} bits, has ${bits}`);
  }
  return n % 2n === 1n ? n : refuse('malformed', 'modulus: must be odd');
}

function readExponent(field: string | number | undefined): number | Refusal {
  const right =
    typeof field === 'number' &&
    Number.isInteger(field) &&
    field >= 3 &&
    field <= LARGEST_EXPONENT &&
    field % 2 === 1;
  return right
    ? field
    : refuse('malformed', 'public_exponent: must be an odd whole number from 3 to 2^32 - 1');
}
