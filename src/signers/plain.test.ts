/** PLAIN natively: a thousand tokens against the plain mathematics, and an answer that is wrong. */
import assert from 'node:assert/strict';
import crypto, { randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it } from 'node:test';
import { must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import { plain } from '../suites/plain.ts';
import { nativePlain } from './plain.ts';

const CASES = 1_000;
const made = await nativePlain.makeMintKey();
const other = await nativePlain.makeMintKey();
const key = must(plain.readKey(made.publicKey));
const opened = nativePlain.open(made.publicKey, made.secret);
const secretDocument = nativePlain.plainSecret(made.publicKey, made.secret);

describe('PLAIN: tokens', () => {
  it(`are those of the plain mathematics, ${CASES} times`, () => {
    const seen = new Set<string>();
    let short = 0;
    for (let count = 0; count < CASES; count++) {
      const payload = new Uint8Array(randomBytes(count % 300));
      const blind = plain.prepare(key, payload, secretsOf('any'));
      const token = opened.sign(blind);
      assert.equal(token, plain.signPlainly(secretDocument, blind));
      assert.ok(opened.verify(payload, token));
      const wrong = (BigInt(`0x${token}`) ^ (1n << BigInt(count % 256))).toString(16);
      assert.equal(opened.verify(payload, wrong), false);
      assert.equal(plain.verifyPlainly(secretDocument, payload, wrong), false);
      if (token.length < 64) short++;
      seen.add(`${blind} ${token}`);
    }
    assert.ok(short > 0, 'tokens that begin with zeros were met');
    assert.ok(seen.size > CASES * 0.9);
  });

  it('of another key are none', () => {
    const payload = payloadOf('coin');
    const blind = plain.prepare(key, payload, secretsOf('any'));
    assert.equal(opened.verify(payload, nativePlain.open(other.publicKey, other.secret).sign(blind)), false);
  });

  it('are kept in when they are wrong: no wallet could tell', () => {
    const blind = plain.prepare(key, payloadOf('coin'), secretsOf('any'));
    const right = opened.sign(blind);
    const original = crypto.createHmac;
    let calls = 0;
    const faulty = (...values: Parameters<typeof original>) =>
      calls++ === 0 ? original('sha256', 'a fault') : original(...values);
    try {
      Object.assign(crypto, { createHmac: faulty });
      syncBuiltinESMExports();
      assert.throws(() => opened.sign(blind), /the private operation failed its check/);
    } finally {
      Object.assign(crypto, { createHmac: original });
      syncBuiltinESMExports();
    }
    assert.equal(opened.sign(blind), right);
  });
});

describe('PLAIN: a mint key', () => {
  it('has a secret of 32 bytes, another each time, that its document does not show', () => {
    assert.equal(made.secret.length, 32);
    assert.notDeepEqual(made.secret, other.secret);
    assert.notDeepEqual(made.publicKey, other.publicKey);
    const shown = JSON.stringify(made.publicKey);
    assert.ok(!shown.includes(Buffer.from(made.secret).toString('hex').slice(8, 24)));
    for (const length of [0, 31, 33])
      assert.throws(() => nativePlain.open(made.publicKey, new Uint8Array(length)), /no pair/);
  });
});
