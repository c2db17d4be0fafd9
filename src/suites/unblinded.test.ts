/** The vectors of spec/vectors/ed25519-unblinded.json, which strangers check theirs with. */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { hexToBytes } from '../base/bytes.ts';
import type { Payload } from '../protocol/documents.ts';
import { coinId, keyId, payloadBytes } from '../protocol/ids.ts';
import { must, secretsOf } from './keys.test-helper.ts';
import { Refusal } from '../base/refusal.ts';
import type { KeyDocument } from './suite.ts';
import { UNBLINDED_SECRET_TYPE, unblinded } from './unblinded.ts';

interface Vectors {
  readonly mint_key: KeyDocument;
  readonly mint_key_secret: string;
  readonly coins: readonly {
    readonly payload: Payload;
    readonly canonical_payload: string;
    readonly coin_id: string;
    readonly blinded_payload_hash: string;
    readonly blind_signature: string;
    readonly signature: string;
  }[];
  readonly refused_signatures_of_the_first_coin: readonly {
    readonly why: string;
    readonly signature: string;
  }[];
  readonly refused_mint_keys: readonly { readonly why: string; readonly public_key: string }[];
}

const path = new URL('../../spec/vectors/ed25519-unblinded.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
const key = must(unblinded.readKey(vectors.mint_key));
const secret = { type: UNBLINDED_SECRET_TYPE, secret: vectors.mint_key_secret };

describe('ED25519-UNBLINDED: the vectors', () => {
  it('are what a wallet and a mint make of them', () => {
    for (const { payload, ...coin } of vectors.coins) {
      const bytes = payloadBytes(payload);
      assert.equal(Buffer.from(bytes).toString(), coin.canonical_payload);
      assert.equal(coinId(payload), coin.coin_id);
      assert.equal(payload.mint_key_id, keyId(vectors.mint_key));
      assert.equal(unblinded.prepare(key, bytes, secretsOf('any')), coin.blinded_payload_hash);
      assert.equal(unblinded.signPlainly(secret, coin.blinded_payload_hash), coin.blind_signature);
      assert.equal(
        must(unblinded.unblind(key, bytes, coin.blind_signature, secretsOf('any'))),
        coin.signature,
      );
      assert.ok(unblinded.verify(key, bytes, coin.signature));
    }
  });

  it('verify as signatures of coin ids by OpenSSL', () => {
    const x = Buffer.from(String(vectors.mint_key['public_key']).padStart(64, '0'), 'hex').toString(
      'base64url',
    );
    const object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    for (const { coin_id: id, signature } of vectors.coins)
      assert.ok(verify(null, hexToBytes(id), object, Buffer.from(signature.padStart(128, '0'), 'hex')));
  });

  for (const { why, signature } of vectors.refused_signatures_of_the_first_coin) {
    it(`turn down a signature: ${why}`, () => {
      const [coin] = vectors.coins;
      assert.ok(coin !== undefined);
      assert.equal(unblinded.verify(key, payloadBytes(coin.payload), signature), false);
      assert.equal(unblinded.answers(key, coin.blinded_payload_hash, signature), false);
    });
  }

  for (const { why, public_key } of vectors.refused_mint_keys) {
    it(`turn down a mint key: ${why}`, () => {
      assert.ok(unblinded.readKey({ ...vectors.mint_key, public_key }) instanceof Refusal);
    });
  }
});
