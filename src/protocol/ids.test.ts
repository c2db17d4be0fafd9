import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { publishedExamples } from '../../test/fuzz/mutations.ts';
import { accepted } from '../base/accepted.test-helper.ts';
import { canonical } from '../base/canonical.ts';
import { decodeAny } from './codec.ts';
import type { Cddc, Coin, MintKeyCertificate, Payload } from './documents.ts';
import { coinId, hashOf, keyId, payloadBytes } from './ids.ts';

function published(name: string): unknown {
  return accepted(decodeAny(publishedExamples().get(name) ?? new Uint8Array()));
}

describe('an id', () => {
  it('of a published key is the hash of its canonical form', () => {
    const { cdd } = published('cddc.json') as Cddc;
    assert.equal(keyId(cdd.issuer_public_master_key), cdd.id);
    for (const name of ['mkc_1.json', 'mkc_2.json', 'mkc_5.json']) {
      const { mint_key: key } = published(name) as MintKeyCertificate;
      assert.equal(keyId(key.public_mint_key), key.id, name);
      assert.equal(key.issuer_id, cdd.id, name);
    }
  });

  it('of a coin is the hash of its payload: another signature does not make another coin', () => {
    const coin = published('coin_a0.json') as Coin;
    const payload = published('payload_a0.json') as Payload;
    assert.equal(coinId(coin.payload), coinId(payload));
    assert.equal(coinId(payload), createHash('sha256').update(payloadBytes(payload)).digest('hex'));
    assert.notEqual(coinId(payload), coinId({ ...payload, serial: '1' }));
  });

  it('does not hang on the order of fields', () => {
    assert.equal(hashOf({ a: 1, b: 2 }), hashOf({ b: 2, a: 1 }));
    assert.equal(
      hashOf({ a: 1 }),
      createHash('sha256')
        .update(canonical({ a: 1 }))
        .digest('hex'),
    );
  });
});
