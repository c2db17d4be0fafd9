/** OpenSSL's answers against RSA's plain mathematics, over many cases. What holds for every suite is in suites.test.ts. */
import assert from 'node:assert/strict';
import { constants, createPrivateKey, randomBytes, randomInt, sign as signByNode } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToNumber } from '../base/bigint.ts';
import { makeKey, must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import type { TestKey } from '../suites/keys.test-helper.ts';
import { chaum86 } from '../suites/chaum86.ts';
import { rfc9474 } from '../suites/rfc9474.ts';
import type { NativeKey } from './native.ts';
import { nativeNamed } from './natives.ts';

// A thousand over both suites, which share the private power.
const CASES = 500;
// Plain arithmetic takes 15 ms to sign with 2048 bits and 1 with 832, which leave room for PSS: most cases are short.
const short = makeKey(832);
const long = makeKey(2048);
const odd = makeKey(1025);
const stranger = makeKey(832);

function secretOf({ secretObject }: TestKey): Uint8Array {
  return new Uint8Array(secretObject.export({ format: 'der', type: 'pkcs8' }));
}

/** A number from 1 to n - 1; often a short one, so that leading zeros are met. */
function randomBelow(n: bigint, bytes: number): bigint {
  const length = randomInt(8) === 0 ? randomInt(1, bytes) : bytes + 8;
  return (bytesToNumber(randomBytes(length)) % (n - 1n)) + 1n;
}

/** A payload and a signature that verifies, made the short way. */
function coinOf(name: string, key: TestKey, native: NativeKey): { payload: Uint8Array; signature: string } {
  const payload = new Uint8Array(randomBytes(randomInt(400)));
  if (name === chaum86.name) {
    // With exponent 0 any factor blinds by 1: the blind is the hash itself.
    const hash = chaum86.prepare({ ...key.public, e: 0n }, payload, secretsOf('any'));
    return { payload, signature: native.sign(hash) };
  }
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
  const signature = signByNode('sha384', payload, { key: key.secretObject, ...options });
  return { payload, signature: bytesToNumber(signature).toString(16) };
}

/** Spoils a coin in one of many ways, or leaves it as it is. */
function spoil(key: TestKey, coin: { payload: Uint8Array; signature: string }) {
  const { payload, signature } = coin;
  const s = BigInt(`0x${signature}`);
  const n = key.public.n;
  const texts = [
    s + n,
    n - s,
    s + 1n,
    0n,
    1n,
    n - 1n,
    n,
    randomBelow(n, key.public.bytes),
    s >> 4n,
    s << 4n,
  ].map((number) => number.toString(16));
  const signatures = [
    ...texts,
    `0${signature}`,
    signature.toUpperCase(),
    '',
    'z',
    `${signature} `,
    `-${signature}`,
  ];
  const way = randomInt(signatures.length * 2);
  const other = signatures[way];
  if (other !== undefined) return { payload, signature: other };
  return way === signatures.length ? { payload: payload.subarray(1), signature } : coin;
}

for (const suite of [rfc9474, chaum86]) {
  describe(`${suite.name} by OpenSSL`, () => {
    const native = nativeNamed(suite.name);
    const open = (key: TestKey) => native.open(key.document, secretOf(key));

    it(`signs as plain arithmetic does, ${CASES} times`, () => {
      for (const [key, cases] of [
        [short, CASES * 0.9],
        [odd, CASES * 0.06],
        [long, CASES * 0.04],
      ] as const) {
        const opened = open(key);
        for (let count = 0; count < cases; count++) {
          const blind = randomBelow(key.public.n, key.public.bytes).toString(16);
          assert.equal(opened.sign(blind), suite.signPlainly(key.secretDocument, blind));
        }
        for (const blind of ['1', '2', (key.public.n - 1n).toString(16)]) {
          assert.equal(opened.sign(blind), suite.signPlainly(key.secretDocument, blind));
        }
      }
    });

    it(`verifies as plain arithmetic does, ${CASES} times`, () => {
      const seen = { true: 0, false: 0 };
      for (const key of [short, odd, long]) {
        const opened = open(key);
        for (let count = 0; count < CASES / 3; count++) {
          const { payload, signature } = spoil(key, coinOf(suite.name, key, opened));
          const verdict = suite.verify(key.public, payload, signature);
          assert.equal(opened.verify(payload, signature), verdict, signature);
          seen[verdict ? 'true' : 'false']++;
        }
      }
      assert.ok(seen.true > CASES / 6 && seen.false > CASES / 6);
    });

    it("signs blinds that the wallet's side unblinds to coins", () => {
      const opened = open(long);
      for (let count = 0; count < 50; count++) {
        const payload = payloadOf(`coin ${count}`);
        const blind = suite.prepare(long.public, payload, secretsOf(`coin ${count}`));
        const signature = must(
          suite.unblind(long.public, payload, opened.sign(blind), secretsOf(`coin ${count}`)),
        );
        assert.ok(opened.verify(payload, signature));
        assert.ok(suite.verify(long.public, payload, signature));
        assert.equal(open(short).verify(payload, signature), false);
      }
    });

    it('throws rather than sign what is out of range', () => {
      const opened = open(short);
      const n = short.public.n;
      for (const blind of [
        '',
        'x',
        '01',
        'AB',
        '-1',
        n.toString(16),
        (n + 1n).toString(16),
        'f'.repeat(5000),
      ]) {
        assert.throws(() => opened.sign(blind), /blind out of range/);
      }
    });

    it('lets no wrong answer out', () => {
      // A secret exponent that belongs to another key: OpenSSL's result is then wrong, as a fault would make it.
      const [own, others] = [short, stranger].map(({ secretObject }) =>
        secretObject.export({ format: 'jwk' }),
      );
      const faulty = createPrivateKey({ key: { ...own, d: others!.d!, dp: others!.dp! }, format: 'jwk' });
      const opened = native.open(short.document, secretOf({ ...short, secretObject: faulty }));
      assert.throws(() => opened.sign('2'), /the private operation failed its check/);
    });

    it('signs documents as the suite verifies them', async () => {
      for (let count = 0; count < 100; count++) {
        const document = new Uint8Array(randomBytes(randomInt(1000)));
        const signature = await native.signDocument(secretOf(short), document);
        assert.ok(suite.documents.verify(short.public, document, signature));
        assert.equal(suite.documents.verify(stranger.public, document, signature), false);
      }
    });

    it('opens no public key with the secret of another, and says nothing of the secret', () => {
      assert.throws(() => native.open(short.document, secretOf(stranger)), /no pair/);
      assert.throws(() => native.open({ type: 'rsa public key' }, secretOf(short)), /modulus/);
      const broken = secretOf(short).map((byte, index) => (index === 3 ? byte ^ 1 : byte));
      assert.throws(
        () => native.open(short.document, broken),
        (error) => error instanceof Error && !/[0-9a-f]{16}/.test(error.stack ?? ''),
      );
    });
  });
}

describe('RSA keys, which both suites make alike', () => {
  it('are read, are long enough to trust, and sign', async () => {
    const [one, other] = [rfc9474, chaum86].map(({ name }) => nativeNamed(name));
    assert.ok(
      one !== undefined && one.makeMaster === other?.makeMaster && one.makeMintKey === other.makeMintKey,
    );
    const made = [await one.makeMintKey(), await one.makeMaster()];
    const bits = made.map(({ publicKey }) => BigInt(`0x${String(publicKey['modulus'])}`).toString(2).length);
    assert.deepEqual(bits, [2_048, 3_072]);
    for (const { publicKey, secret } of made) {
      const key = must(rfc9474.readKey(publicKey));
      assert.equal(rfc9474.weakness(key), undefined);
      assert.ok(rfc9474.answers(key, '2', one.open(publicKey, secret).sign('2')));
    }
  });
});
