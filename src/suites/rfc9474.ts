/** The suite `RSA-SHA384-PSS-RFC9474`, specified in spec/suites/RSA-SHA384-PSS-RFC9474.md. */
import { bytesToNumber, numberToBytes, readBigInt, writeBigInt } from '../base/bigint.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { blindingFactor } from './blinding-factor.ts';
import { rsassaPkcs1Verify } from './emsa-pkcs1-v1_5.ts';
import {
  RSA_KEY_BITS,
  acceptsBlind,
  answersBlind,
  readBelowModulus,
  readRsaPublicKey,
  readRsaSecretKey,
  rsaWeakness,
} from './rsa.ts';
import type { RsaPublicKey } from './rsa.ts';
import { RSABSSA_SHA384_PSS_DETERMINISTIC, blind, blindSign, finalize, prepare, verify } from './rsabssa.ts';
import type { RandomSource } from './rsabssa.ts';
import type { CipherSuite, CoinSecrets } from './suite.ts';

/** Deterministic: the payload's own serial is the entropy that the RFC's other variants add (RFC 9474 §5). */
const VARIANT = RSABSSA_SHA384_PSS_DETERMINISTIC;

/** The default: blind RSA of RFC 9474. */
export const rfc9474: CipherSuite<RsaPublicKey> = {
  name: 'RSA-SHA384-PSS-RFC9474',
  promises: { untraceable: true, verifiableBy: 'anyone', safeOffline: false, rounds: 1, caution: '' },
  keyBits: RSA_KEY_BITS,
  readKey: readRsaPublicKey,
  weakness: rsaWeakness,
  verifyDocument: rsassaPkcs1Verify,
  accepts: acceptsBlind,
  answers: answersBlind,

  prepare(key, payload, secrets) {
    const source = sourceOf(key, secrets);
    const { blindedMsg } = blind(VARIANT, key, prepare(VARIANT, payload, source), source);
    return writeBigInt(bytesToNumber(blindedMsg));
  },

  unblind(key, payload, blindSignature, secrets) {
    const z = readBelowModulus(key, blindSignature);
    if (z === undefined) return refuse('bad signature', 'blind signature: not a number below the modulus');
    const { inv } = blindingFactor(key, secrets);
    const sig = finalize(VARIANT, key, payload, numberToBytes(z, key.bytes), inv);
    return sig instanceof Refusal ? sig : writeBigInt(bytesToNumber(sig));
  },

  verify(key, payload, signature) {
    const s = readBelowModulus(key, signature);
    return s !== undefined && verify(VARIANT, key, payload, numberToBytes(s, key.bytes));
  },

  signPlainly(secret, blindText) {
    const key = readRsaSecretKey(secret);
    const blindSig = blindSign(key, numberToBytes(readBigInt(blindText), key.bytes));
    return writeBigInt(bytesToNumber(blindSig));
  },
};

/** A coin's secrets as the RFC's randomness: the one use of `random` that the variant has is the salt. */
function sourceOf(key: RsaPublicKey, secrets: CoinSecrets): RandomSource {
  return {
    random: (n) => secrets('salt', n),
    randomIntegerUniform: () => blindingFactor(key, secrets).r,
  };
}
