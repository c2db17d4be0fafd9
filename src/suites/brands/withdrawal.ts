/**
 * The two rounds in which a mint makes a coin of the suite `P256-BRANDS`, in the names of Brands (1993).
 *
 *     commitment       01 ‖ n ‖ z ‖ a ‖ b        z = m^x, a = g^w, b = m^w, and w follows from x and n
 *     blind            01 ‖ n ‖ z ‖ a ‖ c
 *     blind signature  the blind ‖ r             r = c·x + w
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToNumber } from '../../base/bigint.ts';
import { bytesToHex, concatBytes, hexToBytes } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { accountOf, readIdentity } from './accounts.ts';
import type { Account } from './accounts.ts';
import { coinChallenge, isSigned, serialAbout, writeHeld } from './coin.ts';
import {
  ORDER,
  POINT_BYTES,
  POINT_PREFIXES,
  SCALAR_BYTES,
  VERSION,
  VERSION_PREFIXES,
  domain,
  g,
  g1,
  g2,
  inverse,
  pointBytes,
  pointOf,
  publicPower,
  publicProduct,
  readBytes,
  reduce,
  scalarBytes,
  scalarOf,
  secretPower,
  secretScalar,
  writeBytes,
} from './group.ts';
import type { Point } from './group.ts';
import { readBrandsSecretKey } from './keys.ts';
import type { BrandsPublicKey } from './keys.ts';
import type { CoinSecrets, KeyDocument, Preparation } from '../suite.ts';

export const NONCE_BYTES = 32;

/** What both rounds carry: the nonce, z and a. */
const OPENING = [1, NONCE_BYTES, POINT_BYTES, POINT_BYTES] as const;
const COMMITMENT = [...OPENING, POINT_BYTES] as const;
const BLIND = [...OPENING, SCALAR_BYTES] as const;
const BLIND_SIGNATURE = [...BLIND, SCALAR_BYTES] as const;

/** A blind's parts, as they came. `z` and `a` are for the wallet, and the mint only gives them back. */
interface Blind {
  readonly nonce: Uint8Array;
  readonly z: Uint8Array;
  readonly a: Uint8Array;
  readonly c: bigint;
}

/** What a mint commits itself to in the first round. */
interface Commitment {
  readonly nonce: Uint8Array;
  readonly z: Point;
  readonly a: Point;
  readonly b: Point;
}

/** Mint: the commitment out of its parts: the nonce, and three points in compressed form. */
export function writeCommitment(nonce: Uint8Array, z: Uint8Array, a: Uint8Array, b: Uint8Array): string {
  return writeBytes(VERSION, nonce, z, a, b);
}

function readCommitment(text: string): Commitment | undefined {
  const parts = readBytes(text, COMMITMENT, VERSION_PREFIXES);
  if (parts === undefined) return undefined;
  const [, nonce] = parts;
  const [z, a, b] = [pointOf(parts[2]), pointOf(parts[3]), pointOf(parts[4])];
  return z === undefined || a === undefined || b === undefined ? undefined : { nonce, z, a, b };
}

/** Mint: a blind's parts; undefined for what is none, such as a c out of range. */
export function readBlind(text: string): Blind | undefined {
  const parts = readBytes(text, BLIND, VERSION_PREFIXES);
  return parts === undefined ? undefined : blindOf(parts[1], parts[2], parts[3], parts[4]);
}

function blindOf(nonce: Uint8Array, z: Uint8Array, a: Uint8Array, c: Uint8Array): Blind | undefined {
  const number = scalarOf(c);
  const written = [z, a].every(([first]) => first !== undefined && POINT_PREFIXES.includes(first));
  return number === undefined || !written ? undefined : { nonce, z, a, c: number };
}

function readBlindSignature(text: string): (Blind & { readonly r: bigint }) | undefined {
  const parts = readBytes(text, BLIND_SIGNATURE, VERSION_PREFIXES);
  if (parts === undefined) return undefined;
  const blind = blindOf(parts[1], parts[2], parts[3], parts[4]);
  const r = scalarOf(parts[5]);
  return blind === undefined || r === undefined ? undefined : { ...blind, r };
}

/** The nonce of a commitment, all of whose points are on the curve, or of a blind; undefined for anything else. */
export function nonceOf(text: string): string | undefined {
  const nonce = (readBlind(text) ?? readCommitment(text))?.nonce;
  return nonce === undefined ? undefined : bytesToHex(nonce);
}

/** What keys the function that gives a nonce its w: HMAC-SHA-512 under x, over these bytes, reduced. */
export function nonceInput(nonce: Uint8Array): Uint8Array {
  return concatBytes(domain('mint nonce'), nonce);
}

function plainNonce(x: bigint, nonce: Uint8Array): bigint {
  return reduce(bytesToNumber(hmac(sha512, scalarBytes(x), nonceInput(nonce))));
}

/** Mint, in plain arithmetic: the first round. Throws on an identity or a nonce that is none. */
export function commitPlainly(secret: KeyDocument, identity: string, nonceText: string): string {
  const { x } = readBrandsSecretKey(secret);
  const m = readIdentity(identity)?.m;
  if (m === undefined) throw new RangeError('not an identity');
  const nonce = hexToBytes(nonceText);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${NONCE_BYTES} bytes`);
  const w = plainNonce(x, nonce);
  const [z, a, b] = [publicPower(m, x), publicPower(g, w), publicPower(m, w)];
  return writeCommitment(nonce, pointBytes(z), pointBytes(a), pointBytes(b));
}

/** Mint, in plain arithmetic: the answer to a blind. Throws on what is none. */
export function signPlainly(secret: KeyDocument, blindText: string): string {
  const { x, h } = readBrandsSecretKey(secret);
  const blind = readBlind(blindText);
  if (blind === undefined) throw new RangeError('blind out of range');
  const w = plainNonce(x, blind.nonce);
  const r = reduce(blind.c * x + w);
  const expected = publicProduct([h, blind.c], [g, w]);
  if (!publicPower(g, r).equals(expected)) throw new Error('the private operation failed its check');
  return writeBlindSignature(blindText, r);
}

/** Mint: the blind signature out of the blind and r. */
export function writeBlindSignature(blind: string, r: bigint): string {
  return blind + bytesToHex(scalarBytes(r));
}

/** Whether the answer is the blind with the r that belongs to its a. Of z and b only the account can tell. */
export function answers(key: BrandsPublicKey, blind: string, blindSignature: string): boolean {
  const answer = readBlindSignature(blindSignature);
  if (answer === undefined || !blindSignature.startsWith(blind) || readBlind(blind) === undefined)
    return false;
  return pointOf(answer.a)?.equals(committed(key, answer)) === true;
}

/** g^r · h^-c: the a that an answer belongs to. */
function committed({ h }: BrandsPublicKey, { c, r }: { readonly c: bigint; readonly r: bigint }): Point {
  return publicProduct([g, r], [h, ORDER - c]);
}

/** What a coin's wallet chooses for it. */
interface CoinScalars {
  readonly s: bigint;
  readonly x1: bigint;
  readonly x2: bigint;
}

/** What answers for a coin, and the points that its serial and its signature are about. */
interface CoinPoints extends CoinScalars {
  readonly A: Point;
  readonly B: Point;
}

/**
 * s, x1 and x2: a function of the coin's secrets, its key and its account, and A and B, which follow. Two coins never
 * share them: two payments with one pair (x1, x2) would give away the account.
 */
function coinPoints(key: BrandsPublicKey, account: Account, secrets: CoinSecrets): CoinPoints {
  const about = bytesToHex(sha256(concatBytes(domain('coin'), key.bytes, account.bytes)));
  const [s, x1, x2] = [`s ${about}`, `x1 ${about}`, `x2 ${about}`].map((label) =>
    secretScalar(secrets, label),
  );
  if (s === undefined || x1 === undefined || x2 === undefined) throw new Error('three scalars were three');
  const A = secretPower(account.m, s);
  return { s, x1, x2, A, B: secretPower(g1, x1).add(secretPower(g2, x2)) };
}

/** Wallet: the serial of a coin to come. */
export function serial(key: BrandsPublicKey, secrets: CoinSecrets, account: CoinSecrets): string {
  const { A, B } = coinPoints(key, accountOf(account), secrets);
  return serialAbout({ A: pointBytes(A), B: pointBytes(B) });
}

/**
 * u and v: a function of all that the mint committed itself to as well. A mint that breaks off, and gets another c for
 * the same coin, would link the two by a u that is the same: c'1 / c1 = u = c'2 / c2, with c' of a coin that it sees.
 * The same where only z differs.
 */
function blindingScalars(
  key: BrandsPublicKey,
  id: Uint8Array,
  account: Account,
  secrets: CoinSecrets,
  { nonce, z, a, b }: Commitment,
): { readonly u: bigint; readonly v: bigint } {
  const committedTo = [nonce, ...[z, a, b].map(pointBytes)];
  const input = concatBytes(domain('blinding'), key.bytes, id, account.bytes, ...committedTo);
  const about = bytesToHex(sha256(input));
  return { u: secretScalar(secrets, `u ${about}`), v: secretScalar(secrets, `v ${about}`) };
}

/** Wallet: the blind. Throws without an account, and on a commitment that `nonceOf` does not know. */
export function prepare(
  key: BrandsPublicKey,
  payload: Uint8Array,
  secrets: CoinSecrets,
  how?: Preparation,
): string {
  if (how?.account === undefined) throw new Error('a coin of this suite is withdrawn by an account');
  const commitment = readCommitment(how.commitment ?? '');
  if (commitment === undefined) throw new RangeError('not a commitment');
  const { nonce, z, a, b } = commitment;
  const [id, account] = [sha256(payload), accountOf(how.account)];
  const { s, A, B } = coinPoints(key, account, secrets);
  const { u, v } = blindingScalars(key, id, account, secrets, commitment);
  const challenge = coinChallenge(key.bytes, id, {
    A: pointBytes(A),
    B: pointBytes(B),
    z: pointBytes(secretPower(z, s)),
    a: pointBytes(secretPower(a, u).add(secretPower(g, v))),
    b: pointBytes(secretPower(b, reduce(s * u)).add(secretPower(A, v))),
  });
  const c = reduce(challenge * (inverse(u) ?? 0n));
  if (c === 0n) throw new Error('the secrets give no blind');
  return writeBytes(VERSION, nonce, pointBytes(z), pointBytes(a), scalarBytes(c));
}

/**
 * Wallet: the coin as it is held. It needs no commitment: a and b follow from r and c. Whatever else the mint might have
 * answered gives other u and v, and then the signature does not hold.
 */
export function unblind(
  key: BrandsPublicKey,
  payload: Uint8Array,
  blindSignature: string,
  secrets: CoinSecrets,
  how?: Pick<Preparation, 'account'>,
): string | Refusal {
  if (how?.account === undefined) throw new Error('a coin of this suite is withdrawn by an account');
  const answer = readBlindSignature(blindSignature);
  const [z, a] = [pointOf(answer?.z ?? VERSION), pointOf(answer?.a ?? VERSION)];
  if (answer === undefined || z === undefined || a === undefined) {
    return refuse('bad signature', 'blind signature: not one of this suite');
  }
  const wrong = refuse('bad signature', 'blind signature: the mint did not sign what it was sent');
  if (!committed(key, answer).equals(a)) return wrong;
  const [id, account] = [sha256(payload), accountOf(how.account)];
  const b = publicProduct([account.m, answer.r], [z, ORDER - answer.c]);
  if (b.is0()) return wrong;
  const { s, x1, x2, A, B } = coinPoints(key, account, secrets);
  const { u, v } = blindingScalars(key, id, account, secrets, { nonce: answer.nonce, z, a, b });
  const signature = {
    A: pointBytes(A),
    B: pointBytes(B),
    z: pointBytes(secretPower(z, s)),
    c: reduce(answer.c * u),
    r: reduce(answer.r * u + v),
  };
  if (!isSigned(key, id, signature)) return wrong;
  return writeHeld({ ...signature, us: reduce(account.u1 * s), s, x1, x2 });
}
