/** Blind's two errors, which one inversion must go on telling apart: keys here have factors that everyone knows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToNumber } from '../../base/bigint.ts';
import { utf8 } from '../../base/bytes.ts';
import { emsaPssEncode } from './emsa-pss.ts';
import type { RsaPublicKey } from './rsa.ts';
import { RSABSSA_SHA384_PSSZERO_DETERMINISTIC as VARIANT, blind } from './rsabssa.ts';

const n = 3n * ((1n << 1022n) + 7n);
const key: RsaPublicKey = { n, e: 65_537n, bits: 1024, bytes: 128 };
const sourceOf = (r: bigint) => ({
  random: (length: number) => new Uint8Array(length),
  randomIntegerUniform: () => r,
});

/** The first message of a row whose encoding modulo 3 is zero, or is not. */
function messageWith(divisible: boolean): Uint8Array {
  for (let count = 0; ; count++) {
    const msg = utf8(`message ${count}`);
    const m = bytesToNumber(emsaPssEncode(msg, key.bits - 1, new Uint8Array(0)));
    if ((m % 3n === 0n) === divisible) return msg;
  }
}

describe('Blind of RFC 9474', () => {
  it('takes no message that shares a factor with the modulus, whatever r is', () => {
    for (const r of [1n, 3n]) {
      assert.throws(() => blind(VARIANT, key, messageWith(true), sourceOf(r)), /^RangeError: invalid input$/);
    }
  });

  it('takes no r that shares a factor with the modulus', () => {
    for (const r of [3n, n / 3n, n - 3n]) {
      assert.throws(
        () => blind(VARIANT, key, messageWith(false), sourceOf(r)),
        /^RangeError: blinding error$/,
      );
    }
  });

  it('gives the inverse of r, not of the product it came from', () => {
    for (const r of [1n, 2n, n - 1n]) {
      const { inv } = blind(VARIANT, key, messageWith(false), sourceOf(r));
      assert.ok(inv > 0n && inv < n);
      assert.equal((r * inv) % n, 1n);
    }
  });
});
