/** Accounts of the suite `P256-BRANDS`: an identity I = g1^u1, and the proof that somebody knows u1. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToNumber } from '../../base/bigint.ts';
import { concatBytes } from '../../base/bytes.ts';
import {
  ORDER,
  POINT_BYTES,
  POINT_PREFIXES,
  SCALAR_BYTES,
  VERSION,
  VERSION_PREFIXES,
  domain,
  g1,
  g2,
  hashToScalar,
  pointBytes,
  pointOf,
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
import type { CoinSecrets } from '../suite.ts';

/** An identity that was read and checked: its 33 bytes, and m = I · g2, which is not neutral. */
export interface Identity {
  readonly bytes: Uint8Array;
  readonly m: Point;
}

/** An account as its own wallet knows it. */
export interface Account extends Identity {
  readonly u1: bigint;
}

const MOST_ATTEMPTS = 8;

/** The account of these secrets. Throws when they give none. */
export function accountOf(account: CoinSecrets): Account {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const u1 = secretScalar(account, attempt === 0 ? 'identity' : `identity, attempt ${attempt}`);
    const bytes = pointBytes(secretPower(g1, u1));
    const identity = identityOf(bytes);
    if (identity !== undefined) return { ...identity, u1 };
  }
  throw new Error('the secrets give no account');
}

/** The bytes of an identity as a text; undefined for what has another form. Whether they are a point is not asked. */
export function readIdentityBytes(text: string): Uint8Array | undefined {
  return readBytes(text, [POINT_BYTES], POINT_PREFIXES)?.[0];
}

/** Reads an identity; undefined for what is none: off the curve, or the inverse of g2. */
export function readIdentity(text: string): Identity | undefined {
  const bytes = readIdentityBytes(text);
  return bytes === undefined ? undefined : identityOf(bytes);
}

function identityOf(bytes: Uint8Array): Identity | undefined {
  const m = pointOf(bytes)?.add(g2);
  return m === undefined || m.is0() ? undefined : { bytes, m };
}

export function identityText(account: CoinSecrets): string {
  return writeBytes(accountOf(account).bytes);
}

/** Schnorr's proof, made non-interactive: 01 ‖ e ‖ y. Its nonce is a function of secret and context. */
export function prove(account: CoinSecrets, context: Uint8Array): string {
  const { u1, bytes } = accountOf(account);
  const seed = hmac(sha512, scalarBytes(u1), concatBytes(domain('proof nonce'), bytes, context));
  const k = reduce(bytesToNumber(seed));
  const e = proofChallenge(bytes, pointBytes(secretPower(g1, k)), context);
  const y = reduce(k + e * u1);
  return writeBytes(VERSION, scalarBytes(e), scalarBytes(y));
}

/** Whether the proof shows that its maker knew the identity's secret, for this context. Never throws. */
export function proves(identity: string, context: Uint8Array, proof: string): boolean {
  const bytes = readIdentityBytes(identity);
  const I = bytes === undefined ? undefined : pointOf(bytes);
  const parts = readBytes(proof, [1, SCALAR_BYTES, SCALAR_BYTES], VERSION_PREFIXES);
  if (bytes === undefined || I === undefined || I.add(g2).is0() || parts === undefined) return false;
  const [, ...numbers] = parts;
  const [e, y] = numbers.map(scalarOf);
  if (e === undefined || y === undefined) return false;
  const a = publicProduct([g1, y], [I, ORDER - e]);
  return !a.is0() && proofChallenge(bytes, pointBytes(a), context) === e;
}

function proofChallenge(identity: Uint8Array, a: Uint8Array, context: Uint8Array): bigint {
  return hashToScalar('proof', identity, a, context);
}
