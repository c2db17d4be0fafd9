import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { GENERATORS, ORDER, Point, g, g1, g2, pointBytes, writeBytes } from './group.ts';
import { readBrandsSecretKey } from './keys.ts';
import { accounts, alice, bob, numberAt, pair, pairOf, replaced } from './brands.test-helper.ts';
import { brands } from '../brands.ts';

/** U-Prove Recommended Parameters Profile V1.1 (Revision 2): the first x of a counted hash that has a y, and the smaller y. */
function uProveGenerator(index: number): string {
  const { Fp } = Point;
  const { a, b } = Point.CURVE();
  for (let counter = 0; ; counter++) {
    const text = `U-Prove Recommended Parameters ProfileP-256${index}${counter}0`;
    const x = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`) % Fp.ORDER;
    const square = Fp.create(x ** 3n + a * x + b);
    let y = 1n;
    for (let exponent = (Fp.ORDER + 1n) / 4n, base = square; exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) y = Fp.mul(y, base);
      base = Fp.sqr(base);
    }
    if (!Fp.eql(Fp.sqr(y), square)) continue;
    const smaller = y < Fp.neg(y) ? y : Fp.neg(y);
    return Point.fromAffine({ x, y: smaller }).toHex(true);
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** BigInts that are 33 bytes with a point's first byte, but no point. */
const OFF_THE_CURVE = [`2${'0'.repeat(63)}1`, `2${'f'.repeat(64)}`, `3${(ORDER - 1n).toString(16)}`].filter(
  (text) => {
    try {
      Point.fromHex(`0${text}`);
      return false;
    } catch {
      return true;
    }
  },
);

describe('the generators', () => {
  it('are those of U-Prove, whose derivation leaves nobody a choice', () => {
    assert.equal(uProveGenerator(1), hex(GENERATORS.g1));
    assert.equal(uProveGenerator(2), hex(GENERATORS.g2));
    assert.ok(g.equals(Point.BASE) && hex(GENERATORS.g) === g.toHex(true));
    for (const generator of [g, g1, g2]) generator.assertValidity();
    assert.equal(new Set(Object.values(GENERATORS).map(hex)).size, 3);
  });
});

describe('a mint key', () => {
  it('is refused off the curve, neutral, or as anything but one compressed point', () => {
    const whole = g.toHex(false).slice(1);
    for (const h of [...OFF_THE_CURVE, '0', '1', whole, `4${'0'.repeat(64)}`, '0'.repeat(66)]) {
      const refusal = brands.readKey({ ...pair.document, h });
      assert.ok(refusal instanceof Refusal, h);
      assert.equal(refusal.name, 'malformed');
    }
    assert.ok(OFF_THE_CURVE.length > 0);
  });

  it('has a secret from 1 to order - 1 that is its own', () => {
    const { secretDocument } = pair;
    for (const x of ['0', ORDER.toString(16), (pair.x + ORDER).toString(16), '1', '', 'x'])
      assert.throws(() => readBrandsSecretKey({ ...secretDocument, x }), /no pair/);
    assert.throws(() => readBrandsSecretKey(pair.document), /not a p256 brands secret key/);
    for (const x of [1n, ORDER - 1n]) assert.equal(readBrandsSecretKey(pairOf(x).secretDocument).x, x);
  });
});

describe('an account', () => {
  const context = utf8('what the proof is for');
  const [identity, proof] = [accounts.identity(alice), accounts.prove(alice, context)];

  it('has one identity, and another has another', () => {
    assert.equal(accounts.identity(alice), identity);
    assert.notEqual(accounts.identity(bob), identity);
    assert.match(identity, /^[23][0-9a-f]{64}$/);
  });

  it('proves it for one context, and nobody else’s', () => {
    assert.equal(accounts.prove(alice, context), proof);
    assert.ok(accounts.proves(identity, context, proof));
    assert.equal(accounts.proves(identity, utf8('something else'), proof), false);
    assert.equal(accounts.proves(identity, new Uint8Array(0), proof), false);
    assert.equal(accounts.proves(accounts.identity(bob), context, proof), false);
    assert.equal(accounts.proves(identity, context, accounts.prove(bob, context)), false);
  });

  it('never proves twice with one nonce: two proofs would give the secret away', () => {
    const proofs = ['one', 'two'].map((word) => accounts.prove(alice, utf8(word)));
    const commitments = proofs.map((each) => {
      const [e, y] = [numberAt(each, 1), numberAt(each, 33)];
      return g1
        .multiplyUnsafe(y)
        .subtract(Point.fromHex(`0${identity}`).multiplyUnsafe(e))
        .toHex();
    });
    assert.notEqual(commitments[0], commitments[1]);
  });

  it('has no proof but in its one form', () => {
    const [e, y] = [numberAt(proof, 1), numberAt(proof, 33)];
    const wrong = [
      '',
      '0',
      'x',
      `0${proof}`,
      `${proof}0`,
      proof.slice(1),
      proof.toUpperCase(),
      `2${proof.slice(1)}`,
      ...[1, 20, 33, 64].map((at) => replaced(proof, at, Uint8Array.of(bytesAt(proof, at) ^ 1))),
      replaced(proof, 1, new Uint8Array(32)),
      replaced(proof, 33, new Uint8Array(32)),
      ...[e + ORDER, y + ORDER]
        .map((value) => value.toString(16))
        .filter((text) => text.length <= 64)
        .map((text) => `1${text.padStart(64, '0')}${y.toString(16).padStart(64, '0')}`),
      replaced(proof, 33, Buffer.from((ORDER - y).toString(16).padStart(64, '0'), 'hex')),
    ];
    for (const text of wrong) assert.equal(accounts.proves(identity, context, text), false, text);
  });

  it('is none that is off the curve, neutral, or makes m neutral', () => {
    const none = writeBytes(pointBytes(g2.negate()));
    for (const text of ['0', '', 'x', ...OFF_THE_CURVE, none, `0${identity}`, `${identity}0`]) {
      assert.equal(accounts.proves(text, context, proof), false, text);
      assert.throws(
        () => accounts.commitPlainly(pair.secretDocument, text, '00'.repeat(32)),
        /not an identity/,
      );
    }
  });

  it('is none of secrets that give nothing', () => {
    assert.throws(() => accounts.identity((_label, length) => new Uint8Array(length)), /no scalar/);
  });
});

function bytesAt(text: string, at: number): number {
  return parseInt(`0${text}`.slice(at * 2, at * 2 + 2), 16);
}
