/** Whether what an issuer publishes beside its journal is what the journal says: no more, no less, nothing else. */
import { canonical, canonicalBytes } from '../../base/canonical.ts';
import { DAY } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type { RevocationCertificate } from '../../protocol/attestations.ts';
import type { Cddc } from '../../protocol/documents.ts';
import type { ResponseMintKeyCertificates } from '../../protocol/messages/mint-key-certificates.ts';
import { retirementOf, windowOf } from '../../mint/charter/charter.ts';
import type { Charter, CharterKey } from '../../mint/charter/charter.ts';
import type { VerifySignature } from '../../mint/ports.ts';
import { CLOCK_TOLERANCE } from './statement.ts';

/** What is wrong with the mint keys that are published. Wallets that are shown other keys can be told apart by them. */
export function keyFaults(
  charter: Charter,
  { keys, revocations = [] }: ResponseMintKeyCertificates,
  now: Instant,
  verify: VerifySignature,
): readonly string[] {
  const faults: string[] = [];
  const shown = new Map(keys.map((each) => [each.mint_key.id, each]));
  if (shown.size !== keys.length) faults.push('mint keys: one is published twice');
  for (const [id, certificate] of shown) {
    const key = charter.keys.get(id);
    if (key === undefined) faults.push(`mint keys: ${id} is published and does not stand in the journal`);
    else if (canonical(key.certificate) !== canonical(certificate))
      faults.push(`mint keys: the certificate of ${id} is not the one in the journal`);
    else if (windowOf(key).closesAfter < now - CLOCK_TOLERANCE)
      faults.push(`mint keys: ${id} is published, and its coins have expired`);
  }
  const revoked = new Map(revocations.map((each) => [each.revocation.mint_key_id, each]));
  for (const [id, key] of charter.keys) {
    const lives = windowOf(key).closesAfter > now + CLOCK_TOLERANCE;
    if (lives && !shown.has(id)) faults.push(`mint keys: ${id} stands in the journal and is not published`);
    if (!shown.has(id)) continue;
    if (!saysItsEnd(charter, key, revoked.get(id), verify))
      faults.push(`mint keys: what is published of the revocation of ${id} is not what the journal says`);
  }
  for (const id of revoked.keys()) {
    if (!shown.has(id)) faults.push(`mint keys: a revocation of ${id} is published without its key`);
  }
  return faults;
}

/** Whether what is published of a key's end is what the journal says: of a restore only the entry, of an order the word itself. */
function saysItsEnd(
  charter: Charter,
  key: CharterKey,
  published: RevocationCertificate | undefined,
  verify: VerifySignature,
): boolean {
  const retirement = retirementOf(charter.issuerId, key);
  if (retirement === undefined) return canonical(published ?? null) === canonical(key.revoked ?? null);
  return (
    published !== undefined &&
    canonical(published.revocation) === canonical(retirement) &&
    verify(charter.statementKey.statement_key.public_key, canonicalBytes(retirement), published.signature)
  );
}

/** A mint closes a key within the hour after its coins expired, and at its start the latest. */
const CLOSED_WITHIN = DAY;

/** The keys that were never closed: what is left of their coins would be said to be in circulation for ever. */
export function closingFaults(charter: Charter, now: Instant): readonly string[] {
  return [...charter.keys]
    .filter(([, key]) => windowOf(key).closesAfter + CLOSED_WITHIN < now)
    .map(
      ([id, { certificate }]) =>
        `mint keys: ${id} was never closed, and its coins expired on ${certificate.mint_key.coins_expiry_date}`,
    );
}

/** What is wrong with the description that is published. */
export function descriptionFaults(charter: Charter, cddc: Cddc): readonly string[] {
  const last = charter.cddcs.at(-1);
  return last !== undefined && canonical(last) === canonical(cddc)
    ? []
    : ['description: what is published is not the last one of the journal'];
}
