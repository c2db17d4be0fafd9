/** What every suite must do, and must never do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BIGINT_PATTERN } from '../base/bigint.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { freshPair } from '../signers/pairs.test-helper.ts';
import { NO_BIGINTS, SPECIAL_NUMBERS, mangled, sample, spellings } from './hostile.test-helper.ts';
import { SUITES, suiteNamed } from './index.ts';
import { must, payloadOf, secretsOf } from './keys.test-helper.ts';
import type { KeyDocument } from './suite.ts';
import { ACCOUNT, PAYMENT, casesOf, freshNonce, makeCoin, preparationFor } from './withdrawal.test-helper.ts';

const BIGINT = new RegExp(BIGINT_PATTERN);

describe('the table of suites', () => {
  it('finds each by its name, and refuses others', () => {
    for (const suite of SUITES) assert.equal(suiteNamed(suite.name), suite);
    assert.ok(suiteNamed('RSA-MD5') instanceof Refusal);
    assert.equal(new Set(SUITES.map(({ name }) => name)).size, SUITES.length);
  });

  it('has a default that is untraceable, without a caution', () => {
    assert.equal(SUITES[0]?.name, 'RSA-SHA384-PSS-RFC9474');
    assert.equal(SUITES[0].promises.caution, '');
    assert.equal(SUITES[0].promises.untraceable, true);
  });
});

for (const suite of SUITES) {
  const pair = await freshPair(suite);
  const other = await freshPair(suite);
  const { promises } = suite;
  const anyone = promises.verifiableBy === 'anyone';

  describe(`${suite.name}: its promises`, () => {
    it('agree with what it offers', () => {
      assert.equal(promises.rounds === 2, suite.accounts !== undefined);
      assert.equal(promises.safeOffline, suite.offline !== undefined);
      if (!promises.untraceable) assert.notEqual(promises.caution, '', 'who can be followed is told so');
      assert.equal(promises.untraceable, suite.blinding !== 'never');
      assert.ok(promises.caution === '' || /^[A-Z].*\.$/s.test(promises.caution), 'a sentence');
    });
  });

  describe(`${suite.name}: a mint key`, () => {
    const fields = Object.entries(pair.document);

    it('is read as it is written, and from nothing else', () => {
      assert.ok(!(suite.readKey(pair.document) instanceof Refusal));
      const texts = fields.filter(([name, value]) => name !== 'type' && typeof value === 'string');
      const wrong: [string, Record<string, unknown>][] = [
        ['type', { ...pair.document, type: 'key' }],
        ['extra', { ...pair.document, extra: 0 }],
        ...fields.map(([name]): [string, Record<string, unknown>] => [
          name,
          Object.fromEntries(fields.filter(([each]) => each !== name)),
        ]),
        ...fields.flatMap(([name]) =>
          [-1, 0, 0.5, NaN, null, true, {}, []].map((value): [string, Record<string, unknown>] => [
            name,
            { ...pair.document, [name]: value },
          ]),
        ),
        ...texts.flatMap(([name, value]) =>
          [...spellings(String(value)), ...NO_BIGINTS, 'f'.repeat(100_000)].map(
            (text): [string, Record<string, unknown>] => [name, { ...pair.document, [name]: text }],
          ),
        ),
      ];
      for (const [field, document] of wrong) {
        const refusal = suite.readKey(document as KeyDocument);
        assert.ok(refusal instanceof Refusal, `${field} of ${JSON.stringify(document).slice(0, 300)}`);
        assert.equal(refusal.name, 'malformed');
        assert.equal(refusal.details.split(':')[0], field);
      }
    });

    it('is read or refused, whatever number stands in it', () => {
      for (const [name] of fields.filter(([, value]) => typeof value === 'string')) {
        for (const text of SPECIAL_NUMBERS) suite.readKey({ ...pair.document, [name]: text });
      }
    });
  });

  describe(`${suite.name}: a master key`, () => {
    it('is refused where it is none, by the same rules', () => {
      for (const document of [
        { type: 'key' },
        { type: pair.document.type },
        { ...pair.document, extra: 1 },
      ]) {
        const refusal = suite.documents.readKey(document);
        assert.ok(refusal instanceof Refusal);
        assert.equal(refusal.name, 'malformed');
      }
    });
  });

  describe(`${suite.name}: a coin`, () => {
    it('is made of any payload, and verifies for its own key and payload only', () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 600 }),
          fc.uint8Array({ maxLength: 600 }),
          fc.string(),
          (payload, another, word) => {
            fc.pre(Buffer.compare(payload, another) !== 0);
            const coin = makeCoin(suite, pair, payload, word);
            for (const text of [coin.blind, coin.answer, coin.held, coin.handed, coin.shown]) {
              assert.match(text, BIGINT);
              assert.ok(text.length <= LIMITS.bigIntDigits);
            }
            assert.ok(suite.accepts(pair.public, coin.blind));
            assert.ok(suite.answers(pair.public, coin.blind, coin.answer));
            assert.ok(suite.verify(pair.public, payload, coin.handed));
            assert.ok(suite.verifyPlainly(pair.secretDocument, payload, coin.shown));
            assert.equal(suite.verifyPlainly(pair.secretDocument, another, coin.shown), false);
            assert.equal(suite.verifyPlainly(other.secretDocument, payload, coin.shown), false);
            if (!anyone) return;
            assert.equal(suite.verify(pair.public, another, coin.handed), false);
            assert.equal(suite.verify(other.public, payload, coin.handed), false);
          },
        ),
        { numRuns: casesOf(suite, 30) },
      );
    });

    it('is the same again from the same secrets, and another from others', () => {
      for (const word of ['', 'Münze']) {
        const how = preparationFor(suite, pair, freshNonce());
        const first = makeCoin(suite, pair, payloadOf(word), word, how);
        assert.deepEqual(makeCoin(suite, pair, payloadOf(word), word, how), first);
        assert.notEqual(makeCoin(suite, pair, payloadOf(word, 2), word, how).blind, first.blind);
        if (suite.blinding === 'never') continue;
        assert.notEqual(makeCoin(suite, pair, payloadOf(word), `${word}'`, how).blind, first.blind);
      }
    });

    it('can be restored with nothing but its secrets, the account and what the mint answered', () => {
      const { payload, answer, held, how } = makeCoin(suite, pair, payloadOf('lost'), 'lost');
      const account = how.account === undefined ? {} : { account: how.account };
      assert.equal(must(suite.unblind(pair.public, payload, answer, secretsOf('lost'), account)), held);
    });

    it('is not made out of any number', () => {
      const payload = payloadOf('forged');
      const random = fc.sample(fc.bigInt({ min: 0n, max: 1n << 1200n }), casesOf(suite, 40));
      for (const text of [...random.map((each) => each.toString(16)), ...NO_BIGINTS]) {
        assert.equal(suite.verifyPlainly(pair.secretDocument, payload, text), false, text);
        if (anyone) assert.equal(suite.verify(pair.public, payload, text), false, text);
      }
    });
  });

  describe(`${suite.name}: the forms of a coin`, () => {
    const coin = makeCoin(suite, pair, payloadOf('forms'), 'forms');

    it('follow from each other, however often they are asked for', () => {
      const again = must(suite.hand(pair.public, coin.payload, coin.handed, PAYMENT));
      assert.equal(again, coin.handed);
      assert.equal(must(suite.hand(pair.public, coin.payload, coin.held, PAYMENT)), coin.handed);
      assert.equal(suite.show(coin.handed), coin.shown);
    });

    it('stay apart: nobody takes one for another', () => {
      if (coin.shown !== coin.handed)
        assert.equal(suite.verifyPlainly(pair.secretDocument, coin.payload, coin.handed), false, 'the mint');
      if (coin.handed !== coin.held)
        assert.equal(suite.verify(pair.public, coin.payload, coin.held), false, 'the next holder');
    });

    it('never throw at what is none of this suite', () => {
      for (const text of [...NO_BIGINTS, ...SPECIAL_NUMBERS]) {
        assert.equal(typeof suite.show(text), 'string');
        suite.offline?.paymentOf(text);
      }
      for (const text of NO_BIGINTS) assert.equal(suite.show(text), text);
    });
  });

  describe(`${suite.name}: a blind`, () => {
    const { blind, answer } = makeCoin(suite, pair, payloadOf('blind'), 'blind');

    it('has one spelling', () => {
      assert.ok(suite.accepts(pair.public, blind));
      for (const text of [...NO_BIGINTS, ...spellings(blind), 'f'.repeat(5_000)]) {
        assert.equal(suite.accepts(pair.public, text), false, text);
        assert.equal(suite.answers(pair.public, text, answer), false, text);
      }
    });

    it('is signed where it is accepted, and throws where it is no number in range', () => {
      const accepted = [...SPECIAL_NUMBERS, ...mangled(blind, casesOf(suite, 12))].filter((text) =>
        suite.accepts(pair.public, text),
      );
      for (const text of sample(accepted, casesOf(suite, 40)))
        assert.match(suite.signPlainly(pair.secretDocument, text), BIGINT);
      for (const text of [...NO_BIGINTS, 'f'.repeat(5_000)])
        assert.throws(() => suite.signPlainly(pair.secretDocument, text), Error, text);
    });

    it('is signed by secrets only', () => {
      assert.throws(() => suite.signPlainly(pair.document, blind));
    });

    it('is made by secrets only: without chance there is no blinding', () => {
      if (suite.blinding === 'never') return;
      const none = (_label: string, length: number) => new Uint8Array(length);
      const how = preparationFor(suite, pair);
      assert.throws(() => suite.prepare(pair.public, payloadOf('coin'), none, how));
    });
  });

  describe(`${suite.name}: a wrong answer of the mint`, () => {
    const secrets = secretsOf('coin');
    const coin = makeCoin(suite, pair, payloadOf('coin'), 'coin');
    const account = suite.accounts === undefined ? {} : { account: ACCOUNT };
    const unblind = (answer: string) => suite.unblind(pair.public, coin.payload, answer, secrets, account);

    it('is refused by its form', () => {
      for (const answer of [...NO_BIGINTS, ...spellings(coin.answer), 'f'.repeat(5_000)]) {
        const refusal = unblind(answer);
        assert.ok(refusal instanceof Refusal, answer);
        assert.equal(refusal.name, 'bad signature');
        assert.equal(suite.answers(pair.public, coin.blind, answer), false, answer);
      }
    });

    it('is refused for what it is, where it can be told', () => {
      if (!anyone) return;
      const anothers = makeCoin(suite, pair, payloadOf('another'), 'another').answer;
      const wrong = [coin.blind, anothers, ...SPECIAL_NUMBERS, ...mangled(coin.answer, casesOf(suite, 60))];
      // The finished signature is the answer to a withdrawal without blinding.
      if (suite.blinding === 'always') wrong.push(coin.held, coin.handed, coin.shown);
      for (const answer of wrong) {
        const refusal = unblind(answer);
        assert.ok(refusal instanceof Refusal, answer);
        assert.equal(refusal.name, 'bad signature');
        assert.equal(suite.answers(pair.public, coin.blind, answer), false, answer);
      }
    });

    it('is one to the wrong secrets, payload or key', () => {
      if (!anyone) return;
      const { payload, answer, blind } = coin;
      const refused = [
        suite.unblind(pair.public, payloadOf('coin', 2), answer, secrets, account),
        suite.unblind(other.public, payload, answer, secrets, account),
      ];
      if (suite.blinding !== 'never')
        refused.push(suite.unblind(pair.public, payload, answer, secretsOf('other'), account));
      for (const refusal of refused) assert.ok(refusal instanceof Refusal);
      assert.equal(suite.answers(other.public, blind, answer), false);
    });
  });
}
