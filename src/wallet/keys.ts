/** Mint keys as the wallet uses them. Their certificates were verified before they were kept. */
import { formatAmount, amount } from '../base/amount.ts';
import { readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Revocation } from '../protocol/attestations.ts';
import type { Cdd, MintKeyCertificate, PublicKey } from '../protocol/documents.ts';
import { suiteNamed } from '../suites/index.ts';
import type { CipherSuite } from '../suites/index.ts';

/** Denominations and the mint keys that make their coins now. */
export type SigningKeys = ReadonlyMap<number, MintKeyCertificate>;

/** When a mint key makes coins, both ends counted, and until when they are taken. */
export interface KeyTimes {
  readonly from: Instant;
  readonly until: Instant;
  readonly expires: Instant;
  /** A revoked key makes no coins at any time. */
  readonly revoked: boolean;
}

/** The times of a mint key; a revocation brings their ends forward, and never puts them off. */
export function timesOf({ mint_key: key }: MintKeyCertificate, revocation?: Revocation): KeyTimes {
  const times = {
    from: instant(key.sign_coins_not_before),
    until: instant(key.sign_coins_not_after),
    expires: instant(key.coins_expiry_date),
  };
  if (revocation === undefined) return { ...times, revoked: false };
  return {
    from: times.from,
    until: Math.min(times.until, instant(revocation.revoked)),
    expires: Math.min(times.expires, instant(revocation.coins_until)),
    revoked: true,
  };
}

/** Whether a mint key makes coins now. */
export function signsNow({ from, until, revoked }: KeyTimes, now: Instant): boolean {
  return !revoked && from <= now && now <= until;
}

/** Of these keys those that make coins now, by denomination; of several the one that makes them longest. */
export function signingKeys(
  certificates: Iterable<MintKeyCertificate>,
  times: (certificate: MintKeyCertificate) => KeyTimes,
  now: Instant,
): SigningKeys {
  const keys = new Map<number, MintKeyCertificate>();
  for (const certificate of certificates) {
    if (!signsNow(times(certificate), now)) continue;
    const { denomination } = certificate.mint_key;
    const other = keys.get(denomination);
    if (other === undefined || times(other).until < times(certificate).until)
      keys.set(denomination, certificate);
  }
  return keys;
}

/** A mint key as a person tells it from others. */
export function nameOfKey({ currency_divisor }: Cdd, { mint_key }: MintKeyCertificate): string {
  return `mint key ${shortId(mint_key.id)} for coins of ${valueOf(mint_key.denomination, currency_divisor)}`;
}

/** The beginning of an id: enough to compare two by eye. */
export function shortId(id: string): string {
  return `${id.slice(0, 8)}…`;
}

/** What a coin is worth in main units. */
export function valueOf(denomination: number, divisor: number): string {
  return formatAmount(amount(denomination), divisor);
}

/** The suite of a currency that is known here, so that its suite is known too. */
export function suiteOf(cdd: Cdd): CipherSuite {
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) throw new Error('a wallet knows the suites of its currencies');
  return suite;
}

/** The master key of a currency whose description was verified. */
export function readMasterKey(cdd: Cdd): unknown {
  const key = suiteOf(cdd).documents.readKey(cdd.issuer_public_master_key);
  if (key instanceof Refusal) throw new Error('a wallet keeps only currencies whose master key can be read');
  return key;
}

/** A mint key that was read before, when its certificate was verified. */
export function readKey(suite: CipherSuite, document: PublicKey): unknown {
  const key = suite.readKey(document);
  if (key instanceof Refusal) throw new Error('a wallet keeps only keys that can be read');
  return key;
}

/** A date of a document that was decoded, so that it is one of the calendar. */
export function instant(date: string): Instant {
  const read = readDate(date);
  if (read === undefined) throw new Error('decoded documents have real dates');
  return read;
}
