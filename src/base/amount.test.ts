import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ZERO, add, amount, formatAmount, isAmount, parseAmount, subtract, sum } from './amount.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const amounts = fc.maxSafeNat().map(amount);
const divisors = fc.oneof(
  fc.constantFrom(1, 10, 100, 1_000, 10 ** 15, 3, 12, 240, MOST),
  fc.integer({ min: 1, max: MOST }),
);

describe('an amount', () => {
  it('is a whole number from 0 to 2^53 - 1, and nothing else', () => {
    for (const value of [0, 1, MOST]) assert.ok(isAmount(value) && amount(value) === value);
    for (const value of [-1, 0.5, NaN, Infinity, MOST + 1]) {
      assert.ok(!isAmount(value));
      assert.throws(() => amount(value), RangeError);
    }
  });

  it('is added and taken away without losing a unit, or not at all', () => {
    fc.assert(
      fc.property(amounts, amounts, (left, right) => {
        if (left + right > MOST) assert.throws(() => add(left, right), RangeError);
        else assert.equal(subtract(add(left, right), right), left);
        if (left < right) assert.throws(() => subtract(left, right), RangeError);
      }),
    );
  });

  it('is summed exactly, or not at all', () => {
    assert.equal(sum([]), ZERO);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(), fc.maxSafeNat())), (list) => {
        const exact = list.reduce((total, each) => total + BigInt(each), 0n);
        if (exact > BigInt(MOST)) assert.throws(() => sum(list), RangeError);
        else assert.equal(BigInt(sum(list)), exact);
      }),
    );
    assert.throws(() => sum([1, -1]), RangeError);
    assert.throws(() => sum([0.5, 0.5]), RangeError);
  });
});

describe('an amount as people write it', () => {
  it('is read back as it was written, whatever the divisor', () => {
    fc.assert(
      fc.property(amounts, divisors, (value, divisor) => {
        assert.equal(parseAmount(formatAmount(value, divisor), divisor), value === 0 ? undefined : value);
      }),
    );
  });

  it('has as many decimals as the divisor', () => {
    const table = [
      [137, 1, '137'],
      [137, 100, '1.37'],
      [5, 100, '0.05'],
      [0, 100, '0.00'],
      [1, 3, '0.3'],
      [11, 12, '0.92'],
      [MOST, 100, '90071992547409.91'],
      [MOST, 10 ** 15, '9.007199254740991'],
    ] as const;
    for (const [value, divisor, text] of table) assert.equal(formatAmount(amount(value), divisor), text);
  });

  it('is read where it is exact, and where it is not it is not', () => {
    assert.equal(parseAmount('1.37', 100), 137);
    assert.equal(parseAmount('1.3', 100), 130);
    assert.equal(parseAmount('1.370', 100), 137);
    assert.equal(parseAmount('007', 1), 7);
    assert.equal(parseAmount('0.5', 12), 6);
    for (const text of [
      '',
      '0',
      '0.00',
      '1.371',
      '-1',
      '+1',
      '1.',
      '.5',
      '1,5',
      '1e2',
      ' 1',
      '1 ',
      '１',
      '9'.repeat(17),
    ]) {
      assert.equal(parseAmount(text, 100), undefined, text);
    }
    assert.equal(parseAmount('0.5', 1), undefined);
    assert.equal(parseAmount('0.4', 12), undefined);
    assert.equal(parseAmount('90071992547409.92', 100), undefined);
  });
});
