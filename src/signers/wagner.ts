/** `SECP256K1-WAGNER` by libsecp256k1: whatever touches a secret takes the same time. A secret is its 32 bytes. */
import { hash, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';
import { bytesToNumber } from '../base/bigint.ts';
import { Refusal } from '../base/refusal.ts';
import type { NewKey } from '../mint/ports.ts';
import { HASH_TO_CURVE_DOMAIN, MOST_CANDIDATES } from '../suites/wagner/hash-to-curve.ts';
import type { KeyDocument } from '../suites/index.ts';
import { readWagnerKey, wagner, writeWagnerKey, writeWagnerSecret } from '../suites/wagner.ts';
import { makeEd25519Master, signEd25519Document } from './ed25519-documents.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import type { NativeSuite } from './native.ts';
import { POINT_BYTES, compressedPrefix, libsecp256k1, multiplyInto, placeIn } from './secp256k1.ts';
import type { Place } from './secp256k1.ts';

const POINT = /^[23][0-9a-f]{64}$/;
const SCALAR_BYTES = 32;
const COMPRESSED_BYTES = 33;
const DOMAIN = Buffer.from(HASH_TO_CURVE_DOMAIN);
const NONCE_LABEL = Buffer.from('Specie_DLEQ_R_v1');

export const nativeWagner: NativeSuite = {
  name: wagner.name,
  cost: { sign: 145, verify: 75, commit: 0 },
  makeMaster: makeEd25519Master,
  makeMintKey: () =>
    new Promise((resolve) => {
      resolve(newPair());
    }),
  signDocument: signEd25519Document,

  open(publicKey, secret) {
    const K = openPair(publicKey, secret);
    // A copy: whoever handed the secret over may write over it.
    const k = Uint8Array.from(secret);
    return { sign: signerOf(K, k), verify: verifierOf(k) };
  },

  plainSecret: ({ point }, secret) => writeWagnerSecret(String(point), bytesToNumber(secret)),
};

/** K, uncompressed. Throws when the two are no pair. */
function openPair(publicKey: KeyDocument, secret: Uint8Array): Uint8Array {
  const key = readWagnerKey(publicKey);
  if (key instanceof Refusal) throw new Error(`public key: ${key.details}`);
  const library = libsecp256k1();
  if (secret.length !== SCALAR_BYTES || !library.privateKeyVerify(secret))
    throw new Error('not a secret key');
  const K = library.publicKeyCreate(secret, false, new Uint8Array(POINT_BYTES));
  if (!timingSafeEqual(K, key.K.toBytes(false))) throw new Error('public and secret key are no pair');
  return K;
}

/**
 * Signs: C' = k · B', and NUT-12's proof under the names of src/suites/wagner/dleq.ts. Everything lies in buffers that belong to
 * the key and are written over by the next blind.
 */
function signerOf(K: Uint8Array, k: Uint8Array): (blind: string) => string {
  const library = libsecp256k1();
  const transcript = Buffer.alloc(4 * POINT_BYTES);
  const placeAt = (index: number): Place =>
    placeIn(transcript.subarray(index * POINT_BYTES, (index + 1) * POINT_BYTES));
  const [R1, R2, answer] = [placeAt(0), placeAt(1), placeAt(3)];
  transcript.set(K, 2 * POINT_BYTES);
  const blind = new Uint8Array(POINT_BYTES);
  const nonceOf = noncesOf(K, k);
  return (text) => {
    readBlind(text, blind);
    multiplyInto(answer, blind, k);
    const t = nonceOf(blind, answer.bytes);
    library.publicKeyCreate(t, false, R1.bytes);
    multiplyInto(R2, blind, t);
    // A fault that throws a point off the curve puts it on another, where it may tell the scalar (Biehl, Meyer, Müller 2000).
    if (![answer, R1, R2].every(({ bytes }) => library.publicKeyVerify(bytes))) {
      throw new Error('the private operation failed its check');
    }
    const e = hash('sha256', transcript.toString('hex'), 'buffer');
    const proof = Buffer.concat([e, e]);
    const s = proof.subarray(SCALAR_BYTES);
    library.privateKeyTweakMul(s, k);
    library.privateKeyTweakAdd(s, t);
    const x = answer.options.xbuf;
    return `${compressedPrefix(answer)}${hexOf(x)}${proof.toString('hex')}`;
  };
}

/**
 * Nonces that are right if either half is: what is hashed with k differs for every blind, and fresh randomness keeps a
 * fault under one nonce from meeting the same nonce again, which would tell k. Throws, once in 2^128, where the library
 * finds the number out of range.
 */
function noncesOf(K: Uint8Array, k: Uint8Array): (blind: Uint8Array, answer: Uint8Array) => Uint8Array {
  const { message, digest } = hmacSha256(k, NONCE_LABEL.length + 3 * POINT_BYTES + SCALAR_BYTES);
  message.set(NONCE_LABEL);
  const places = [0, 1, 2, 3].map((index) => NONCE_LABEL.length + index * POINT_BYTES);
  const [placeOfK, placeOfBlind, placeOfAnswer, placeOfChance] = places;
  message.set(K, placeOfK);
  return (blind, answer) => {
    message.set(blind, placeOfBlind);
    message.set(answer, placeOfAnswer);
    randomFillSync(message, placeOfChance);
    return digest();
  };
}

/** Reads a blind into 65 bytes. Throws on what is none. */
function readBlind(text: string, place: Uint8Array): void {
  if (!POINT.test(text)) throw new RangeError('blind out of range');
  try {
    libsecp256k1().publicKeyConvert(Buffer.from(`0${text}`, 'hex'), false, place);
  } catch (cause) {
    throw new RangeError('blind out of range', { cause });
  }
}

/** Verifies: C = k · Y, compared in constant time. */
function verifierOf(k: Uint8Array): (payload: Uint8Array, shown: string) => boolean {
  const expected = placeIn(new Uint8Array(POINT_BYTES));
  const candidate = Buffer.alloc(COMPRESSED_BYTES, 2);
  return (payload, shown) => {
    if (!POINT.test(shown)) return false;
    hashToCurve(payload, candidate);
    multiplyInto(expected, candidate, k);
    // The compressed form of what k makes of the payload, written over the candidate.
    candidate[0] = compressedPrefix(expected);
    candidate.set(expected.options.xbuf, 1);
    return timingSafeEqual(candidate, Buffer.from(`0${shown}`, 'hex'));
  };
}

/** src/suites/wagner/hash-to-curve.ts into the 33 bytes of a compressed point. */
function hashToCurve(message: Uint8Array, place: Buffer): void {
  const library = libsecp256k1();
  const preimage = Buffer.alloc(SCALAR_BYTES + 4);
  preimage.set(hash('sha256', Buffer.concat([DOMAIN, message]), 'buffer'));
  place[0] = 2;
  for (let counter = 0; counter < MOST_CANDIDATES; counter++) {
    preimage.writeUInt32LE(counter, SCALAR_BYTES);
    place.set(hash('sha256', preimage, 'buffer'), 1);
    if (library.publicKeyVerify(place)) return;
  }
  throw new Error('no candidate is a point');
}

function newPair(): NewKey {
  const secret = randomSecret();
  const point = libsecp256k1().publicKeyCreate(secret, true, new Uint8Array(COMPRESSED_BYTES));
  return { publicKey: writeWagnerKey(hexOf(point).slice(1)), secret };
}

/** Uniform from 1 to the order less one. */
function randomSecret(): Uint8Array {
  for (;;) {
    const secret = new Uint8Array(randomBytes(SCALAR_BYTES));
    if (libsecp256k1().privateKeyVerify(secret)) return secret;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
