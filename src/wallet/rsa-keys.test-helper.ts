/** For tests only: many RSA keys out of few primes, since finding primes is what making a key takes its time for. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { bytesToNumber, numberToBytes } from '../base/bigint.ts';
import { must } from '../suites/keys.test-helper.ts';
import type { TestKey } from '../suites/keys.test-helper.ts';
import { inverseMod } from '../suites/rsa/modular.ts';
import {
  readRsaPublicKey,
  readRsaSecretKey,
  writeRsaPublicKey,
  writeRsaSecretKey,
} from '../suites/rsa/rsa.ts';

const BITS = 2048;
const EXPONENT = 65_537n;

const primes: bigint[] = [];

/** The `index`-th pair of primes: (0, 1), (0, 2), (1, 2), (0, 3) and so on. No two keys have both in common. */
function pairAt(index: number): readonly [bigint, bigint] {
  let [left, right] = [index, 1];
  while (left >= right) left -= right++;
  while (primes.length <= right) primes.push(...newPrimes());
  return [primes[left]!, primes[right]!];
}

function newPrimes(): readonly bigint[] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
  const { p = '', q = '' } = privateKey.export({ format: 'jwk' });
  return [p, q].map((text) => bytesToNumber(Buffer.from(text, 'base64url')));
}

/** A key of 2048 bits, good for nothing but tests: whoever has another one finds its primes. */
export function makeTestKey(index: number): TestKey {
  const [p, q] = pairAt(index);
  const n = p * q;
  const d = inverseMod(EXPONENT, (p - 1n) * (q - 1n));
  if (d === undefined) throw new Error('OpenSSL makes primes for this exponent');
  const text = (value: bigint, bytes: number) =>
    Buffer.from(numberToBytes(value, bytes)).toString('base64url');
  const [whole, half] = [BITS / 8, BITS / 16];
  const jwk = {
    kty: 'RSA',
    ...{ n: text(n, whole), e: text(EXPONENT, 3), d: text(d, whole), p: text(p, half), q: text(q, half) },
    ...{ dp: text(d % (p - 1n), half), dq: text(d % (q - 1n), half) },
    qi: text(inverseMod(q, p) ?? 0n, half),
  };
  const secretObject = createPrivateKey({ key: jwk, format: 'jwk' });
  const [document, secretDocument] = [writeRsaPublicKey(n, EXPONENT), writeRsaSecretKey(n, EXPONENT, d)];
  return {
    document,
    secretDocument,
    public: must(readRsaPublicKey(document)),
    secret: readRsaSecretKey(secretDocument),
    publicObject: createPublicKey(secretObject),
    secretObject,
  };
}
