import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumber, numberToBytes } from '../../base/bigint.ts';
import { concatBytes, sameBytes, utf8 } from '../../base/bytes.ts';
import { verifyTitleSignature } from './signature.ts';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;
const { ORDER } = Point.Fn;
const PRIME = 2n ** 255n - 19n;
const MESSAGE = utf8('whoever holds this');

/** The rule once more, in another arithmetic: strict encodings, no point of small order, no cofactor, R as bytes. */
function verdict(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const A = pointOf(publicKey);
  const R = pointOf(signature.subarray(0, 32));
  const S = bytesToNumber(signature.slice(32).toReversed());
  if (A === undefined || R === undefined || A.isSmallOrder() || R.isSmallOrder() || S >= ORDER) return false;
  const expected = Point.BASE.multiplyUnsafe(S).subtract(
    A.multiplyUnsafe(challenge(signature, publicKey, bytes)),
  );
  return sameBytes(expected.toBytes(), signature.subarray(0, 32));
}

function challenge(R: Uint8Array, A: Uint8Array, bytes: Uint8Array): bigint {
  const digest = createHash('sha512').update(R.subarray(0, 32)).update(A).update(bytes).digest();
  return bytesToNumber(digest.toReversed()) % ORDER;
}

function pointOf(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return undefined;
  }
}

function scalarBytes(scalar: bigint): Uint8Array {
  return numberToBytes(scalar, 32).toReversed();
}

/** The eight points of small order. */
function smallPoints(): readonly Point[] {
  for (let first = 2; ; first++) {
    const bytes = new Uint8Array(32).fill(first);
    const point = pointOf(bytes);
    const torsion = point?.multiplyUnsafe(ORDER - 1n).add(point);
    if (torsion === undefined || torsion.multiplyUnsafe(4n).is0()) continue;
    return Array.from({ length: 8 }, (_, index) => torsion.multiplyUnsafe(BigInt(index)));
  }
}

/** Each in every encoding that a lax reader takes: y beside y + p, and both signs where x is 0. */
function laxEncodings(point: Point): readonly Uint8Array[] {
  const { x, y } = point.toAffine();
  const ys = y + PRIME < 2n ** 255n ? [y, y + PRIME] : [y];
  const signs = x === 0n ? [0n, 1n] : [x & 1n];
  return ys.flatMap((each) => signs.map((sign) => scalarBytes(each | (sign << 255n))));
}

/** A signature that satisfies [S]B = R + [k]A for whatever A and R are, where anybody can make one. */
function forged(A: Uint8Array, small: Point, bytes: Uint8Array): Uint8Array | undefined {
  for (let attempt = 1n; attempt < 64n; attempt++) {
    const R = Point.BASE.multiplyUnsafe(attempt).toBytes();
    if (small.multiplyUnsafe(challenge(R, A, bytes)).is0()) return concatBytes(R, scalarBytes(attempt));
  }
  return undefined;
}

function pair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  return { key, sign: (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, privateKey)) };
}

describe('signatures of holders', () => {
  it('verify by their key over their bytes, and nothing else does', () => {
    for (let round = 0; round < 10; round++) {
      const { key, sign } = pair();
      const signature = sign(MESSAGE);
      assert.equal(verifyTitleSignature(key, MESSAGE, signature), true);
      assert.equal(verdict(key, MESSAGE, signature), true);
      assert.equal(verifyTitleSignature(pair().key, MESSAGE, signature), false);
      assert.equal(verifyTitleSignature(key, utf8('other'), signature), false);
      for (const wrong of [signature.subarray(1), new Uint8Array(0), new Uint8Array(64)])
        assert.equal(verifyTitleSignature(key, MESSAGE, wrong), false);
      for (const wrong of [key.subarray(1), new Uint8Array(0), new Uint8Array(32).fill(0xff)])
        assert.equal(verifyTitleSignature(wrong, MESSAGE, signature), false);
    }
  });

  it('have one form: no bit of key or signature may be another', () => {
    const { key, sign } = pair();
    const signature = sign(MESSAGE);
    for (let bit = 0; bit < 512; bit++) {
      const other = new Uint8Array(signature);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(verifyTitleSignature(key, MESSAGE, other), false, `bit ${bit}`);
      if (bit >= 256) continue;
      const otherKey = new Uint8Array(key);
      otherKey[bit >> 3] = (otherKey[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(verifyTitleSignature(otherKey, MESSAGE, signature), false, `bit ${bit} of the key`);
    }
    const S = bytesToNumber(signature.slice(32).toReversed());
    const malleable = concatBytes(signature.subarray(0, 32), scalarBytes(S + ORDER));
    assert.equal(verifyTitleSignature(key, MESSAGE, malleable), false);
  });

  it('are none under a key of small order, however it is written', () => {
    const encodings = smallPoints().flatMap((small) => laxEncodings(small).map((A) => ({ small, A })));
    assert.equal(encodings.length, 14);
    let forgeries = 0;
    let laxly = 0;
    for (const { small, A } of encodings) {
      const signature = forged(A, small, MESSAGE);
      if (signature === undefined) continue;
      forgeries++;
      if (ed25519.verify(signature, MESSAGE, A)) laxly++;
      assert.equal(verifyTitleSignature(A, MESSAGE, signature), false, Buffer.from(A).toString('hex'));
    }
    assert.equal(forgeries, 14, 'anybody can sign for each of them');
    assert.equal(laxly, 14, 'and a lax verifier lets it pass');
  });

  it('are none with an R of small order', () => {
    const secret = bytesToNumber(randomBytes(32)) % ORDER;
    const key = Point.BASE.multiply(secret).toBytes();
    for (const small of smallPoints())
      for (const R of laxEncodings(small)) {
        const S = (challenge(R, key, MESSAGE) * secret) % ORDER;
        assert.equal(verifyTitleSignature(key, MESSAGE, concatBytes(R, scalarBytes(S))), false);
      }
  });

  it('have the verdict of another arithmetic where a key has a part of small order', () => {
    const secret = bytesToNumber(randomBytes(32)) % ORDER;
    const seen = new Set<boolean>();
    for (const small of smallPoints().slice(1)) {
      const A = Point.BASE.multiply(secret).add(small).toBytes();
      for (let attempt = 1n; attempt < 24n; attempt++) {
        const R = Point.BASE.multiplyUnsafe(attempt).toBytes();
        const S = (attempt + challenge(R, A, MESSAGE) * secret) % ORDER;
        const signature = concatBytes(R, scalarBytes(S));
        const expected = verdict(A, MESSAGE, signature);
        seen.add(expected);
        assert.equal(verifyTitleSignature(A, MESSAGE, signature), expected);
      }
    }
    assert.deepEqual(seen, new Set([true, false]), 'some hold and some do not');
  });

  it('are none under a key that is no point, or one in another encoding', () => {
    const { sign } = pair();
    assert.equal(verifyTitleSignature(new Uint8Array(32).fill(2), MESSAGE, sign(MESSAGE)), false);
    // y and y + p are the same to a lax reader: of large order, with a secret that nobody knows. R alone can be chosen.
    for (let y = PRIME; y < 2n ** 255n; y++) {
      const R = scalarBytes(y);
      const { key } = pair();
      assert.equal(verifyTitleSignature(key, MESSAGE, concatBytes(R, scalarBytes(1n))), false);
      assert.equal(verifyTitleSignature(R, MESSAGE, sign(MESSAGE)), false);
    }
  });
});
