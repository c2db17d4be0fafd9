/**
 * RSA blind signatures as RFC 9474 has them: Prepare, Blind, BlindSign, Finalize and Verify in all four of its
 * variants, step by step, under its own names. Randomness is handed in. Messages and signatures are bytes.
 */
import { bytesToNumber, numberToBytes } from '../../base/bigint.ts';
import { concatBytes } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { emsaPssEncode, emsaPssVerify } from './emsa-pss.ts';
import { inverseMod, isCoprime } from './modular.ts';
import { rsasp1, rsavp1 } from './rsa.ts';
import type { RsaPublicKey, RsaSecretKey } from './rsa.ts';

/** A variant of RFC 9474 §5. All use SHA-384, and MGF1 with SHA-384. Lengths in bytes. */
export interface Variant {
  readonly name: string;
  /** RFC 8017's sLen. */
  readonly saltLen: 0 | 48;
  /** Whether Prepare puts 32 random bytes before the message. */
  readonly randomized: boolean;
}

export const RSABSSA_SHA384_PSS_RANDOMIZED: Variant = {
  name: 'RSABSSA-SHA384-PSS-Randomized',
  saltLen: 48,
  randomized: true,
};
export const RSABSSA_SHA384_PSSZERO_RANDOMIZED: Variant = {
  name: 'RSABSSA-SHA384-PSSZERO-Randomized',
  saltLen: 0,
  randomized: true,
};
export const RSABSSA_SHA384_PSS_DETERMINISTIC: Variant = {
  name: 'RSABSSA-SHA384-PSS-Deterministic',
  saltLen: 48,
  randomized: false,
};
export const RSABSSA_SHA384_PSSZERO_DETERMINISTIC: Variant = {
  name: 'RSABSSA-SHA384-PSSZERO-Deterministic',
  saltLen: 0,
  randomized: false,
};

/** The variants in the RFC's order. */
export const VARIANTS: readonly Variant[] = [
  RSABSSA_SHA384_PSS_RANDOMIZED,
  RSABSSA_SHA384_PSSZERO_RANDOMIZED,
  RSABSSA_SHA384_PSS_DETERMINISTIC,
  RSABSSA_SHA384_PSSZERO_DETERMINISTIC,
];

const MSG_PREFIX_LEN = 32;

/** The RFC's sources of randomness (§3). */
export interface RandomSource {
  /** random(n): n bytes. */
  random(n: number): Uint8Array;
  /** random_integer_uniform(M, N): a number R with M <= R < N. */
  randomIntegerUniform(M: bigint, N: bigint): bigint;
}

/** What Blind gives: the message for the signer, as long as the modulus, and what takes the blinding off again. */
export interface Blinded {
  readonly blindedMsg: Uint8Array;
  readonly inv: bigint;
}

/** Prepare (§4.1): the message itself, or 32 random bytes before it. */
export function prepare(variant: Variant, msg: Uint8Array, source: RandomSource): Uint8Array {
  if (!variant.randomized) return msg;
  const msgPrefix = source.random(MSG_PREFIX_LEN);
  return concatBytes(msgPrefix, msg);
}

/** Blind (§4.2) of a prepared message. Throws "encoding error", "invalid input" or "blinding error". */
export function blind(variant: Variant, pk: RsaPublicKey, msg: Uint8Array, source: RandomSource): Blinded {
  // 1. and 2. The encoding is of one bit less than the modulus, as RFC 8017 §8.1.1 has it and as the vectors show.
  const encodedMsg = emsaPssEncode(msg, pk.bits - 1, source.random(variant.saltLen));
  // 3.
  const m = bytesToNumber(encodedMsg);
  // 6.
  const r = source.randomIntegerUniform(1n, pk.n);
  // 4., 5., 7. and 8. at the price of one inversion: m · r is invertible exactly when both are, and r^-1 = m · (m · r)^-1.
  const product = inverseMod(m * r, pk.n);
  if (product === undefined) throw new RangeError(isCoprime(m, pk.n) ? 'blinding error' : 'invalid input');
  const inv = (m * product) % pk.n;
  // 9.
  const x = rsavp1(pk, r);
  // 10.
  const z = (m * x) % pk.n;
  // 11. and 12.
  return { blindedMsg: numberToBytes(z, pk.bytes), inv };
}

/** BlindSign (§4.3): as long as the modulus. Throws on a message out of range, and "signing failure". */
export function blindSign(sk: RsaSecretKey, blindedMsg: Uint8Array): Uint8Array {
  // 1.
  const m = bytesToNumber(blindedMsg);
  // 2.
  const s = rsasp1(sk, m);
  // 3. and 4. An answer that is wrong modulo one prime would give away the other.
  if (rsavp1(sk, s) !== m) throw new Error('signing failure');
  // 5. and 6.
  return numberToBytes(s, sk.bytes);
}

/** Finalize (§4.4): the signature, as long as the modulus; a refusal where the RFC raises an error. */
export function finalize(
  variant: Variant,
  pk: RsaPublicKey,
  msg: Uint8Array,
  blindSig: Uint8Array,
  inv: bigint,
): Uint8Array | Refusal {
  // 1.
  if (blindSig.length !== pk.bytes) return refuse('bad signature', 'blind signature: unexpected input size');
  // 2.
  const z = bytesToNumber(blindSig);
  // 3.
  const s = (z * inv) % pk.n;
  // 4.
  const sig = numberToBytes(s, pk.bytes);
  // 5. and 6.
  const valid = verify(variant, pk, msg, sig);
  return valid ? sig : refuse('bad signature', 'blind signature: the mint did not sign what it was sent');
}

/** Verification (§4.5): RSASSA-PSS-VERIFY of RFC 8017 §8.1.2 over the prepared message. */
export function verify(variant: Variant, pk: RsaPublicKey, msg: Uint8Array, sig: Uint8Array): boolean {
  // 1.
  if (sig.length !== pk.bytes) return false;
  // 2.
  const s = bytesToNumber(sig);
  if (s >= pk.n) return false;
  const m = rsavp1(pk, s);
  const emLen = Math.ceil((pk.bits - 1) / 8);
  if (m >= 1n << BigInt(emLen * 8)) return false;
  const EM = numberToBytes(m, emLen);
  // 3. and 4.
  return emsaPssVerify(msg, EM, pk.bits - 1, variant.saltLen);
}
