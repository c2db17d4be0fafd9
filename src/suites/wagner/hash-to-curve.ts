/** Cashu's hash_to_curve (NUT-00): a point of secp256k1 whose discrete logarithm nobody knows. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8 } from '../../base/bytes.ts';
import { pointOrNone } from './points.ts';
import type { CurvePoint } from './points.ts';

/** NUT-00's DOMAIN_SEPARATOR. */
export const HASH_TO_CURVE_DOMAIN = 'Secp256k1_HashToCurve_Cashu_';

/** About every second candidate is a point, so that no message needs this many: the chance is 2^-256. */
export const MOST_CANDIDATES = 256;

const DOMAIN = utf8(HASH_TO_CURVE_DOMAIN);

/** The point of a message of any bytes. Takes longer for some messages than for others. */
export function hashToCurve(message: Uint8Array): CurvePoint {
  const messageHash = sha256(concatBytes(DOMAIN, message));
  for (let counter = 0; counter < MOST_CANDIDATES; counter++) {
    const x = sha256(concatBytes(messageHash, littleEndian32(counter)));
    const point = pointOrNone(`02${bytesToHex(x)}`);
    if (point !== undefined) return point;
  }
  throw new Error('no candidate is a point');
}

function littleEndian32(counter: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, counter, true);
  return bytes;
}
