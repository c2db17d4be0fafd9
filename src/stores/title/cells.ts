/** The array of all sequence numbers: four bytes a title in one file, and what the write-ahead log holds on top of it. */
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { GroupRecord } from '../../title/server/ports.ts';
import type { TitleFile } from './disk.ts';
import { pieces } from './slices.ts';

export const CELL_BYTES = 4;

/** The last change of a title: its sequence number, and the group that brought it. */
export interface LastChange {
  readonly sequence: number;
  readonly group: number;
}

/** What groups changed that are not in the file yet. */
export class Overlay {
  readonly #changes = new Map<number, LastChange>();
  readonly #pages = new Set<number>();

  add({ number, cells }: Pick<GroupRecord, 'number' | 'cells'>): void {
    for (const { cell, sequence } of cells) {
      this.#changes.set(cell, { sequence, group: number });
      this.#pages.add(Math.floor(cell / TITLE_LIMITS.pageCells));
    }
  }

  get(cell: number): LastChange | undefined {
    return this.#changes.get(cell);
  }

  /** By cell. */
  get changes(): ReadonlyMap<number, LastChange> {
    return this.#changes;
  }

  /** Puts what it has of a page into the page's bytes. */
  patch(page: number, bytes: Uint8Array): void {
    if (!this.#pages.has(page)) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = page * TITLE_LIMITS.pageCells;
    for (let at = 0; at < bytes.length; at += CELL_BYTES) {
      const change = this.#changes.get(first + at / CELL_BYTES);
      if (change !== undefined) view.setUint32(at, change.sequence);
    }
  }
}

/** The file itself. */
export class Cells {
  readonly #file: TitleFile;

  constructor(file: TitleFile) {
    this.#file = file;
  }

  sequence(cell: number): number {
    const bytes = this.#file.read(CELL_BYTES, cell * CELL_BYTES);
    return bytes.length < CELL_BYTES ? 0 : viewOf(bytes).getUint32(0);
  }

  /** So many cells of a page; what is not in the file yet is zero. */
  page(page: number, cells: number): Uint8Array {
    const bytes = new Uint8Array(cells * CELL_BYTES);
    const first = page * TITLE_LIMITS.pageCells;
    bytes.set(this.#file.read(bytes.length, first * CELL_BYTES));
    return bytes;
  }

  /** How many titles the file has. */
  get titles(): number {
    return Math.floor(this.#file.size() / CELL_BYTES);
  }

  /** Writes changes, and zeros up to the last title; they are durable when the promise resolves. May be done again. */
  async take(overlay: Overlay, titles: number): Promise<void> {
    if (this.titles < titles) this.#file.resize(titles * CELL_BYTES);
    for (const piece of pieces(overlay.changes)) {
      const values = new Uint8Array(piece.length * CELL_BYTES);
      const view = viewOf(values);
      const positions = new Float64Array(piece.length);
      for (const [at, [cell, { sequence }]] of piece.entries()) {
        view.setUint32(at * CELL_BYTES, sequence);
        positions[at] = cell * CELL_BYTES;
      }
      await this.#file.scatter({ values, positions });
    }
    await this.#file.sync();
  }

  close(): void {
    this.#file.close();
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
