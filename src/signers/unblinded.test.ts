/** OpenSSL's Ed25519 against the plain mathematics, where verifiers are known to differ, and an answer that is wrong. */
import assert from 'node:assert/strict';
import crypto, { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { concatBytes, hexToBytes } from '../base/bytes.ts';
import { SMALL_ORDER_25519 } from '../suites/hostile.test-helper.ts';
import { must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import { unblinded } from '../suites/unblinded.ts';
import { nativeUnblinded } from './unblinded.ts';

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const made = await nativeUnblinded.makeMintKey();
const key = must(unblinded.readKey(made.publicKey));
const opened = nativeUnblinded.open(made.publicKey, made.secret);
const secretObject = createPrivateKey({ key: Buffer.from(made.secret), format: 'der', type: 'pkcs8' });
const { d = '' } = secretObject.export({ format: 'jwk' });
/** The secret scalar: a thief has none, but the mint itself might make odd signatures. */
const { scalar: a } = ed25519.utils.getExtendedPublicKey(Buffer.from(d, 'base64url'));

function littleEndian(bytes: Uint8Array): bigint {
  return bytesToNumber(bytes.toReversed());
}

function scalarBytes(scalar: bigint): Uint8Array {
  return hexToBytes(scalar.toString(16).padStart(64, '0')).toReversed();
}

/** A signature with these bytes for R, whose equation holds for R = r·B up to a part of small order. */
function signatureWith(R: Uint8Array, r: bigint, payload: Uint8Array): Uint8Array {
  const k = littleEndian(sha512(concatBytes(R, key.bytes, sha256(payload)))) % ORDER;
  return concatBytes(R, scalarBytes((r + k * a) % ORDER));
}

/** Whether the coin is one: what both sides say, which must be the same. */
function verdict(payload: Uint8Array, signature: Uint8Array | string): boolean {
  const text = typeof signature === 'string' ? signature : writeBigInt(bytesToNumber(signature));
  const plainly = unblinded.verify(key, payload, text);
  assert.equal(opened.verify(payload, text), plainly, text);
  return plainly;
}

describe('ED25519-UNBLINDED: what a coin is, is the same natively and in plain arithmetic', () => {
  const payload = payloadOf('coin');
  const torsion = SMALL_ORDER_25519.slice(0, 10).map((hex) => Point.fromHex(hex, true));

  it('for signatures that were made as the RFC has it', () => {
    for (let count = 0; count < 60; count++) {
      const random = new Uint8Array(randomBytes(count));
      const blind = unblinded.prepare(key, random, secretsOf('any'));
      const signature = opened.sign(blind);
      assert.equal(
        signature,
        unblinded.signPlainly(nativeUnblinded.plainSecret(made.publicKey, made.secret), blind),
      );
      assert.equal(verdict(random, signature), true);
    }
    assert.equal(verdict(payload, signatureWith(Point.BASE.multiply(5n).toBytes(), 5n, payload)), true);
  });

  it('for an S that is not reduced: no coin', () => {
    const signature = signatureWith(Point.BASE.multiply(5n).toBytes(), 5n, payload);
    const S = littleEndian(signature.subarray(32));
    for (let times = 1n; S + times * ORDER < 2n ** 256n; times++)
      assert.equal(
        verdict(payload, concatBytes(signature.subarray(0, 32), scalarBytes(S + times * ORDER))),
        false,
      );
  });

  it('for an R with a part of small order: no coin, though the cofactor would forgive it', () => {
    for (const point of torsion.filter((each) => !each.is0())) {
      const signature = signatureWith(Point.BASE.multiply(5n).add(point).toBytes(), 5n, payload);
      assert.equal(verdict(payload, signature), false);
      assert.ok(
        ed25519.verify(signature, sha256(payload), key.bytes, { zip215: true }),
        'elsewhere it is one',
      );
    }
  });

  it('for an R of small order, in every encoding', () => {
    for (const hex of SMALL_ORDER_25519) {
      const signature = signatureWith(hexToBytes(hex), 0n, payload);
      // The RFC's equation holds for the first of them, which OpenSSL turns down; only the key's owner can make it.
      assert.equal(verdict(payload, signature), false, hex);
      for (const S of [0n, 1n, ORDER - 1n, ORDER])
        assert.equal(verdict(payload, concatBytes(hexToBytes(hex), scalarBytes(S))), false);
    }
  });

  it('for an R that is no point, and a signature cut or lengthened', () => {
    const signature = hexToBytes(
      opened.sign(unblinded.prepare(key, payload, secretsOf('any'))).padStart(128, '0'),
    );
    for (const [at, bit] of Array.from({ length: 64 }, (_, index) => [index, index % 8] as const)) {
      const changed = signature.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      assert.equal(verdict(payload, changed), false, `byte ${at}`);
    }
    for (const length of [0, 1, 32, 63]) assert.equal(verdict(payload, signature.subarray(0, length)), false);
    assert.equal(verdict(payload, Uint8Array.of(1, ...signature)), false);
  });
});

describe('ED25519-UNBLINDED: a mint key', () => {
  it('is opened with Ed25519 secrets only', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    const secret = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
    assert.throws(
      () => nativeUnblinded.open(made.publicKey, secret),
      /^Error: the secret is no Ed25519 key$/,
    );
  });

  it('lets no wrong answer out', () => {
    const blind = unblinded.prepare(key, payloadOf('coin'), secretsOf('any'));
    const original = crypto.sign;
    const faulty = (data: Uint8Array): Buffer => {
      const signature = Buffer.from(original(null, data, secretObject));
      signature.writeUInt8(signature.readUInt8(40) ^ 1, 40);
      return signature;
    };
    try {
      Object.assign(crypto, { sign: (_algorithm: null, data: Uint8Array) => faulty(data) });
      syncBuiltinESMExports();
      assert.throws(() => opened.sign(blind), /the private operation failed its check/);
    } finally {
      Object.assign(crypto, { sign: original });
      syncBuiltinESMExports();
    }
    assert.ok(unblinded.answers(key, blind, opened.sign(blind)));
  });
});
