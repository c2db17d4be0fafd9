/** `ED25519-UNBLINDED` by OpenSSL. A mint key's secret is PKCS #8 DER. */
import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isBigIntText } from '../base/bigint.ts';
import { sameBytes } from '../base/bytes.ts';
import { Refusal } from '../base/refusal.ts';
import { readEd25519PublicKey } from '../suites/ed25519-documents.ts';
import type { KeyDocument } from '../suites/index.ts';
import { UNBLINDED_SECRET_TYPE, hasNeutralR, unblinded } from '../suites/unblinded.ts';
import { makeEd25519Master, signEd25519Document } from './ed25519-documents.ts';
import type { NativeSuite } from './native.ts';

const COIN_ID_BYTES = 32;
const SIGNATURE_BYTES = 64;

export const nativeUnblinded: NativeSuite = {
  name: unblinded.name,
  cost: { sign: 150, verify: 110, commit: 0 },
  makeMaster: makeEd25519Master,
  makeMintKey: makeEd25519Master,
  signDocument: signEd25519Document,

  open(publicKey, secret) {
    const secretObject = readSecret(secret);
    const publicObject = createPublicKey(secretObject);
    mustBePair(publicKey, publicObject);
    return {
      sign(blind) {
        const coinId = bytesOf(blind, COIN_ID_BYTES);
        if (coinId === undefined) throw new RangeError('blind out of range');
        const signature = sign(null, coinId, secretObject);
        // Ed25519 draws nothing at random: a right and a wrong answer to one blind would give away the key.
        if (!verify(null, coinId, publicObject, signature))
          throw new Error('the private operation failed its check');
        return bigIntText(signature);
      },
      verify(payload, shown) {
        const signature = bytesOf(shown, SIGNATURE_BYTES);
        if (signature === undefined || hasNeutralR(shown)) return false;
        return verify(null, hash('sha256', payload, 'buffer'), publicObject, signature);
      },
    };
  },

  plainSecret(_publicKey, secret): KeyDocument {
    const { d = '' } = readSecret(secret).export({ format: 'jwk' });
    return { type: UNBLINDED_SECRET_TYPE, secret: bigIntText(Buffer.from(d, 'base64url')) };
  },
};

function readSecret(secret: Uint8Array): KeyObject {
  const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the secret is no Ed25519 key');
  return key;
}

function mustBePair(publicKey: KeyDocument, publicObject: KeyObject): void {
  const key = readEd25519PublicKey(publicKey);
  if (key instanceof Refusal) throw new Error(`public key: ${key.details}`);
  const { x = '' } = publicObject.export({ format: 'jwk' });
  if (!sameBytes(key.bytes, Buffer.from(x, 'base64url')))
    throw new Error('public and secret key are no pair');
}

/** The big-endian bytes of a BigInt, as many as `length`; undefined for anything else. */
function bytesOf(text: string, length: number): Buffer | undefined {
  if (text.length > length * 2 || !isBigIntText(text)) return undefined;
  return Buffer.from(text.padStart(length * 2, '0'), 'hex');
}

/** Big-endian bytes as a BigInt, which has no leading zeros. */
function bigIntText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^0+(?=.)/, '');
}
