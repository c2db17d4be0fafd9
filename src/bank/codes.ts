/** Codes that people read, write on paper and type. */

/** Crockford's base 32 (crockford.com/base32.html): neither I, L and O, which look like digits, nor U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const WRITTEN = new RegExp(`^[${ALPHABET}]+$`);
const BITS_PER_CHARACTER = 5;
const HASH_BITS = 256;

/** The first bits of a hash of 64 hex digits as a code of `length` characters, five bits each. */
export function writeCode(hash: string, length: number): string {
  const bits = BigInt(`0x${hash}`) >> BigInt(HASH_BITS - length * BITS_PER_CHARACTER);
  return Array.from({ length }, (_, at) => {
    const digit = (bits >> BigInt((length - 1 - at) * BITS_PER_CHARACTER)) & 31n;
    return ALPHABET.charAt(Number(digit));
  }).join('');
}

/** The code that a person typed, in capitals or not, with spaces and hyphens or without; undefined when it is none. */
export function readCode(text: string, length: number): string | undefined {
  const typed = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return typed.length === length && WRITTEN.test(typed) ? typed : undefined;
}
