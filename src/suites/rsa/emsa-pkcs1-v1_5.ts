/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2): how a master key signs documents in the RSA suites. */
import { sha256 } from '@noble/hashes/sha2.js';
import { numberToBytes } from '../../base/bigint.ts';
import { concatBytes, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { readBelowModulus, rsavp1 } from './rsa.ts';
import type { RsaPublicKey } from './rsa.ts';

/** The DER encoding of DigestInfo for SHA-256, all but the digest itself (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = hexToBytes('3031300d060960864801650304020105000420');

/** RSASSA-PKCS1-V1_5-VERIFY of RFC 8017 §8.2.2; the signature is a BigInt. False for whatever is no signature. */
export function rsassaPkcs1Verify(key: RsaPublicKey, message: Uint8Array, signature: string): boolean {
  const s = readBelowModulus(key, signature);
  if (s === undefined) return false;
  const EM = numberToBytes(rsavp1(key, s), key.bytes);
  // Comparing the whole encoding leaves a forger no bytes to choose, as parsing it would (§9.2, and §8.2.2 step 4).
  return sameBytes(EM, emsaPkcs1Encode(message, key.bytes));
}

/** EMSA-PKCS1-v1_5-ENCODE of RFC 8017 §9.2: `emLen` bytes. Throws when the modulus is too short for it. */
function emsaPkcs1Encode(message: Uint8Array, emLen: number): Uint8Array {
  const H = sha256(message);
  const T = concatBytes(SHA256_DIGEST_INFO, H);
  if (emLen < T.length + 11) throw new RangeError('intended encoded message length too short');
  const PS = new Uint8Array(emLen - T.length - 3).fill(0xff);
  return concatBytes(Uint8Array.of(0x00, 0x01), PS, Uint8Array.of(0x00), T);
}
