/** Every example that the OpenCoin 0.4 draft prints verifies under its own suite. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { canonicalBytes } from '../../base/canonical.ts';
import type { Canonical } from '../../base/canonical.ts';
import type {
  Blind,
  BlindSignature,
  Cddc,
  Coin,
  CoinStack,
  MintKeyCertificate,
  Payload,
} from '../../protocol/documents.ts';
import { hashOf, keyId, payloadBytes } from '../../protocol/ids.ts';
import { chaum86 } from '../chaum86.ts';
import { must } from '../keys.test-helper.ts';
import type { RsaPublicKey } from './rsa.ts';

const folder = new URL('../../../spec/vectors/opencoin-draft/', import.meta.url);

function example<Document>(name: string): Document {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Document;
}

const cddc = example<Cddc>('cddc');
const master = must(chaum86.readKey(cddc.cdd.issuer_public_master_key));
const certificates = ['mkc_1', 'mkc_2', 'mkc_5'].map((name) => example<MintKeyCertificate>(name));
const mintKeys = new Map<string, RsaPublicKey>(
  certificates.map(({ mint_key: key }) => [key.id, must(chaum86.readKey(key.public_mint_key))]),
);
const coins = [
  ...['coin_a0', 'coin_a1', 'coin_a2'].map((name) => example<Coin>(name)),
  ...example<CoinStack>('coinstack').coins,
  ...example<{ coins: Coin[] }>('request_renew').coins,
  ...example<{ coins: Coin[] }>('request_redeem').coins,
];
const blinds = [
  ...['blind_a0', 'blind_a1', 'blind_a2'].map((name) => example<Blind>(name)),
  ...example<{ blinds: Blind[] }>('request_mint').blinds,
];
const answers = [
  ...['blind_signature_a0', 'blind_signature_a1', 'blind_signature_a2'].map((n) =>
    example<BlindSignature>(n),
  ),
  ...example<{ blind_signatures: BlindSignature[] }>('response_mint_a').blind_signatures,
];

describe("the draft's published examples", () => {
  it('name the suite', () => {
    assert.equal(cddc.cdd.issuer_cipher_suite, chaum86.name);
  });

  it('have ids that are the hash of their keys', () => {
    assert.equal(keyId(cddc.cdd.issuer_public_master_key), cddc.cdd.id);
    assert.equal(hashOf(example<Payload>('issuer_public_master_key') as Canonical), cddc.cdd.id);
    for (const { mint_key: key } of certificates) assert.equal(keyId(key.public_mint_key), key.id);
  });

  it('have certificates that the master key signed, and that no change survives', () => {
    assert.ok(chaum86.documents.verify(master, canonicalBytes(cddc.cdd), cddc.signature));
    const other = { ...cddc.cdd, currency_divisor: cddc.cdd.currency_divisor + 1 };
    assert.equal(chaum86.documents.verify(master, canonicalBytes(other), cddc.signature), false);
    for (const { mint_key: key, signature } of certificates) {
      assert.ok(chaum86.documents.verify(master, canonicalBytes(key), signature));
      const dearer = { ...key, denomination: key.denomination + 1 };
      assert.equal(chaum86.documents.verify(master, canonicalBytes(dearer), signature), false);
    }
  });

  it('have coins that their mint keys signed, and that no change survives', () => {
    assert.ok(coins.length >= 9);
    for (const { payload, signature } of coins) {
      const key = mintKeys.get(payload.mint_key_id)!;
      assert.ok(chaum86.verify(key, payloadBytes(payload), signature));
      assert.equal(chaum86.verify(key, payloadBytes({ ...payload, serial: '1' }), signature), false);
    }
  });

  it('have blind signatures that answer their blinds, and no others', () => {
    for (const { reference, blind_signature: signature } of answers) {
      for (const blind of blinds) {
        const key = mintKeys.get(blind.mint_key_id)!;
        assert.ok(chaum86.accepts(key, blind.blinded_payload_hash));
        const own = blind.reference === reference;
        assert.equal(chaum86.answers(key, blind.blinded_payload_hash, signature), own);
      }
    }
  });

  it('have keys that are read, and that no wallet should trust', () => {
    for (const key of [master, ...mintKeys.values()]) assert.match(chaum86.weakness(key) ?? '', /512 bits/);
  });
});
