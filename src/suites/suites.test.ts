/** What every suite must do, and must never do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BIGINT_PATTERN } from '../base/bigint.ts';
import { Refusal } from '../base/refusal.ts';
import { SUITES, suiteNamed } from './index.ts';
import { makeKey, must, payloadOf, secretsOf } from './keys.test-helper.ts';

// Long enough for PSS with SHA-384 and a salt of 48 bytes, short enough to sign a thousand times.
const key = makeKey(1024);
const otherKey = makeKey(1024);
const runs = { numRuns: 60 };

/** All that happens to one coin, with the mint's part in plain arithmetic. */
function makeCoin(suite: (typeof SUITES)[number], payload: Uint8Array, word: string) {
  const blind = suite.prepare(key.public, payload, secretsOf(word));
  const blindSignature = suite.signPlainly(key.secretDocument, blind);
  const signature = must(suite.unblind(key.public, payload, blindSignature, secretsOf(word)));
  return { blind, blindSignature, signature };
}

describe('the table of suites', () => {
  it('finds each by its name, and refuses others', () => {
    for (const suite of SUITES) assert.equal(suiteNamed(suite.name), suite);
    assert.ok(suiteNamed('RSA-MD5') instanceof Refusal);
  });

  it('has a default without a caution', () => {
    assert.equal(SUITES[0]?.name, 'RSA-SHA384-PSS-RFC9474');
    assert.equal(SUITES[0].promises.caution, '');
  });
});

for (const suite of SUITES) {
  describe(suite.name, () => {
    it('makes coins of any payload, which verify', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 600 }), fc.string(), (payload, word) => {
          const { blind, blindSignature, signature } = makeCoin(suite, payload, word);
          for (const text of [blind, blindSignature, signature])
            assert.match(text, new RegExp(BIGINT_PATTERN));
          assert.ok(suite.accepts(key.public, blind));
          assert.ok(suite.answers(key.public, blind, blindSignature));
          assert.ok(suite.verify(key.public, payload, signature));
          assert.equal(suite.verify(otherKey.public, payload, signature), false);
        }),
        runs,
      );
    });

    it('makes the same blind and the same coin of the same secrets, and others of others', () => {
      fc.assert(
        fc.property(fc.string(), (word) => {
          const payload = payloadOf(word);
          const first = makeCoin(suite, payload, word);
          assert.deepEqual(makeCoin(suite, payload, word), first);
          assert.notEqual(makeCoin(suite, payload, `${word}'`).blind, first.blind);
        }),
        { numRuns: 10 },
      );
    });

    it('makes no coin of one payload verify for another', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400 }), (one, other) => {
          fc.pre(Buffer.compare(one, other) !== 0);
          assert.equal(suite.verify(key.public, other, makeCoin(suite, one, 'coin').signature), false);
        }),
        runs,
      );
    });

    it('makes no coin out of any number', () => {
      const payload = payloadOf('forged');
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: 1n << 1024n }), (number) => {
          assert.equal(suite.verify(key.public, payload, number.toString(16)), false);
        }),
        runs,
      );
    });

    it('refuses a wrong answer of the mint', () => {
      const payload = payloadOf('coin');
      const secrets = secretsOf('coin');
      const { blind, blindSignature, signature } = makeCoin(suite, payload, 'coin');
      const anotherCoins = makeCoin(suite, payloadOf('another'), 'another').blindSignature;
      const n = key.public.n;
      const beyond = (BigInt(`0x${blindSignature}`) + n).toString(16);
      const wrong = ['0', '1', '', 'x', '-1', '0' + blindSignature, blind, signature, anotherCoins, beyond];
      for (const answer of [...wrong, (n - 1n).toString(16), n.toString(16), 'f'.repeat(5000)]) {
        const refusal = suite.unblind(key.public, payload, answer, secrets);
        assert.ok(refusal instanceof Refusal, answer);
        assert.equal(refusal.name, 'bad signature');
        assert.equal(suite.answers(key.public, blind, answer), false);
      }
    });

    it('refuses an answer to the wrong secrets, the wrong payload or the wrong key', () => {
      const payload = payloadOf('coin');
      const { blind, blindSignature } = makeCoin(suite, payload, 'coin');
      const refused = [
        suite.unblind(key.public, payload, blindSignature, secretsOf('other')),
        suite.unblind(key.public, payloadOf('coin', 2), blindSignature, secretsOf('coin')),
        suite.unblind(otherKey.public, payload, blindSignature, secretsOf('coin')),
      ];
      for (const refusal of refused) assert.ok(refusal instanceof Refusal);
      assert.equal(suite.answers(otherKey.public, blind, blindSignature), false);
    });

    it('accepts blinds above zero and below the modulus, in their one spelling', () => {
      const n = key.public.n;
      for (const blind of ['1', '2', (n - 1n).toString(16)]) assert.ok(suite.accepts(key.public, blind));
      const out = ['0', '', '00', '01', '-1', 'A', 'g', '0x1', ' 1', n.toString(16), (n + 1n).toString(16)];
      for (const blind of [...out, 'f'.repeat(5000)])
        assert.equal(suite.accepts(key.public, blind), false, blind);
    });

    it('throws rather than sign what is out of range', () => {
      assert.throws(() => suite.signPlainly(key.secretDocument, key.public.n.toString(16)));
      assert.throws(() => suite.signPlainly(key.secretDocument, 'not a blind'));
      assert.throws(() => suite.signPlainly(key.document, '1'), /rsa secret key/);
    });

    it('throws when the secrets give no blinding factor', () => {
      const none = (_label: string, length: number) => new Uint8Array(length);
      assert.throws(() => suite.prepare(key.public, payloadOf('coin'), none), /no blinding factor/);
    });
  });
}
