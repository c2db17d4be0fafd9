/** Arithmetic modulo n on plain big integers. Not constant time: for public values and for reference only. */

/** `base` to the power of `exponent` modulo `modulus`; none of them negative. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n % modulus;
  for (const bit of exponent.toString(2)) {
    power = (power * power) % modulus;
    if (bit === '1') power = (power * base) % modulus;
  }
  return power;
}

/** The inverse of `value` modulo `modulus`, from 1 to modulus - 1; undefined when they share a factor. */
export function inverseMod(value: bigint, modulus: bigint): bigint | undefined {
  // Euclid's algorithm, extended: at every step remainder ≡ coefficient · value.
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

/** Whether two numbers share no factor. */
export function isCoprime(value: bigint, modulus: bigint): boolean {
  return inverseMod(value, modulus) !== undefined;
}
