/** The suite `P256-BRANDS` by OpenSSL: first rounds, blinds signed, coins verified, keys made. A secret is the 32 bytes of x. */
import { createECDH, createHmac, hash, randomBytes } from 'node:crypto';
import { bytesToNumber, numberToBytes } from '../base/bigint.ts';
import { Refusal } from '../base/refusal.ts';
import type { NewKey } from '../mint/ports.ts';
import { readIdentityBytes } from '../suites/brands/accounts.ts';
import { coinChallenge, paymentChallenge, readHanded } from '../suites/brands/coin.ts';
import type { HandedCoin } from '../suites/brands/coin.ts';
import { readBrandsPublicKey, writeBrandsPublicKey, writeBrandsSecretKey } from '../suites/brands/keys.ts';
import {
  NONCE_BYTES,
  nonceInput,
  readBlind,
  writeBlindSignature,
  writeCommitment,
} from '../suites/brands/withdrawal.ts';
import { GENERATORS } from '../suites/brands/group.ts';
import { brands } from '../suites/brands.ts';
import type { KeyDocument } from '../suites/index.ts';
import { makeEd25519Master, signEd25519Document } from './ed25519-documents.ts';
import type { NativeKey, NativeSuite } from './native.ts';
import {
  P256_ORDER,
  basePower,
  exponentOf,
  multiply,
  negate,
  power,
  readPoint,
  samePoint,
  writePoint,
} from './p256.ts';
import type { AffinePoint, Exponent } from './p256.ts';

const SECRET_BYTES = 32;
/** 384 bits, reduced, are as good as uniform. */
const WIDE_BYTES = 48;

const g1 = generator(GENERATORS.g1);
const g2 = generator(GENERATORS.g2);

/** `P256-BRANDS` by OpenSSL. */
export const nativeBrands: NativeSuite = {
  name: brands.name,
  cost: { sign: 400, verify: 1_900, commit: 1_500 },
  makeMaster: makeEd25519Master,
  makeMintKey,
  plainSecret: writeBrandsSecretKey,
  signDocument: signEd25519Document,
  open(publicKey, secret) {
    const pair = openPair(publicKey, secret);
    return {
      commit: (identity) => commit(pair, identity),
      sign: (blind) => sign(pair, blind),
      verify: (payload, shown) => verify(pair, hash('sha256', payload, 'buffer'), shown),
    } satisfies NativeKey;
  },
};

/** An opened key pair. */
interface Pair {
  readonly h: AffinePoint;
  /** h as it is hashed. */
  readonly bytes: Uint8Array;
  readonly x: bigint;
  readonly xExponent: Exponent;
  /** x, 32 bytes: what keys the function that gives nonces. */
  readonly secret: Uint8Array;
}

function openPair(publicKey: KeyDocument, secret: Uint8Array): Pair {
  const key = readBrandsPublicKey(publicKey);
  if (key instanceof Refusal) throw new Error(`public key: ${key.details}`);
  const [h, x] = [readPoint(key.bytes), bytesToNumber(secret)];
  const isScalar = secret.length === SECRET_BYTES && x > 0n && x < P256_ORDER;
  const xExponent = isScalar ? exponentOf(x) : undefined;
  if (h === undefined || xExponent === undefined || !samePoint(basePower(xExponent), h)) {
    throw new Error('public and secret key are no pair');
  }
  return { h, bytes: key.bytes, x, xExponent, secret: new Uint8Array(secret) };
}

/** The first round. The nonce is drawn here, and its w is kept nowhere. */
function commit(pair: Pair, identity: string): string {
  const bytes = readIdentityBytes(identity);
  const I = bytes && readPoint(bytes);
  const m = I && multiply(I, g2);
  if (m === undefined) throw new RangeError('not an identity');
  const nonce = randomBytes(NONCE_BYTES);
  const w = nonceSecret(pair, nonce);
  const exponent = exponentOf(w);
  const [z, a, b] = [power(m, pair.xExponent), basePower(exponent), power(m, exponent)] as const;
  // As the account will check it in the end, on a challenge of the mint's own, whose answer stays here.
  const c = randomScalar();
  const r = exponentOf(answerTo(pair, w, c));
  const challenge = exponentOf(c);
  const right =
    isProduct(basePower(r), power(pair.h, challenge), a) && isProduct(power(m, r), power(z, challenge), b);
  if (!right) throw new Error('the private operation failed its check');
  return writeCommitment(nonce, writePoint(z), writePoint(a), writePoint(b));
}

/** w: the same for the same nonce, whenever it is asked for; so a blind always has the same answer. */
function nonceSecret({ secret }: Pair, nonce: Uint8Array): bigint {
  const w = bytesToNumber(createHmac('sha512', secret).update(nonceInput(nonce)).digest()) % P256_ORDER;
  if (w === 0n) throw new Error('the nonce has no secret');
  return w;
}

/** r, checked as g^r = h^c · a: a wrong one beside a right one could give away the key. */
function sign(pair: Pair, blindText: string): string {
  const blind = readBlind(blindText);
  if (blind === undefined) throw new RangeError('blind out of range');
  const w = nonceSecret(pair, blind.nonce);
  const r = answerTo(pair, w, blind.c);
  const a = basePower(exponentOf(w));
  if (!isProduct(basePower(exponentOf(r)), power(pair.h, exponentOf(blind.c)), a)) {
    throw new Error('the private operation failed its check');
  }
  return writeBlindSignature(blindText, r);
}

/**
 * c·x + w modulo the order. Big integers are not constant time: x goes into the product as two shares that are fresh
 * each time, neither of which says anything of it, and w serves once.
 */
function answerTo({ x }: Pair, w: bigint, c: bigint): bigint {
  const share = randomScalar();
  const rest = (x + P256_ORDER - share) % P256_ORDER;
  return (((c * share) % P256_ORDER) + ((c * rest) % P256_ORDER) + w) % P256_ORDER;
}

function randomScalar(): bigint {
  return bytesToNumber(randomBytes(WIDE_BYTES)) % P256_ORDER;
}

function isProduct(whole: AffinePoint, left: AffinePoint, right: AffinePoint): boolean {
  const product = multiply(left, right);
  return product !== undefined && samePoint(whole, product);
}

/** Everything here is public: what matters is that it is fast, and that its verdict is the plain mathematics' own. */
function verify(pair: Pair, coinId: Uint8Array, shown: string): boolean {
  const coin = readHanded(shown);
  if (coin === undefined) return false;
  const [A, B, z] = [readPoint(coin.A), readPoint(coin.B), readPoint(coin.z)];
  if (A === undefined || B === undefined || z === undefined) return false;
  return isSigned(pair, coinId, coin, { A, z }) && isAnswered(pair, coinId, coin, { A, B });
}

function isSigned(
  { h, bytes }: Pair,
  coinId: Uint8Array,
  coin: HandedCoin,
  { A, z }: Readonly<Record<'A' | 'z', AffinePoint>>,
): boolean {
  const [c, r] = [exponentOf(coin.c), exponentOf(coin.r)];
  const a = multiply(basePower(r), negate(power(h, c)));
  const b = multiply(power(A, r), negate(power(z, c)));
  if (a === undefined || b === undefined) return false;
  return coinChallenge(bytes, coinId, { ...coin, a: writePoint(a), b: writePoint(b) }) === coin.c;
}

function isAnswered(
  { bytes }: Pair,
  coinId: Uint8Array,
  coin: HandedCoin,
  { A, B }: Readonly<Record<'A' | 'B', AffinePoint>>,
): boolean {
  const d = paymentChallenge(bytes, coinId, coin, coin.paymentBytes);
  if (d === 0n) return false;
  const left = multiply(power(g1, exponentOf(coin.r1)), power(g2, exponentOf(coin.r2)));
  const right = multiply(power(A, exponentOf(d)), B);
  // Where one is the neutral element the other has to be, and neither is written; nobody finds such numbers.
  return left === undefined || right === undefined ? left === right : samePoint(left, right);
}

async function makeMintKey(): Promise<NewKey> {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const secret = numberToBytes(bytesToNumber(ecdh.getPrivateKey()), SECRET_BYTES);
  return { publicKey: writeBrandsPublicKey(ecdh.getPublicKey(null, 'compressed')), secret };
}

function generator(bytes: Uint8Array): AffinePoint {
  const point = readPoint(bytes);
  if (point === undefined) throw new Error('a generator is a point');
  return point;
}
