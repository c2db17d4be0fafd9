import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { newPhrase, seedOf } from '../wallet/phrase.ts';
import { phraseSeed } from './phrase-seed.ts';

describe("a phrase's seed by OpenSSL", () => {
  it("is the wallet's own", () => {
    for (let count = 0; count < 20; count++) {
      const phrase = newPhrase((length) => new Uint8Array(randomBytes(length)));
      assert.deepEqual(phraseSeed(phrase), seedOf(phrase));
    }
  });
});
