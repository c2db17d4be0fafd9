/** What an auditor asks of mint keys: one at a time for each denomination, within the schedule, and totals that never fall. */
import type { Instant } from '../../base/dates.ts';
import { SECOND } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Revocation } from '../../protocol/attestations.ts';
import type { MintKey, MintKeyCertificate } from '../../protocol/documents.ts';
import { keyId } from '../../protocol/ids.ts';
import type { KeyTotals } from '../../protocol/journal.ts';
import { suiteNamed } from '../../suites/index.ts';
import { descriptionOf, instantOf, windowOf } from './charter.ts';
import type { Charter } from './charter.ts';

/** Why a mint key is not one of this currency's next. That the master key signed it was checked before. */
export function checkMintKey(
  charter: Charter,
  { mint_key: key }: MintKeyCertificate,
  time: Instant,
): string | undefined {
  const cdd = descriptionOf(charter);
  if (key.issuer_id !== charter.issuerId) return 'the mint key is of another currency';
  if (key.cdd_serial !== cdd.cdd_serial) return 'the mint key was not made under the description in force';
  if (!cdd.denominations.includes(key.denomination)) {
    return `the description has no denomination ${key.denomination}`;
  }
  if (keyId(key.public_mint_key) !== key.id) return 'the mint key’s id is not the hash of its key';
  if (charter.keys.has(key.id) || charter.formerKeys.has(key.id)) return 'the mint key was there before';
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal || suite.readKey(key.public_mint_key) instanceof Refusal) {
    return 'the mint key is none of the currency’s cipher suite';
  }
  return checkWindow(charter, key, time);
}

/** Two keys of a denomination at one time could tell people's coins apart. */
function checkWindow(charter: Charter, key: MintKey, time: Instant): string | undefined {
  const { keys_sign_seconds, coins_live_seconds, publish_ahead_seconds } = charter.schedule;
  const from = instantOf(key.sign_coins_not_before);
  const until = instantOf(key.sign_coins_not_after);
  const expiry = instantOf(key.coins_expiry_date);
  if (until <= from) return 'the mint key never signs';
  if (expiry < until) return 'the mint key’s coins expire while it signs';
  if (until - from > keys_sign_seconds * SECOND) return 'the mint key signs longer than the schedule says';
  if (expiry - from > coins_live_seconds * SECOND) {
    return 'the mint key’s coins live longer than the schedule says';
  }
  if (from - time > publish_ahead_seconds * SECOND) {
    return 'the mint key was made further ahead than the schedule says';
  }
  return overlaps(charter, key.denomination, from, until)
    ? 'the mint key signs while another of its denomination does'
    : undefined;
}

function overlaps(charter: Charter, denomination: number, from: Instant, until: Instant): boolean {
  return [...charter.keys.values()].some((each) => {
    if (each.state !== 'live' || each.certificate.mint_key.denomination !== denomination) return false;
    const { signsFrom, signsUntil } = windowOf(each);
    return from < signsUntil && signsFrom < until;
  });
}

/** Why a revocation does not say what may be said. That it was signed and ordered was checked before. */
export function checkRevocation(charter: Charter, revocation: Revocation, time: Instant): string | undefined {
  if (revocation.issuer_id !== charter.issuerId) return 'the revocation is of another currency';
  const key = charter.keys.get(revocation.mint_key_id);
  if (key === undefined) return 'the currency has no such mint key';
  if (key.state === 'retired') return 'the mint key was retired before';
  if (instantOf(revocation.revoked) > time) return 'the revocation lies after its entry';
  return instantOf(revocation.coins_until) <= time
    ? 'the revocation leaves no time to bring the coins back'
    : undefined;
}

/** Why a mint key's totals cannot be: they never fall, and no more comes back than went out. */
export function checkTotals(charter: Charter, totals: KeyTotals): string | undefined {
  const last = charter.lastTotals.get(totals.mint_key_id);
  if (last === undefined) return 'it gives totals of a mint key that the currency does not have';
  if (totals.issued < last.issued || totals.redeemed < last.redeemed) return 'the totals of a mint key fall';
  return totals.redeemed > totals.issued ? 'more of a mint key’s coins came back than went out' : undefined;
}

/** Why a mint key cannot be closed. */
export function checkExpiry(charter: Charter, totals: KeyTotals, time: Instant): string | undefined {
  const key = charter.keys.get(totals.mint_key_id);
  if (key === undefined) return 'the currency has no such mint key';
  if (windowOf(key).closesAfter >= time) return 'the mint key’s coins have not expired yet';
  const fault = checkTotals(charter, totals);
  if (fault !== undefined) return fault;
  return totals.issued - totals.redeemed > charter.authorised
    ? 'more of the mint key’s coins was in circulation than was authorised'
    : undefined;
}
