/**
 * The proof of NUT-12 that two discrete logarithms are the same: that of K = k · G, and that of C' = k · B'. Under the
 * names of NUT-12, but k and K for its a and A, and t for the nonce.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber, numberToBytes } from '../../base/bigint.ts';
import { concatBytes, utf8 } from '../../base/bytes.ts';
import { G, ORDER, times } from './points.ts';
import type { CurvePoint } from './points.ts';

/** Challenge and response, both below the order. */
export interface DleqProof {
  readonly e: bigint;
  readonly s: bigint;
}

/** Whom the proof is about: the mint's point, a blind, and the answer to it. */
export interface DleqStatement {
  readonly K: CurvePoint;
  readonly blind: CurvePoint;
  readonly answer: CurvePoint;
}

const NONCE_LABEL = utf8('Cashu_DLEQ_R_v1');
const MOST_NONCES = 256;

/**
 * Whether the answer was made from the blind with the secret of K. It says so of a blind that stood before the proof was
 * made: NUT-12 does not hash it, and who knows k can choose one last that fits (spec/suites/SECP256K1-WAGNER.md).
 */
export function verifyDleq({ K, blind, answer }: DleqStatement, { e, s }: DleqProof): boolean {
  // s · G - e · K and s · B' - e · C', each in one walk over both scalars.
  const minusE = (ORDER - e) % ORDER;
  const R1 = G.mulAddUnsafe(s, K, minusE);
  const R2 = blind.mulAddUnsafe(s, answer, minusE);
  return !R1.is0() && !R2.is0() && challenge([R1, R2, K, answer]) === e;
}

/** NUT-12's proof with NUT-12's own nonce: the same each time. In plain arithmetic, never used to issue. */
export function proveDleqPlainly(k: bigint, statement: DleqStatement): DleqProof {
  const t = plainNonce(k, statement);
  const e = challenge([G.multiply(t), times(t, statement.blind), statement.K, statement.answer]);
  if (e >= ORDER) throw new Error('the challenge is no scalar');
  return { e, s: (t + e * k) % ORDER };
}

/** NUT-12's hash_e: SHA-256 over the hexadecimal text of the uncompressed points. Throws on the neutral element. */
export function challenge(points: readonly CurvePoint[]): bigint {
  const text = points.map((point) => point.toHex(false)).join('');
  return bytesToNumber(sha256(utf8(text)));
}

function plainNonce(k: bigint, { K, blind, answer }: DleqStatement): bigint {
  const points = [K, blind, answer].map((point) => point.toBytes(false));
  for (let counter = 0; counter < MOST_NONCES; counter++) {
    const data = concatBytes(NONCE_LABEL, ...points, Uint8Array.of(counter));
    const t = bytesToNumber(hmac(sha256, numberToBytes(k, 32), data));
    if (t > 0n && t < ORDER) return t;
  }
  throw new Error('no nonce in range');
}
