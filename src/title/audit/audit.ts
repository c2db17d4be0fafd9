/** The audit of a title server: all that it says in public, followed and compared. It trusts nothing but its own arithmetic. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import type { SignedRoot } from '../documents/documents.ts';
import { rootSigned } from '../documents/signed.ts';
import { askClasses, askGroups, askTitles } from './ask.ts';
import type { TitleWay } from './ask.ts';
import { classFaults } from './classes.ts';
import { beginPast, foldGroup } from './fold.ts';
import type { AuditParts, Past } from './fold.ts';
import type { Kept } from './keep.ts';
import { auditRemains } from './lost.ts';
import { ownFaults } from './own.ts';
import type { OwnTitle } from './own.ts';
import { summaryOf } from './summary.ts';
import type { ClassSummary } from './summary.ts';

/** Milliseconds by which clocks may differ. */
const CLOCK_TOLERANCE = 600_000;

export interface AuditOptions {
  /** What the last audit kept; it is built upon, and changed. */
  readonly kept: Kept | undefined;
  /** What other auditors kept: their past has to be this one's. */
  readonly others: readonly Kept[];
  /** Titles that somebody believes to hold of this server. */
  readonly own: readonly OwnTitle[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly progress: (groups: number, of: number) => void;
}

/** What was found out. */
export interface TitleFindings {
  /** 64 hexadecimal digits. */
  readonly server: string;
  readonly signedRoot: SignedRoot;
  /** The log as far as it was followed, and how far it had been followed before. */
  readonly past: Past;
  readonly before: number;
  readonly classes: readonly ClassSummary[];
  /** How many titles of one's own were looked for. */
  readonly own: number;
  /** What could not be checked, in words. */
  readonly unchecked: readonly string[];
  /** Nothing is wrong when there is none. */
  readonly faults: readonly string[];
}

/** A place in the log that somebody has seen. */
interface Seen {
  readonly groups: number;
  readonly head: Uint8Array;
  readonly who: string;
}

/** Follows the log and compares everything else with it. A refusal is one to ask again: nothing was found out. */
export async function auditTitles(
  way: TitleWay,
  options: AuditOptions,
  parts: AuditParts,
): Promise<TitleFindings | Refusal> {
  const asked = await askTitles(way, { type: 'request title server' });
  if (asked instanceof Refusal) return asked;
  const stated = await askTitles(way, { type: 'request title root', pages: [] });
  if (stated instanceof Refusal) return stated;
  const { signed_root: signedRoot } = stated;
  const seen = seenOf(options);
  const past = startOf(asked.server, options, parts);
  const about = {
    server: bytesToHex(asked.server),
    signedRoot,
    before: past.groups,
    own: options.own.length,
  };
  const known = [options.kept, ...options.others].find(
    (each) => each !== undefined && !sameBytes(each.past.server, asked.server),
  );
  const early =
    known === undefined
      ? statementFaults(asked.server, signedRoot, { seen, now: options.now }, parts)
      : [`kept: what was kept is of another server, ${bytesToHex(known.past.server)}`];
  if (early.length > 0) return { ...about, past, classes: [], unchecked: [], faults: early };
  const followed = await follow(way, past, { end: signedRoot.statement.groups, seen, ...options }, parts);
  if (followed instanceof Refusal) return followed;
  if (followed === LOST)
    return auditRemains(way, { ...about, titles: options.own, progress: options.progress }, past, parts);
  if (followed.length > 0) return { ...about, past, classes: [], unchecked: [], faults: followed };
  const certificates = await askClasses(way);
  if (certificates instanceof Refusal) return certificates;
  const { classes, faults } = classFaults(past, certificates, parts);
  return {
    ...about,
    past,
    classes: summaryOf(past, classes, parts),
    unchecked: [],
    faults: [
      ...endFaults(past, signedRoot, parts),
      ...(past.time > options.now + CLOCK_TOLERANCE
        ? ['log: its last group is of a time that has not come']
        : []),
      ...faults,
      ...ownFaults(past, options.own, parts),
    ],
  };
}

/** Where the following begins: what was kept, unless somebody has seen what was before. */
function startOf(server: Uint8Array, { kept, others }: AuditOptions, parts: AuditParts): Past {
  const isEarly = kept !== undefined && others.some(({ past }) => past.groups < kept.past.groups);
  return kept === undefined || isEarly ? beginPast(server, parts) : kept.past;
}

function seenOf({ kept, others }: AuditOptions): readonly Seen[] {
  const seen = [
    ...(kept === undefined ? [] : [{ past: kept.past, who: 'the last audit' }]),
    ...others.map(({ past }) => ({ past, who: 'another audit' })),
  ];
  return seen.map(({ past, who }) => ({ groups: past.groups, head: past.head ?? new Uint8Array(), who }));
}

function statementFaults(
  server: Uint8Array,
  { statement, signature }: SignedRoot,
  { seen, now }: { readonly seen: readonly Seen[]; readonly now: number },
  { verify }: AuditParts,
): readonly string[] {
  if (!verify(server, rootSigned(server, statement), signature))
    return ['root: the statement is not signed by the server'];
  const most = seen.toSorted((left, right) => right.groups - left.groups)[0];
  if (most !== undefined && most.groups > statement.groups)
    return [
      `root: it counts ${statement.groups} groups, and ${most.who} saw ${most.groups}: the past was cut short`,
    ];
  // An old statement would show an old log: it is signed anew whenever somebody asks.
  return Math.abs(statement.time - now) > CLOCK_TOLERANCE
    ? ['root: the statement is not of now: it is an old one, or one of the two clocks is wrong']
    : [];
}

/** The log does not go on where it should: the server has lost what stood there. */
const LOST = 'lost';

interface Following {
  readonly end: number;
  readonly seen: readonly Seen[];
  readonly progress: AuditOptions['progress'];
}

/** Lets every group up to the end count: what is wrong, or that groups are lost. */
async function follow(
  way: TitleWay,
  past: Past,
  { end, seen, progress }: Following,
  parts: AuditParts,
): Promise<readonly string[] | typeof LOST | Refusal> {
  const start = seenFault(past, seen);
  if (start !== undefined) return [start];
  while (past.groups < end) {
    const page = await askGroups(way, past.groups + 1);
    if (page instanceof Refusal) return page;
    if (page.length === 0) return LOST;
    for (const group of page) {
      if (past.groups === end) break;
      const fault = foldGroup(past, group, parts);
      if (fault !== undefined) return [`log: group ${past.groups + 1}: ${fault}`];
      const other = seenFault(past, seen);
      if (other !== undefined) return [other];
    }
    progress(past.groups, end);
  }
  return [];
}

function seenFault({ groups, head }: Past, seen: readonly Seen[]): string | undefined {
  const other = seen.find(
    (each) => each.groups === groups && head !== undefined && !sameBytes(each.head, head),
  );
  return other === undefined
    ? undefined
    : `kept: ${other.who} saw another group ${groups}: the past was written anew, or each is shown its own`;
}

/** Whether the statement says what the log comes to. */
function endFaults(past: Past, { statement }: SignedRoot, { sha256 }: AuditParts): readonly string[] {
  const faults: string[] = [];
  if (past.head === undefined || !sameBytes(statement.head, past.head))
    faults.push('root: the statement is about another log than the one that is shown');
  if (statement.titles !== past.classes.titles)
    faults.push(`root: it counts ${statement.titles} titles, and ${past.classes.titles} were issued`);
  else if (!sameBytes(statement.root, past.book.root(statement.titles, sha256)))
    faults.push('root: it is not the one over the sequence numbers that the log comes to');
  if (statement.time < past.time) faults.push('root: the statement is older than what it is about');
  return faults;
}
