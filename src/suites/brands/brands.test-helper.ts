/** Mint keys, accounts and coins for tests of `P256-BRANDS`, all from fixed words; with the mint's part in plain arithmetic. */
import { createHash } from 'node:crypto';
import { bytesToNumber, numberToBytes } from '../../base/bigint.ts';
import { bytesToHex } from '../../base/bytes.ts';
import { brands } from '../brands.ts';
import { ORDER, g, pointBytes, publicPower, reduce } from './group.ts';
import { readBrandsPublicKey, writeBrandsPublicKey, writeBrandsSecretKey } from './keys.ts';
import type { BrandsPublicKey } from './keys.ts';
import { must, payloadWith, secretsOf } from '../keys.test-helper.ts';
import type { AccountScheme, CoinSecrets, KeyDocument, OfflineScheme, Payment } from '../suite.ts';

export const accounts: AccountScheme = brands.accounts ?? fail();
export const offline: OfflineScheme<BrandsPublicKey> = brands.offline ?? fail();

function fail(): never {
  throw new Error('the suite has accounts, and is safe offline');
}

export interface BrandsPair {
  readonly x: bigint;
  readonly document: KeyDocument;
  readonly public: BrandsPublicKey;
  readonly secretDocument: KeyDocument;
}

/** A scalar out of a word. */
export function scalarOfWord(word: string): bigint {
  return reduce(bytesToNumber(createHash('sha512').update(word).digest())) || 1n;
}

/** The mint key whose secret is x. */
export function pairOf(x: bigint): BrandsPair {
  const document = writeBrandsPublicKey(pointBytes(publicPower(g, x)));
  return {
    x,
    document,
    public: must(readBrandsPublicKey(document)),
    secretDocument: writeBrandsSecretKey(document, numberToBytes(x, 32)),
  };
}

export const pair = pairOf(scalarOfWord('the mint key'));
export const otherPair = pairOf(scalarOfWord('another mint key'));

export const alice = secretsOf('alice');
export const bob = secretsOf('bob');

/** 64 hexadecimal digits out of a word. */
export function nonceOfWord(word: string): string {
  return createHash('sha256').update(word).digest('hex');
}

/** A coin, and all that its wallet and the mint saw of it. */
export interface Withdrawn {
  readonly payload: Uint8Array;
  readonly coinId: string;
  readonly secrets: CoinSecrets;
  readonly account: CoinSecrets;
  readonly commitment: string;
  readonly blind: string;
  readonly answer: string;
  readonly held: string;
}

/** Withdraws one coin under the helper's key. Everything follows from the words. */
export function withdraw(word: string, account = alice, nonce = word): Withdrawn {
  const payload = payloadWith(offline.serial(pair.public, secretsOf(word), account));
  return onPayload(payload, word, account, nonce);
}

/** Withdraws one coin on a payload, whatever its serial. */
export function onPayload(payload: Uint8Array, word: string, account = alice, nonce = word): Withdrawn {
  const secrets = secretsOf(word);
  const identity = accounts.identity(account);
  const commitment = accounts.commitPlainly(pair.secretDocument, identity, nonceOfWord(nonce));
  const blind = brands.prepare(pair.public, payload, secrets, { commitment, account });
  const answer = brands.signPlainly(pair.secretDocument, blind);
  const held = must(brands.unblind(pair.public, payload, answer, secrets, { account }));
  const coinId = createHash('sha256').update(payload).digest('hex');
  return { payload, coinId, secrets, account, commitment, blind, answer, held };
}

export const PAYMENT: Payment = {
  payee: accounts.identity(secretsOf('a shop')),
  time: 1_800_000_000_000,
  amount: 1_234,
};

export function handOver(coin: Withdrawn, payment = PAYMENT): string {
  return must(brands.hand(pair.public, coin.payload, coin.held, payment));
}

/** The bytes of a text of this suite, whose first digit, a zero, a BigInt does not have. */
export function bytesOfText(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(`0${text}`, 'hex'));
}

/** A text of this suite with other bytes from a place on. */
export function replaced(text: string, at: number, bytes: Uint8Array): string {
  const whole = bytesOfText(text);
  whole.set(bytes, at);
  return bytesToHex(whole).replace(/^0+(?=.)/, '');
}

/** Where the parts of a signature, and of a handed coin, begin. */
export const AT = {
  A: 0,
  B: 33,
  z: 66,
  c: 99,
  r: 131,
  r1: 163,
  r2: 195,
  payee: 227,
  time: 260,
  amount: 268,
  end: 276,
} as const;

/** A number modulo the order that stands somewhere in a text. */
export function numberAt(text: string, at: number): bigint {
  return bytesToNumber(bytesOfText(text).subarray(at, at + 32));
}

/** The inverse of a scalar, by Fermat. */
export function inverted(scalar: bigint): bigint {
  let [power, base] = [1n, reduce(scalar)];
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) power = (power * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return power;
}
