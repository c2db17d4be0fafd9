/**
 * Coins and requests for the load, of suites of one round. Where the wallet alone decides whether to blind it does not:
 * that is cheaper here, and the issuer's work is the same.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { bytesToNumber, writeBigInt } from '../src/base/bigint.ts';
import { Refusal } from '../src/base/refusal.ts';
import { certain } from '../test/support/certain.ts';
import { decodeResponse, encode } from '../src/protocol/codec.ts';
import { PROTOCOL_VERSION } from '../src/protocol/documents.ts';
import type { Blind, Cdd, Coin, MintKey, Payload } from '../src/protocol/documents.ts';
import { payloadBytes } from '../src/protocol/ids.ts';
import type { Request, Response } from '../src/protocol/catalogue.ts';
import { suiteNamed } from '../src/suites/index.ts';
import type { CipherSuite, CoinSecrets } from '../src/suites/index.ts';
import type { Connection } from './http-load.ts';
import { wireRequest } from './http-load.ts';

/** The currency that is loaded, and its mint key of denomination 1. */
export interface Target {
  readonly cdd: Cdd;
  readonly key: MintKey;
  readonly suite: CipherSuite;
  /** The mint key as the suite reads it. */
  readonly publicKey: unknown;
}

/** Asks one thing of the issuer. Throws when it is refused. */
export async function ask(connection: Connection, request: Request): Promise<Response> {
  return answerIn(await connection.exchange(wireRequest(encode(request))));
}

/** An answer's bytes as an answer. Throws when they are none. */
export function answerIn(bytes: Uint8Array): Response {
  const answer = decodeResponse(bytes);
  if (answer instanceof Refusal) throw new Error(answer.details);
  return answer;
}

/** Looks the currency up. */
export async function findTarget(connection: Connection): Promise<Target> {
  const description = await ask(connection, { message_reference: 1, type: 'request cddc' });
  const certificates = await ask(connection, {
    denominations: [1],
    message_reference: 1,
    type: 'request mint key certificates',
  });
  if (description.type !== 'response cddc' || certificates.type !== 'response mint key certificates') {
    throw new Error('the issuer answered something else');
  }
  const [certificate] = certificates.keys;
  if (certificate === undefined) throw new Error('no mint key of denomination 1');
  const { cdd } = description.cddc;
  const suite = certain(suiteNamed(cdd.issuer_cipher_suite));
  const key = certificate.mint_key;
  return { cdd, key, suite, publicKey: certain(suite.readKey(key.public_mint_key)) };
}

/** A coin to come. */
export interface BareCoin {
  readonly payload: Payload;
  readonly blind: Blind;
  /** The signature that the mint is shown, out of its answer. */
  readonly shown: (blindSignature: string) => string;
}

export function bareCoin({ cdd, key, suite, publicKey }: Target, reference: string): BareCoin {
  const payload: Payload = {
    cdd_location: cdd.cdd_location,
    denomination: key.denomination,
    issuer_id: cdd.id,
    mint_key_id: key.id,
    protocol_version: PROTOCOL_VERSION,
    serial: freshReference(),
    type: 'payload',
  };
  const bytes = payloadBytes(payload);
  const seed = randomBytes(32);
  const secrets: CoinSecrets = (label, length) => new Uint8Array(hkdfSync('sha256', seed, '', label, length));
  const isBare = suite.blinding === 'optional';
  const blind: Blind = {
    blinded_payload_hash: suite.prepare(publicKey, bytes, secrets, isBare ? { blinded: false } : {}),
    mint_key_id: key.id,
    reference,
    type: 'blinded payload hash',
  };
  const shown = (answer: string) =>
    isBare ? answer : suite.show(certain(suite.unblind(publicKey, bytes, answer, secrets)));
  return { payload, blind, shown };
}

export function freshReference(): string {
  return writeBigInt(bytesToNumber(new Uint8Array(randomBytes(32))));
}

/** Orders and pays `count` coins of 1; gives the request that mints them, not yet sent. */
export async function buy(connection: Connection, target: Target, count: number): Promise<Purchase> {
  const transaction_reference = freshReference();
  const order = { message_reference: 1, transaction_reference };
  await ask(connection, {
    ...order,
    amount: count,
    currency: target.cdd.id,
    rail: 'test',
    type: 'request order',
  });
  await ask(connection, { ...order, type: 'request test payment' });
  const coins = Array.from({ length: count }, (_, index) => bareCoin(target, String(index)));
  const blinds = coins.map((coin) => coin.blind);
  return { coins, request: { ...order, blinds, type: 'request mint' } };
}

export interface Purchase {
  readonly coins: readonly BareCoin[];
  readonly request: Extract<Request, { type: 'request mint' }>;
}

/** A renewal of coins for as many fresh ones, and what will become coins. */
export function renewal(target: Target, coins: readonly Coin[]): Renewal {
  const fresh = coins.map((_, index) => bareCoin(target, String(index)));
  const request = {
    blinds: fresh.map(({ blind }) => blind),
    coins: [...coins],
    message_reference: 1,
    transaction_reference: freshReference(),
    type: 'request renew',
  } as const;
  return { fresh, request };
}

export interface Renewal {
  readonly fresh: readonly BareCoin[];
  readonly request: Extract<Request, { type: 'request renew' }>;
}

/** The coins that an answer makes of bare blinds. */
export function coinsOf(coins: readonly BareCoin[], answer: Response): Coin[] {
  if (answer.type !== 'response mint') throw new Error(JSON.stringify(answer));
  return coins.map(({ payload, shown }, index) => {
    const signed = answer.blind_signatures[index];
    if (signed === undefined) throw new Error('a blind signature is missing');
    return { payload, signature: shown(signed.blind_signature), type: 'coin' };
  });
}
