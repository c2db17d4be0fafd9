/** Coin ids as blinds: what suites that leave out the blinding sign, and show the mint that they do. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber, isBigIntText, numberToBytes, readBigInt, writeBigInt } from '../base/bigint.ts';

/** Bytes of a coin id: SHA-256. */
const BYTES = 32;

/** The coin id of a payload as a BigInt: the blind. */
export function coinIdBlind(payload: Uint8Array): string {
  return writeBigInt(bytesToNumber(sha256(payload)));
}

/** The 32 bytes that a BigInt stands for, as a coin id and a token do; undefined where it is longer or none. */
export function read32Bytes(text: string): Uint8Array | undefined {
  if (text.length > BYTES * 2 || !isBigIntText(text)) return undefined;
  return numberToBytes(readBigInt(text), BYTES);
}
