/** The write-ahead log: what took effect since the last checkpoint, one frame a commit. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import type { GroupRecord } from '../../title/server/ports.ts';
import type { TitleDisk, TitleFile } from './disk.ts';
import { readRecords, writeRecords } from './entries.ts';
import {
  HEAD_BYTES,
  MARK_BYTES,
  fileHead,
  frame,
  frameAt,
  frameLength,
  hasFrameBehind,
  markOf,
} from './frames.ts';
import { readWhole } from './whole.ts';

const NAME = /^log-(\d{1,15})$/;
const pathOf = (folder: string, number: number): string => join(folder, `log-${number}`);

/** A log that is written to. */
export class TitleLog {
  readonly number: number;
  readonly #file: TitleFile;
  /** In every checksum, and known to nobody: so nobody can have a document hold what reads as a frame of this log. */
  readonly #mark: Uint8Array;
  #size = HEAD_BYTES;

  private constructor(number: number, file: TitleFile, mark: Uint8Array) {
    this.number = number;
    this.#file = file;
    this.#mark = mark;
  }

  /** Begins a log. It is durable, with its name, when the promise resolves. */
  static async create(disk: TitleDisk, folder: string, number: number): Promise<TitleLog> {
    const mark = new Uint8Array(randomBytes(MARK_BYTES));
    const file = disk.create(pathOf(folder, number));
    file.write(fileHead('log', mark), 0);
    await file.sync();
    await disk.syncFolder(folder);
    return new TitleLog(number, file, mark);
  }

  /** Bytes written. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === HEAD_BYTES;
  }

  /** Adds what one commit brings; it is durable when the promise resolves. */
  async append(records: readonly GroupRecord[]): Promise<void> {
    const bytes = frame(this.#mark, writeRecords(records));
    this.#file.write(bytes, this.#size);
    this.#size += bytes.length;
    await this.#file.sync();
  }

  close(): void {
    this.#file.close();
  }
}

/** The numbers of the logs in a folder, in order. */
export function logNumbers(disk: TitleDisk, folder: string): readonly number[] {
  return disk
    .list(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}

export function removeLog(disk: TitleDisk, folder: string, number: number): void {
  disk.remove(pathOf(folder, number));
}

/** What a log holds, commit after commit, and how many bytes behind it a crash left of one that was not answered. */
export interface ReadLog {
  readonly path: string;
  readonly commits: readonly (readonly GroupRecord[])[];
  readonly torn: number;
}

/** Reads a log. Refuses one that is damaged before its last frame. */
export function readLog(disk: TitleDisk, folder: string, number: number): ReadLog | Refusal {
  const path = pathOf(folder, number);
  const bytes = readWhole(disk, path) ?? new Uint8Array(0);
  const mark = markOf('log', bytes);
  // Nothing is in a log before its beginning is durable.
  if (mark === undefined && bytes.length <= HEAD_BYTES) return { path, commits: [], torn: bytes.length };
  if (mark === undefined) return damaged(path);
  const commits: (readonly GroupRecord[])[] = [];
  let at = HEAD_BYTES;
  for (let body = frameAt(mark, bytes, at); body !== undefined; body = frameAt(mark, bytes, at)) {
    commits.push(readRecords(body));
    at += frameLength(body.length);
  }
  if (hasFrameBehind(mark, bytes, at)) return damaged(path);
  return { path, commits, torn: bytes.length - at };
}

export function damaged(path: string): Refusal {
  return refuse(
    'not possible',
    `${path} is damaged: what was certified stands in it and cannot be read; bring this file back from a copy of it, or the ` +
      'newest copy of this whole folder',
  );
}
