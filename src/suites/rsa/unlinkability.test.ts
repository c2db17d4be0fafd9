/** What the mint saw at issue fits every RSA coin it sees later: for each pairing some blinding factor explains it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToNumber } from '../../base/bigint.ts';
import { chaum86 } from '../chaum86.ts';
import { makeKey, must, payloadOf, secretsOf } from '../keys.test-helper.ts';
import { inverseMod } from './modular.ts';
import { rfc9474 } from '../rfc9474.ts';
import { rsavp1 } from './rsa.ts';
import { RSABSSA_SHA384_PSS_DETERMINISTIC, blind } from './rsabssa.ts';

const COINS = 8;
const key = makeKey(1024);
const { n } = key.public;
const number = (text: string) => BigInt(`0x${text}`);

/** The blinding factor that would have led from this coin to what the mint saw; the mint could compute it too. */
function explanation(seen: { answer: string }, coin: { signature: string }): bigint {
  const inverse = inverseMod(number(coin.signature), n);
  assert.ok(inverse !== undefined);
  return (number(seen.answer) * inverse) % n;
}

for (const suite of [rfc9474, chaum86]) {
  describe(`${suite.name}: the mint`, () => {
    const coins = Array.from({ length: COINS }, (_, index) => {
      const word = `coin ${index}`;
      const payload = payloadOf(word);
      const seen = suite.prepare(key.public, payload, secretsOf(word));
      const answer = suite.signPlainly(key.secretDocument, seen);
      const signature = must(suite.unblind(key.public, payload, answer, secretsOf(word)));
      return { word, payload, seen, answer, signature };
    });

    it('cannot tell which withdrawal a coin came from', () => {
      for (const issue of coins) {
        const factors = coins.map((redeemed) => {
          const r = explanation(issue, redeemed);
          assert.ok(r > 0n && r < n);
          assert.equal(
            (rsavp1(key.public, number(redeemed.signature)) * rsavp1(key.public, r)) % n,
            number(issue.seen),
          );
          return r;
        });
        assert.equal(new Set(factors).size, COINS, 'each pairing has a factor of its own');
      }
    });
  });
}

describe('RSA-SHA384-PSS-RFC9474: every pairing', () => {
  it('is what Blind itself would have made with that factor', () => {
    const make = (word: string) => {
      const payload = payloadOf(word);
      const seen = rfc9474.prepare(key.public, payload, secretsOf(word));
      const answer = rfc9474.signPlainly(key.secretDocument, seen);
      return {
        word,
        payload,
        seen,
        answer,
        signature: must(rfc9474.unblind(key.public, payload, answer, secretsOf(word))),
      };
    };
    const [issue, redeemed] = [make('issued'), make('redeemed')];
    const source = {
      random: (length: number) => secretsOf(redeemed.word)('salt', length),
      randomIntegerUniform: () => explanation(issue, redeemed),
    };
    const { blindedMsg } = blind(RSABSSA_SHA384_PSS_DETERMINISTIC, key.public, redeemed.payload, source);
    assert.equal(bytesToNumber(blindedMsg), number(issue.seen));
  });
});
