/** What a wallet believes of an issuer, pure: descriptions and mint keys are checked here, and held to what was seen. */
import { canonical, canonicalBytes } from '../base/canonical.ts';
import { HOUR } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Cdd, Cddc, MintKeyCertificate } from '../protocol/documents.ts';
import { hashOf, keyId } from '../protocol/ids.ts';
import { suiteNamed } from '../suites/index.ts';
import type { CipherSuite } from '../suites/index.ts';
import { instant, nameOfKey, readMasterKey, shortId, signsNow, suiteOf, timesOf, valueOf } from './keys.ts';

/** How far clocks may differ. */
export const CLOCK_SKEW = HOUR;
/** Mint keys of one denomination that may make coins at once: an old one and the one that follows it. */
const KEYS_AT_ONCE = 2;

/** Why a description is not to be trusted; undefined when it is. */
export function doubtsAboutCurrency({ cdd, signature }: Cddc, now: Instant): Refusal | undefined {
  if (cdd.protocol_version !== PROTOCOL_VERSION) {
    return refuse('distrusted', `protocol_version: must be ${PROTOCOL_VERSION}`);
  }
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) return suite;
  if (cdd.id !== keyId(cdd.issuer_public_master_key)) {
    return refuse('distrusted', 'id: is not the hash of the master key');
  }
  const master = suite.documents.readKey(cdd.issuer_public_master_key);
  if (master instanceof Refusal) return master;
  if (!suite.documents.verify(master, canonicalBytes(cdd), signature)) {
    return refuse('bad signature', 'the description is not signed by its master key');
  }
  const weakness = suite.documents.weakness(master);
  if (weakness !== undefined)
    return refuse('distrusted', `issuer_public_master_key: ${withoutStop(weakness)}`);
  return doubtsAboutTerms(cdd, now);
}

function doubtsAboutTerms(cdd: Cdd, now: Instant): Refusal | undefined {
  if (!cdd.denominations.includes(1)) {
    return refuse('distrusted', 'denominations: without a coin of 1 no purse can pay any amount');
  }
  if (instant(cdd.cdd_signing_date) > now + CLOCK_SKEW) {
    return refuse('distrusted', 'cdd_signing_date: lies in the future; check the clock of this machine');
  }
  if (instant(cdd.cdd_expiry_date) < now)
    return refuse('expired', 'cdd_expiry_date: the description has expired');
  return undefined;
}

/** Why a description may not follow the one that is known; undefined when it may. The master key is the same. */
export function doubtsAboutSuccessor(known: Cdd, next: Cdd): Refusal | undefined {
  if (next.issuer_cipher_suite !== known.issuer_cipher_suite) {
    return refuse('distrusted', 'issuer_cipher_suite: has changed');
  }
  if (next.cdd_serial < known.cdd_serial) {
    return refuse('distrusted', 'cdd_serial: an older description than the one known here');
  }
  if (next.cdd_serial === known.cdd_serial && hashOf(next) !== hashOf(known)) {
    return refuse('distrusted', 'cdd_serial: two descriptions that differ have the same serial');
  }
  return undefined;
}

/** Why a mint key is not to be trusted; undefined when it is. The description is. */
export function doubtsAboutKey(cdd: Cdd, certificate: MintKeyCertificate): Refusal | undefined {
  const { mint_key: key, signature } = certificate;
  const suite = suiteOf(cdd);
  if (key.issuer_id !== cdd.id) return refuse('distrusted', 'mint_key.issuer_id: another currency');
  if (key.id !== keyId(key.public_mint_key))
    return refuse('distrusted', 'mint_key.id: is not the hash of the key');
  if (!suite.documents.verify(readMasterKey(cdd), canonicalBytes(key), signature)) {
    return refuse('bad signature', 'mint_key: is not signed by the master key');
  }
  if (key.cdd_serial > cdd.cdd_serial) {
    return refuse('distrusted', 'mint_key.cdd_serial: its description has not been published');
  }
  if (key.cdd_serial === cdd.cdd_serial && !cdd.denominations.includes(key.denomination)) {
    const value = valueOf(key.denomination, cdd.currency_divisor);
    return refuse('distrusted', `mint_key.denomination: the currency has no coins of ${value}`);
  }
  const { from, until, expires } = timesOf(certificate);
  if (from > until || until > expires) {
    return refuse('distrusted', 'mint_key: its dates contradict each other');
  }
  return doubtsAboutPublicKey(suite, certificate);
}

function doubtsAboutPublicKey(suite: CipherSuite, { mint_key }: MintKeyCertificate): Refusal | undefined {
  const key = suite.readKey(mint_key.public_mint_key);
  if (key instanceof Refusal) return key;
  const weakness = suite.weakness(key);
  return weakness === undefined
    ? undefined
    : refuse('distrusted', `public_mint_key: ${withoutStop(weakness)}`);
}

/**
 * In words, how a mint key contradicts those seen before: a mint that shows different keys to different people can
 * tell their coins apart. `known` holds the keys of its currency by id. Those that count for nothing any more, the
 * revoked among them, leave their place to another.
 */
export function contradictionIn(
  cdd: Cdd,
  known: ReadonlyMap<string, MintKeyCertificate>,
  certificate: MintKeyCertificate,
  countsForNothing: (mintKeyId: string) => boolean,
): string | undefined {
  const { mint_key: key } = certificate;
  const same = known.get(key.id);
  if (same !== undefined) {
    const unchanged = canonical(same.mint_key) === canonical(key);
    return unchanged ? undefined : `${nameOfKey(cdd, certificate)} has another certificate than before`;
  }
  if (countsForNothing(key.id)) return undefined;
  const siblings = [...known.values()].filter(
    ({ mint_key: other }) => other.denomination === key.denomination && !countsForNothing(other.id),
  );
  const twin = siblings.find(
    ({ mint_key: other }) =>
      other.sign_coins_not_before === key.sign_coins_not_before ||
      other.sign_coins_not_after === key.sign_coins_not_after,
  );
  if (twin !== undefined) {
    return `${nameOfKey(cdd, certificate)} and another, ${shortId(twin.mint_key.id)}, are made for the same time`;
  }
  return isCrowded(siblings, certificate)
    ? `with ${nameOfKey(cdd, certificate)} more than ${KEYS_AT_ONCE} make these coins at once`
    : undefined;
}

/** Whether at any moment more keys than may would sign together with this one. */
function isCrowded(siblings: readonly MintKeyCertificate[], certificate: MintKeyCertificate): boolean {
  const own = timesOf(certificate);
  const all = [...siblings.map((each) => timesOf(each)), own];
  // Where most sign at once, some key has just begun.
  return all
    .map(({ from }) => from)
    .filter((start) => signsNow(own, start))
    .some((start) => all.filter((each) => signsNow(each, start)).length > KEYS_AT_ONCE);
}

/** A refusal sets its own full stop. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
