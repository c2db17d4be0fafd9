import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { emsaPssEncode } from './emsa-pss.ts';
import { must } from '../keys.test-helper.ts';
import { inverseMod } from './modular.ts';
import { readRsaSecretKey, writeRsaSecretKey } from './rsa.ts';
import { VARIANTS, blind, blindSign, finalize, prepare, verify } from './rsabssa.ts';
import type { RandomSource } from './rsabssa.ts';

interface Vectors {
  readonly key: Readonly<Record<'p' | 'q' | 'n' | 'e' | 'd', string>>;
  readonly vectors: readonly {
    readonly name: string;
    readonly msg: string;
    readonly msg_prefix: string;
    readonly salt: string;
    readonly inv: string;
    readonly encoded_msg?: string;
    readonly blinded_msg: string;
    readonly blind_sig: string;
    readonly sig: string;
  }[];
}

const file = new URL('../../../spec/vectors/rfc9474.json', import.meta.url);
const { key, vectors } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const sk = readRsaSecretKey(writeRsaSecretKey(BigInt(key.n), BigInt(key.e), BigInt(key.d)));

/** Randomness that gives what the vector says, once each and in order, and throws on anything else. */
function scripted(bytes: readonly string[], integers: readonly bigint[]): RandomSource & { done(): void } {
  const leftBytes = [...bytes];
  const leftIntegers = [...integers];
  return {
    random(n) {
      const next = leftBytes.shift();
      if (next?.length !== n * 2) throw new Error('randomness exhausted, or of another length');
      return hexToBytes(next);
    },
    randomIntegerUniform(M, N) {
      const next = leftIntegers.shift();
      if (next === undefined || next < M || next >= N)
        throw new Error('randomness exhausted, or out of range');
      return next;
    },
    done() {
      if (leftBytes.length + leftIntegers.length > 0) throw new Error('randomness left over');
    },
  };
}

describe('the vectors of RFC 9474, Appendix A', () => {
  it('are four, one for each variant, in order', () => {
    assert.deepEqual(
      vectors.map(({ name }) => name),
      VARIANTS.map(({ name }) => name),
    );
    assert.equal(BigInt(key.p) * BigInt(key.q), BigInt(key.n));
  });

  for (const [index, vector] of vectors.entries()) {
    const variant = VARIANTS[index]!;

    it(`${vector.name}: every step gives the published bytes`, () => {
      const r = inverseMod(BigInt(vector.inv), sk.n);
      assert.ok(r !== undefined);
      const source = scripted([...(variant.randomized ? [vector.msg_prefix] : []), vector.salt], [r]);

      const input = prepare(variant, hexToBytes(vector.msg), source);
      assert.equal(bytesToHex(input), vector.msg_prefix + vector.msg);
      if (vector.encoded_msg !== undefined) {
        assert.equal(
          bytesToHex(emsaPssEncode(input, sk.bits - 1, hexToBytes(vector.salt))),
          vector.encoded_msg,
        );
      }
      const { blindedMsg, inv } = blind(variant, sk, input, source);
      source.done();
      assert.equal(inv, BigInt(vector.inv));
      assert.equal(bytesToHex(blindedMsg), vector.blinded_msg);

      const blindSig = blindSign(sk, blindedMsg);
      assert.equal(bytesToHex(blindSig), vector.blind_sig);
      const sig = must(finalize(variant, sk, input, blindSig, inv));
      assert.equal(bytesToHex(sig), vector.sig);
      assert.ok(verify(variant, sk, input, sig));
    });

    it(`${vector.name}: its signature holds for no message beside it and under no other salt length`, () => {
      const input = hexToBytes(vector.msg_prefix + vector.msg);
      const sig = hexToBytes(vector.sig);
      const other = VARIANTS.find(({ saltLen }) => saltLen !== variant.saltLen)!;
      assert.equal(verify(variant, sk, input.subarray(1), sig), false);
      assert.equal(verify(variant, sk, new Uint8Array([...input, 0]), sig), false);
      assert.equal(verify(other, sk, input, sig), false);
      assert.equal(verify(variant, sk, input, sig.subarray(1)), false);
      assert.equal(verify(variant, sk, input, new Uint8Array([0, ...sig])), false);
    });
  }
});
