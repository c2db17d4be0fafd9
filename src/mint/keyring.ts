import { readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { amount, isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import type { Cdd, Cddc, MintKeyCertificate } from '../protocol/documents.ts';
import { suiteNamed } from '../suites/index.ts';
import type { CipherSuite } from '../suites/index.ts';
import type { Currency } from './ports.ts';

/** A mint key, read and ready: its windows as instants, its public key as the suite wants it. */
export interface RingKey {
  readonly id: string;
  readonly denomination: Amount;
  readonly certificate: MintKeyCertificate;
  readonly publicKey: unknown;
  readonly signsFrom: Instant;
  readonly signsUntil: Instant;
  readonly coinsUntil: Instant;
}

/** The public side of a currency: its description and its mint keys by id. Plans read from it, nothing else. */
export interface Keyring {
  readonly suite: CipherSuite;
  readonly cddc: Cddc;
  readonly cdd: Cdd;
  readonly keys: ReadonlyMap<string, RingKey>;
}

/** Reads a currency's certificates once, at start. Throws on documents that the mint itself could not have made. */
export function openKeyring(currency: Pick<Currency, 'cddc' | 'keys'>): Keyring {
  const { cddc } = currency;
  const suite = suiteNamed(cddc.cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) throw new Error(suite.details);
  const keys = currency.keys.map(({ certificate }) => readRingKey(suite, certificate));
  const highest = Math.max(...keys.map((key) => key.denomination));
  if (!isAmount(highest * LIMITS.coinsPerRequest)) throw new Error('a request of such coins has no safe sum');
  return { suite, cddc, cdd: cddc.cdd, keys: new Map(keys.map((key) => [key.id, key])) };
}

function readRingKey(suite: CipherSuite, certificate: MintKeyCertificate): RingKey {
  const key = certificate.mint_key;
  const publicKey = suite.readKey(key.public_mint_key);
  if (publicKey instanceof Refusal) throw new Error(publicKey.details);
  return {
    id: key.id,
    denomination: amount(key.denomination),
    certificate,
    publicKey,
    signsFrom: instantOf(key.sign_coins_not_before),
    signsUntil: instantOf(key.sign_coins_not_after),
    coinsUntil: instantOf(key.coins_expiry_date),
  };
}

function instantOf(date: string): Instant {
  const instant = readDate(date);
  if (instant === undefined) throw new Error('a certificate of our own has no readable date');
  return instant;
}
