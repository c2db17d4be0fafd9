/** What a forger, a dishonest mint and a curious one must not achieve under the suite Wagner. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { challenge, proveDleqPlainly, verifyDleq } from './dleq.ts';
import type { DleqProof } from './dleq.ts';
import { hashToCurve } from './hash-to-curve.ts';
import { must, payloadOf, secretsOf } from '../keys.test-helper.ts';
import { inverseMod } from '../rsa/modular.ts';
import { G, ORDER, readPoint, times, writePoint, writeScalar } from './points.ts';
import type { CurvePoint } from './points.ts';
import { wagner } from '../wagner.ts';
import { randomScalar, wagnerPair } from './wagner.test-helper.ts';
import type { WagnerPair } from './wagner.test-helper.ts';

const PRIME = 2n ** 256n - 2n ** 32n - 977n;

const pair = wagnerPair();
const other = wagnerPair();

const pointOf = (text: string): CurvePoint => readPoint(text.slice(0, 65)) ?? assert.fail('no point');
const scalars = (text: string): string[] => text.slice(65).match(/.{64}/g) ?? [];

/** A coin, and all that wallet and mint saw of it. */
function coinOf(word: string, { public: key, secretDocument }: WagnerPair = pair) {
  const payload = payloadOf(word);
  const blind = wagner.prepare(key, payload, secretsOf(word));
  const answer = wagner.signPlainly(secretDocument, blind);
  const held = must(wagner.unblind(key, payload, answer, secretsOf(word)));
  return { word, payload, blind, answer, held, shown: wagner.show(held) };
}

const coin = coinOf('coin');
const C = pointOf(coin.shown);
const takes = (shown: string, payload = coin.payload) =>
  wagner.verifyPlainly(pair.secretDocument, payload, shown);
const holds = (handed: string, payload = coin.payload) => wagner.verify(pair.public, payload, handed);
const unblinds = (answer: string) => {
  const held = wagner.unblind(pair.public, coin.payload, answer, secretsOf(coin.word));
  return !(held instanceof Refusal);
};

/** A coin as it is handed: made of a point and a proof that somebody came by in some other way. */
const handedOf = (point: CurvePoint, { e, s }: DleqProof, r: bigint) =>
  writePoint(point) + [e, s, r].map(writeScalar).join('');

describe('the forms of a coin under Wagner', () => {
  it('have one length each', () => {
    for (const each of ['a', 'b', 'c', 'd'].map((word) => coinOf(word))) {
      const lengths = [each.blind, each.answer, each.held, each.shown].map(({ length }) => length);
      assert.deepEqual(lengths, [65, 193, 257, 65]);
    }
  });

  it('show the mint the point, and nothing of the proof or of the blinding', () => {
    assert.equal(coin.shown, writePoint(times(pair.k, hashToCurve(coin.payload))));
    assert.ok(takes(coin.shown));
    for (const longer of [coin.held, coin.held.slice(0, 193), coin.held.slice(0, 129)]) {
      assert.equal(takes(longer), false, 'a coin shown with its proof is no coin');
    }
  });

  it('are told apart: the next holder takes none without its proof', () => {
    assert.ok(holds(coin.held));
    for (const shorter of [coin.shown, coin.held.slice(0, 193)]) assert.equal(holds(shorter), false);
  });
});

describe('a forger under Wagner', () => {
  it('is not given coins for points of their own', () => {
    const second = pointOf(coinOf('second').shown);
    const Y = hashToCurve(coin.payload);
    const forged = [C.negate(), C.add(G), C.subtract(G), C.add(pair.K), C.double(), C.add(second)];
    for (const point of [...forged, second, Y, Y.negate(), pair.K, G, C.subtract(second)]) {
      assert.equal(takes(writePoint(point)), false);
      assert.equal(holds(writePoint(point) + coin.held.slice(65)), false);
    }
  });

  it('gains no coin by adding coins up', () => {
    const [one, two] = [coinOf('one'), coinOf('two')];
    const sum = writePoint(pointOf(one.shown).add(pointOf(two.shown)));
    for (const payload of [one.payload, two.payload, new Uint8Array([...one.payload, ...two.payload])]) {
      assert.equal(takes(sum, payload), false);
    }
  });

  it('finds one spelling of a point, and none of what is no point', () => {
    const x = BigInt(`0x${coin.shown.slice(1)}`);
    const uncompressed = C.toHex(false);
    const texts = [
      '0',
      '00',
      '',
      `0${coin.shown}`,
      `${coin.shown}\n`,
      coin.shown.toUpperCase(),
      coin.shown.slice(1),
      (coin.shown.startsWith('2') ? '3' : '2') + coin.shown.slice(1),
      `4${uncompressed.slice(2)}`,
      uncompressed.slice(1),
      `6${uncompressed.slice(2)}`,
      `2${'0'.repeat(64)}`,
      `2${'f'.repeat(64)}`,
      `2${PRIME.toString(16)}`,
      ...[1n, 2n, 3n, 4n].map((step) => `2${writeScalar((x + step) % PRIME)}`),
    ];
    for (const text of texts) {
      assert.equal(takes(text), false, text);
      assert.equal(holds(text + coin.held.slice(65)), false, text);
      assert.equal(wagner.accepts(pair.public, `0${text}`), false, text);
    }
    // No y belongs to x = 5, and x = prime + 1 is x = 1, which is a point's, in another spelling.
    const one = `2${writeScalar(1n)}`;
    assert.ok(wagner.accepts(pair.public, one));
    for (const text of [`2${writeScalar(5n)}`, `2${writeScalar(PRIME + 1n)}`, '2', '0', `4${one.slice(1)}`]) {
      assert.equal(wagner.accepts(pair.public, text), false, text);
      assert.ok(wagner.readKey({ type: 'secp256k1 public key', point: text }) instanceof Refusal);
    }
  });

  it('does not move a coin to another payload, denomination or key', () => {
    const dearer = payloadOf(coin.word, 2);
    assert.equal(takes(coin.shown, dearer), false);
    assert.equal(holds(coin.held, dearer), false);
    assert.equal(wagner.verify(other.public, coin.payload, coin.held), false);
    assert.equal(wagner.verifyPlainly(other.secretDocument, coin.payload, coin.shown), false);
  });

  it('changes no part of a proof, and has no second spelling of it', () => {
    const parts = scalars(coin.held);
    for (const index of [0, 1, 2]) {
      const value = BigInt(`0x${parts[index] ?? ''}`);
      for (const changed of [value ^ 1n, (value + 1n) % ORDER, ORDER - value, 0n, ORDER, 2n ** 256n - 1n]) {
        const text = parts.with(index, writeScalar(changed)).join('');
        assert.equal(holds(coin.shown + text), false, `part ${index}`);
        if (index < 2) assert.equal(unblinds(coin.answer.slice(0, 65) + text.slice(0, 128)), false);
      }
    }
  });

  it('adds the order to nothing', () => {
    const r = 5n;
    const blind = hashToCurve(coin.payload).add(times(r, G));
    const answer = wagner.signPlainly(pair.secretDocument, writePoint(blind));
    const proof = answer.slice(65);
    assert.ok(holds(coin.shown + proof + writeScalar(r)));
    assert.equal(holds(coin.shown + proof + writeScalar(r + ORDER)), false);
  });

  it('hands over nothing that was not blinded', () => {
    const Y = hashToCurve(coin.payload);
    const proof = proveDleqPlainly(pair.k, { K: pair.K, blind: Y, answer: C });
    assert.equal(holds(handedOf(C, proof, 0n)), false);
  });
});

describe('a dishonest mint under Wagner', () => {
  const blind = pointOf(coin.blind);

  it('cannot sign with a key of its own: the wallet notices', () => {
    const answer = wagner.signPlainly(other.secretDocument, coin.blind);
    assert.ok(wagner.answers(other.public, coin.blind, answer), 'honest under its own key');
    assert.equal(wagner.answers(pair.public, coin.blind, answer), false);
    assert.equal(unblinds(answer), false);
    // Nor with the proof of the published key beside it.
    assert.equal(unblinds(answer.slice(0, 65) + coin.answer.slice(65)), false);
  });

  it('cannot prove what is not so', () => {
    const answer = times(other.k, blind);
    const proofs = [
      proveDleqPlainly(pair.k, { K: pair.K, blind, answer }),
      proveDleqPlainly(other.k, { K: pair.K, blind, answer }),
      proveDleqPlainly(other.k, { K: other.K, blind, answer }),
      { e: 0n, s: 0n },
      { e: 1n, s: pair.k },
      { e: 0n, s: 1n },
    ];
    for (const { e, s } of proofs) {
      assert.equal(unblinds(writePoint(answer) + writeScalar(e) + writeScalar(s)), false);
    }
  });

  it('cannot prove one half only, with commitments of its choice', () => {
    const answer = times(other.k, blind);
    const [t, u] = [randomScalar(), randomScalar()];
    const e = challenge([times(t, G), times(u, blind), pair.K, answer]);
    for (const s of [(t + e * pair.k) % ORDER, (u + e * other.k) % ORDER]) {
      assert.equal(unblinds(writePoint(answer) + writeScalar(e) + writeScalar(s)), false);
    }
  });

  it('cannot get such a coin past the next holder, whoever hands it over', () => {
    const r = BigInt(`0x${scalars(coin.held)[2] ?? ''}`);
    const answer = wagner.signPlainly(other.secretDocument, coin.blind);
    const [e = '', s = ''] = scalars(answer);
    const proof = { e: BigInt(`0x${e}`), s: BigInt(`0x${s}`) };
    for (const K of [pair.K, other.K]) {
      assert.equal(holds(handedOf(pointOf(answer).subtract(times(r, K)), proof, r)), false);
    }
    const good = scalars(coin.held).slice(0, 2);
    const right = { e: BigInt(`0x${good[0] ?? ''}`), s: BigInt(`0x${good[1] ?? ''}`) };
    assert.ok(holds(handedOf(C, right, r)));
    assert.equal(holds(handedOf(times(other.k, hashToCurve(coin.payload)), right, r)), false);
  });

  it("can bend a proof only to a blind that it computes last, which is nobody else's", () => {
    const [t, u] = [randomScalar(), randomScalar()];
    const answer = times(other.k, blind);
    const R2 = times(u, G);
    const e = challenge([times(t, G), R2, pair.K, answer]);
    const s = (t + e * pair.k) % ORDER;
    const bent = times(inverseMod(s, ORDER) ?? 0n, R2.add(times(e, answer)));
    assert.ok(verifyDleq({ K: pair.K, blind: bent, answer }, { e, s }), 'NUT-12 does not hash the blind');
    assert.equal(times(pair.k, bent).equals(answer), false);
    assert.equal(unblinds(writePoint(answer) + writeScalar(e) + writeScalar(s)), false);
    for (const r of [u, BigInt(`0x${scalars(coin.held)[2] ?? ''}`)]) {
      assert.equal(holds(handedOf(answer.subtract(times(r, pair.K)), { e, s }, r)), false);
    }
  });

  it('cannot answer one blind with what was asked for another', () => {
    assert.equal(unblinds(coinOf('another').answer), false);
    assert.equal(wagner.answers(pair.public, coinOf('another').blind, coin.answer), false);
  });
});

describe('a curious mint under Wagner', () => {
  const coins = ['one', 'two', 'three', 'four'].map((word) => coinOf(word));

  it('finds every coin behind every blind: one factor explains each pairing', () => {
    for (const issued of coins) {
      for (const redeemed of coins) {
        // B' = Y + r · G for one r, whichever it is; the same r must lead from C' to C, as r · K = k · (r · G).
        const rG = pointOf(issued.blind).subtract(hashToCurve(redeemed.payload));
        const rK = pointOf(issued.answer).subtract(pointOf(redeemed.shown));
        assert.ok(times(pair.k, rG).equals(rK));
      }
    }
  });

  it('finds the factor itself for every pairing, where logarithms are known', () => {
    const [y, r] = [
      [randomScalar(), randomScalar()],
      [randomScalar(), randomScalar()],
    ];
    const blinds = y.map((each, index) => (each + (r[index] ?? 0n)) % ORDER);
    for (const b of blinds) {
      for (const each of y) {
        const explains = (b - each + ORDER) % ORDER;
        const blind = times(each, G).add(times(explains, G));
        assert.ok(blind.equals(times(b, G)));
        const unblinded = times(pair.k, blind).subtract(times(explains, pair.K));
        assert.ok(unblinded.equals(times(pair.k, times(each, G))));
      }
    }
  });

  it('is shown nothing that it has seen', () => {
    for (const { shown, blind, answer, held } of coins) {
      for (const seen of [blind, answer.slice(0, 65), ...scalars(answer), ...scalars(held)]) {
        assert.equal(shown.includes(seen), false);
      }
    }
  });
});
