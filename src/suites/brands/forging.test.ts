/** A forger who has several withdrawals of one mint key open at once, and joins them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../base/bytes.ts';
import { accountOf } from './accounts.ts';
import { coinChallenge, paymentChallenge, writeHanded, writePayment } from './coin.ts';
import { g, g1, g2, pointBytes, pointOf, publicPower, publicProduct, reduce, scalarBytes } from './group.ts';
import {
  PAYMENT,
  accounts,
  alice,
  bytesOfText,
  inverted,
  nonceOfWord,
  numberAt,
  pair,
  replaced,
  scalarOfWord,
} from './brands.test-helper.ts';
import { brands } from '../brands.ts';
import { payloadOf } from '../keys.test-helper.ts';

const SESSIONS = 3;
const payload = payloadOf('forged');
const coinId = hexToBytes(nonceOfWord(new TextDecoder().decode(payload)));
const { u1, m } = accountOf(alice);
const [s, x1, x2] = ['s', 'x1', 'x2'].map(scalarOfWord) as [bigint, bigint, bigint];
const A = publicPower(m, s);
const B = publicProduct([g1, x1], [g2, x2]);

const commitments = Array.from({ length: SESSIONS }, (_, index) =>
  accounts.commitPlainly(pair.secretDocument, accounts.identity(alice), nonceOfWord(`session ${index}`)),
);
const weights = commitments.map((_, index) => scalarOfWord(`weight ${index}`));
const pointsAt = (at: number) =>
  commitments.map((text) => pointOf(bytesOfText(text).subarray(at, at + 33)) ?? assert.fail('no point'));
const product = (at: number) =>
  publicProduct(...pointsAt(at).map((point, index) => [point, weights[index]!] as const));
const sum = (values: readonly bigint[]) =>
  reduce(values.reduce((total, value, index) => total + value * weights[index]!, 0n));

/** All that the sessions come to, joined with the weights: what a' and b' would be, and the c' that hashing them gives. */
const [a, b, z] = [product(66), publicPower(product(99), s), publicPower(pointsAt(33)[0]!, s)];
const hashed = coinChallenge(pair.public.bytes, coinId, {
  A: pointBytes(A),
  B: pointBytes(B),
  z: pointBytes(z),
  a: pointBytes(a),
  b: pointBytes(b),
});

/** The mint's answers to these challenges, one for each session; joined, and handed over with a right answer. */
function joined(challenges: readonly bigint[]) {
  const answers = challenges.map((c, index) => {
    const blind = commitments[index]!.slice(0, 99 * 2 - 1) + Buffer.from(scalarBytes(c)).toString('hex');
    return numberAt(brands.signPlainly(pair.secretDocument, blind), 131);
  });
  const signature = {
    A: pointBytes(A),
    B: pointBytes(B),
    z: pointBytes(z),
    c: sum(challenges),
    r: sum(answers),
  };
  const paymentBytes = writePayment(PAYMENT) ?? assert.fail('a payment');
  const d = paymentChallenge(pair.public.bytes, coinId, signature, paymentBytes);
  const [r1, r2] = [reduce(d * u1 * s + x1), reduce(d * s + x2)];
  return { ...signature, handed: writeHanded({ ...signature, r1, r2, paymentBytes }) };
}

const chosen = commitments.map((_, index) => scalarOfWord(`challenge ${index}`));

describe('withdrawals that are joined', () => {
  it('give answers that fit together, but to a challenge that no hash gave', () => {
    const { c, r, handed } = joined(chosen);
    assert.ok(publicPower(g, r).equals(publicPower(pair.public.h, c).add(a)));
    assert.ok(publicPower(A, r).equals(publicPower(z, c).add(b)));
    assert.notEqual(c, hashed);
    assert.equal(brands.verify(pair.public, payload, handed), false);
    const withHash = replaced(handed, 99, scalarBytes(hashed));
    assert.equal(brands.verify(pair.public, payload, withHash), false);
  });

  it('make one coin of them all, once a challenge is chosen to fit, and no second', () => {
    const rest = sum([0n, ...chosen.slice(1)]);
    const fitting = reduce((hashed - rest) * inverted(weights[0]!));
    const { handed } = joined([fitting, ...chosen.slice(1)]);
    assert.ok(brands.verify(pair.public, payload, handed), 'three were paid for');
    for (const each of [payloadOf('second'), payloadOf('coin')])
      assert.equal(brands.verify(pair.public, each, handed), false);
  });
});
