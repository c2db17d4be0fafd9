/** Blinding that the wallet leaves off: the messages stay the same, and so does the coin. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToNumber, numberToBytes, readBigInt, writeBigInt } from '../../base/bigint.ts';
import { Refusal } from '../../base/refusal.ts';
import { nativeNamed } from '../../signers/natives.ts';
import { freshPair } from '../../signers/pairs.test-helper.ts';
import { chaum86 } from '../chaum86.ts';
import { emsaPssVerify } from './emsa-pss.ts';
import { SUITES } from '../index.ts';
import { must, payloadOf, secretsOf } from '../keys.test-helper.ts';
import { rfc9474 } from '../rfc9474.ts';
import type { RsaPublicKey } from './rsa.ts';

const OFF = { blinded: false };

/** Whether the mint, who knows the payload of a coin that came back, recognises the blind that it was made of. */
const RECOGNISES: Readonly<
  Record<string, (key: RsaPublicKey, blind: string, payload: Uint8Array) => boolean>
> = {
  [rfc9474.name]: (key, blind, payload) =>
    emsaPssVerify(payload, numberToBytes(readBigInt(blind), key.bytes), key.bits - 1, 48),
  [chaum86.name]: (_key, blind, payload) =>
    blind === writeBigInt(bytesToNumber(createHash('sha256').update(payload).digest())),
};

describe('blinding is optional', () => {
  it('in the RSA suites', () => {
    const optional = SUITES.filter(({ blinding }) => blinding === 'optional').map(({ name }) => name);
    assert.deepEqual(optional, Object.keys(RECOGNISES));
  });
});

for (const suite of [rfc9474, chaum86]) {
  describe(`${suite.name} without blinding`, async () => {
    const pair = await freshPair(suite);
    const key = must(suite.readKey(pair.document));
    const mint = nativeNamed(suite.name).open(pair.document, pair.secret);
    const recognises = RECOGNISES[suite.name]!;
    const withdrawals = ['one', 'two', 'three', 'four'].map((word) => {
      const [payload, secrets] = [payloadOf(word), secretsOf(word)];
      const [open, blinded] = [
        suite.prepare(key, payload, secrets, OFF),
        suite.prepare(key, payload, secrets),
      ];
      return { payload, secrets, open, blinded };
    });

    it('shows the mint the hash of the payload, and blinded it does not', () => {
      for (const { payload, open, blinded } of withdrawals) {
        assert.ok(recognises(key, open, payload));
        assert.equal(recognises(key, blinded, payload), false);
        assert.equal(recognises(key, open, payloadOf('another')), false);
      }
    });

    it('blinds unless it is told not to', () => {
      for (const { payload, secrets, open, blinded } of withdrawals) {
        assert.notEqual(open, blinded);
        for (const how of [{}, { blinded: true }, undefined])
          assert.equal(suite.prepare(key, payload, secrets, how), blinded);
      }
    });

    it('is the same to the mint: it accepts, signs and checks as ever', () => {
      for (const { open } of withdrawals) {
        assert.ok(suite.accepts(key, open));
        const answer = mint.sign(open);
        assert.equal(answer, suite.signPlainly(pair.secretDocument, open));
        assert.ok(suite.answers(key, open, answer));
      }
    });

    it('makes the very coin that blinding makes, which no later holder can tell apart', () => {
      for (const { payload, secrets, open, blinded } of withdrawals) {
        const coin = must(suite.unblind(key, payload, mint.sign(open), secrets));
        assert.equal(must(suite.unblind(key, payload, mint.sign(blinded), secrets)), coin);
        assert.ok(suite.verify(key, payload, coin));
        assert.ok(mint.verify(payload, coin));
        assert.equal(coin, mint.sign(open));
      }
    });

    it('unblinds no answer to another coin, blinded or not', () => {
      const [one, two] = withdrawals as [(typeof withdrawals)[number], (typeof withdrawals)[number]];
      for (const answer of [mint.sign(two.open), mint.sign(two.blinded), one.open, one.blinded])
        assert.ok(suite.unblind(key, one.payload, answer, one.secrets) instanceof Refusal);
    });
  });
}
