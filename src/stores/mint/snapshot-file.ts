/** Large files that appear whole or not at all, readable by their owner only. */
import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';
import { syncFolder } from '../sync-folder.ts';

const CHUNK_BYTES = 65_536;

/** Gives the bytes of an open file, from where it stands, `most` at the most, and never holds more than a chunk. */
export async function* chunksOf(file: FileHandle, most = Infinity): AsyncGenerator<Uint8Array> {
  for (let left = most; left > 0;) {
    // A new buffer each time: whoever gets one may keep it.
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, left));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    left -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * Makes a file by whatever `fill` writes into it. It has its name only when all of it is on the disk; a file of that
 * name is never written over. What an attempt that was cut off left beside it is gone with the next one. Gives what
 * `fill` gives, and what the file system objects to as a refusal; nothing is left where `fill` refuses or throws.
 */
export async function makeFile<Result>(
  path: string,
  fill: (file: FileHandle) => Promise<Result | Refusal>,
): Promise<Result | Refusal> {
  if (existsSync(path)) return refuse('not possible', `the file ${path} exists already; choose another name`);
  const partial = `${path}.partial`;
  try {
    await rm(partial, { force: true });
    const file = await open(partial, 'wx', 0o600);
    const result = await filled(file, fill);
    if (result instanceof Refusal) {
      await rm(partial);
      return result;
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await rm(partial, { force: true });
    return fileRefusal(error, path);
  }
}

async function filled<Result>(
  file: FileHandle,
  fill: (file: FileHandle) => Promise<Result | Refusal>,
): Promise<Result | Refusal> {
  try {
    const result = await fill(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

/** What the file system objects to; throws what is no error of its. */
export function fileRefusal(error: unknown, path: string): Refusal {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
  return refuse('not possible', `the file ${path} cannot be used (${String(error.code)})`);
}
