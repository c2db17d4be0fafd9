/** The log of a title server, group after group: each is checked against all that came before it, and then counts. */
import { sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Group, TitleClassCertificate } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { leafHash, rootOf, treeRows } from '../documents/merkle.ts';
import type { Sha256 } from '../documents/merkle.ts';
import { headFault } from '../documents/proof.ts';
import type { VerifySignature } from '../documents/proof.ts';
import { Registry } from '../documents/registry.ts';
import type { KnownClass, PlacedTitle } from '../documents/registry.ts';
import { classEntry, headHash } from '../documents/signed.ts';
import { TitleBook } from './book.ts';
import { transferFold } from './fold-transfer.ts';
import type { Folded, Move } from './fold-transfer.ts';

/** How an auditor checks signatures and hashes. */
export interface AuditParts {
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

/** The classes that an auditor knows, as a `Registry` keeps them. */
export interface Classes {
  readonly titles: number;
  get(id: string): KnownClass | undefined;
  place(known: KnownClass, serial: number): PlacedTitle | undefined;
  judge(certificate: TitleClassCertificate): KnownClass | Refusal;
  keep(known: KnownClass): void;
}

/** What a log adds up to, as far as it was followed. */
export interface Past {
  /** The server's public key. */
  readonly server: Uint8Array;
  readonly classes: Classes;
  readonly book: TitleBook;
  /** False where the beginning of the log is lost: what was before is taken as the first transfer of each title says it. */
  readonly isWhole: boolean;
  groups: number;
  /** The hash of the last head; undefined where it is lost. */
  head: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  time: number;
  /** Every version of a class, in the order of the log. */
  readonly versions: TitleClassCertificate[];
  transfers: number;
}

/** A log of which nothing was read yet. */
export function beginPast(server: Uint8Array, { verify }: AuditParts): Past {
  return {
    server,
    classes: new Registry(server, verify),
    book: new TitleBook(),
    isWhole: true,
    groups: 0,
    head: new Uint8Array(32),
    time: 0,
    versions: [],
    transfers: 0,
  };
}

/** Lets a group count. Says instead what is wrong with it, and then nothing of it counts. */
export function foldGroup(past: Past, group: Group, parts: AuditParts): string | undefined {
  const fault = headFaultOf(past, group, parts);
  if (fault !== undefined) return fault;
  const folded = group.title_class === undefined ? foldTransfers(past, group, parts) : foldClass(past, group);
  if (typeof folded === 'string') return folded;
  const { head } = group.signed_head;
  if (head.size !== folded.entries.length)
    return `its head counts ${head.size} leaves, and it has ${folded.entries.length}`;
  const leaves = folded.entries.map((entry) => leafHash(entry, parts.sha256));
  if (!sameBytes(rootOf(treeRows(leaves, parts.sha256)), head.root))
    return 'its signed root is not that of what it holds';
  folded.count();
  past.groups = head.number;
  past.head = headHash(past.server, head, parts.sha256);
  past.time = head.time;
  return undefined;
}

function headFaultOf(past: Past, { signed_head }: Group, parts: AuditParts): string | undefined {
  const { head } = signed_head;
  if (head.number !== past.groups + 1) return `it says of itself that it is group ${head.number}`;
  if (past.head !== undefined && !sameBytes(head.previous, past.head))
    return 'it does not follow the group before: the past was written anew, or there are two';
  if (head.time < past.time) return 'it is older than the group before';
  const refusal = headFault(past.server, signed_head, parts.verify);
  return refusal === undefined ? undefined : 'its head is not signed by the server';
}

/** What a group comes to: the entries of its tree, and how it counts. */
interface FoldedGroup {
  readonly entries: readonly Uint8Array[];
  readonly count: () => void;
}

function foldClass(past: Past, { title_class, transfers }: Group): FoldedGroup | string {
  if (title_class === undefined || transfers.length > 0) return 'it holds a class and transfers together';
  const known = past.classes.judge(title_class);
  if (known instanceof Refusal) return `the class is refused: ${known.details}`;
  if (past.classes.get(known.id) === known && past.isWhole) return 'it holds a version of a class once more';
  return {
    entries: [classEntry(title_class)],
    count: () => {
      past.classes.keep(known);
      past.versions.push(title_class);
    },
  };
}

function foldTransfers(past: Past, group: Group, parts: AuditParts): FoldedGroup | string {
  if (group.transfers.length === 0) return 'it holds nothing';
  const entries: Uint8Array[] = [];
  const moves = new Map<number, Move>();
  for (const [at, logged] of group.transfers.entries()) {
    const folded: Folded | string = transferFold(past, logged, group.signed_head.head.time, parts);
    if (typeof folded === 'string') return `transfer ${at + 1}: ${folded}`;
    entries.push(...folded.entries);
    for (const move of folded.moves) {
      if (moves.has(move.cell)) return `transfer ${at + 1}: a title moves twice in one group`;
      moves.set(move.cell, move);
    }
  }
  if (entries.length > TITLE_LIMITS.groupLeaves)
    return `it has ${entries.length} leaves, and ${TITLE_LIMITS.groupLeaves} are the most`;
  return {
    entries,
    count: () => {
      for (const { cell, sequence, mark } of moves.values()) past.book.set(cell, sequence, mark);
      past.transfers += group.transfers.length;
    },
  };
}
