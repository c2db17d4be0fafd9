/** The suite `SECP256K1-WAGNER`: blind Diffie-Hellman as Cashu has it. Specified in spec/suites/SECP256K1-WAGNER.md. */
import { bytesToNumber } from '../base/bigint.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { proveDleqPlainly, verifyDleq } from './wagner/dleq.ts';
import type { DleqProof } from './wagner/dleq.ts';
import { ed25519Documents } from './ed25519-documents.ts';
import type { Ed25519PublicKey } from './ed25519-documents.ts';
import { hashToCurve } from './wagner/hash-to-curve.ts';
import {
  G,
  ORDER,
  POINT_DIGITS,
  SCALAR_DIGITS,
  readPoint,
  readScalar,
  times,
  writePoint,
  writeScalar,
} from './wagner/points.ts';
import type { CurvePoint } from './wagner/points.ts';
import { formFault } from './key-document.ts';
import { ONE_FORM } from './suite.ts';
import type { CipherSuite, CoinSecrets, KeyDocument } from './suite.ts';

/** A mint key's public part that was read and checked: K = k · G. */
export interface WagnerKey {
  readonly K: CurvePoint;
}

const PUBLIC_TYPE = 'secp256k1 public key';
const SECRET_TYPE = 'secp256k1 secret key';
const PUBLIC_FIELDS = ['point'];

/** Digits of the mint's answer: C' ‖ e ‖ s. Of a coin's signature as it is handed: C ‖ e ‖ s ‖ r. */
const ANSWER_DIGITS = POINT_DIGITS + 2 * SCALAR_DIGITS;
const HANDED_DIGITS = POINT_DIGITS + 3 * SCALAR_DIGITS;
const HANDED = new RegExp(`^[23][0-9a-f]{${HANDED_DIGITS - 1}}$`);

/** 128 bits more than the order has leave a bias of at most 2^-128 (FIPS 186-5 §A.2.1). */
const FACTOR_BYTES = 48;

export const wagner: CipherSuite<WagnerKey, Ed25519PublicKey> = {
  name: 'SECP256K1-WAGNER',
  promises: {
    untraceable: true,
    verifiableBy: 'anyone',
    safeOffline: false,
    rounds: 1,
    caution:
      'Whoever is handed a coin could find out, together with the mint, which withdrawal or renewal it came from.',
  },
  blinding: 'always',
  documents: ed25519Documents,
  readKey: readWagnerKey,
  weakness: () => undefined,
  hand: ONE_FORM.hand,

  prepare(_key, payload, secrets) {
    return writePoint(blindOf(payload, blindingFactor(secrets)));
  },

  accepts: (_key, blind) => readPoint(blind) !== undefined,

  answers({ K }, blindText, blindSignature) {
    const blind = readPoint(blindText);
    const signed = readAnswer(blindSignature);
    if (blind === undefined || signed === undefined) return false;
    return verifyDleq({ K, blind, answer: signed.point }, signed.proof);
  },

  unblind({ K }, payload, blindSignature, secrets) {
    const signed = readAnswer(blindSignature);
    if (signed === undefined) return refuse('bad signature', 'blind signature: not a point and its proof');
    const r = blindingFactor(secrets);
    if (!verifyDleq({ K, blind: blindOf(payload, r), answer: signed.point }, signed.proof)) {
      return refuse('bad signature', 'blind signature: the mint did not sign what it was sent');
    }
    const C = signed.point.subtract(times(r, K));
    return [writePoint(C), ...[signed.proof.e, signed.proof.s, r].map(writeScalar)].join('');
  },

  show: (handed) => (HANDED.test(handed) ? handed.slice(0, POINT_DIGITS) : handed),

  verify({ K }, payload, handed) {
    if (handed.length !== HANDED_DIGITS) return false;
    const signed = readAnswer(handed.slice(0, ANSWER_DIGITS));
    const r = readScalar(handed.slice(ANSWER_DIGITS));
    if (signed === undefined || r === undefined || r === 0n) return false;
    const blind = blindOf(payload, r);
    const answer = signed.point.add(times(r, K));
    if (blind.is0() || answer.is0()) return false;
    return verifyDleq({ K, blind, answer }, signed.proof);
  },

  signPlainly(secret, blindText) {
    const { K, k } = readWagnerSecret(secret);
    const blind = readPoint(blindText);
    if (blind === undefined) throw new RangeError('blind out of range');
    const answer = times(k, blind);
    const { e, s } = proveDleqPlainly(k, { K, blind, answer });
    return [writePoint(answer), writeScalar(e), writeScalar(s)].join('');
  },

  verifyPlainly(secret, payload, shown) {
    const { k } = readWagnerSecret(secret);
    return readPoint(shown)?.equals(times(k, hashToCurve(payload))) === true;
  },
};

/** Writes a mint key: `point` is the 65 digits of K. */
export function writeWagnerKey(point: string): KeyDocument {
  return { type: PUBLIC_TYPE, point };
}

/** Reads a mint key; the refusal names the field. */
export function readWagnerKey(document: KeyDocument): WagnerKey | Refusal {
  const fault = formFault(document, PUBLIC_TYPE, PUBLIC_FIELDS);
  if (fault !== undefined) return fault;
  const { point } = document;
  const K = typeof point === 'string' ? readPoint(point) : undefined;
  return K === undefined
    ? refuse('malformed', 'point: must be a point of secp256k1, compressed, as a BigInt')
    : { K };
}

/** Writes a secret key: for tests and vectors; a mint keeps the scalar's 32 bytes. */
export function writeWagnerSecret(point: string, scalar: bigint): KeyDocument {
  return { type: SECRET_TYPE, point, scalar: writeScalar(scalar).replace(/^0+(?=.)/, '') };
}

/** Reads a secret key. It never comes from outside, so what is wrong with it throws. */
function readWagnerSecret({ type, point, scalar }: KeyDocument): WagnerKey & { readonly k: bigint } {
  if (type !== SECRET_TYPE) throw new Error(`not a ${SECRET_TYPE}`);
  const key = readWagnerKey(writeWagnerKey(String(point)));
  const k = readScalar(String(scalar).padStart(SCALAR_DIGITS, '0'));
  if (key instanceof Refusal || k === undefined || k === 0n) throw new Error(`not a ${SECRET_TYPE}`);
  return { ...key, k };
}

/** B' = Y + r · G. */
function blindOf(payload: Uint8Array, r: bigint): CurvePoint {
  return hashToCurve(payload).add(G.multiply(r));
}

/** r, uniform, the same for the same secrets. Throws when they give zero: then they are not random. */
function blindingFactor(secrets: CoinSecrets): bigint {
  const r = bytesToNumber(secrets('blinding factor', FACTOR_BYTES)) % ORDER;
  if (r === 0n) throw new Error('the secrets give no blinding factor');
  return r;
}

/** A point and the proof after it; undefined for anything else. */
function readAnswer(text: string): { readonly point: CurvePoint; readonly proof: DleqProof } | undefined {
  if (text.length !== ANSWER_DIGITS) return undefined;
  const point = readPoint(text.slice(0, POINT_DIGITS));
  const e = readScalar(text.slice(POINT_DIGITS, POINT_DIGITS + SCALAR_DIGITS));
  const s = readScalar(text.slice(POINT_DIGITS + SCALAR_DIGITS));
  if (point === undefined || e === undefined || s === undefined) return undefined;
  return { point, proof: { e, s } };
}
