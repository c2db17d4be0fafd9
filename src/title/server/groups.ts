/** Groups: what was planned, under one root and one signature. */
import { Writer } from '../documents/bytes.ts';
import { Group, SignedHead } from '../documents/documents.ts';
import type { GroupHead, Holding } from '../documents/documents.ts';
import { leafHash, rootOf, treeRows } from '../documents/merkle.ts';
import type { KnownClass } from '../documents/registry.ts';
import { classEntry, headHash, headSigned, holdingLeaf } from '../documents/signed.ts';
import { holdingsOf } from './leaves.ts';
import type { Planned } from './plan.ts';
import type { GroupRecord, TitleServerParts } from './ports.ts';

type Parts = Pick<TitleServerParts, 'key' | 'sha256'>;

/** Where the log ends. */
export interface LogEnd {
  readonly groups: number;
  readonly head: Uint8Array;
  readonly time: number;
}

/** A group's tree: what receipts and proofs out of it need. */
export interface GroupTree {
  readonly signedHead: SignedHead;
  readonly rows: readonly (readonly Uint8Array[])[];
}

/** A transfer in a group. */
export interface GroupedTransfer {
  readonly hash: Uint8Array;
  readonly holdings: readonly Holding[];
  /** The place of its first leaf. */
  readonly index: number;
}

export interface MadeGroup {
  readonly record: GroupRecord;
  readonly tree: GroupTree;
  /** As they were planned. */
  readonly transfers: readonly GroupedTransfer[];
}

/** A group of transfers after `end`, at a time; no title is in two of them. */
export function transferGroup(
  planned: readonly Planned[],
  { end, time, titles }: { readonly end: LogEnd; readonly time: number; readonly titles: number },
  parts: Parts,
): MadeGroup {
  const transfers: GroupedTransfer[] = [];
  const leaves: Uint8Array[] = [];
  for (const each of planned) {
    const holdings = plannedHoldings(each);
    transfers.push({ hash: each.presented.hash, holdings, index: leaves.length });
    for (const holding of holdings) leaves.push(holdingLeaf(holding, parts.sha256));
  }
  const { tree, head } = closeGroup(leaves, { end, time }, parts);
  const record: GroupRecord = {
    number: end.groups + 1,
    bytes: groupBytes(tree.signedHead, planned),
    head,
    time,
    isClass: false,
    titles,
    cells: planned.flatMap(({ cells }) => cells),
    pooled: planned.flatMap(({ toPool }) => toPool),
    unpooled: planned.flatMap(({ fromPool }) => fromPool.map(({ cell }) => cell)),
  };
  return { record, tree, transfers };
}

/** The group of one class's version; `titles` is how many there are with it. */
export function classGroup(
  { certificate }: KnownClass,
  { end, time, titles }: { readonly end: LogEnd; readonly time: number; readonly titles: number },
  parts: Parts,
): MadeGroup {
  const leaf = leafHash(classEntry(certificate), parts.sha256);
  const { tree, head } = closeGroup([leaf], { end, time }, parts);
  const bytes = new Writer();
  Group.write({ signed_head: tree.signedHead, title_class: certificate, transfers: [] }, bytes);
  const record: GroupRecord = {
    number: end.groups + 1,
    bytes: bytes.finish(),
    head,
    time,
    isClass: true,
    titles,
    cells: [],
    pooled: [],
    unpooled: [],
  };
  return { record, tree, transfers: [] };
}

/** A group of transfers as its form writes it, around the transfers as they came. */
function groupBytes(signedHead: SignedHead, planned: readonly Planned[]): Uint8Array {
  const to = new Writer();
  SignedHead.write(signedHead, to);
  to.uint8(0);
  to.uint16(planned.length);
  for (const { presented, fromPool, cells } of planned) {
    to.raw(presented.bytes);
    to.uint16(fromPool.length);
    for (const { serial } of fromPool) to.uint32(serial);
    to.uint16(cells.length);
    for (const { sequence } of cells) to.uint32(sequence);
  }
  return to.finish();
}

function plannedHoldings({ presented, fromPool, cells }: Planned): readonly Holding[] {
  return holdingsOf(presented.signed.transfer, {
    hash: presented.hash,
    serials: fromPool.map(({ serial }) => serial),
    sequences: cells.map(({ sequence }) => sequence),
    denominations: presented.places.map(({ range }) => range.denomination),
  });
}

function closeGroup(
  leaves: readonly Uint8Array[],
  { end, time }: { readonly end: LogEnd; readonly time: number },
  { key, sha256 }: Parts,
): { readonly tree: GroupTree; readonly head: Uint8Array } {
  const rows = treeRows(leaves, sha256);
  const head: GroupHead = {
    number: end.groups + 1,
    previous: end.head,
    time,
    size: leaves.length,
    root: rootOf(rows),
  };
  const signature = key.sign(headSigned(key.publicKey, head));
  // Bytes of its own: it is kept longer than whatever shares its memory.
  const hash = new Uint8Array(headHash(key.publicKey, head, sha256));
  return { tree: { signedHead: { head, signature }, rows }, head: hash };
}
