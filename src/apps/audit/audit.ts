/** The audit: everything that an issuer says in public, folded and checked. It knows only what it was given. */
import { amount } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import { instantOf } from '../../mint/charter/charter.ts';
import type { Charter, Totals } from '../../mint/charter/charter.ts';
import type { VerifySignature } from '../../mint/ports.ts';
import type { Cddc } from '../../protocol/documents.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import type { ResponseFloat } from '../../protocol/messages/float.ts';
import type { ResponseMintKeyCertificates } from '../../protocol/messages/mint-key-certificates.ts';
import { watchFloat } from './float-watch.ts';
import { follow } from './follow.ts';
import { growthFaults } from './growth.ts';
import { NO_HISTORY, note } from './history.ts';
import type { History } from './history.ts';
import { closingFaults, descriptionFaults, keyFaults } from './published.ts';
import { CLOCK_TOLERANCE, statementFaults } from './statement.ts';

/** What an issuer said, in the order in which it was asked. */
export interface Evidence {
  readonly early: ResponseFloat;
  readonly keys: ResponseMintKeyCertificates;
  readonly cddc: Cddc;
  /** The statement that is checked: what came before it is no older than the early one and no newer than this. */
  readonly late: ResponseFloat;
  /** Entries in order, up to the late statement's head. A refusal ends them. */
  readonly journal: AsyncIterable<readonly SignedEntry[] | Refusal>;
  /** What the last audit kept. */
  readonly kept?: ResponseFloat;
}

export interface Findings {
  /** What the journal adds up to, as far as it could be followed. */
  readonly charter: Charter | undefined;
  readonly history: History;
  readonly entries: number;
  /** Nothing is wrong when there is none. */
  readonly faults: readonly string[];
}

/** What is kept of the way through the journal: where something else is compared with it. */
interface Marks {
  /** What the journal added up to at the kept statement's head: undefined until it has come there. */
  kept: Charter | undefined;
  /** The charters from the early statement's head to the late one's. */
  readonly recent: Charter[];
  /** The totals with which keys were closed. */
  readonly closed: Map<string, Totals>;
}

/** Follows the journal and compares everything else with it. A refusal is one to ask again: nothing was found out. */
export async function audit(
  evidence: Evidence,
  now: Instant,
  verify: VerifySignature,
  progress: (entries: number) => void = () => undefined,
): Promise<Findings | Refusal> {
  let history = NO_HISTORY;
  const marks: Marks = { kept: undefined, recent: [], closed: new Map() };
  const float = watchFloat();
  const followed = await follow(evidence.journal, verify, (before, signed, after) => {
    history = note(history, before, signed, after);
    mark(marks, evidence, signed, after);
    float.entry(before, signed, after);
    if (after.head.entries % PROGRESS_PACE === 0) progress(after.head.entries);
  });
  if (followed instanceof Refusal) return followed;
  const { charter, fault } = followed;
  const broken = fault === undefined ? [] : [`journal: ${fault}`];
  const entries = charter?.head.entries ?? 0;
  if (charter === undefined || !followed.isWhole) return { charter, history, entries, faults: broken };
  const faults = [
    ...broken,
    ...float.end(charter, evidence.late.signed_statement.statement).map((each) => `journal: ${each}`),
    ...keptFaults(evidence, marks, charter),
    ...lengthFaults(evidence, charter),
    ...new Set([
      ...statementFaults(charter, evidence.late, now, verify),
      ...statementFaults(marks.recent[0] ?? charter, evidence.early, now, verify),
    ]),
    ...orderFaults(evidence, marks, charter),
    ...atAnyMoment(marks.recent, (each) => keyFaults(each, evidence.keys, now, verify)),
    ...closingFaults(charter, now),
    ...atAnyMoment(marks.recent, (each) => descriptionFaults(each, evidence.cddc)),
  ];
  return { charter, history, entries, faults };
}

/** Entries between two words about how far it has come. */
const PROGRESS_PACE = 100;

function mark(marks: Marks, { early, kept }: Evidence, { entry }: SignedEntry, charter: Charter): void {
  const { entries } = charter.head;
  if (kept?.signed_statement.statement.journal.entries === entries) marks.kept = charter;
  if (entries >= early.signed_statement.statement.journal.entries) marks.recent.push(charter);
  if (entry.event.type === 'mint key expired') {
    const { mint_key_id: id, issued, redeemed } = entry.event.totals;
    marks.closed.set(id, { issued: amount(issued), redeemed: amount(redeemed) });
  }
}

/** A journal that has not the entries any more that the last audit saw was written anew. */
function keptFaults({ kept, late }: Evidence, marks: Marks, charter: Charter): readonly string[] {
  if (kept === undefined) return [];
  const { statement } = kept.signed_statement;
  const { journal, issuer_id, sequence, time } = statement;
  const saw = `the statement of ${time} that was kept`;
  if (issuer_id !== charter.issuerId) return [`kept: ${saw} is of another currency, ${issuer_id}`];
  if (marks.kept?.head.hash !== journal.hash) {
    return [`kept: the journal was rewritten: it does not lead through entry ${journal.entries} of ${saw}`];
  }
  const now = late.signed_statement.statement;
  const wentBack =
    now.sequence < sequence
      ? [`kept: the ledger went back: ${saw} counts more commits than there are now`]
      : [];
  const earlier = { statement, charter: marks.kept };
  return [...wentBack, ...growthFaults(earlier, { statement: now, charter }, marks.closed)];
}

function lengthFaults({ late }: Evidence, charter: Charter): readonly string[] {
  const said = late.signed_statement.statement.journal.entries;
  return charter.head.entries === said
    ? []
    : [`journal: it ends after ${charter.head.entries} entries; the statement says that it has ${said}`];
}

/** What is published has to fit a moment from the early statement on: that must not be one long gone. */
function orderFaults(
  { early, late }: Evidence,
  { recent, closed }: Marks,
  charter: Charter,
): readonly string[] {
  const before = early.signed_statement.statement;
  const after = late.signed_statement.statement;
  if (before.sequence > after.sequence || before.journal.entries > after.journal.entries) {
    return ['statement: a later one says less than an earlier one'];
  }
  const next = recent[1]?.time ?? Number.POSITIVE_INFINITY;
  const shrunk = growthFaults(
    { statement: before, charter: recent[0] ?? charter },
    { statement: after, charter },
    closed,
  );
  return next < instantOf(before.time) - CLOCK_TOLERANCE
    ? [...shrunk, 'statement: the journal had more entries than it said']
    : shrunk;
}

/** What is published was asked for while the journal may have grown: it has to fit one of the moments. */
function atAnyMoment(
  recent: readonly Charter[],
  faultsOf: (charter: Charter) => readonly string[],
): readonly string[] {
  let faults: readonly string[] = [];
  for (const charter of recent) {
    faults = faultsOf(charter);
    if (faults.length === 0) return [];
  }
  return faults;
}
