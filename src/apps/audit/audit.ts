/** The audit: everything that an issuer says in public, folded and checked. It knows only what it was given. */
import type { Instant } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import { applyEntry } from '../../mint/charter/apply.ts';
import { instantOf } from '../../mint/charter/charter.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import { checkEntry } from '../../mint/charter/check.ts';
import type { VerifySignature } from '../../mint/ports.ts';
import type { Cddc } from '../../protocol/documents.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import type { ResponseFloat } from '../../protocol/messages/float.ts';
import type { ResponseMintKeyCertificates } from '../../protocol/messages/mint-key-certificates.ts';
import { NO_HISTORY, note } from './history.ts';
import type { History } from './history.ts';
import { descriptionFaults, keyFaults } from './published.ts';
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

/** Where in the journal something else is compared with it. */
interface Marks {
  /** What the kept statement's head should be: undefined until the journal has come there. */
  kept: string | undefined;
  /** The charters from the early statement's head to the late one's. */
  readonly recent: Charter[];
}

/** Follows the journal and compares everything else with it. A refusal is one to ask again: nothing was found out. */
export async function audit(
  evidence: Evidence,
  now: Instant,
  verify: VerifySignature,
  progress: (entries: number) => void = () => undefined,
): Promise<Findings | Refusal> {
  let charter: Charter | undefined;
  let history = NO_HISTORY;
  const marks: Marks = { kept: undefined, recent: [] };
  for await (const page of evidence.journal) {
    if (page instanceof Refusal) return page;
    for (const signed of page) {
      const fault = checkEntry(charter, signed, { verify });
      if (fault !== undefined) {
        const faults = [`journal: entry ${charter?.head.entries ?? 0}: ${fault}`];
        return { charter, history, entries: charter?.head.entries ?? 0, faults };
      }
      const next = applyEntry(charter, signed.entry);
      history = note(history, charter, signed, next);
      charter = next;
      mark(marks, evidence, next);
    }
    progress(charter?.head.entries ?? 0);
  }
  if (charter === undefined) {
    return { charter, history, entries: 0, faults: ['journal: it has no entries'] };
  }
  const faults = [
    ...keptFaults(evidence, marks, charter),
    ...lengthFaults(evidence, charter),
    ...new Set([
      ...statementFaults(charter, evidence.late, now, verify),
      ...statementFaults(marks.recent[0] ?? charter, evidence.early, now, verify),
    ]),
    ...orderFaults(evidence, marks),
    ...atAnyMoment(marks.recent, (each) => keyFaults(each, evidence.keys, now, verify)),
    ...atAnyMoment(marks.recent, (each) => descriptionFaults(each, evidence.cddc)),
  ];
  return { charter, history, entries: charter.head.entries, faults };
}

function mark(marks: Marks, { early, kept }: Evidence, charter: Charter): void {
  const { entries, hash } = charter.head;
  if (kept?.signed_statement.statement.journal.entries === entries) marks.kept = hash;
  if (entries >= early.signed_statement.statement.journal.entries) marks.recent.push(charter);
}

/** A journal that has not the entries any more that the last audit saw was written anew. */
function keptFaults({ kept, late }: Evidence, marks: Marks, charter: Charter): readonly string[] {
  if (kept === undefined) return [];
  const { journal, issuer_id, sequence, time } = kept.signed_statement.statement;
  const saw = `the statement of ${time} that was kept`;
  if (issuer_id !== charter.issuerId) return [`kept: ${saw} is of another currency, ${issuer_id}`];
  if (marks.kept !== journal.hash) {
    return [`kept: the journal was rewritten: it does not lead through entry ${journal.entries} of ${saw}`];
  }
  return late.signed_statement.statement.sequence < sequence
    ? [`kept: the ledger went back: ${saw} counts more commits than there are now`]
    : [];
}

function lengthFaults({ late }: Evidence, charter: Charter): readonly string[] {
  const said = late.signed_statement.statement.journal.entries;
  return charter.head.entries === said
    ? []
    : [`journal: it ends after ${charter.head.entries} entries; the statement says that it has ${said}`];
}

/** What is published has to fit a moment from the early statement on: that must not be one long gone. */
function orderFaults({ early, late }: Evidence, { recent }: Marks): readonly string[] {
  const before = early.signed_statement.statement;
  const after = late.signed_statement.statement;
  if (before.sequence > after.sequence || before.journal.entries > after.journal.entries) {
    return ['statement: a later one says less than an earlier one'];
  }
  const next = recent[1]?.time ?? Number.POSITIVE_INFINITY;
  return next < instantOf(before.time) - CLOCK_TOLERANCE
    ? ['statement: the journal had more entries than it said']
    : [];
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
