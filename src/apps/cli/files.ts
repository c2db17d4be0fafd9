import { closeSync, fsyncSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { Refusal, refuse } from '../../base/refusal.ts';
import { decodeDocument, encode } from '../../protocol/codec.ts';
import type { CoinStack } from '../../protocol/documents.ts';

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
  return refuse('not possible', `${path} ${fileReason(error)}`);
}

/** The same without the file's name. */
export function fileReason(error: unknown): string {
  const { code } = error as { code?: string };
  if (code === undefined) throw error;
  return REASONS[code] ?? `cannot be used (${code})`;
}

/** Reads an `.oc` file: one coin stack as JSON. */
export function readStack(path: string): CoinStack | Refusal {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fileError(error, path);
  }
  const document = decodeDocument(bytes);
  if (document instanceof Refusal) return refuse(document.name, `${path}: ${document.details}`);
  return document.type === 'coinstack' ? document : refuse('malformed', `${path} holds no coin stack`);
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
      writeSync(file, encode(stack));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

function attempt(path: string, work: () => void): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return fileError(error, path);
  }
}
