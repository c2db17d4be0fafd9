/** spec/vectors/brands.json: what another wallet and another mint have to come to. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../base/bytes.ts';
import { accounts, offline, pair } from './brands.test-helper.ts';
import { makeVectors } from './vectors.test-helper.ts';
import { brands } from '../brands.ts';
import { must } from '../keys.test-helper.ts';
import type { CoinSecrets } from '../suite.ts';

const file = new URL('../../../spec/vectors/brands.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof makeVectors>;

/** Only what the vectors say was asked. */
const given =
  (secrets: Readonly<Record<string, string>>): CoinSecrets =>
  (label) =>
    hexToBytes(secrets[label] ?? assert.fail(`nothing is known of ${label}`));

describe('the vectors', () => {
  it('are what the suite makes', () => {
    assert.deepEqual(vectors, JSON.parse(JSON.stringify(makeVectors())));
  });

  it('are enough to make each step of its inputs alone', () => {
    const key = must(brands.readKey(vectors.mint_key.public));
    const account = given(vectors.account.secrets);
    assert.equal(accounts.identity(account), vectors.account.identity);
    assert.ok(
      accounts.proves(vectors.account.identity, hexToBytes(vectors.account.context), vectors.account.proof),
    );
    assert.equal(vectors.coins.length, 3);
    for (const coin of vectors.coins) {
      const [payload, secrets] = [hexToBytes(coin.payload), given(coin.secrets)];
      const { secret } = vectors.mint_key;
      const commitment = accounts.commitPlainly(secret, vectors.account.identity, coin.nonce ?? '');
      assert.equal(commitment, coin.commitment);
      assert.equal(brands.prepare(pair.public, payload, secrets, { commitment, account }), coin.blind);
      assert.equal(brands.signPlainly(secret, coin.blind), coin.blind_signature);
      assert.equal(
        must(brands.unblind(pair.public, payload, coin.blind_signature, secrets, { account })),
        coin.held,
      );
      coin.payments.forEach((payment, index) => {
        const handed = must(brands.hand(pair.public, payload, coin.held, payment));
        assert.equal(handed, coin.handed[index]);
        assert.ok(brands.verify(key, payload, handed));
      });
      assert.equal(offline.serial(key as never, secrets, account), coin.serial);
      assert.ok(Buffer.from(payload).includes(`"serial": "${coin.serial ?? ''}"`));
      assert.equal(coin.exposure?.identity, vectors.account.identity);
      assert.ok(offline.isExposed(coin.exposure));
      assert.equal(coin.exposure.secret, vectors.account.u1);
    }
  });
});
