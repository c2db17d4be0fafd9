/** `PLAIN` by OpenSSL: tokens are HMAC-SHA256 of coin ids. A mint key's secret is 32 bytes. */
import { createHmac, createSecretKey, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Refusal } from '../base/refusal.ts';
import { plain, writePlainKey, writePlainSecret } from '../suites/plain.ts';
import { read32Bytes } from '../suites/coin-id.ts';
import { makeEd25519Master, signEd25519Document } from './ed25519-documents.ts';
import type { NativeSuite } from './native.ts';

const SECRET_BYTES = 32;

export const nativePlain: NativeSuite = {
  name: plain.name,
  cost: { sign: 10, verify: 6, commit: 0 },
  makeMaster: makeEd25519Master,
  signDocument: signEd25519Document,

  makeMintKey() {
    const secret = new Uint8Array(randomBytes(SECRET_BYTES));
    return Promise.resolve({ publicKey: writePlainKey(secret), secret });
  },

  open(publicKey, secret) {
    const key = plain.readKey(publicKey);
    if (key instanceof Refusal) throw new Error(`public key: ${key.details}`);
    if (secret.length !== SECRET_BYTES || key.name !== writePlainKey(secret)['name'])
      throw new Error('public and secret key are no pair');
    const secretObject = createSecretKey(secret);
    return {
      sign(blind) {
        const coinId = read32Bytes(blind);
        if (coinId === undefined) throw new RangeError('blind out of range');
        const token = tokenOf(secretObject, coinId);
        // No wallet can tell a wrong token: one that leaves is a coin lost.
        if (!timingSafeEqual(token, tokenOf(secretObject, coinId)))
          throw new Error('the private operation failed its check');
        return token.toString('hex').replace(/^0+(?=.)/, '');
      },
      verify(payload, shown) {
        const token = read32Bytes(shown);
        if (token === undefined) return false;
        return timingSafeEqual(token, tokenOf(secretObject, hash('sha256', payload, 'buffer')));
      },
    };
  },

  plainSecret: (_publicKey, secret) => writePlainSecret(secret),
};

function tokenOf(secret: KeyObject, coinId: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(coinId).digest();
}
