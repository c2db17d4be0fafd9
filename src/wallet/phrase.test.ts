import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import { newPhrase, readPhrase, seedOf } from './phrase.ts';
import { seeded } from './testing.test-helper.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

function complaint(typed: string): string {
  const refusal = readPhrase(typed);
  assert.ok(refusal instanceof Refusal);
  return refusal.details;
}

describe('a phrase', () => {
  it('has twelve words and reads back', () => {
    const phrase = newPhrase(seeded('phrase'));
    assert.equal(phrase.split(' ').length, 12);
    assert.equal(readPhrase(phrase), phrase);
    assert.notEqual(newPhrase(seeded('another')), phrase);
  });

  it('is read in any case and spacing', () => {
    assert.equal(readPhrase(`  ${PHRASE.toUpperCase().replaceAll(' ', '\n ')}\t`), PHRASE);
  });

  it('says what is wrong by place, and never says a word of it', () => {
    assert.equal(
      complaint(PHRASE.replace('sausage', 'sausagge')),
      'word 6 of the phrase is not in the list of words',
    );
    assert.match(complaint(PHRASE.replace('yellow', 'year')), /do not fit together/);
    assert.match(complaint('legal winner'), /this has 2$/);
    assert.match(complaint(''), /must have 12 words/);
  });

  it('gives the seed of BIP-39', () => {
    // BIP-39's own vectors have the passphrase TREZOR; this is the seed without one, as other tools give it.
    const seed = seedOf(
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
    );
    assert.equal(
      Buffer.from(seed).toString('hex'),
      '5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4',
    );
  });
});
