/** The suite `ED25519-UNBLINDED`: the mint signs what it sees. Specified in spec/suites/ED25519-UNBLINDED.md. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { coinIdBlind, read32Bytes } from './coin-id.ts';
import { ed25519Documents, readEd25519PublicKey, writeEd25519PublicKey } from './ed25519-documents.ts';
import type { Ed25519PublicKey } from './ed25519-documents.ts';
import { ONE_FORM } from './suite.ts';
import type { CipherSuite, KeyDocument } from './suite.ts';

/** A mint key's pair as plain mathematics reads it: `secret` is RFC 8032's 32 bytes as a BigInt. */
export const UNBLINDED_SECRET_TYPE = 'ed25519 secret key';

const SIGNATURE_DIGITS = 128;
const NEUTRAL_R = '01'.padEnd(64, '0');

/** For places where blinding is not allowed: a coin can be followed, and anyone can check it. */
export const unblinded: CipherSuite<Ed25519PublicKey, Ed25519PublicKey> = {
  ...ONE_FORM,
  name: 'ED25519-UNBLINDED',
  promises: {
    untraceable: false,
    verifiableBy: 'anyone',
    safeOffline: false,
    rounds: 1,
    caution:
      'Nothing is blinded: the issuer sees which coin went to whom, and knows it again when it comes back.',
  },
  blinding: 'never',
  documents: ed25519Documents,
  readKey: readEd25519PublicKey,
  weakness: () => undefined,

  prepare: (_key, payload) => coinIdBlind(payload),
  accepts: (_key, blind) => read32Bytes(blind) !== undefined,

  unblind(key, payload, blindSignature) {
    if (unblinded.verify(key, payload, blindSignature)) return blindSignature;
    return refuse('bad signature', 'blind signature: the mint did not sign what it was sent');
  },

  answers(key, blind, blindSignature) {
    const coinId = read32Bytes(blind);
    return coinId !== undefined && isSigned(key, coinId, blindSignature);
  },

  verify: (key, payload, signature) => isSigned(key, sha256(payload), signature),

  signPlainly(secret, blind) {
    const coinId = read32Bytes(blind);
    if (coinId === undefined) throw new RangeError('blind out of range');
    return writeBigInt(bytesToNumber(ed25519.sign(coinId, readSecret(secret))));
  },

  verifyPlainly(secret, payload, shown) {
    const key = readEd25519PublicKey(writeEd25519PublicKey(ed25519.getPublicKey(readSecret(secret))));
    return !(key instanceof Refusal) && unblinded.verify(key, payload, shown);
  },
};

/**
 * Whether R is the neutral element. The RFC lets it pass and OpenSSL turns it down: here it is no signature. Only the
 * key's owner can make one, and it would tell everybody the key.
 */
export function hasNeutralR(signature: string): boolean {
  return signature.padStart(SIGNATURE_DIGITS, '0').startsWith(NEUTRAL_R);
}

function isSigned(key: Ed25519PublicKey, coinId: Uint8Array, signature: string): boolean {
  return !hasNeutralR(signature) && ed25519Documents.verify(key, coinId, signature);
}

/** It never comes from outside, so what is wrong with it throws. */
function readSecret({ type, secret }: KeyDocument): Uint8Array {
  const bytes = typeof secret === 'string' ? read32Bytes(secret) : undefined;
  if (type !== UNBLINDED_SECRET_TYPE || bytes === undefined)
    throw new Error(`not an ${UNBLINDED_SECRET_TYPE}`);
  return bytes;
}
