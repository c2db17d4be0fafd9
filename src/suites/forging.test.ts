/** What a thief would try under any suite. What only RSA's arithmetic offers is in rsa-forging.test.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import { freshPair } from '../signers/pairs.test-helper.ts';
import { SPECIAL_NUMBERS, combinations, mangled, sample, spellings } from './hostile.test-helper.ts';
import { SUITES } from './index.ts';
import { payloadOf, secretsOf } from './keys.test-helper.ts';
import type { CipherSuite } from './suite.ts';
import { casesOf, makeCoin } from './withdrawal.test-helper.ts';
import type { MadeCoin, PlainPair } from './withdrawal.test-helper.ts';

/** Who checks a coin before taking it, and in which form they get it. */
interface Check {
  readonly who: string;
  readonly form: 'handed' | 'shown';
  readonly takes: (pair: PlainPair, payload: Uint8Array, signature: string) => boolean;
}

function checksOf(suite: CipherSuite): readonly Check[] {
  const mint: Check = {
    who: 'the mint',
    form: 'shown',
    takes: (pair, payload, shown) => suite.verifyPlainly(pair.secretDocument, payload, shown),
  };
  const holder: Check = {
    who: 'the next holder',
    form: 'handed',
    takes: (pair, payload, handed) => suite.verify(pair.public, payload, handed),
  };
  return suite.promises.verifiableBy === 'anyone' ? [mint, holder] : [mint];
}

for (const suite of SUITES) {
  const pair = await freshPair(suite);
  const other = await freshPair(suite);
  const coins = ['one', 'two', 'three'].map((word) => makeCoin(suite, pair, payloadOf(word), word));
  const [coin] = coins as [MadeCoin];

  for (const { who, form, takes } of checksOf(suite)) {
    const { payload, [form]: signature } = coin;

    describe(`${suite.name}: a thief before ${who}`, () => {
      it('has something to begin with', () => {
        assert.ok(takes(pair, payload, signature));
      });

      it('changes not one byte of the payload, and leaves none out', () => {
        for (const at of sample([...payload.keys()], casesOf(suite, 60))) {
          const changed = payload.slice();
          changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
          assert.equal(takes(pair, changed, signature), false, `byte ${at}`);
        }
        for (const cut of [payload.subarray(1), payload.subarray(0, -1), new Uint8Array(0)])
          assert.equal(takes(pair, cut, signature), false);
        assert.equal(takes(pair, Uint8Array.of(...payload, 0x20), signature), false);
      });

      it('turns no coin into one of another denomination, another serial or another key', () => {
        assert.equal(takes(pair, payloadOf('one', 1_000), signature), false);
        assert.equal(takes(pair, payloadOf('none'), signature), false);
        assert.equal(takes(other, payload, signature), false);
      });

      it('finds no second spelling of a signature', () => {
        for (const text of spellings(signature)) assert.equal(takes(pair, payload, text), false, text);
      });

      it('finds no second signature beside the first', () => {
        for (const text of mangled(signature, casesOf(suite, 64)))
          assert.equal(takes(pair, payload, text), false, text);
      });

      it('gets by with no number that needs no key', () => {
        for (const text of SPECIAL_NUMBERS) assert.equal(takes(pair, payload, text), false, text);
      });

      it('gets by with nothing that the wallet or the mint said on the way', () => {
        // An answer of a suite that leaves out the blinding is the coin's signature: it is paid for.
        const said = [coin.blind, coin.answer, coin.how.commitment ?? '', coin.handed, coin.shown];
        for (const text of said.filter((each) => each !== signature))
          assert.equal(takes(pair, payload, text), false, text);
      });

      it('makes no coin more out of those that were bought', () => {
        const bought = coins.map((each) => each[form]);
        const [one = '', two = '', three = ''] = bought;
        const forged = [...combinations(one, two), ...combinations(two, three), ...combinations(three, one)];
        for (const text of sample(forged, casesOf(suite, 18))) {
          for (const word of ['one', 'two', 'three', 'four'])
            assert.equal(takes(pair, payloadOf(word), text), false, text);
        }
        for (const text of bought) assert.equal(takes(pair, payloadOf('four'), text), false);
      });
    });
  }

  describe(`${suite.name}: a coin that was paid for`, () => {
    it('is worth nothing to whoever changed its blind on the way', () => {
      for (const blind of mangled(coin.blind, casesOf(suite, 24)).filter((each) =>
        suite.accepts(pair.public, each),
      )) {
        const answer = suite.signPlainly(pair.secretDocument, blind);
        const made = suite.unblind(pair.public, coin.payload, answer, secretsOf(coin.word), coin.how);
        if (suite.promises.verifiableBy === 'anyone') assert.ok(made instanceof Refusal, blind);
        else
          assert.ok(made instanceof Refusal || !suite.verifyPlainly(pair.secretDocument, coin.payload, made));
      }
    });

    it('is one coin, whatever number is bought in the place of its blind', () => {
      const accepted = SPECIAL_NUMBERS.filter((each) => suite.accepts(pair.public, each));
      for (const blind of sample(accepted, casesOf(suite, 30))) {
        const answer = suite.signPlainly(pair.secretDocument, blind);
        for (const each of coins) {
          assert.equal(suite.verifyPlainly(pair.secretDocument, each.payload, answer), false, blind);
          if (suite.promises.verifiableBy === 'anyone')
            assert.equal(suite.answers(pair.public, each.blind, answer), false, blind);
        }
      }
    });
  });
}
