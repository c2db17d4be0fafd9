import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesToHex } from '../base/bytes.ts';
import { canonical } from '../base/canonical.ts';
import { Refusal } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import { coinId, keyId, payloadBytes } from '../protocol/ids.ts';
import type { KeyDocument } from '../suites/index.ts';
import { SUITES, suiteNamed } from '../suites/index.ts';
import * as derivation from './derivation.ts';
import { seedOf } from './phrase.ts';

/** `spec/vectors/wallet-derivation.json`, as spec/wallet-derivation.md describes it. */
interface Vectors {
  readonly phrase: string;
  readonly issuer_id: string;
  readonly number: number;
  readonly mint_key_id: string;
  readonly index: number;
  readonly secrets: readonly { readonly label: string; readonly length: number; readonly bytes: string }[];
  readonly leading_zeros: {
    readonly transaction: { readonly number: number; readonly transaction_reference: string };
    readonly coin: { readonly index: number; readonly serial: string };
  };
  readonly mint_key: { readonly public: KeyDocument; readonly secret: KeyDocument };
  readonly coins: readonly {
    readonly suite: string;
    readonly index: number;
    readonly coin_secret: string;
    readonly canonical_payload: string;
    readonly coin_id: string;
    readonly blinding_bytes: string;
    readonly salt?: string;
    readonly blind: { readonly blinded_payload_hash: string; readonly reference: string };
    readonly blind_signature: { readonly blind_signature: string; readonly reference: string };
    readonly coin: Coin;
  }[];
  readonly identity: string;
  readonly account_secrets: Vectors['secrets'];
  readonly other_coins: readonly {
    readonly suite: string;
    readonly mint_key: Vectors['mint_key'];
    readonly index: number;
    readonly coin_secret: string;
    readonly canonical_payload: string;
    readonly coin_id: string;
    readonly identity?: string;
    readonly commitment?: string;
    readonly blind: { readonly blinded_payload_hash: string; readonly reference: string };
    readonly blind_signature: { readonly blind_signature: string; readonly reference: string };
    readonly coin: Coin;
  }[];
}

const file = new URL('../../spec/vectors/wallet-derivation.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors & Readonly<Record<string, string>>;

const seed = seedOf(vectors.phrase);
const root = derivation.rootSecret(seed);
const currency = derivation.currencySecret(root, vectors.issuer_id);
const transaction = derivation.transactionSecret(currency, vectors.number);
const coin = derivation.coinSecret(transaction, vectors.mint_key_id, vectors.index);

// A wallet that derives otherwise finds none of its money: these never change.
describe('spec/vectors/wallet-derivation.json', () => {
  it('gives the chain from phrase to coin', () => {
    const chain: Readonly<Record<string, string>> = {
      seed: bytesToHex(seed),
      root: bytesToHex(root),
      currency: bytesToHex(currency),
      transaction: bytesToHex(transaction),
      transaction_reference: derivation.transactionReference(transaction),
      coin: bytesToHex(coin),
      serial: derivation.coinSerial(coin),
      blind_reference: derivation.blindReference(coin),
    };
    for (const [name, value] of Object.entries(chain)) assert.equal(value, vectors[name], name);
  });

  it('gives the secrets by label and length', () => {
    assert.ok(vectors.secrets.length > 0);
    for (const { label, length, bytes } of vectors.secrets)
      assert.equal(bytesToHex(derivation.coinSecrets(coin)(label, length)), bytes);
  });

  it('gives the identity and its secrets', () => {
    const identity = derivation.identitySecret(currency);
    assert.equal(bytesToHex(identity), vectors.identity);
    assert.ok(vectors.account_secrets.length > 0);
    for (const { label, length, bytes } of vectors.account_secrets)
      assert.equal(bytesToHex(derivation.accountSecrets(identity)(label, length)), bytes);
  });

  it('leaves out leading zeros', () => {
    const { transaction: short, coin: shortCoin } = vectors.leading_zeros;
    const other = derivation.transactionSecret(currency, short.number);
    assert.equal(derivation.transactionReference(other), short.transaction_reference);
    const another = derivation.coinSecret(transaction, vectors.mint_key_id, shortCoin.index);
    assert.equal(derivation.coinSerial(another), shortCoin.serial);
    assert.ok(short.transaction_reference.length < 64 && shortCoin.serial.length < 64);
  });

  for (const each of vectors.coins) {
    it(`gives a coin of ${each.suite}`, () => {
      const suite = suiteNamed(each.suite);
      assert.ok(!(suite instanceof Refusal));
      const { public: publicKey, secret } = vectors.mint_key;
      const key = suite.readKey(publicKey);
      const { payload, signature } = each.coin;
      const coinSecret = derivation.coinSecret(transaction, keyId(publicKey), each.index);
      const secrets = derivation.coinSecrets(coinSecret);
      assert.equal(bytesToHex(coinSecret), each.coin_secret);
      assert.equal(payload.serial, derivation.coinSerial(coinSecret));
      assert.equal(canonical(payload), each.canonical_payload);
      assert.equal(coinId(payload), each.coin_id);
      assert.equal(bytesToHex(secrets('blinding factor', 256 + 16)), each.blinding_bytes);
      if (each.salt !== undefined) assert.equal(bytesToHex(secrets('salt', 48)), each.salt);
      assert.equal(derivation.blindReference(coinSecret), each.blind.reference);
      assert.equal(each.blind_signature.reference, each.blind.reference);
      const bytes = payloadBytes(payload);
      const { blinded_payload_hash: blind } = each.blind;
      assert.equal(suite.prepare(key, bytes, secrets), blind);
      assert.equal(suite.signPlainly(secret, blind), each.blind_signature.blind_signature);
      assert.equal(suite.unblind(key, bytes, each.blind_signature.blind_signature, secrets), signature);
      assert.ok(suite.verify(key, bytes, signature));
    });
  }

  for (const each of vectors.other_coins) {
    it(`gives a coin of ${each.suite}`, () => {
      const suite = suiteNamed(each.suite);
      assert.ok(!(suite instanceof Refusal));
      const { public: publicKey, secret } = each.mint_key;
      const key = suite.readKey(publicKey);
      const { payload, signature } = each.coin;
      const coinSecret = derivation.coinSecret(transaction, keyId(publicKey), each.index);
      const secrets = derivation.coinSecrets(coinSecret);
      assert.equal(bytesToHex(coinSecret), each.coin_secret);
      assert.equal(canonical(payload), each.canonical_payload);
      assert.equal(coinId(payload), each.coin_id);
      assert.equal(derivation.blindReference(coinSecret), each.blind.reference);
      const account = derivation.accountSecrets(derivation.identitySecret(currency));
      assert.equal(suite.accounts?.identity(account), each.identity);
      const own = suite.offline?.serial(key, secrets, account) ?? derivation.coinSerial(coinSecret);
      assert.equal(payload.serial, own);
      const bytes = payloadBytes(payload);
      const { blinded_payload_hash: blind } = each.blind;
      const { commitment } = each;
      const how = commitment === undefined ? {} : { account, commitment };
      assert.equal(suite.prepare(key, bytes, secrets, how), blind);
      const { blind_signature: answer } = each.blind_signature;
      assert.equal(suite.signPlainly(secret, blind), answer);
      assert.equal(suite.unblind(key, bytes, answer, secrets, how), signature);
    });
  }

  it('has a coin of every suite', () => {
    const shown = [...vectors.coins, ...vectors.other_coins].map(({ suite }) => suite);
    assert.deepEqual(shown.toSorted(), SUITES.map(({ name }) => name).toSorted());
  });
});
