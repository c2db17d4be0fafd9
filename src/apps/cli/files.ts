import { closeSync, fsyncSync, openSync, readSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { decodeDocument, encode } from '../../protocol/codec.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { readHandover } from '../../transports/handover.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check its name',
  EACCES: 'may not be accessed',
  EISDIR: 'is a folder',
  EEXIST: 'exists already; choose another name',
  ENOSPC: 'does not fit on the disk',
  EROFS: 'is on a disk that cannot be written',
  ENOTDIR: 'is not in a folder',
};

/** Why a file could not be read or written; throws what is no error of the file system's. */
export function fileError(error: unknown, path: string): Refusal {
  return refuse('not possible', `the file ${path} ${fileReason(error)}`);
}

/** The same without the file's name. */
export function fileReason(error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) throw error;
  return REASONS[code] ?? `cannot be used (${code})`;
}

/** SQLite's result codes (sqlite.org/rescode.html) for what is wrong with a file and not with the program. */
const SQLITE_REASONS: Readonly<Record<number, string>> = {
  3: 'may not be accessed',
  8: 'may not be written',
  10: 'is on a disk that does not work',
  11: 'holds books that are damaged; bring back a copy of them, or choose another with --data',
  13: 'is on a disk that is full; make room and try again',
  14: 'cannot be used; choose another with --data',
  26: 'holds books that are damaged; bring back a copy of them, or choose another with --data',
};

/** Why the books in a folder cannot be kept; throws what is a bug. */
export function folderError(error: unknown, folder: string): Refusal {
  const code = systemCode(error);
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return refuse('not possible', `${folder} is no folder; choose another with --data`);
  }
  if (code !== undefined) return refuse('not possible', `the folder ${folder} ${fileReason(error)}`);
  const { errcode } = error as { readonly errcode?: number };
  const reason = errcode === undefined ? undefined : SQLITE_REASONS[errcode & 0xff];
  if (reason === undefined) throw error;
  return refuse('not possible', `the folder ${folder} ${reason}`);
}

/** The code of an error of the operating system's. */
function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}

/** Reads a file or a pipe; of more than a message may have only that much and one byte, by which it is known. */
export function readFile(path: string): Uint8Array {
  const bytes = Buffer.alloc(LIMITS.messageBytes + 1);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Reads an `.oc` file, which is one coin stack as JSON, or a text with coins in it. */
export function readStack(path: string): CoinStack | Refusal {
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (error) {
    return fileError(error, path);
  }
  const document = decodeDocument(bytes);
  if (!(document instanceof Refusal) && document.type === 'coinstack') return document;
  const stack = readHandover(Buffer.from(bytes).toString('utf8'));
  if (!(stack instanceof Refusal)) return stack;
  const why = document instanceof Refusal ? ` (${document.details})` : '';
  return refuse('malformed', `the file ${path} holds no coin stack${why}; ask for it to be sent again`);
}

/** Whether a file can be made here: asked before coins leave the purse for it. */
export function canWrite(path: string): Refusal | undefined {
  return attempt(path, () => {
    closeSync(openSync(path, 'wx', 0o600));
    unlinkSync(path);
  });
}

/** Writes a coin stack, readable by its owner only and never over another file. Durable when this returns. */
export function writeStack(path: string, stack: CoinStack): Refusal | undefined {
  return attempt(path, () => {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, encode(stack));
      fsyncSync(file);
    } catch (error) {
      // Half a stack is of no use, and its name is wanted for the next attempt.
      unlinkSync(path);
      throw error;
    } finally {
      closeSync(file);
    }
    syncFolder(dirname(path));
  });
}

/** A new file's name is as durable as its folder. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function attempt(path: string, work: () => void): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return fileError(error, path);
  }
}
