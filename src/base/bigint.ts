import { bytesToHex, hexToBytes } from './bytes.ts';

/**
 * The protocol's BigInt: lower-case hex without leading zeros, and `"0"` for zero.
 * Any other spelling is malformed and never normalised: two spellings of one serial must not be two coins.
 */
export const BIGINT_PATTERN = '^(0|[1-9a-f][0-9a-f]*)$';

const bigIntExpression = new RegExp(BIGINT_PATTERN);

/** Whether a text is a BigInt in its one spelling. */
export function isBigIntText(text: string): boolean {
  return bigIntExpression.test(text);
}

/** Reads a BigInt in its one spelling. Throws on any other: decode has already refused those. */
export function readBigInt(text: string): bigint {
  if (!isBigIntText(text)) throw new Error('not a BigInt in its one spelling');
  return BigInt('0x' + text);
}

/** Writes a number that is not negative as a BigInt. */
export function writeBigInt(value: bigint): string {
  if (value < 0n) throw new Error('a BigInt is never negative');
  return value.toString(16);
}

/** OS2IP of RFC 8017 §4.2: big-endian bytes to a number. */
export function bytesToNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt('0x' + bytesToHex(bytes));
}

/** I2OSP of RFC 8017 §4.1: a number to exactly `length` big-endian bytes. Throws when it does not fit. */
export function numberToBytes(value: bigint, length: number): Uint8Array {
  const hex = (value === 0n ? '' : writeBigInt(value)).padStart(length * 2, '0');
  if (hex.length !== length * 2) throw new Error(`number does not fit in ${length} bytes`);
  return hexToBytes(hex);
}
