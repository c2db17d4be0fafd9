/** The tree over the pages of all sequence numbers (RFC 6962 §2.1), kept so that a change costs one path. */
import { emptyHash, nodeHash } from '../documents/merkle.ts';
import type { Sha256 } from '../documents/merkle.ts';

const HASH_BYTES = 32;

/** Hashes row by row, from the leaves up; only leaves that were set count. */
export class PageTree {
  readonly #sha256: Sha256;
  #rows: Uint8Array[] = [new Uint8Array(0)];
  #size = 0;
  #dirty = new Set<number>();

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  get size(): number {
    return this.#size;
  }

  /** The tree has so many leaves from now on, never fewer than before; those that are new have to be set. */
  grow(size: number): void {
    if (size < this.#size) throw new RangeError('a tree of pages only grows');
    this.#size = size;
    for (let row = 0, length = size; length > 0; row++, length = length === 1 ? 0 : Math.ceil(length / 2))
      this.#rows[row] = longer(this.#rows[row], length * HASH_BYTES);
  }

  /** Sets the hash of a leaf. */
  set(index: number, hash: Uint8Array): void {
    if (index >= this.#size) throw new RangeError('no such leaf');
    this.#put(0, index, hash);
    this.#dirty.add(index);
  }

  /** The root over all leaves. */
  root(): Uint8Array {
    if (this.#size === 0) return emptyHash(this.#sha256);
    this.#climb();
    return this.#at(this.#height(), 0);
  }

  /** The audit path of a leaf, from the bottom up. */
  path(index: number): readonly Uint8Array[] {
    this.#climb();
    const path: Uint8Array[] = [];
    let [at, length] = [index, this.#size];
    for (let row = 0; length > 1; row++) {
      if ((at ^ 1) < length) path.push(this.#at(row, at ^ 1));
      at = Math.floor(at / 2);
      length = Math.ceil(length / 2);
    }
    return path;
  }

  /** Hashes anew what stands above leaves that were set. */
  #climb(): void {
    let dirty = this.#dirty;
    for (
      let row = 0, length = this.#size;
      length > 1 && dirty.size > 0;
      row++, length = Math.ceil(length / 2)
    ) {
      const above = new Set<number>();
      for (const index of dirty) above.add(Math.floor(index / 2));
      for (const index of above) {
        const left = this.#at(row, 2 * index);
        const isAlone = 2 * index + 1 >= length;
        this.#put(
          row + 1,
          index,
          isAlone ? left : nodeHash(left, this.#at(row, 2 * index + 1), this.#sha256),
        );
      }
      dirty = above;
    }
    this.#dirty = new Set();
  }

  #height(): number {
    let height = 0;
    for (let length = this.#size; length > 1; length = Math.ceil(length / 2)) height++;
    return height;
  }

  #at(row: number, index: number): Uint8Array {
    const bytes = this.#rows[row];
    if (bytes === undefined) throw new Error('no such row');
    return bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }

  #put(row: number, index: number, hash: Uint8Array): void {
    this.#rows[row]?.set(hash, index * HASH_BYTES);
  }
}

/** The same bytes, with room for at least `length`. */
function longer(bytes: Uint8Array | undefined, length: number): Uint8Array {
  if (bytes !== undefined && bytes.length >= length) return bytes;
  const more = new Uint8Array(Math.max(length, 2 * (bytes?.length ?? 0)));
  if (bytes !== undefined) more.set(bytes);
  return more;
}
