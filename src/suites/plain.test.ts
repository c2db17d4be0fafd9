/** What is PLAIN's own: its vectors in spec/vectors/plain.json, and that a key's document tells nothing. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { hexToBytes } from '../base/bytes.ts';
import type { Payload } from '../protocol/documents.ts';
import { coinId, payloadBytes } from '../protocol/ids.ts';
import { must, secretsOf } from './keys.test-helper.ts';
import { plain, writePlainKey, writePlainSecret } from './plain.ts';
import type { KeyDocument } from './suite.ts';

interface Vectors {
  readonly mint_key: KeyDocument;
  readonly mint_key_secret: string;
  readonly coins: readonly {
    readonly payload: Payload;
    readonly coin_id: string;
    readonly blinded_payload_hash: string;
    readonly blind_signature: string;
    readonly signature: string;
  }[];
}

const path = new URL('../../spec/vectors/plain.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
const key = must(plain.readKey(vectors.mint_key));
const secret = hexToBytes(vectors.mint_key_secret.padStart(64, '0'));

describe('PLAIN: the vectors', () => {
  it('are what a wallet and a mint make of them', () => {
    for (const { payload, ...coin } of vectors.coins) {
      const bytes = payloadBytes(payload);
      assert.equal(coinId(payload), coin.coin_id);
      assert.equal(plain.prepare(key, bytes, secretsOf('any')), coin.blinded_payload_hash);
      assert.equal(
        plain.signPlainly(writePlainSecret(secret), coin.blinded_payload_hash),
        coin.blind_signature,
      );
      assert.equal(must(plain.unblind(key, bytes, coin.blind_signature, secretsOf('any'))), coin.signature);
      assert.ok(plain.verifyPlainly(writePlainSecret(secret), bytes, coin.signature));
    }
  });

  it('are HMAC-SHA256 of coin ids, and meet a coin id and a token that begin with zeros', () => {
    for (const { coin_id: id, signature } of vectors.coins) {
      const token = createHmac('sha256', secret).update(hexToBytes(id)).digest('hex');
      assert.equal(signature.padStart(64, '0'), token);
    }
    assert.ok(vectors.coins.some(({ blinded_payload_hash: blind }) => blind.length < 64));
    assert.ok(vectors.coins.some(({ signature }) => signature.length < 64));
  });

  it('name the key by a hash of its secret that makes no token', () => {
    const name = createHash('sha256').update('specie plain key').update(secret).digest('hex');
    assert.deepEqual(vectors.mint_key, { type: 'plain key', name: name.replace(/^0+/, '') });
    assert.deepEqual(writePlainKey(secret), vectors.mint_key);
  });
});

describe('PLAIN: a holder', () => {
  it('sees the form of a token and no more: any number has it', () => {
    const [coin] = vectors.coins;
    assert.ok(coin !== undefined);
    const bytes = payloadBytes(coin.payload);
    for (const number of ['0', '1', 'f'.repeat(64), coin.signature]) {
      assert.ok(plain.verify(key, bytes, number));
      const isToken: boolean = number === coin.signature;
      assert.equal(plain.verifyPlainly(writePlainSecret(secret), bytes, number), isToken);
    }
    assert.equal(plain.verify(key, bytes, `1${'0'.repeat(64)}`), false);
  });
});
