/** Keys and secrets for tests of the RSA suites. */
import { createHash, generateKeyPairSync, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bytesToNumber } from '../base/bigint.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { Refusal } from '../base/refusal.ts';
import { readRsaPublicKey, readRsaSecretKey, writeRsaPublicKey, writeRsaSecretKey } from './rsa/rsa.ts';
import type { RsaPublicKey, RsaSecretKey } from './rsa/rsa.ts';
import type { CoinSecrets, KeyDocument } from './suite.ts';

export interface TestKey {
  readonly document: KeyDocument;
  readonly secretDocument: KeyDocument;
  readonly public: RsaPublicKey;
  readonly secret: RsaSecretKey;
  readonly publicObject: KeyObject;
  readonly secretObject: KeyObject;
}

/** A fresh key of `bits`. */
export function makeKey(bits: number): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const jwk = privateKey.export({ format: 'jwk' });
  const [n, e, d] = [jwk.n, jwk.e, jwk.d].map((text) => bytesToNumber(Buffer.from(text ?? '', 'base64url')));
  const document = writeRsaPublicKey(n!, e!);
  const secretDocument = writeRsaSecretKey(n!, e!, d!);
  return {
    document,
    secretDocument,
    public: must(readRsaPublicKey(document)),
    secret: readRsaSecretKey(secretDocument),
    publicObject: publicKey,
    secretObject: privateKey,
  };
}

/** Secrets that derive from a word, so that two coins of a test differ and one can be made again. */
export function secretsOf(word: string): CoinSecrets {
  return (label, length) => new Uint8Array(hkdfSync('sha512', word, '', label, length));
}

/** A canonical payload as coins carry it. */
export function payloadOf(serial: string, denomination = 1): Uint8Array {
  return payloadWith(createHash('sha256').update(serial).digest('hex').replace(/^0+/, ''), denomination);
}

/** The same with this very serial. */
export function payloadWith(serial: string, denomination = 1): Uint8Array {
  return canonicalBytes({
    cdd_location: 'https://mint.example/cdd',
    denomination,
    issuer_id: '85c24031572f2e0a04a41a29eb74990f4651c7f0b4afc0b53cfa03bed30822e1',
    mint_key_id: 'bac419d0d8c235e31dae3d5419944e904169c12c3799087f4f9684176fd76d05',
    protocol_version: 'https://opencoin.org/1.0',
    serial,
    type: 'payload',
  });
}

/** The value, where a refusal would be a fault of the test. */
export function must<Value>(value: Value | Refusal): Value {
  if (value instanceof Refusal) throw new Error(value.toString());
  return value;
}
