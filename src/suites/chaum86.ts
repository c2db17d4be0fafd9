/**
 * The draft's own suite `RSA-SHA512-CHAUM86`: the raw RSA power of the payload's hash, which is SHA-256 whatever
 * the name says. Specified in spec/suites/RSA-SHA512-CHAUM86.md.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber, readBigInt, writeBigInt } from '../base/bigint.ts';
import { refuse } from '../base/refusal.ts';
import { UNBLINDED, blindingFactor } from './rsa/blinding-factor.ts';
import {
  acceptsBlind,
  answersBlind,
  readBelowModulus,
  readRsaPublicKey,
  readRsaSecretKey,
  rsaWeakness,
  rsasp1,
  rsavp1,
} from './rsa/rsa.ts';
import type { RsaPublicKey } from './rsa/rsa.ts';
import { rsaDocuments } from './rsa/documents.ts';
import { ONE_FORM } from './suite.ts';
import type { CipherSuite } from './suite.ts';

/** For currencies that follow the draft to the letter; never the default. */
export const chaum86: CipherSuite<RsaPublicKey, RsaPublicKey> = {
  ...ONE_FORM,
  name: 'RSA-SHA512-CHAUM86',
  promises: {
    untraceable: true,
    verifiableBy: 'anyone',
    safeOffline: false,
    rounds: 1,
    caution:
      'The mint signs whatever it is paid to sign, and a bare 256-bit hash can be forged from enough bought ' +
      'signatures of small primes.',
  },
  blinding: 'optional',
  documents: rsaDocuments,
  readKey: readRsaPublicKey,
  weakness: rsaWeakness,
  accepts: acceptsBlind,
  answers: answersBlind,

  prepare(key, payload, secrets, how) {
    const { r } = how?.blinded === false ? UNBLINDED : blindingFactor(key, secrets);
    return writeBigInt((payloadHash(payload) * rsavp1(key, r)) % key.n);
  },

  unblind(key, payload, blindSignature, secrets) {
    const z = readBelowModulus(key, blindSignature);
    if (z === undefined) return refuse('bad signature', 'blind signature: not a number below the modulus');
    const h = payloadHash(payload);
    for (const { inv } of [blindingFactor(key, secrets), UNBLINDED]) {
      const s = (z * inv) % key.n;
      if (rsavp1(key, s) === h) return writeBigInt(s);
    }
    return refuse('bad signature', 'blind signature: the mint did not sign what it was sent');
  },

  verify(key, payload, signature) {
    const s = readBelowModulus(key, signature);
    return s !== undefined && rsavp1(key, s) === payloadHash(payload);
  },

  signPlainly(secret, blind) {
    return writeBigInt(rsasp1(readRsaSecretKey(secret), readBigInt(blind)));
  },

  verifyPlainly: (secret, payload, shown) => chaum86.verify(readRsaSecretKey(secret), payload, shown),
};

/** h: the SHA-256 of the canonical payload as a number. The shortest modulus that is read is twice as long. */
function payloadHash(payload: Uint8Array): bigint {
  return bytesToNumber(sha256(payload));
}
