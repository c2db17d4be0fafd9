/** Mint keys as the wallet uses them. Their certificates were verified before they were kept. */
import { readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Cdd, MintKeyCertificate, PublicKey } from '../protocol/documents.ts';
import { suiteNamed } from '../suites/index.ts';
import type { CipherSuite } from '../suites/index.ts';

/** When coins of this mint key expire. */
export function expiryOf(certificate: MintKeyCertificate): Instant {
  return instant(certificate.mint_key.coins_expiry_date);
}

/** When this mint key makes its last coin. */
export function signsUntil(certificate: MintKeyCertificate): Instant {
  return instant(certificate.mint_key.sign_coins_not_after);
}

/** Whether this mint key makes coins now. */
export function signsNow(certificate: MintKeyCertificate, now: Instant): boolean {
  return instant(certificate.mint_key.sign_coins_not_before) <= now && now <= signsUntil(certificate);
}

/** A currency's keys that make coins now, by denomination; of several the one that makes them longest. */
export function signingKeys(
  certificates: Iterable<MintKeyCertificate>,
  issuerId: string,
  now: Instant,
): ReadonlyMap<number, MintKeyCertificate> {
  const keys = new Map<number, MintKeyCertificate>();
  for (const certificate of certificates) {
    const { issuer_id, denomination } = certificate.mint_key;
    if (issuer_id !== issuerId || !signsNow(certificate, now)) continue;
    const other = keys.get(denomination);
    if (other === undefined || signsUntil(other) < signsUntil(certificate))
      keys.set(denomination, certificate);
  }
  return keys;
}

/** The suite of a currency that is known here, so that its suite is known too. */
export function suiteOf(cdd: Cdd): CipherSuite {
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) throw new Error('a wallet knows the suites of its currencies');
  return suite;
}

/** A public key that was read before, when its certificate was verified. */
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
