/** What an auditor asks of every entry before it becomes part of the charter: nothing is taken on trust. */
import { isAmount } from '../../base/amount.ts';
import { canonicalBytes } from '../../base/canonical.ts';
import type { Canonical } from '../../base/canonical.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { StatementKeyCertificate } from '../../protocol/attestations.ts';
import { PROTOCOL_VERSION } from '../../protocol/documents.ts';
import type { Cddc } from '../../protocol/documents.ts';
import { keyId } from '../../protocol/ids.ts';
import type { JournalEvent, KeyTotals, SignedEntry } from '../../protocol/journal.ts';
import { suiteNamed } from '../../suites/index.ts';
import type { VerifySignature } from '../ports.ts';
import { NO_ENTRY } from '../scribe.ts';
import { actionFault, foundingFault } from './actions.ts';
import { authorisedBy, dueFor } from './apply.ts';
import { descriptionOf, instantOf, saysTerms } from './charter.ts';
import type { Charter } from './charter.ts';
import { checkExpiry, checkMintKey, checkRevocation, checkTotals } from './check-keys.ts';
import { judgeOrder, verifiedSignatures } from './policy.ts';

export interface CheckTools {
  readonly verify: VerifySignature;
}

type Happened<Name extends JournalEvent['type']> = Extract<JournalEvent, { readonly type: Name }>;

/** Why an entry is not accepted as the journal's next, as one sentence; undefined when it is. */
export function checkEntry(
  charter: Charter | undefined,
  signed: SignedEntry,
  tools: CheckTools,
): string | undefined {
  const { entry } = signed;
  const head = charter?.head ?? { entries: 0, hash: NO_ENTRY };
  if (entry.number !== head.entries) return `it has number ${entry.number} and stands at ${head.entries}`;
  if (entry.previous !== head.hash) return 'it does not follow the entry before: the hashes differ';
  const { event } = entry;
  if (charter === undefined) {
    if (event.type !== 'founded') return 'the journal does not begin with the founding';
    return checkFounded(event, signed, tools);
  }
  if (event.type === 'founded') return 'the currency was founded before';
  if (entry.issuer_id !== charter.issuerId) return 'it is of another currency';
  const time = instantOf(entry.time);
  if (time < charter.time) return 'its time lies before that of the entry before';
  const unsigned = checkSignature(charter.statementKey, signed, tools);
  if (unsigned !== undefined) return unsigned;
  const check = CHECKS[event.type] as Check<JournalEvent>;
  return (
    check(charter, event, { ...tools, time }) ??
    checkDue(charter, event, time) ??
    checkAuthorised(charter, event)
  );
}

/** An order and what comes of it are written in one step: nothing stands between them, and both have one time. */
function checkDue(charter: Charter, event: JournalEvent, time: Instant): string | undefined {
  const [due] = charter.due;
  if (due === undefined || (dueFor(charter, event) !== undefined && time === charter.time)) return undefined;
  return `what was ordered before it, “${due.type}”, was not carried out at once`;
}

function checkSignature(
  { statement_key: key }: StatementKeyCertificate,
  { entry, signature }: SignedEntry,
  { verify }: CheckTools,
): string | undefined {
  return verify(key.public_key, canonicalBytes(entry), signature)
    ? undefined
    : 'it is not signed by the statement key';
}

function checkAuthorised(charter: Charter, event: JournalEvent): string | undefined {
  const after = charter.authorised + authorisedBy(charter, event);
  return isAmount(after) ? undefined : 'what is authorised would be no amount after it';
}

function checkFounded(
  event: Happened<'founded'>,
  signed: SignedEntry,
  tools: CheckTools,
): string | undefined {
  const { cddc, founding, statement_key } = event;
  const { cdd } = cddc;
  if (keyId(cdd.issuer_public_master_key) !== cdd.id)
    return 'the currency’s id is not the hash of its master key';
  if (signed.entry.issuer_id !== cdd.id) return 'it is of another currency than it founds';
  const uncertified = checkCddc(cddc) ?? checkStatementKey(cddc, statement_key);
  if (uncertified !== undefined) return uncertified;
  const isAsFounded =
    saysTerms(cdd, founding.description) &&
    cdd.currency_divisor === founding.currency_divisor &&
    cdd.issuer_cipher_suite === founding.issuer_cipher_suite &&
    cdd.cdd_serial === 1;
  if (!isAsFounded) return 'its description is not as it was founded';
  const fault = foundingFault(founding, instantOf(signed.entry.time));
  return fault?.details ?? checkSignature(statement_key, signed, tools);
}

/** A description that its own master key signed. */
function checkCddc(cddc: Cddc): string | undefined {
  if (cddc.cdd.protocol_version !== PROTOCOL_VERSION) return 'its protocol version is not known here';
  return signedByMaster(cddc, cddc.cdd, cddc.signature)
    ? undefined
    : 'the master key did not sign the description';
}

function checkStatementKey(cddc: Cddc, certificate: StatementKeyCertificate): string | undefined {
  const key = certificate.statement_key;
  if (key.issuer_id !== cddc.cdd.id) return 'its statement key is of another currency';
  return signedByMaster(cddc, key, certificate.signature)
    ? undefined
    : 'the master key did not sign the statement key';
}

/** Whether the master key that a description names signed a document. */
export function signedByMaster({ cdd }: Cddc, document: Canonical, signature: string): boolean {
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) return false;
  const master = suite.documents.readKey(cdd.issuer_public_master_key);
  return !(master instanceof Refusal) && suite.documents.verify(master, canonicalBytes(document), signature);
}

interface Moment extends CheckTools {
  readonly time: Instant;
}

type Check<Event extends JournalEvent> = (
  charter: Charter,
  event: Event,
  moment: Moment,
) => string | undefined;

type Checks = {
  readonly [Name in Exclude<JournalEvent['type'], 'founded'>]: Check<Happened<Name>>;
};

const CHECKS: Checks = {
  ordered: checkOrdered,
  description: checkDescription,
  'mint key': (charter, { certificate }, { time }) =>
    signedByMaster(lastCddc(charter), certificate.mint_key, certificate.signature)
      ? checkMintKey(charter, certificate, time)
      : 'the master key did not sign the mint key',
  'mint key revoked': (charter, event, { verify, time }) => {
    const { revocation, signature } = event.certificate;
    if (!verify(charter.statementKey.statement_key.public_key, canonicalBytes(revocation), signature)) {
      return 'the statement key did not sign the revocation';
    }
    if (dueFor(charter, event) === undefined) return 'nobody ordered the revocation';
    return checkRevocation(charter, revocation, time);
  },
  'mint key expired': (charter, { totals }, { time }) => checkExpiry(charter, totals, time),
  totals: (charter, { totals }) => checkAllTotals(charter, totals),
  backup: () => undefined,
  restored: () => undefined,
  'currency founded': (charter, event) =>
    dueFor(charter, event) === undefined ? 'nobody ordered the new currency' : undefined,
  'reserve held': (charter) => (charter.reserve === null ? 'the currency has no reserve' : undefined),
};

function checkOrdered(
  charter: Charter,
  { order: signed }: Happened<'ordered'>,
  { verify, time }: Moment,
): string | undefined {
  if (verifiedSignatures(charter, signed, verify).length !== signed.signatures.length) {
    return 'a signature under the order is of no operator, stands twice or does not verify';
  }
  const verdict = judgeOrder(charter, signed, time);
  if (verdict instanceof Refusal) return `the order could not be executed: ${verdict.details}`;
  if (verdict.kind === 'repeated') return 'the order was executed before';
  if (verdict.kind === 'missing') return `the policy was not met: ${verdict.sentences.join(', or ')}`;
  const fault = actionFault(charter, signed.order.action, time);
  return fault === undefined ? undefined : `the order could not be executed: ${fault.details}`;
}

/** All but what an order may change stays as it was. */
function checkDescription(
  charter: Charter,
  event: Happened<'description'>,
  { time }: Moment,
): string | undefined {
  const { cdd } = event.cddc;
  const before = descriptionOf(charter);
  const isSame =
    cdd.id === before.id &&
    keyId(cdd.issuer_public_master_key) === before.id &&
    cdd.issuer_cipher_suite === before.issuer_cipher_suite &&
    cdd.currency_divisor === before.currency_divisor;
  if (!isSame) return 'the description is of another currency';
  if (cdd.cdd_serial !== before.cdd_serial + 1) {
    return `the description has serial ${cdd.cdd_serial} and follows ${before.cdd_serial}`;
  }
  if (instantOf(cdd.cdd_signing_date) > time) return 'the description was signed after its entry';
  if (dueFor(charter, event) === undefined) return 'nobody ordered the description as it is';
  return checkCddc(event.cddc);
}

function checkAllTotals(charter: Charter, totals: readonly KeyTotals[]): string | undefined {
  const ids = new Set(totals.map((each) => each.mint_key_id));
  if (ids.size !== totals.length) return 'the totals of a mint key stand in it twice';
  for (const each of totals) {
    const fault = checkTotals(charter, each);
    if (fault !== undefined) return fault;
  }
  const next = new Map([
    ...charter.lastTotals,
    ...totals.map(({ mint_key_id: id, issued, redeemed }) => [id, { issued, redeemed }] as const),
  ]);
  const float = [...next.values()].reduce((sum, each) => sum + each.issued - each.redeemed, 0);
  return float > charter.authorised ? 'more is in circulation than was authorised' : undefined;
}

function lastCddc(charter: Charter): Cddc {
  const last = charter.cddcs.at(-1);
  if (last === undefined) throw new Error('a charter has a description');
  return last;
}
