/** What the server says of a transfer that took effect; of one in the log the very same again. */
import { sameBytes } from '../../base/bytes.ts';
import type {
  Group,
  Holding,
  LoggedTransfer,
  Receipt,
  SignedHead,
  TitleProof,
} from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { leafHash, pathOf, rootOf, treeRows } from '../documents/merkle.ts';
import type { Registry } from '../documents/registry.ts';
import { classEntry, headSigned, holdingLeaf, sealOf, transferHash } from '../documents/signed.ts';
import type { GroupedTransfer, GroupTree } from './groups.ts';
import { holdingsOf } from './leaves.ts';
import type { TitleServerKey, TitleServerParts } from './ports.ts';

/** A receipt's bytes but those of its titles: hash, head and its signature, index, length of the list. */
const RECEIPT_BYTES = 32 + 84 + 64 + 4 + 2;
/** Serial, sequence, seal, and the longest path. */
const RECEIPT_TITLE_BYTES = 4 + 4 + 16 + 2 + 32 * TITLE_LIMITS.groupPath;

/** How many bytes a receipt for so many titles has at most. */
export function receiptBytes(titles: number): number {
  return RECEIPT_BYTES + titles * RECEIPT_TITLE_BYTES;
}

export function receiptOf(
  { hash, holdings, index }: GroupedTransfer,
  tree: GroupTree,
  key: TitleServerKey,
): Receipt {
  return {
    transfer: hash,
    signed_head: tree.signedHead,
    index,
    titles: holdings.map((holding, at) => ({
      serial: holding.serial,
      sequence: holding.sequence,
      seal: sealOf(holding, key.seal),
      path: pathOf(tree.rows, index + at),
    })),
  };
}

/** A group out of the log, as it was when it was made. */
export interface Regrown {
  readonly tree: GroupTree;
  readonly transfers: readonly GroupedTransfer[];
}

/**
 * A group out of the log as it was when it was made; undefined where this server did not make it so. Documents lie where others
 * may write: what is read there is sealed anew only under a head that this server signed.
 */
export function regrow(
  group: Group,
  registry: Registry,
  { key, sha256, verify }: Pick<TitleServerParts, 'key' | 'sha256' | 'verify'>,
): Regrown | undefined {
  const { head } = group.signed_head;
  if (!isHeadSigned(group.signed_head, { key, verify })) return undefined;
  const leaves: Uint8Array[] = [];
  const transfers: GroupedTransfer[] = [];
  for (const logged of group.transfers) {
    const hash = transferHash(key.publicKey, logged.signed_transfer.transfer, sha256);
    const holdings = loggedHoldings(logged, hash, registry);
    if (holdings === undefined) return undefined;
    transfers.push({ hash, holdings, index: leaves.length });
    for (const holding of holdings) leaves.push(holdingLeaf(holding, sha256));
  }
  if (leaves.length !== head.size) return undefined;
  const rows = treeRows(leaves, sha256);
  return sameBytes(rootOf(rows), head.root)
    ? { tree: { signedHead: group.signed_head, rows }, transfers }
    : undefined;
}

/** Whether a group out of the log is as this server made it, the group of a class as well. */
export function isWhole(
  group: Group,
  registry: Registry,
  parts: Pick<TitleServerParts, 'key' | 'sha256' | 'verify'>,
): boolean {
  const { signed_head, title_class, transfers } = group;
  if (title_class === undefined) return regrow(group, registry, parts) !== undefined;
  const leaf = leafHash(classEntry(title_class), parts.sha256);
  return (
    transfers.length === 0 &&
    signed_head.head.size === 1 &&
    sameBytes(leaf, signed_head.head.root) &&
    isHeadSigned(signed_head, parts)
  );
}

/** Whether this server signed a head. */
export function isHeadSigned(
  { head, signature }: SignedHead,
  { key, verify }: Pick<TitleServerParts, 'verify'> & { readonly key: Pick<TitleServerKey, 'publicKey'> },
): boolean {
  return verify(key.publicKey, headSigned(key.publicKey, head), signature);
}

/** What a logged transfer made of its titles; undefined where there are no such titles. */
function loggedHoldings(
  { signed_transfer, serials, sequences }: LoggedTransfer,
  hash: Uint8Array,
  registry: Registry,
): readonly Holding[] | undefined {
  const { transfer } = signed_transfer;
  const known = registry.find(transfer.title_class);
  const { inputs, change } = transfer;
  if (known === undefined || serials.length !== change.length) return undefined;
  if (sequences.length !== inputs.length + change.length) return undefined;
  const denominations: number[] = [];
  for (const { serial } of inputs) {
    const place = registry.place(known, serial);
    if (place === undefined) return undefined;
    denominations.push(place.range.denomination);
  }
  return holdingsOf(transfer, { hash, serials, sequences, denominations });
}

/** The proof of a title out of the group that brought it to a sequence; undefined where that is another one. */
export function proofOf(
  { tree, transfers }: Regrown,
  {
    titleClass,
    serial,
    sequence,
  }: { readonly titleClass: Uint8Array; readonly serial: number; readonly sequence: number },
  key: TitleServerKey,
): TitleProof | undefined {
  for (const { holdings, index } of transfers) {
    const at = holdings.findIndex(
      (each) =>
        each.serial === serial && each.sequence === sequence && sameBytes(each.title_class, titleClass),
    );
    const holding = holdings[at];
    if (holding === undefined) continue;
    return {
      holding,
      seal: sealOf(holding, key.seal),
      signed_head: tree.signedHead,
      index: index + at,
      path: pathOf(tree.rows, index + at),
    };
  }
  return undefined;
}
