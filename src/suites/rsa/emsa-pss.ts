/**
 * EMSA-PSS of RFC 8017 §9.1 with SHA-384 and MGF1 over SHA-384, step by step, under the RFC's own names.
 * `emBits` is the bit length of the modulus less one; lengths that end in `Len` are in bytes.
 */
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, sameBytes } from '../../base/bytes.ts';

const hLen = 48;
const TRAILER = 0xbc;

/**
 * EMSA-PSS-ENCODE (§9.1.1): EM, ceil(emBits / 8) bytes. The salt is handed in. Throws "encoding error" when
 * emBits is too small. Step 1 cannot fail: no message has 2^125 bytes.
 */
export function emsaPssEncode(M: Uint8Array, emBits: number, salt: Uint8Array): Uint8Array {
  const emLen = Math.ceil(emBits / 8);
  const sLen = salt.length;
  // 2.
  const mHash = sha384(M);
  // 3.
  if (emLen < hLen + sLen + 2) throw new RangeError('encoding error');
  // 5. and 6. (4. is the salt)
  const H = hashOfHashAndSalt(mHash, salt);
  // 7.
  const PS = new Uint8Array(emLen - sLen - hLen - 2);
  // 8.
  const DB = concatBytes(PS, Uint8Array.of(0x01), salt);
  // 9. to 11.
  const maskedDB = applyMask(DB, H, emLen, emBits);
  // 12.
  return concatBytes(maskedDB, H, Uint8Array.of(TRAILER));
}

/** EMSA-PSS-VERIFY (§9.1.2): whether EM, of ceil(emBits / 8) bytes, is an encoding of M with a salt of `sLen`. */
export function emsaPssVerify(M: Uint8Array, EM: Uint8Array, emBits: number, sLen: number): boolean {
  const emLen = Math.ceil(emBits / 8);
  // 2.
  const mHash = sha384(M);
  // 3.
  if (emLen < hLen + sLen + 2 || EM.length !== emLen) return false;
  // 4.
  if (EM[emLen - 1] !== TRAILER) return false;
  // 5.
  const maskedDB = EM.subarray(0, emLen - hLen - 1);
  const H = EM.subarray(emLen - hLen - 1, emLen - 1);
  // 6.
  if (((maskedDB[0] ?? 0) & ~topByteMask(emLen, emBits)) !== 0) return false;
  // 7. to 9.
  const DB = applyMask(maskedDB, H, emLen, emBits);
  // 10.
  const psLen = emLen - hLen - sLen - 2;
  if (DB.subarray(0, psLen).some((byte) => byte !== 0) || DB[psLen] !== 0x01) return false;
  // 11.
  const salt = DB.subarray(DB.length - sLen);
  // 12. to 14.
  return sameBytes(hashOfHashAndSalt(mHash, salt), H);
}

/** Hash(M') where M' is eight zero bytes, mHash and the salt. */
function hashOfHashAndSalt(mHash: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha384(concatBytes(new Uint8Array(8), mHash, salt));
}

/** `block` xor MGF(H, emLen - hLen - 1), with the leftmost 8·emLen - emBits bits set to zero. */
function applyMask(block: Uint8Array, H: Uint8Array, emLen: number, emBits: number): Uint8Array {
  const mask = mgf1(H, emLen - hLen - 1);
  const masked = block.map((byte, index) => byte ^ (mask[index] ?? 0));
  masked[0] = (masked[0] ?? 0) & topByteMask(emLen, emBits);
  return masked;
}

/** The bits of EM's first byte that may be set. */
function topByteMask(emLen: number, emBits: number): number {
  return 0xff >> (8 * emLen - emBits);
}

/** MGF1 of RFC 8017 §B.2.1: the first `maskLen` bytes of Hash(seed || 0), Hash(seed || 1), … */
function mgf1(mgfSeed: Uint8Array, maskLen: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 0; counter * hLen < maskLen; counter++) {
    const C = new Uint8Array(4);
    new DataView(C.buffer).setUint32(0, counter);
    blocks.push(sha384(concatBytes(mgfSeed, C)));
  }
  return concatBytes(...blocks).subarray(0, maskLen);
}
