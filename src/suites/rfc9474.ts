/** The suite `RSA-SHA384-PSS-RFC9474`, specified in spec/suites/RSA-SHA384-PSS-RFC9474.md. */
import { bytesToNumber, numberToBytes, readBigInt, writeBigInt } from '../base/bigint.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { UNBLINDED, blindingFactor } from './rsa/blinding-factor.ts';
import {
  acceptsBlind,
  answersBlind,
  readBelowModulus,
  readRsaPublicKey,
  readRsaSecretKey,
  rsaWeakness,
} from './rsa/rsa.ts';
import type { RsaPublicKey } from './rsa/rsa.ts';
import { rsaDocuments } from './rsa/documents.ts';
import {
  RSABSSA_SHA384_PSS_DETERMINISTIC,
  blind,
  blindSign,
  finalize,
  prepare,
  verify,
} from './rsa/rsabssa.ts';
import type { RandomSource } from './rsa/rsabssa.ts';
import { ONE_FORM } from './suite.ts';
import type { CipherSuite, CoinSecrets } from './suite.ts';

/** Deterministic: the payload's own serial is the entropy that the RFC's other variants add (RFC 9474 §5). */
const VARIANT = RSABSSA_SHA384_PSS_DETERMINISTIC;

/** The default: blind RSA of RFC 9474. */
export const rfc9474: CipherSuite<RsaPublicKey, RsaPublicKey> = {
  ...ONE_FORM,
  name: 'RSA-SHA384-PSS-RFC9474',
  promises: { untraceable: true, verifiableBy: 'anyone', safeOffline: false, rounds: 1, caution: '' },
  blinding: 'optional',
  documents: rsaDocuments,
  readKey: readRsaPublicKey,
  weakness: rsaWeakness,
  accepts: acceptsBlind,
  answers: answersBlind,

  prepare(key, payload, secrets, how) {
    const source = sourceOf(key, secrets, how?.blinded !== false);
    const { blindedMsg } = blind(VARIANT, key, prepare(VARIANT, payload, source), source);
    return writeBigInt(bytesToNumber(blindedMsg));
  },

  unblind(key, payload, blindSignature, secrets) {
    const z = readBelowModulus(key, blindSignature);
    if (z === undefined) return refuse('bad signature', 'blind signature: not a number below the modulus');
    const blindSig = numberToBytes(z, key.bytes);
    const sig = finalize(VARIANT, key, payload, blindSig, blindingFactor(key, secrets).inv);
    if (!(sig instanceof Refusal)) return writeBigInt(bytesToNumber(sig));
    const unblinded = finalize(VARIANT, key, payload, blindSig, UNBLINDED.inv);
    return unblinded instanceof Refusal ? sig : writeBigInt(z);
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

  verifyPlainly: (secret, payload, shown) => rfc9474.verify(readRsaSecretKey(secret), payload, shown),
};

/** A coin's secrets as the RFC's randomness: the one use of `random` that the variant has is the salt. */
function sourceOf(key: RsaPublicKey, secrets: CoinSecrets, blinded: boolean): RandomSource {
  return {
    random: (n) => secrets('salt', n),
    randomIntegerUniform: () => (blinded ? blindingFactor(key, secrets) : UNBLINDED).r,
  };
}
