/** What an auditor knows of every title: how often it changed its holder, and who has it now. */
import { formBytes } from '../documents/codec.ts';
import { Destination } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { leafHash, rootOf, treeRows } from '../documents/merkle.ts';
import type { Sha256 } from '../documents/merkle.ts';

/** Bytes by which a holder with a condition is known again: half of a SHA-256. */
export const MARK_BYTES = 16;
const CELLS = TITLE_LIMITS.pageCells;

interface Page {
  readonly sequences: Uint32Array;
  readonly marks: Uint8Array;
}

/** What a holder and what binds the title come to. */
export function markOf(to: Destination, sha256: Sha256): Uint8Array {
  return sha256(formBytes(Destination, to)).subarray(0, MARK_BYTES);
}

/**
 * Sequence number and holder's mark of every title that ever moved: 20 bytes each, in pages that are there once one of their
 * titles has moved.
 */
export class TitleBook {
  readonly #pages = new Map<number, Page>();

  /** 0 for a title that never moved. */
  sequence(cell: number): number {
    return this.#pages.get(Math.floor(cell / CELLS))?.sequences[cell % CELLS] ?? 0;
  }

  /** Who has a title that moved; of one that never did, zeros. */
  mark(cell: number): Uint8Array {
    const at = (cell % CELLS) * MARK_BYTES;
    const marks = this.#pages.get(Math.floor(cell / CELLS))?.marks;
    return marks === undefined ? new Uint8Array(MARK_BYTES) : marks.subarray(at, at + MARK_BYTES);
  }

  set(cell: number, sequence: number, mark: Uint8Array): void {
    const number = Math.floor(cell / CELLS);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { sequences: new Uint32Array(CELLS), marks: new Uint8Array(MARK_BYTES * CELLS) };
      this.#pages.set(number, page);
    }
    page.sequences[cell % CELLS] = sequence;
    page.marks.set(mark, (cell % CELLS) * MARK_BYTES);
  }

  /** Every title that moved, by rising cells. */
  *moved(): Generator<{ readonly cell: number; readonly sequence: number; readonly mark: Uint8Array }> {
    for (const number of [...this.#pages.keys()].sort((left, right) => left - right)) {
      for (let cell = number * CELLS; cell < (number + 1) * CELLS; cell++) {
        const sequence = this.sequence(cell);
        if (sequence > 0) yield { cell, sequence, mark: this.mark(cell) };
      }
    }
  }

  /** The root over the sequence numbers of so many titles (spec/title.md, _The root_). */
  root(titles: number, sha256: Sha256): Uint8Array {
    const pages = Math.ceil(titles / CELLS);
    if (pages === 0) return sha256(new Uint8Array());
    const unmoved = leafHash(new Uint8Array(4 * CELLS), sha256);
    const leaves = Array.from({ length: pages }, (_, number) => {
      const cells = Math.min(CELLS, titles - number * CELLS);
      const page = this.#pages.get(number);
      return page === undefined && cells === CELLS ? unmoved : leafHash(pageOf(page, cells), sha256);
    });
    return rootOf(treeRows(leaves, sha256));
  }
}

function pageOf(page: Page | undefined, cells: number): Uint8Array {
  const bytes = new Uint8Array(4 * cells);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < cells; at++) view.setUint32(4 * at, page?.sequences[at] ?? 0);
  return bytes;
}

/** What a page of sequence numbers comes to: those that it holds. */
export function sequencesIn(page: Uint8Array): readonly number[] {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  return Array.from({ length: page.length / 4 }, (_, at) => view.getUint32(4 * at));
}
