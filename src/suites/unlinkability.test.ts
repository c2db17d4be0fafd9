/**
 * What the mint sees when a coin is made, and what it sees when the coin comes back. Why the one does not lead to the
 * other is each suite's own matter: its own test computes what explains every pairing.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshPair } from '../signers/pairs.test-helper.ts';
import { SUITES } from './index.ts';
import { payloadOf, secretsOf } from './keys.test-helper.ts';
import { ACCOUNT, casesOf, makeCoin, preparationFor } from './withdrawal.test-helper.ts';
import type { MadeCoin } from './withdrawal.test-helper.ts';

/** Digits that two texts share by chance once in 2^80. */
const SHARED_DIGITS = 20;

/** Every piece of that length in a text. */
function pieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - SHARED_DIGITS + 1) }, (_, at) =>
    text.slice(at, at + SHARED_DIGITS),
  );
}

/** What the mint saw and said when it made a coin. */
function seenAtIssue({ how, blind, answer }: MadeCoin): string[] {
  return [how.commitment ?? '', blind, answer];
}

for (const suite of SUITES) {
  const pair = await freshPair(suite);
  const coins = Array.from({ length: Math.max(3, casesOf(suite, 8)) }, (_, index) =>
    makeCoin(suite, pair, payloadOf(`coin ${index}`), `coin ${index}`),
  );

  if (!suite.promises.untraceable) {
    describe(`${suite.name}: the mint`, () => {
      it('sees what follows from the payload alone when it signs, as the promises say', () => {
        for (const { payload, blind } of coins)
          assert.equal(suite.prepare(pair.public, payload, secretsOf('any other secrets')), blind);
      });
    });
    continue;
  }

  describe(`${suite.name}: the mint`, () => {
    it('never sees one blind twice, nor gives one answer twice', () => {
      for (const part of ['blind', 'answer', 'handed', 'shown'] as const)
        assert.equal(new Set(coins.map((each) => each[part])).size, coins.length, part);
    });

    it('sees another blind for the same payload under other secrets', () => {
      for (const { payload } of coins) {
        const blinds = ['one', 'two'].map(
          (word) => makeCoin(suite, pair, payload, word, preparationFor(suite, pair)).blind,
        );
        assert.equal(new Set(blinds).size, 2);
      }
    });

    it('sees nothing of the issue or the account when a coin comes back', () => {
      const identity = suite.accounts?.identity(ACCOUNT) ?? '';
      for (const issue of coins) {
        const seen = new Set([identity, ...seenAtIssue(issue)].flatMap(pieces));
        for (const { shown } of coins)
          assert.deepEqual(
            pieces(shown).filter((piece) => seen.has(piece)),
            [],
          );
      }
    });
  });
}
