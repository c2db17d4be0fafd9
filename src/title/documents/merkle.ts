/** Merkle trees as RFC 6962 §2.1 has them, with SHA-256. */
import { sha256 as portable } from '@noble/hashes/sha2.js';
import { sameBytes } from '../../base/bytes.ts';

/** SHA-256: the server's is its platform's. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const LEAF = 0x00;
const NODE = 0x01;
/** Where what is hashed is put together: a buffer of its own for each would cost more than the hash. */
const scratch = new Uint8Array(1_024);
const scratchPair = new Uint8Array(65).fill(NODE, 0, 1);

/** MTH of one entry: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array, sha256: Sha256 = portable): Uint8Array {
  const bytes = entry.length < scratch.length ? scratch : new Uint8Array(1 + entry.length);
  bytes[0] = LEAF;
  bytes.set(entry, 1);
  return sha256(bytes.subarray(0, 1 + entry.length));
}

/** MTH of no entries: SHA-256 of nothing. */
export function emptyHash(sha256: Sha256 = portable): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256 = portable): Uint8Array {
  scratchPair.set(left, 1);
  scratchPair.set(right, 33);
  return sha256(scratchPair);
}

/**
 * A tree over leaf hashes, by rows: the first are the leaves, the last is the root. A row of odd length hands its last node
 * up as it is, which gives RFC 6962's tree: its left halves are the largest powers of two. At least one leaf.
 */
export function treeRows(
  leaves: readonly Uint8Array[],
  sha256: Sha256 = portable,
): readonly (readonly Uint8Array[])[] {
  const rows: (readonly Uint8Array[])[] = [leaves];
  for (let row = leaves; row.length > 1;) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left === undefined) throw new Error('a row has no gaps');
      above.push(right === undefined ? left : nodeHash(left, right, sha256));
    }
    rows.push(above);
    row = above;
  }
  return rows;
}

/** The root of a tree of rows. */
export function rootOf(rows: readonly (readonly Uint8Array[])[]): Uint8Array {
  const root = rows.at(-1)?.[0];
  if (root === undefined) throw new RangeError('a tree has at least one leaf');
  return root;
}

/** The audit path of a leaf (RFC 6962 §2.1.1), from the bottom up. */
export function pathOf(rows: readonly (readonly Uint8Array[])[], index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const row of rows) {
    // The root's row is the last, and has no sibling.
    const sibling = row[at ^ 1];
    if (sibling !== undefined) path.push(sibling);
    at >>>= 1;
  }
  return path;
}

/** Whether a leaf stands at `index` of `size` under this root (RFC 9162 §2.1.3.2, which says the same of 6962's trees). */
export function isUnder(
  root: Uint8Array,
  leaf: Uint8Array,
  {
    index,
    size,
    path,
  }: { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] },
): boolean {
  if (index >= size) return false;
  let hash = leaf;
  let [at, last] = [index, size - 1];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else hash = nodeHash(hash, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameBytes(hash, root);
}
