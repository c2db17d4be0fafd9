/**
 * Ed25519 as titles use it (RFC 8032 §5.1.7), by OpenSSL: without the cofactor, R compared as bytes. Keys and R that some
 * implementations take and others do not are taken by none here, so that every audit comes to the same verdict: encodings
 * that are not canonical, and points of small order, under which anybody could sign anything.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { VerifyKeyObjectInput } from 'node:crypto';
import type { VerifySignature } from '../../title/documents/proof.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** The y of all points whose order divides 8, little-endian; x follows but for its sign. */
const SMALL = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => Buffer.from(hex, 'hex'));
const SIGN = 0x80;

/** From these versions on Node takes a key's bytes as they are, in a tenth of a check less than a key object takes. */
const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);
const TAKES_BYTES = MAJOR > 25 || (MAJOR === 24 && MINOR >= 15);

// Keys that are written over for each check: making one out of an object of its own takes half as long again.
const NO_BYTES: Uint8Array = new Uint8Array(0);
const bare = { key: NO_BYTES, format: 'raw-public', asymmetricKeyType: 'ed25519' };
const jwk = { kty: 'OKP', crv: 'Ed25519', x: '' };
const input = { key: jwk, format: 'jwk' } as const;

/** Whether a signature by a public key covers the bytes. False for whatever is no key and no signature. */
export const verifyTitleSignature: VerifySignature = (publicKey, bytes, signature) => {
  if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  if (!isLargePoint(publicKey) || !isLargePoint(signature)) return false;
  if (TAKES_BYTES) {
    bare.key = publicKey;
    // Node's types do not know yet that it takes them here.
    return verify(null, bytes, bare as unknown as VerifyKeyObjectInput, signature);
  }
  const { buffer, byteOffset } = publicKey;
  jwk.x = Buffer.from(buffer, byteOffset, KEY_BYTES).toString('base64url');
  return verify(null, bytes, createPublicKey(input), signature);
};

/** Whether the first 32 bytes may be a point's one encoding, and of no small order. Whether they are one, OpenSSL says. */
function isLargePoint(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  if (first >= 0xed && isOverPrime(bytes)) return false;
  return !SMALL.some((each) => each[0] === first && isSame(each, bytes));
}

/** Whether y, whose first byte is at least 0xed, is not under 2^255 - 19. */
function isOverPrime(bytes: Uint8Array): boolean {
  for (let index = 1; index < KEY_BYTES - 1; index++) if (bytes[index] !== 0xff) return false;
  return ((bytes[KEY_BYTES - 1] ?? 0) | SIGN) === 0xff;
}

function isSame(small: Uint8Array, bytes: Uint8Array): boolean {
  for (let index = 0; index < KEY_BYTES - 1; index++) if (bytes[index] !== small[index]) return false;
  return ((bytes[KEY_BYTES - 1] ?? 0) & ~SIGN) === small[KEY_BYTES - 1];
}
