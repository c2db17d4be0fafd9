import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { publicKeyOfSeed } from '../../signers/title/pseudonyms.ts';
import { rootSecret, titlesSecret } from '../../wallet/derivation.ts';
import { pseudonymSeed } from './pseudonyms.ts';

interface Vectors {
  readonly seed: string;
  readonly titles: {
    readonly secret: string;
    readonly server: string;
    readonly pseudonyms: readonly {
      readonly number: number;
      readonly seed: string;
      readonly public_key: string;
    }[];
  };
}

const file = new URL('../../../spec/vectors/wallet-derivation.json', import.meta.url);
const { seed, titles } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

// A wallet that derives otherwise finds none of its titles: these never change.
describe('spec/vectors/wallet-derivation.json', () => {
  it('gives the pseudonyms at a title server', () => {
    const secret = titlesSecret(rootSecret(hexToBytes(seed)));
    assert.equal(bytesToHex(secret), titles.secret);
    assert.equal(titles.pseudonyms.length, 2);
    for (const each of titles.pseudonyms) {
      const own = pseudonymSeed(secret, titles.server, each.number);
      assert.equal(bytesToHex(own), each.seed);
      assert.equal(bytesToHex(publicKeyOfSeed(own)), each.public_key);
    }
  });
});
