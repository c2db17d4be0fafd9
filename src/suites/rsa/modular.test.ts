/** Inversion with Lehmer's steps against Euclid's algorithm as it stands in books. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inverseMod } from './modular.ts';

function plainInverse(value: bigint, modulus: bigint): bigint | undefined {
  let [previous, remainder] = [modulus, value % modulus];
  let [previousCoefficient, coefficient] = [0n, 1n];
  while (remainder !== 0n) {
    const quotient = previous / remainder;
    [previous, remainder] = [remainder, previous - quotient * remainder];
    [previousCoefficient, coefficient] = [coefficient, previousCoefficient - quotient * coefficient];
  }
  if (previous !== 1n) return undefined;
  return previousCoefficient < 0n ? previousCoefficient + modulus : previousCoefficient;
}

function assertSame(value: bigint, modulus: bigint): void {
  const inverse = inverseMod(value, modulus);
  assert.equal(inverse, plainInverse(value, modulus), `${value} modulo ${modulus}`);
  if (inverse !== undefined) assert.equal((value * inverse) % modulus, 1n % modulus);
}

/** The pair for which Euclid's algorithm finds these quotients, last first, and this greatest common divisor. */
function pairWith(quotients: readonly bigint[], divisor: bigint): [value: bigint, modulus: bigint] {
  return quotients.reduce(
    ([value, modulus], quotient) => [modulus, quotient * modulus + value],
    [0n, divisor],
  );
}

const bits = (most: number) => fc.bigInt(0n, (1n << BigInt(most)) - 1n);

/** Numbers at and beside powers of two: where digits are cut off, and where doubles stop being exact. */
const edges = [1, 2, 24, 25, 26, 31, 32, 49, 50, 51, 52, 53, 54, 63, 64, 99, 100, 101, 127, 1024, 2047, 2048]
  .map((each) => 1n << BigInt(each))
  .flatMap((power) => [power - 1n, power, power + 1n]);

describe('inversion modulo n', () => {
  it('is right for all small numbers', () => {
    for (let modulus = 1n; modulus <= 150n; modulus++) {
      for (let value = 0n; value <= 2n * modulus; value++) assertSame(value, modulus);
    }
  });

  it('is right at and beside powers of two', () => {
    for (const modulus of edges) for (const value of [0n, ...edges]) assertSame(value, modulus);
  });

  it('is right beside the modulus, its half and its root', () => {
    fc.assert(
      fc.property(bits(2048), fc.bigInt(-3n, 3n), (any, beside) => {
        const modulus = any + 10n;
        for (const value of [modulus, modulus / 2n, modulus / 3n, 1n << 1024n])
          assertSame(value + beside, modulus);
      }),
    );
  });

  it('is right for numbers of any lengths, with a common factor or without', () => {
    const lengths = fc.constantFrom(8, 50, 60, 110, 512, 2048, 3072);
    const number = lengths.chain(bits);
    fc.assert(
      fc.property(number, number, fc.oneof(fc.constant(1n), bits(70)), (value, modulus, factor) => {
        assertSame(value * (factor + 1n), (modulus + 1n) * (factor + 1n));
        assertSame(value, modulus + 1n);
      }),
      { numRuns: 500 },
    );
  });

  it('is right whatever the quotients are: all ones, huge ones, and one after the other', () => {
    const quotient = fc.oneof(
      { weight: 4, arbitrary: fc.constant(1n) },
      { weight: 4, arbitrary: fc.bigInt(1n, 9n) },
      fc.constantFrom(...edges),
      bits(60).map((each) => each + 1n),
    );
    fc.assert(
      fc.property(
        fc.array(quotient, { minLength: 1, maxLength: 300, size: 'max' }),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(1n) },
          bits(60).map((each) => each + 1n),
        ),
        (quotients, divisor) => assertSame(...pairWith(quotients, divisor)),
      ),
      { numRuns: 500 },
    );
    assertSame(
      ...pairWith(
        Array.from({ length: 3000 }, () => 1n),
        1n,
      ),
    );
  });
});
