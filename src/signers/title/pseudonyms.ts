/** Ed25519 out of a seed, by OpenSSL: how a wallet's pseudonyms sign. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export { verifyTitleSignature as verifySignature } from './signature.ts';

/** RFC 8410 §7: what stands before a seed in PKCS #8; and before a public key in SPKI (§4). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/** The public key, 32 bytes, of a seed of 32 bytes. */
export function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  const key = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(key.subarray(SPKI.length));
}

/** A signature, 64 bytes, with the key of a seed of 32 bytes. */
export function signWithSeed(seed: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, bytes, privateKey(seed)));
}

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== KEY_BYTES) throw new RangeError(`a seed has ${KEY_BYTES} bytes`);
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}
