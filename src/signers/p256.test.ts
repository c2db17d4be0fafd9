import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToNumber } from '../base/bigint.ts';
import { ORDER, Point, g } from '../suites/brands/group.ts';
import type { AffinePoint } from './p256.ts';
import {
  P256_ORDER,
  exponentOf,
  multiply,
  negate,
  basePower as powerOfBase,
  power as powerOf,
  readPoint,
  samePoint,
  writePoint,
} from './p256.ts';

/** Of each operation that multiplies a point; noble takes two milliseconds for one. */
const POWERS = 250;
const CASES = 1_000;

const basePower = (scalar: bigint) => powerOfBase(exponentOf(scalar));
const power = (point: AffinePoint, scalar: bigint) => powerOf(point, exponentOf(scalar));
const number = (word: string) => bytesToNumber(createHash('sha512').update(word).digest()) % ORDER;
const plain = ({ x, y }: AffinePoint) => Point.fromAffine({ x, y });
const native = (point: Point): AffinePoint => point.toAffine();
const { x, y } = native(g);

/** Numbers at which a formula could break. */
const BORDERS = [1n, 2n, 3n, ORDER / 2n, ORDER / 2n + 1n, ORDER - 3n, ORDER - 2n, ORDER - 1n];

describe('P-256 by OpenSSL', () => {
  it('has the order that noble has', () => {
    assert.equal(P256_ORDER, ORDER);
  });

  it('raises the base point as noble does', () => {
    const scalars = [...BORDERS, ...Array.from({ length: CASES }, (_, index) => number(`base ${index}`))];
    for (const scalar of scalars) {
      const expected = native(g.multiplyUnsafe(scalar));
      assert.deepEqual(basePower(scalar), expected, `${scalar}`);
    }
  });

  it('raises any point as noble does, y and all', () => {
    for (let index = 0; index < POWERS; index++) {
      const [base, scalar] = [basePower(number(`point ${index}`)), number(`scalar ${index}`)];
      assert.deepEqual(power(base, scalar), native(plain(base).multiplyUnsafe(scalar)));
    }
    for (const base of [{ x, y }, basePower(number('point'))])
      for (const scalar of BORDERS)
        assert.deepEqual(power(base, scalar), native(plain(base).multiplyUnsafe(scalar)), `${scalar}`);
  });

  it('throws at a scalar that is zero, the order, or out of range', () => {
    for (const scalar of [0n, ORDER, ORDER + 1n, 2n ** 256n, -1n]) {
      assert.throws(() => basePower(scalar), `${scalar}`);
      assert.throws(() => power({ x, y }, scalar), `${scalar}`);
    }
  });

  it('throws at a base that is no point', () => {
    for (const base of [
      { x, y: y + 1n },
      { x: 1n, y: 1n },
      { x: 0n, y: 0n },
      { x: 2n ** 256n - 1n, y },
    ])
      assert.throws(() => power(base, 5n));
  });

  it('raises many points by one exponent, and again', () => {
    const exponent = exponentOf(number('shared'));
    const points = [1, 2, 1].map((index) => basePower(number(`point ${index}`)));
    const expected = points.map((point) => native(plain(point).multiplyUnsafe(number('shared'))));
    assert.deepEqual(
      points.map((point) => powerOf(point, exponent)),
      expected,
    );
  });

  it('multiplies points as noble does', () => {
    for (let index = 0; index < CASES; index++) {
      const [left, right] = [basePower(number(`left ${index}`)), basePower(number(`right ${index}`))];
      assert.deepEqual(multiply(left, right), native(plain(left).add(plain(right))));
    }
    const one = basePower(number('one'));
    assert.deepEqual(multiply(one, one), native(plain(one).double()));
    assert.equal(multiply(one, negate(one)), undefined);
    assert.deepEqual(negate(one), native(plain(one).negate()));
    assert.ok(samePoint(one, { ...one }) && !samePoint(one, negate(one)));
  });

  it('reads and writes points as noble does, and nothing else', () => {
    for (let index = 0; index < CASES; index++) {
      const bytes = randomBytes(33);
      bytes[0] = 2 + (index % 2);
      const expected = readByNoble(bytes);
      const point = readPoint(bytes);
      assert.deepEqual(point, expected === undefined ? undefined : native(expected));
      if (point !== undefined) assert.deepEqual(Buffer.from(writePoint(point)), bytes);
    }
    const good = writePoint({ x, y });
    for (const first of [0, 1, 4, 5, 6, 7, 255])
      assert.equal(readPoint(Uint8Array.of(first, ...good.slice(1))), undefined);
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(0),
      new Uint8Array(33),
      good.slice(1),
      g.toBytes(false),
    ])
      assert.equal(readPoint(bytes), undefined);
    assert.equal(readPoint(Uint8Array.of(2, ...new Uint8Array(32).fill(255))), undefined);
  });
});

function readByNoble(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}
