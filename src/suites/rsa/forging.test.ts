/** What a thief would try with RSA's own arithmetic. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { chaum86 } from '../chaum86.ts';
import { makeKey, must, payloadOf, secretsOf } from '../keys.test-helper.ts';
import { inverseMod } from './modular.ts';
import { rfc9474 } from '../rfc9474.ts';
import type { RsaPublicKey } from './rsa.ts';
import type { CipherSuite } from '../suite.ts';

const key = makeKey(1024);
const { n } = key.public;

function coin(suite: CipherSuite, serial: string) {
  const payload = payloadOf(serial);
  const blind = suite.prepare(key.public, payload, secretsOf(serial));
  const answer = suite.signPlainly(key.secretDocument, blind);
  const signature = must(suite.unblind(key.public, payload, answer, secretsOf(serial)));
  return { payload, blind, answer, number: BigInt(`0x${signature}`) };
}

for (const suite of [rfc9474, chaum86]) {
  describe(`${suite.name}: a thief who can multiply`, () => {
    const { payload, number } = coin(suite, 'honest');

    it('finds no second number for one signature', () => {
      for (const each of [number + n, number + 2n * n, n - number, number + 1n, number - 1n])
        assert.equal(suite.verify(key.public, payload, each.toString(16)), false);
    });

    it('gets by with no number that needs no key', () => {
      for (const each of [0n, 1n, n - 1n, n, n + 1n])
        assert.equal(suite.verify(key.public, payload, each.toString(16)), false);
    });

    it('makes no third coin out of two', () => {
      const [one, two] = [coin(suite, 'one').number, coin(suite, 'two').number];
      const combined = [
        (one * two) % n,
        (one * defined(inverseMod(two, n))) % n,
        defined(inverseMod(one, n)),
      ];
      for (const forged of combined) {
        for (const serial of ['one', 'two', 'three', 'onetwo', 'honest'])
          assert.equal(suite.verify(key.public, payloadOf(serial), forged.toString(16)), false);
      }
    });
  });

  describe(`${suite.name}: numbers at the borders`, () => {
    it('are blinds above zero and below the modulus', () => {
      for (const blind of ['1', '2', (n - 1n).toString(16)]) assert.ok(suite.accepts(key.public, blind));
      for (const blind of ['0', n.toString(16), (n + 1n).toString(16)])
        assert.equal(suite.accepts(key.public, blind), false, blind);
    });

    it('are no answers', () => {
      const { answer, blind, payload } = coin(suite, 'coin');
      const beyond = (BigInt(`0x${answer}`) + n).toString(16);
      for (const wrong of [beyond, (n - 1n).toString(16), n.toString(16)]) {
        assert.ok(suite.unblind(key.public, payload, wrong, secretsOf('coin')) instanceof Refusal);
        assert.equal(suite.answers(key.public, blind, wrong), false);
      }
    });

    it('are not signed beyond the modulus', () => {
      assert.throws(() => suite.signPlainly(key.secretDocument, n.toString(16)));
      assert.throws(() => suite.signPlainly(key.document, '1'), /rsa secret key/);
    });
  });
}

/** The mint's answer to a number of the buyer's choice, as anyone can buy it. */
function bought(suite: CipherSuite<RsaPublicKey>, number: bigint): bigint {
  assert.ok(suite.accepts(key.public, number.toString(16)));
  return BigInt(`0x${suite.signPlainly(key.secretDocument, number.toString(16))}`);
}

describe('bought signatures multiply', () => {
  const [two, three] = [bought(chaum86, 2n), bought(chaum86, 3n)];
  const smooth = 2n ** 120n * 3n ** 80n;
  let forged = 1n;
  for (let count = 0; count < 120; count++) forged = (forged * two) % n;
  for (let count = 0; count < 80; count++) forged = (forged * three) % n;

  it('so that in CHAUM86 two of them sign every 256-bit hash with no prime above 3: its caution is true', () => {
    assert.ok(smooth < 2n ** 256n);
    // A payload with this hash would be a coin that nobody paid for; more primes make such payloads findable.
    assert.ok(chaum86.answers(key.public, smooth.toString(16), forged.toString(16)));
    assert.match(chaum86.promises.caution, /forged from enough bought signatures of small primes/);
  });

  it('but in RFC9474 no product is an encoded message: all of the modulus is prescribed', () => {
    assert.ok(rfc9474.answers(key.public, smooth.toString(16), forged.toString(16)));
    for (const serial of ['one', 'two', 'three'])
      assert.equal(rfc9474.verify(key.public, payloadOf(serial), forged.toString(16)), false);
  });
});

function defined(value: bigint | undefined): bigint {
  assert.ok(value !== undefined);
  return value;
}
