import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToHex, concatBytes, hexToBytes } from '../../base/bytes.ts';
import { emptyHash, isUnder, leafHash, nodeHash, pathOf, rootOf, treeRows } from './merkle.ts';

/** Entries and tree hashes that Certificate Transparency's own tests have had since the beginning. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hexToBytes);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** RFC 6962 §2.1, word for word. */
function treeHash(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array(0));
  if (entries.length === 1) return sha256(concatBytes(Uint8Array.of(0), entries[0]!));
  const half = largestPowerBelow(entries.length);
  return sha256(
    concatBytes(Uint8Array.of(1), treeHash(entries.slice(0, half)), treeHash(entries.slice(half))),
  );
}

/** RFC 6962 §2.1.1, word for word. */
function auditPath(index: number, entries: readonly Uint8Array[]): readonly Uint8Array[] {
  if (entries.length <= 1) return [];
  const half = largestPowerBelow(entries.length);
  return index < half
    ? [...auditPath(index, entries.slice(0, half)), treeHash(entries.slice(half))]
    : [...auditPath(index - half, entries.slice(half)), treeHash(entries.slice(0, half))];
}

function largestPowerBelow(length: number): number {
  let half = 1;
  while (2 * half < length) half *= 2;
  return half;
}

function entriesOf(size: number): readonly Uint8Array[] {
  return Array.from({ length: size }, (_, at) => Uint8Array.of(at >> 8, at & 255));
}

describe('a Merkle tree', () => {
  it('has the hashes that Certificate Transparency publishes', () => {
    for (const [at, root] of ROOTS.entries()) {
      const leaves = ENTRIES.slice(0, at + 1).map((entry) => leafHash(entry));
      assert.equal(bytesToHex(rootOf(treeRows(leaves))), root);
    }
    assert.deepEqual(emptyHash(), treeHash([]));
  });

  it('hashes long entries and short ones alike, one after the other', () => {
    for (const length of [0, 1_022, 1_023, 1_024, 1_025, 5_000, 3]) {
      const entry = new Uint8Array(length).fill(9);
      assert.deepEqual(leafHash(entry), sha256(concatBytes(Uint8Array.of(0), entry)));
      assert.deepEqual(leafHash(entry, sha256), leafHash(entry));
    }
    const [left, right] = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))];
    assert.deepEqual(nodeHash(left, right), sha256(concatBytes(Uint8Array.of(1), left, right)));
  });

  it('is the tree of RFC 6962 at every size', () => {
    for (let size = 1; size <= 130; size++) {
      const entries = entriesOf(size);
      const rows = treeRows(
        entries.map((entry) => leafHash(entry)),
        sha256,
      );
      assert.deepEqual(rootOf(rows), treeHash(entries));
      for (const index of [0, size >> 1, size - 1])
        assert.deepEqual(pathOf(rows, index), auditPath(index, entries));
    }
  });

  it('proves each leaf at its place in its size, and at no other', () => {
    for (let size = 1; size <= 130; size++) {
      const leaves = entriesOf(size).map((entry) => leafHash(entry, sha256));
      const rows = treeRows(leaves, sha256);
      const root = rootOf(rows);
      for (const [index, leaf] of leaves.entries()) {
        const path = pathOf(rows, index);
        assert.ok(isUnder(root, leaf, { index, size, path }), `${index} of ${size}`);
        const others = size <= 33 ? leaves.keys() : [0, index ^ 1, index + 1, size - 1, size];
        for (const other of others)
          if (other !== index) assert.ok(!isUnder(root, leaf, { index: other, size, path }));
        assert.ok(!isUnder(root, leaf, { index: size, size, path }));
        if (path.length > 0) assert.ok(!isUnder(root, leaf, { index, size, path: path.slice(1) }));
        assert.ok(!isUnder(root, leaf, { index, size, path: [...path, root] }));
      }
    }
  });

  it('takes no inner node for a leaf', () => {
    const leaves = entriesOf(4).map((entry) => leafHash(entry));
    const rows = treeRows(leaves);
    const [left, right] = [rows[1]![0]!, rows[1]![1]!];
    assert.ok(!isUnder(rootOf(rows), leafHash(concatBytes(left, right)), { index: 0, size: 1, path: [] }));
  });

  it('proves nothing to whoever has another leaf or root', () => {
    const leaves = entriesOf(9).map((entry) => leafHash(entry));
    const rows = treeRows(leaves);
    const path = pathOf(rows, 3);
    assert.ok(!isUnder(rootOf(rows), leaves[4]!, { index: 3, size: 9, path }));
    assert.ok(!isUnder(leaves[3]!, leaves[3]!, { index: 3, size: 9, path }));
  });
});
