/**
 * What can be checked of a server that has lost the beginning of its log: the groups that are there, the classes, and every
 * sequence number under the signed root.
 */
import { sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { formBytes } from '../documents/codec.ts';
import { Destination } from '../documents/documents.ts';
import type { SignedRoot } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said } from '../documents/messages.ts';
import { proofFault } from '../documents/proof.ts';
import { rootSigned } from '../documents/signed.ts';
import { isUnder, leafHash } from '../documents/merkle.ts';
import { ServerRefusal } from '../wallet/ask.ts';
import { askClasses, askGroups, askTitles } from './ask.ts';
import type { TitleWay } from './ask.ts';
import type { TitleFindings } from './audit.ts';
import { TitleBook, sequencesIn } from './book.ts';
import { classFaults } from './classes.ts';
import { foldGroup } from './fold.ts';
import type { AuditParts, Past } from './fold.ts';
import { knownClasses } from './latest-classes.ts';
import type { LatestClasses } from './latest-classes.ts';
import type { OwnTitle } from './own.ts';
import { issuedOf } from './summary.ts';

export interface Remains {
  readonly server: string;
  readonly signedRoot: SignedRoot;
  readonly before: number;
  readonly own: number;
  readonly titles: readonly OwnTitle[];
  readonly progress: (done: number, of: number) => void;
}

/** `past` is the log as far as it is known: sequence numbers have only grown since. */
export async function auditRemains(
  way: TitleWay,
  about: Remains,
  past: Past,
  parts: AuditParts,
): Promise<TitleFindings | Refusal> {
  const { statement } = about.signedRoot;
  const certificates = await askClasses(way);
  if (certificates instanceof Refusal) return certificates;
  const latest = knownClasses(certificates, parts);
  const faults = [...classFaults(past, certificates, parts).faults];
  if (latest.titles < statement.titles)
    faults.push(`root: it counts ${statement.titles} titles, and ${latest.titles} were issued`);
  const first = await firstGroup(way, past.groups + 1, statement.groups);
  if (first instanceof Refusal) return first;
  const rest = await followRest(way, { first, end: statement.groups, latest, about, past }, parts);
  if (rest instanceof Refusal) return rest;
  faults.push(...rest.faults);
  const pages = await pageFaults(way, past, about, parts);
  if (pages instanceof Refusal) return pages;
  faults.push(...pages);
  const fates = await ownRemains(way, past.server, about.titles, parts);
  if (fates instanceof Refusal) return fates;
  const { server, signedRoot, before } = about;
  return {
    server,
    signedRoot,
    before,
    own: about.own,
    past: rest.past,
    classes: latest.all.map((known) => issuedOf(known)),
    unchecked: uncheckedWords(past.groups, first, statement.groups),
    faults: [...faults, ...fates],
  };
}

function uncheckedWords(known: number, first: number, end: number): readonly string[] {
  const last = Math.min(first - 1, end);
  return [
    `the server has lost groups ${known + 1} to ${last} of its log: nobody can check any more who transferred ` +
      'what in them, whether every holder signed, and whether nothing was given twice',
    ...(known === 0 ? [] : [`groups 1 to ${known} were checked before, by the audit that was kept`]),
    'a title that moved after them is taken to have been with whoever signed',
  ];
}

/** The first group that the server still has; one behind the end where there is none. */
async function firstGroup(way: TitleWay, from: number, end: number): Promise<number | Refusal> {
  let [lost, found] = [from, end + 1];
  while (lost + 1 < found) {
    const middle = lost + Math.floor((found - lost) / 2);
    const groups = await askGroups(way, middle);
    if (groups instanceof Refusal) return groups;
    if (groups.length === 0) lost = middle;
    else found = middle;
  }
  return found;
}

interface Rest {
  readonly first: number;
  readonly end: number;
  readonly latest: LatestClasses;
  readonly about: Remains;
  readonly past: Past;
}

async function followRest(
  way: TitleWay,
  { first, end, latest, about, past }: Rest,
  parts: AuditParts,
): Promise<{ readonly past: Past; readonly faults: readonly string[] } | Refusal> {
  const rest: Past = {
    ...past,
    classes: latest,
    book: new TitleBook(),
    isWhole: false,
    groups: first - 1,
    head: undefined,
    versions: [],
    transfers: 0,
  };
  while (rest.groups < end) {
    const page = await askGroups(way, rest.groups + 1);
    if (page instanceof Refusal) return page;
    if (page.length === 0) return { past: rest, faults: [`log: there is no group ${rest.groups + 1}`] };
    for (const group of page.slice(0, end - rest.groups)) {
      const fault = foldGroup(rest, group, parts);
      if (fault !== undefined) return { past: rest, faults: [`log: group ${rest.groups + 1}: ${fault}`] };
    }
    about.progress(rest.groups, end);
  }
  const { head } = about.signedRoot.statement;
  return rest.head !== undefined && !sameBytes(head, rest.head)
    ? { past: rest, faults: ['root: the statement is about another log than the one that is shown'] }
    : { past: rest, faults: [] };
}

/** Every page stands under a root that the server signed, and no sequence number is less than it was. */
async function pageFaults(
  way: TitleWay,
  past: Past,
  { signedRoot, progress }: Remains,
  parts: AuditParts,
): Promise<readonly string[] | Refusal> {
  const pages = Math.ceil(signedRoot.statement.titles / TITLE_LIMITS.pageCells);
  for (let from = 0; from < pages; from += TITLE_LIMITS.pagesAtOnce) {
    const wanted = Array.from(
      { length: Math.min(TITLE_LIMITS.pagesAtOnce, pages - from) },
      (_, at) => from + at,
    );
    const answer = await askTitles(way, { type: 'request title root', pages: wanted });
    if (answer instanceof Refusal) return answer;
    const fault = answerFault(past, wanted, { answer, groups: signedRoot.statement.groups }, parts);
    if (fault !== undefined) return [fault];
    progress(Math.min(pages, from + wanted.length), pages);
  }
  return [];
}

function answerFault(
  past: Past,
  wanted: readonly number[],
  { answer, groups }: { readonly answer: Said<'response title root'>; readonly groups: number },
  { verify, sha256 }: AuditParts,
): string | undefined {
  const { statement, signature } = answer.signed_root;
  if (!verify(past.server, rootSigned(past.server, statement), signature))
    return 'root: the statement is not signed by the server';
  if (statement.groups < groups) return 'root: a later statement says less than an earlier one';
  if (answer.pages.length !== wanted.length) return 'root: not every page is shown';
  for (const [at, { page, sequences, path }] of answer.pages.entries()) {
    const cells = Math.min(TITLE_LIMITS.pageCells, statement.titles - page * TITLE_LIMITS.pageCells);
    const size = Math.ceil(statement.titles / TITLE_LIMITS.pageCells);
    if (page !== wanted[at] || sequences.length !== 4 * cells)
      return `root: page ${wanted[at] ?? 0} is not as it must be`;
    if (!isUnder(statement.root, leafHash(sequences, sha256), { index: page, size, path }))
      return `root: page ${page} does not stand under it`;
    const shrunk = sequencesIn(sequences).findIndex(
      (sequence, cell) => sequence < past.book.sequence(page * TITLE_LIMITS.pageCells + cell),
    );
    if (shrunk >= 0)
      return `root: the sequence number of cell ${page * TITLE_LIMITS.pageCells + shrunk} is less than it was`;
  }
  return undefined;
}

/** Titles of one’s own, by what the server says of each. Of some it knows no more than the sequence number. */
async function ownRemains(
  way: TitleWay,
  server: Uint8Array,
  own: readonly OwnTitle[],
  parts: AuditParts,
): Promise<readonly string[] | Refusal> {
  const faults: string[] = [];
  for (const title of own) {
    const { titleClass, serial } = title;
    const answer = await askTitles(way, { type: 'request title', title_class: titleClass, serial });
    if (answer instanceof Refusal && answer.temporary) return answer;
    const fault =
      answer instanceof Refusal ? refusedFault(title, answer) : answeredFault(title, server, answer, parts);
    if (fault !== undefined) faults.push(`own titles: title ${serial} ${fault}`);
  }
  return faults;
}

function refusedFault({ sequence, isLeaving }: OwnTitle, refusal: Refusal): string | undefined {
  if (refusal.name !== 'outdated proof' || !(refusal instanceof ServerRefusal))
    return `is refused: ${refusal.details}`;
  return refusal.sequence === sequence || isLeaving
    ? undefined
    : `is at sequence ${refusal.sequence ?? 'unknown'} now; you hold it at ${sequence}`;
}

function answeredFault(
  { sequence, holder, condition, isLeaving }: OwnTitle,
  server: Uint8Array,
  { proof, sequence: now, to }: Said<'response title'>,
  { verify }: AuditParts,
): string | undefined {
  if (proof !== undefined && proofFault(server, proof, verify) !== undefined)
    return 'has a proof of the server’s that does not verify';
  if (now !== sequence)
    return isLeaving ? undefined : `is at sequence ${now} now; you hold it at ${sequence}`;
  const is = proof?.holding ?? to;
  return sameBytes(
    formBytes(Destination, { holder: is.holder, condition: is.condition }),
    formBytes(Destination, { holder, condition }),
  )
    ? undefined
    : 'has another holder now than you believe';
}
