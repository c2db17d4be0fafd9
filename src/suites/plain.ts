/** The suite `PLAIN`: a random token that the mint remembers. Specified in spec/suites/PLAIN.md. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { concatBytes, utf8 } from '../base/bytes.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { coinIdBlind, read32Bytes } from './coin-id.ts';
import { ed25519Documents } from './ed25519-documents.ts';
import type { Ed25519PublicKey } from './ed25519-documents.ts';
import { formFault } from './key-document.ts';
import { ONE_FORM } from './suite.ts';
import type { CipherSuite, KeyDocument } from './suite.ts';

const PUBLIC_TYPE = 'plain key';
const SECRET_TYPE = 'plain secret key';
const FIELDS = ['name'];

/** What a mint key's public document says: a name that tells keys apart, and nothing that checks a token. */
export interface PlainKey {
  readonly name: string;
}

/** For tests and vouchers: tokens that mean something to the mint alone. */
export const plain: CipherSuite<PlainKey, Ed25519PublicKey> = {
  ...ONE_FORM,
  name: 'PLAIN',
  promises: {
    untraceable: false,
    verifiableBy: 'the mint',
    safeOffline: false,
    rounds: 1,
    caution: 'Nothing is blinded, and only the issuer can tell a real token from any number.',
  },
  blinding: 'never',
  documents: ed25519Documents,
  readKey: readPlainKey,
  weakness: () => undefined,

  prepare: (_key, payload) => coinIdBlind(payload),
  accepts: (_key, blind) => isToken(blind),

  unblind(_key, _payload, blindSignature) {
    if (isToken(blindSignature)) return blindSignature;
    return refuse('bad signature', 'blind signature: no token of 32 bytes');
  },

  answers: (_key, blind, blindSignature) => isToken(blind) && isToken(blindSignature),
  verify: (_key, _payload, signature) => isToken(signature),

  signPlainly(secret, blind) {
    const coinId = read32Bytes(blind);
    if (coinId === undefined) throw new RangeError('blind out of range');
    return writeBigInt(bytesToNumber(hmac(sha256, readSecret(secret), coinId)));
  },

  verifyPlainly: (secret, payload, shown) => shown === plain.signPlainly(secret, coinIdBlind(payload)),
};

/** The public document of a secret of 32 bytes. */
export function writePlainKey(secret: Uint8Array): KeyDocument {
  const name = sha256(concatBytes(utf8('specie plain key'), secret));
  return { type: PUBLIC_TYPE, name: writeBigInt(bytesToNumber(name)) };
}

/** A secret of 32 bytes as the plain mathematics reads it. */
export function writePlainSecret(secret: Uint8Array): KeyDocument {
  return { type: SECRET_TYPE, secret: writeBigInt(bytesToNumber(secret)) };
}

function readPlainKey(document: KeyDocument): PlainKey | Refusal {
  const fault = formFault(document, PUBLIC_TYPE, FIELDS);
  if (fault !== undefined) return fault;
  const { name } = document;
  if (typeof name === 'string' && isToken(name)) return { name };
  return refuse('malformed', 'name: must be a BigInt of at most 32 bytes');
}

/** Whether a text is a number of at most 32 bytes: all that can be seen of a blind or a token. */
function isToken(text: string): boolean {
  return read32Bytes(text) !== undefined;
}

/** It never comes from outside, so what is wrong with it throws. */
function readSecret({ type, secret }: KeyDocument): Uint8Array {
  const bytes = typeof secret === 'string' ? read32Bytes(secret) : undefined;
  if (type !== SECRET_TYPE || bytes === undefined) throw new Error(`not a ${SECRET_TYPE}`);
  return bytes;
}
