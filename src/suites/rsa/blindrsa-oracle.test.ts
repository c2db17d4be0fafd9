/** Against another implementation of RFC 9474: theirs takes ours, ours takes theirs, at every step of every variant. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RSABSSA } from '@cloudflare/blindrsa-ts';
import type { BlindRSA } from '@cloudflare/blindrsa-ts';
import { randomBytes, webcrypto } from 'node:crypto';
import { bytesToNumber, numberToBytes } from '../../base/bigint.ts';
import { Refusal } from '../../base/refusal.ts';
import { makeKey, must, secretsOf } from '../keys.test-helper.ts';
import type { TestKey } from '../keys.test-helper.ts';
import { blindingFactor } from './blinding-factor.ts';
import { VARIANTS, blind, blindSign, finalize, prepare, verify } from './rsabssa.ts';
import type { RandomSource } from './rsabssa.ts';

const platform = { supportsRSARAW: false };
const THEIRS: readonly BlindRSA[] = [
  RSABSSA.SHA384.PSS.Randomized(platform),
  RSABSSA.SHA384.PSSZero.Randomized(platform),
  RSABSSA.SHA384.PSS.Deterministic(platform),
  RSABSSA.SHA384.PSSZero.Deterministic(platform),
];
const ALGORITHM = { name: 'RSA-PSS', hash: 'SHA-384' };
const { subtle } = webcrypto;

/** Their keys: WebCrypto's. */
async function importKeys({ publicObject, secretObject }: TestKey) {
  const spki = publicObject.export({ format: 'der', type: 'spki' });
  const pkcs8 = secretObject.export({ format: 'der', type: 'pkcs8' });
  return {
    publicKey: await subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
    privateKey: await subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']),
  };
}

function randomSource(key: TestKey): RandomSource {
  return {
    random: (n) => new Uint8Array(randomBytes(n)),
    randomIntegerUniform: () => blindingFactor(key.public, secretsOf(randomBytes(16).toString('hex'))).r,
  };
}

describe('another implementation of RFC 9474', () => {
  const key = makeKey(2048);
  const keys = importKeys(key);

  for (const [index, variant] of VARIANTS.entries()) {
    const theirs = THEIRS[index]!;

    it(`${variant.name}: has the same name there`, () => {
      assert.equal(theirs.toString(), variant.name);
    });

    it(`${variant.name}: ours signs and finishes what theirs blinded`, async () => {
      const { publicKey } = await keys;
      const msg = theirs.prepare(new Uint8Array(randomBytes(300)));
      const { blindedMsg, inv } = await theirs.blind(publicKey, msg);
      const blindSig = blindSign(key.secret, blindedMsg);
      const sig = must(finalize(variant, key.public, msg, blindSig, bytesToNumber(inv)));
      assert.deepEqual(sig, await theirs.finalize(publicKey, msg, blindSig, inv));
      assert.ok(verify(variant, key.public, msg, sig));
      assert.ok(await theirs.verify(publicKey, sig, msg));
    });

    it(`${variant.name}: theirs signs and finishes what ours blinded`, async () => {
      const { publicKey, privateKey } = await keys;
      const source = randomSource(key);
      const msg = prepare(variant, new Uint8Array(randomBytes(300)), source);
      const { blindedMsg, inv } = blind(variant, key.public, msg, source);
      const blindSig = await theirs.blindSign(privateKey, blindedMsg);
      const sig = await theirs.finalize(publicKey, msg, blindSig, numberToBytes(inv, key.public.bytes));
      assert.deepEqual(sig, must(finalize(variant, key.public, msg, blindSig, inv)));
      assert.ok(await theirs.verify(publicKey, sig, msg));
      assert.ok(verify(variant, key.public, msg, sig));
    });

    it(`${variant.name}: both turn down the same forgeries`, async () => {
      const { publicKey } = await keys;
      const source = randomSource(key);
      const msg = prepare(variant, new Uint8Array(randomBytes(300)), source);
      const { blindedMsg, inv } = blind(variant, key.public, msg, source);
      const wrong = blindSign(key.secret, numberToBytes(bytesToNumber(blindedMsg) - 1n, key.public.bytes));
      assert.ok(finalize(variant, key.public, msg, wrong, inv) instanceof Refusal);
      await assert.rejects(theirs.finalize(publicKey, msg, wrong, numberToBytes(inv, key.public.bytes)));
      for (const forged of [wrong, new Uint8Array(key.public.bytes), new Uint8Array(0)]) {
        assert.equal(verify(variant, key.public, msg, forged), false);
        assert.equal(await theirs.verify(publicKey, forged, msg), false);
      }
    });
  }
});
