/** Arithmetic modulo n on plain big integers. Not constant time: for public values, for values of one use, and for reference. */

/** `base` to the power of `exponent` modulo `modulus`; none of them negative. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n % modulus;
  for (const bit of exponent.toString(2)) {
    power = (power * power) % modulus;
    if (bit === '1') power = (power * base) % modulus;
  }
  return power;
}

/** Bits that Lehmer's steps look at: sums and products of such numbers are exact in a double. */
const LEADING_BITS = 50;

/**
 * The inverse of `value` modulo `modulus`, from 1 to modulus - 1; undefined when they share a factor. Neither may be
 * negative. Euclid's algorithm, extended, with Lehmer's steps (Knuth, TAOCP 2, §4.5.2, algorithm L): the leading digits
 * tell most quotients, so that the long numbers are touched once for some fifteen of them.
 */
export function inverseMod(value: bigint, modulus: bigint): bigint | undefined {
  // At every step remainder ≡ coefficient · value, and previous ≡ previousCoefficient · value.
  let [previous, remainder] = [modulus, value % modulus];
  let [previousCoefficient, coefficient] = [0n, 1n];
  let shift = 4 * modulus.toString(16).length;
  while (remainder !== 0n) {
    // What the last shift left of the number says how long it is now.
    shift = Math.max(0, shift + bitLength(Number(previous >> BigInt(shift))) - LEADING_BITS);
    const steps = commonSteps(Number(previous >> BigInt(shift)), Number(remainder >> BigInt(shift)));
    const [a, b, c, d] = steps ?? [0n, 1n, 1n, -(previous / remainder)];
    [previous, remainder] = [a * previous + b * remainder, c * previous + d * remainder];
    [previousCoefficient, coefficient] = [
      a * previousCoefficient + b * coefficient,
      c * previousCoefficient + d * coefficient,
    ];
  }
  if (previous !== 1n) return undefined;
  return previousCoefficient < 0n ? previousCoefficient + modulus : previousCoefficient;
}

/** Whether two numbers share no factor. */
export function isCoprime(value: bigint, modulus: bigint): boolean {
  return inverseMod(value, modulus) !== undefined;
}

/** Euclid's steps in one: previous becomes a · previous + b · remainder, remainder c · previous + d · remainder. */
type Steps = readonly [a: bigint, b: bigint, c: bigint, d: bigint];

/**
 * The steps that Euclid's algorithm takes with all pairs of numbers that begin with these digits; undefined where
 * even the first quotient depends on what follows them.
 */
function commonSteps(previousDigits: number, remainderDigits: number): Steps | undefined {
  let [previous, remainder] = [previousDigits, remainderDigits];
  let [a, b, c, d] = [1, 0, 0, 1];
  while (remainder + c !== 0 && remainder + d !== 0) {
    // The true quotient lies between these two.
    const quotient = Math.floor((previous + a) / (remainder + c));
    if (quotient !== Math.floor((previous + b) / (remainder + d))) break;
    [previous, remainder] = [remainder, previous - quotient * remainder];
    [a, c] = [c, a - quotient * c];
    [b, d] = [d, b - quotient * d];
  }
  return b === 0 ? undefined : [BigInt(a), BigInt(b), BigInt(c), BigInt(d)];
}

function bitLength(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log2(value)) + 1;
}
