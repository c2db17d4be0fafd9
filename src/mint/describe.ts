/** What anyone may ask of a currency: its descriptions, its mint keys, its journal. */
import { canonicalBytes } from '../base/canonical.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { RevocationCertificate } from '../protocol/attestations.ts';
import type { RequestCddSerial, ResponseCddSerial } from '../protocol/messages/cdd-serial.ts';
import type { RequestCddc, ResponseCddc } from '../protocol/messages/cddc.ts';
import type { RequestJournal, ResponseJournal } from '../protocol/messages/journal.ts';
import type {
  RequestMintKeyCertificates,
  ResponseMintKeyCertificates,
} from '../protocol/messages/mint-key-certificates.ts';
import { retirementOf } from './charter/charter.ts';
import type { CharterKey } from './charter/charter.ts';
import { fitting } from './fitting.ts';
import type { Keyring, RingKey } from './keyring.ts';
import type { OpenMint } from './mint.ts';
import type { MintStore } from './ports.ts';

export function describeSerial(ring: Keyring, request: RequestCddSerial): ResponseCddSerial {
  return { ...ok(request.message_reference), cdd_serial: ring.cdd.cdd_serial, type: 'response cdd serial' };
}

/** The description with the serial asked for; without one, the one in force. */
export function describeCddc(ring: Keyring, request: RequestCddc): ResponseCddc | Refusal {
  const serial = request.cdd_serial ?? ring.cdd.cdd_serial;
  const cddc = ring.cddcs.find((each) => each.cdd.cdd_serial === serial);
  return cddc === undefined
    ? refuse('unknown', `cdd_serial: the current description has serial ${ring.cdd.cdd_serial}`)
    : { ...ok(request.message_reference), cddc, type: 'response cddc' };
}

/**
 * The keys of the denominations or with the ids asked for; without either, all whose coins have not expired by their own
 * date. Those that were revoked or retired are among them, with the word that they are: a list that merely left them
 * out would look like one that hides keys. Where there are more than one answer holds, those are left out that wallets
 * need least.
 */
export function describeKeys(
  mint: OpenMint,
  request: RequestMintKeyCertificates,
): ResponseMintKeyCertificates {
  const { charter } = mint.scribe;
  const now = mint.clock();
  const ids = new Set(request.mint_key_ids ?? []);
  const denominations = new Set<number>(request.denominations ?? []);
  const unfiltered = ids.size === 0 && denominations.size === 0;
  const asked = [...mint.desk.ring.keys.values()].filter(
    (key) =>
      ids.has(key.id) || (now <= key.closesAfter && (unfiltered || denominations.has(key.denomination))),
  );
  const first = asked
    .toSorted((left, right) => rankOf(left, now) - rankOf(right, now))
    .slice(0, LIMITS.mintKeyCertificates)
    .map(({ id, certificate }) => ({ certificate, revocation: revocationOf(mint, charter.keys.get(id)) }));
  const shown = fitting(first);
  const revocations = shown.flatMap(({ revocation }) => revocation ?? []);
  return {
    ...ok(request.message_reference),
    keys: shown.map(({ certificate }) => certificate),
    ...(revocations.length === 0 ? {} : { revocations, statement_key: charter.statementKey }),
    type: 'response mint key certificates',
  };
}

/** Keys that sign or will come first, then those whose coins are taken, last those that no wallet counts alive. */
function rankOf(key: RingKey, now: Instant): number {
  if (now <= key.signsUntil) return 0;
  return now <= key.coinsUntil ? 1 : 2;
}

/** The word that a key has ended before its time. */
function revocationOf(mint: OpenMint, key: CharterKey | undefined): RevocationCertificate | undefined {
  if (key === undefined) return undefined;
  const revocation = retirementOf(mint.scribe.charter.issuerId, key);
  if (revocation === undefined) return key.revoked;
  const signature = mint.sign(canonicalBytes(revocation));
  return { revocation, signature, type: 'mint key revocation certificate' };
}

/** Entries of the journal from a number on, as many as one answer holds. */
export async function describeJournal(store: MintStore, request: RequestJournal): Promise<ResponseJournal> {
  const entries = await store.journal(request.from, LIMITS.journalPage);
  return {
    ...ok(request.message_reference),
    entries: fitting(entries),
    type: 'response journal',
  };
}
