/** The operations on files that the title server's storage is made of: a port, so that a test can let each of them fail. */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../../base/refusal.ts';
import { openDatabase } from '../sqlite-file.ts';
import { syncFolder } from '../sync-folder.ts';
import { writeScattered } from './writer.ts';
import type { Scattered } from './writer.ts';

/** An open file. Everything may throw what the file system objects to (`fileFault`). */
export interface TitleFile {
  /** Reads up to so many bytes: fewer where the file ends. */
  read(length: number, position: number): Uint8Array;
  /** Writes all of it; it is durable only after `sync`. */
  write(bytes: Uint8Array, position: number): void;
  /** Writes many small values, and keeps nobody waiting. Durable only after `sync`. */
  scatter(scattered: Scattered): Promise<void>;
  /** Cuts off, or adds zeros. */
  resize(length: number): void;
  size(): number;
  sync(): Promise<void>;
  close(): void;
}

export interface TitleDisk {
  /** Makes a folder, for its owner alone, where there is none. */
  makeFolder(path: string): Promise<void>;
  list(folder: string): readonly string[];
  /** Opens for reading and writing; undefined where there is none. */
  open(path: string): TitleFile | undefined;
  /** An empty file, for its owner alone; one of that name is emptied. */
  create(path: string): TitleFile;
  rename(from: string, to: string): void;
  /** Takes a file away, where there is one. */
  remove(path: string): void;
  /** Makes names that were added to a folder, or taken from it, durable. */
  syncFolder(path: string): Promise<void>;
  /** Keeps every other process off, until it is called again; refuses where another one does. */
  lock(path: string): (() => void) | Refusal;
}

export const nodeTitleDisk: TitleDisk = {
  makeFolder: async (path) => {
    const made = mkdirSync(path, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(dirname(made));
  },
  list: (folder) => readdirSync(folder),
  open: (path) => {
    try {
      return new NodeTitleFile(path, openSync(path, constants.O_RDWR | constants.O_NOFOLLOW));
    } catch (error) {
      if (fileFault(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  create: (path) => {
    const { O_RDWR, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    return new NodeTitleFile(path, openSync(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600));
  },
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  syncFolder,
  lock: (path) => {
    const held = openDatabase(path, {
      applicationId: LOCK,
      version: 1,
      tables: 'CREATE TABLE held (by TEXT);',
    });
    return held instanceof Refusal ? held : () => held.close();
  },
};

/** "Tlck": SQLite holds locks that end with their process, on every platform. */
const LOCK = 0x546c636b;

/** Codes of the system, and what Node says to a confined program. Its other codes stand for bugs. */
const FAULT = /^(E(?!RR_)[A-Z0-9]+|ERR_ACCESS_DENIED)$/;

/** The code of what a file system objects to; throws on what is none of its errors: a bug. */
export function fileFault(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && FAULT.test(error.code))
    return error.code;
  throw error;
}

class NodeTitleFile implements TitleFile {
  readonly #path: string;
  #open: number | undefined;
  /** A confined program may sync a file by such a handle alone: the other way Node denies to it. */
  #handle: FileHandle | undefined;
  /** What other threads do with it. */
  #busy = 0;

  constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#open = descriptor;
  }

  /** A number may be another file's once this one is closed: then nothing may be written to it. */
  get #descriptor(): number {
    if (this.#open === undefined) throw Object.assign(new Error('this file was closed'), { code: 'EBADF' });
    return this.#open;
  }

  read(length: number, position: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#descriptor, bytes, done, length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
  }

  async scatter(scattered: Scattered): Promise<void> {
    await this.#elsewhere((descriptor) => writeScattered(descriptor, scattered));
  }

  resize(length: number): void {
    ftruncateSync(this.#descriptor, length);
  }

  size(): number {
    return fstatSync(this.#descriptor).size;
  }

  async sync(): Promise<void> {
    await this.#elsewhere(async () => {
      this.#handle ??= await open(this.#path, constants.O_RDWR | constants.O_NOFOLLOW);
      await this.#handle.datasync();
    });
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#open = undefined;
    if (this.#busy === 0) void this.#release(descriptor);
  }

  async #release(descriptor: number): Promise<void> {
    closeSync(descriptor);
    await this.#handle?.close();
  }

  /** Has another thread do something: the file is closed only after it. */
  async #elsewhere(act: (descriptor: number) => Promise<void>): Promise<void> {
    const descriptor = this.#descriptor;
    this.#busy++;
    try {
      await act(descriptor);
    } finally {
      this.#busy--;
      if (this.#busy === 0 && this.#open === undefined) await this.#release(descriptor);
    }
  }
}
