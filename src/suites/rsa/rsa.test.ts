import assert from 'node:assert/strict';
import { constants, createHash, randomBytes, sign, verify as verifyNatively } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bytesToNumber, numberToBytes, writeBigInt } from '../../base/bigint.ts';
import { Refusal } from '../../base/refusal.ts';
import { blindingFactor } from './blinding-factor.ts';
import { chaum86 } from '../chaum86.ts';
import { rsassaPkcs1Verify } from './emsa-pkcs1-v1_5.ts';
import { emsaPssEncode, emsaPssVerify } from './emsa-pss.ts';
import { makeKey, must, secretsOf } from '../keys.test-helper.ts';
import { inverseMod, isCoprime, modPow } from './modular.ts';
import { rfc9474 } from '../rfc9474.ts';
import { readRsaPublicKey, rsasp1, rsavp1 } from './rsa.ts';
import { RSABSSA_SHA384_PSS_DETERMINISTIC, verify } from './rsabssa.ts';
import type { KeyDocument } from '../suite.ts';

const RSA_SUITES = [rfc9474, chaum86];
const key = makeKey(1024);
const strong = makeKey(2048);
const right = key.document;
const modulus = key.public.n;

describe('arithmetic modulo n', () => {
  it('raises to powers as repeated multiplication does', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 1000n),
        fc.integer({ min: 0, max: 40 }),
        fc.bigInt(1n, 1000n),
        (base, exponent, n) => {
          let expected = 1n % n;
          for (let count = 0; count < exponent; count++) expected = (expected * base) % n;
          assert.equal(modPow(base, BigInt(exponent), n), expected);
        },
      ),
    );
  });

  it('inverts what shares no factor, and nothing else', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10_000n), fc.bigInt(2n, 10_000n), (value, n) => {
        const inverse = inverseMod(value, n);
        if (inverse !== undefined) assert.equal((value * inverse) % n, 1n);
        else assert.ok(factors(n).some((factor) => value % factor === 0n));
        assert.equal(isCoprime(value, n), inverse !== undefined);
      }),
    );
  });
});

function factors(n: bigint): bigint[] {
  return Array.from({ length: Number(n) - 1 }, (_, index) => BigInt(index + 2)).filter(
    (each) => n % each === 0n,
  );
}

describe('an rsa public key', () => {
  const wrong: readonly [field: string, document: Record<string, unknown>][] = [
    ['type', { ...right, type: 'ec public key' }],
    ['type', { ...right, type: 'rsa secret key' }],
    ['modulus', { type: right.type, public_exponent: 65537 }],
    ['modulus', { ...right, modulus: 12345 }],
    ['modulus', { ...right, modulus: '' }],
    ['modulus', { ...right, modulus: '0' + String(right['modulus']) }],
    ['modulus', { ...right, modulus: String(right['modulus']).toUpperCase() }],
    ['modulus', { ...right, modulus: (modulus - 1n).toString(16) }],
    ['modulus', { ...right, modulus: (2n ** 510n + 1n).toString(16) }],
    ['modulus', { ...right, modulus: (2n ** 8192n + 1n).toString(16) }],
    ['modulus', { ...right, modulus: 'f'.repeat(100_000) }],
    ['public_exponent', { type: right.type, modulus: right['modulus'] }],
    ['public_exponent', { ...right, public_exponent: '10001' }],
    ['public_exponent', { ...right, public_exponent: 1 }],
    ['public_exponent', { ...right, public_exponent: -3 }],
    ['public_exponent', { ...right, public_exponent: 65536 }],
    ['public_exponent', { ...right, public_exponent: 65537.5 }],
    ['public_exponent', { ...right, public_exponent: NaN }],
    ['public_exponent', { ...right, public_exponent: 2 ** 32 + 1 }],
    ['private_exponent', { ...right, private_exponent: '1' }],
    ['extra', { ...right, extra: 0 }],
  ];

  for (const suite of RSA_SUITES) {
    it(`${suite.name}: is read`, () => {
      assert.deepEqual(suite.readKey(right), { n: modulus, e: 65537n, bits: 1024, bytes: 128 });
      assert.ok(!(suite.readKey({ ...right, modulus: (2n ** 511n + 1n).toString(16) }) instanceof Refusal));
      assert.ok(!(suite.readKey({ ...right, modulus: (2n ** 8192n - 1n).toString(16) }) instanceof Refusal));
      assert.ok(!(suite.readKey({ ...right, public_exponent: 2 ** 32 - 1 }) instanceof Refusal));
    });

    it(`${suite.name}: is refused with the field that is wrong`, () => {
      for (const [field, document] of wrong) {
        const refusal = suite.readKey(document as KeyDocument);
        assert.ok(refusal instanceof Refusal, field);
        assert.equal(refusal.name, 'malformed');
        assert.equal(refusal.details.split(':')[0], field);
      }
    });

    it(`${suite.name}: is weak under 2048 bits`, () => {
      assert.match(suite.weakness(key.public) ?? '', /1024 bits/);
      assert.equal(suite.weakness(strong.public), undefined);
      for (const factor of [3n, 251n, 65_521n]) {
        const factored = factor * (2n ** 2047n / factor + 2n);
        const modulus = (factored % 2n === 1n ? factored : factored + factor).toString(16);
        assert.match(suite.weakness(must(suite.readKey({ ...right, modulus }))) ?? '', /small factor/);
      }
    });
  }
});

describe('the RSA primitives', () => {
  it('undo each other, and throw out of range', () => {
    for (const m of [0n, 1n, 2n, modulus - 1n]) assert.equal(rsavp1(key.public, rsasp1(key.secret, m)), m);
    for (const m of [-1n, modulus, modulus + 1n]) {
      assert.throws(() => rsavp1(key.public, m), RangeError);
      assert.throws(() => rsasp1(key.secret, m), RangeError);
    }
  });

  it('take blinding factors from 1 to n - 1, and another when the first is none', () => {
    const labels: string[] = [];
    const { r, inv } = blindingFactor(key.public, (label, length) => {
      labels.push(label);
      assert.equal(length, 128 + 16);
      return label === 'blinding factor' ? new Uint8Array(length) : secretsOf('coin')(label, length);
    });
    assert.deepEqual(labels, ['blinding factor', 'blinding factor 1']);
    assert.ok(r > 0n && r < modulus);
    assert.equal((r * inv) % modulus, 1n);
  });

  it('throw when the secrets give no blinding factor', () => {
    const none = (_label: string, length: number) => new Uint8Array(length);
    assert.throws(() => blindingFactor(key.public, none), /no blinding factor/);
  });
});

describe('document signatures', () => {
  const document = new Uint8Array(randomBytes(500));
  const signature = writeBigInt(bytesToNumber(sign('sha256', document, key.secretObject)));

  it("verify as OpenSSL's", () => {
    for (const suite of RSA_SUITES) {
      assert.ok(suite.documents.verify(key.public, document, signature));
      assert.equal(suite.documents.verify(key.public, document.subarray(1), signature), false);
    }
  });

  it('have one spelling, one key and one hash', () => {
    const sha512 = writeBigInt(bytesToNumber(sign('sha512', document, key.secretObject)));
    const beyond = (BigInt(`0x${signature}`) + modulus).toString(16);
    for (const text of ['', '0', '1', `0${signature}`, signature.toUpperCase(), sha512, beyond]) {
      assert.equal(rsassaPkcs1Verify(key.public, document, text), false);
    }
    assert.equal(rsassaPkcs1Verify(makeKey(1024).public, document, signature), false);
  });

  it('cannot be forged under exponent 3 by a cube with rubbish behind the hash', () => {
    const victim = must(readRsaPublicKey({ ...makeKey(2048).document, public_exponent: 3 }));
    const info = '3031300d060960864801650304020105000420';
    const message = new Uint8Array(randomBytes(40));
    const hash = createHash('sha256').update(message).digest('hex');
    const wanted = BigInt('0x' + `0001${'ff'.repeat(8)}00${info}${hash}`.padEnd(512, '0'));
    const cube = cubeRoot(wanted) + 1n;
    const forged = numberToBytes(rsavp1(victim, cube), 256);
    assert.equal(Buffer.from(forged).toString('hex', 11, 11 + 51), info + hash);
    assert.equal(rsassaPkcs1Verify(victim, message, writeBigInt(cube)), false);
  });
});

function cubeRoot(value: bigint): bigint {
  let [low, high] = [0n, 1n << 700n];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** 3n <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

describe('EMSA-PSS', () => {
  // One bit over a whole byte is where the encoding is a byte shorter than the modulus (RFC 8017 §8.1.1).
  for (const bits of [1024, 1025, 1026, 1031, 1032]) {
    const odd = makeKey(bits);

    it(`agrees with OpenSSL under a modulus of ${bits} bits`, () => {
      const message = new Uint8Array(randomBytes(99));
      const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
      const theirs = new Uint8Array(sign('sha384', message, { key: odd.secretObject, ...options }));
      assert.ok(verify(RSABSSA_SHA384_PSS_DETERMINISTIC, odd.public, message, theirs));
      const encoded = emsaPssEncode(message, bits - 1, new Uint8Array(randomBytes(48)));
      const ours = numberToBytes(rsasp1(odd.secret, bytesToNumber(encoded)), odd.public.bytes);
      assert.ok(verifyNatively('sha384', message, { key: odd.publicObject, ...options }, ours));
    });
  }

  it('holds only as it was made: not one bit may change', () => {
    const message = new Uint8Array(randomBytes(99));
    const encoded = emsaPssEncode(message, 1023, new Uint8Array(randomBytes(48)));
    assert.ok(emsaPssVerify(message, encoded, 1023, 48));
    for (let bit = 0; bit < encoded.length * 8; bit++) {
      const changed = encoded.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(emsaPssVerify(message, changed, 1023, 48), false);
    }
    assert.equal(emsaPssVerify(message, encoded.subarray(1), 1023, 48), false);
    assert.equal(emsaPssVerify(message, encoded, 1023, 47), false);
  });

  it('needs room for hash and salt', () => {
    assert.throws(() => emsaPssEncode(new Uint8Array(1), 8 * 97, new Uint8Array(48)), /encoding error/);
    assert.equal(emsaPssVerify(new Uint8Array(1), new Uint8Array(97), 8 * 97, 48), false);
  });
});
