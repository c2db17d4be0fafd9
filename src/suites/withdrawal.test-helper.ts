/** One coin from payload to signature under any suite, with the mint's part in plain arithmetic. */
import { randomBytes } from 'node:crypto';
import { must, secretsOf } from './keys.test-helper.ts';
import type { CipherSuite, KeyDocument, Payment, Preparation } from './suite.ts';

/** A mint key's pair: `secretDocument` as the plain mathematics reads it. */
export interface PlainPair {
  readonly public: unknown;
  readonly secretDocument: KeyDocument;
}

/** A coin, and all that wallet and mint saw of it. */
export interface MadeCoin {
  readonly word: string;
  readonly payload: Uint8Array;
  readonly how: Preparation;
  readonly blind: string;
  readonly answer: string;
  readonly held: string;
  readonly handed: string;
  readonly shown: string;
}

/** The account of every test, where the suite has any. */
export const ACCOUNT = secretsOf('the account');

/** To nobody in particular. */
export const PAYMENT: Payment = { payee: '', time: 1_800_000_000_000, amount: 100 };

/** A fresh nonce of a first round. */
export function freshNonce(): string {
  return randomBytes(32).toString('hex');
}

/** What a wallet knows before it makes a blind: for a suite of two rounds the first is done, under this nonce. */
export function preparationFor(suite: CipherSuite, pair: PlainPair, nonce = freshNonce()): Preparation {
  if (suite.accounts === undefined) return {};
  const identity = suite.accounts.identity(ACCOUNT);
  return {
    account: ACCOUNT,
    commitment: suite.accounts.commitPlainly(pair.secretDocument, identity, nonce),
  };
}

/** A coin whose secrets derive from the word. */
export function makeCoin(
  suite: CipherSuite,
  pair: PlainPair,
  payload: Uint8Array,
  word: string,
  how: Preparation = preparationFor(suite, pair),
): MadeCoin {
  const blind = suite.prepare(pair.public, payload, secretsOf(word), how);
  const answer = suite.signPlainly(pair.secretDocument, blind);
  const held = must(suite.unblind(pair.public, payload, answer, secretsOf(word), how));
  const handed = must(suite.hand(pair.public, payload, held, PAYMENT));
  return { word, payload, how, blind, answer, held, handed, shown: suite.show(handed) };
}

/** How many cases of a property to try: points in plain arithmetic take much longer than short RSA keys. */
export function casesOf(suite: CipherSuite, most: number): number {
  const share = suite.name.startsWith('RSA-') ? 1 : 0.25;
  return Math.max(2, Math.ceil(most * (suite.accounts === undefined ? share : 0.1)));
}
