import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dice } from '../../../test/fuzz/dice.ts';
import { emptyHash, isUnder, pathOf, rootOf, treeRows } from '../documents/merkle.ts';
import { PageTree } from './page-tree.ts';
import { sha256 } from './world.test-helper.ts';

describe('the tree over pages', () => {
  it('is the tree over its leaves, however they were set and however it grew', () => {
    const dice = new Dice(1);
    const tree = new PageTree(sha256);
    const leaves: Uint8Array[] = [];
    assert.deepEqual(tree.root(), emptyHash());
    let count = 0;
    const set = (index: number): void => {
      leaves[index] = sha256(Uint8Array.of(index, count >> 8, count++ & 255));
      tree.set(index, leaves[index]);
    };
    for (let step = 0; step < 120; step++) {
      const before = leaves.length;
      tree.grow(before + dice.below(4));
      for (let index = before; index < tree.size; index++) set(index);
      for (let change = dice.below(5); change > 0 && tree.size > 0; change--) set(dice.below(tree.size));
      if (tree.size === 0) continue;
      const rows = treeRows(leaves);
      if (dice.below(3) > 0) assert.deepEqual(tree.root(), rootOf(rows), `${tree.size} pages`);
      const index = dice.below(tree.size);
      assert.deepEqual(tree.path(index), pathOf(rows, index));
      assert.ok(isUnder(tree.root(), leaves[index]!, { index, size: tree.size, path: tree.path(index) }));
    }
  });

  it('never loses a leaf, and has none that it has not', () => {
    const tree = new PageTree(sha256);
    tree.grow(2);
    assert.throws(() => tree.grow(1), /only grows/);
    assert.throws(() => tree.set(2, new Uint8Array(32)), /no such leaf/);
  });
});
