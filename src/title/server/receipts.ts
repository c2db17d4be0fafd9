/** What the server says of a transfer that took effect; of one in the log the very same again. */
import { sameBytes } from '../../base/bytes.ts';
import type { Group, Holding, LoggedTransfer, Receipt, TitleProof } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { pathOf, treeRows } from '../documents/merkle.ts';
import type { Registry } from '../documents/registry.ts';
import { holdingLeaf, sealOf, transferHash } from '../documents/signed.ts';
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

/** A group out of the log as it was when it was made. */
export function regrow(
  group: Group,
  registry: Registry,
  { key, sha256 }: Pick<TitleServerParts, 'key' | 'sha256'>,
): { readonly tree: GroupTree; readonly transfers: readonly GroupedTransfer[] } {
  const leaves: Uint8Array[] = [];
  const transfers = group.transfers.map((logged): GroupedTransfer => {
    const hash = transferHash(key.publicKey, logged.signed_transfer.transfer, sha256);
    const index = leaves.length;
    const holdings = loggedHoldings(logged, hash, registry);
    for (const holding of holdings) leaves.push(holdingLeaf(holding, sha256));
    return { hash, holdings, index };
  });
  return { tree: { signedHead: group.signed_head, rows: treeRows(leaves, sha256) }, transfers };
}

function loggedHoldings(
  { signed_transfer, serials, sequences }: LoggedTransfer,
  hash: Uint8Array,
  registry: Registry,
): readonly Holding[] {
  const { transfer } = signed_transfer;
  const known = registry.find(transfer.title_class);
  if (known === undefined) throw new Error('the log has transfers of known classes only');
  const denominations = transfer.inputs.map(
    ({ serial }) => registry.place(known, serial)?.range.denomination ?? NaN,
  );
  return holdingsOf(transfer, { hash, serials, sequences, denominations });
}

/** The proof of a title out of its last group; undefined where it is not in there. */
export function proofOf(
  { tree, transfers }: { readonly tree: GroupTree; readonly transfers: readonly GroupedTransfer[] },
  titleClass: Uint8Array,
  serial: number,
  key: TitleServerKey,
): TitleProof | undefined {
  for (const { holdings, index } of transfers) {
    const at = holdings.findIndex(
      (each) => each.serial === serial && sameBytes(each.title_class, titleClass),
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
