/** Small files that are whole or not there, readable by their owner only, and durable when the writing returns. */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The text of a file; undefined where there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The bytes of a file; undefined where there is none. */
export function readBytes(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a file, and its folder where it is missing. False, and nothing has changed, where a file of that name is. */
export function createFile(path: string, text: string): boolean {
  makeFolder(dirname(path));
  const fresh = writeFresh(path, text);
  try {
    // A rename would go over what is there; a link does not.
    linkSync(fresh, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(fresh);
    syncFolder(dirname(path));
  }
  return true;
}

/** Puts what is to be in a file in its place: whoever reads it, even after a crash, has the old one or the new one. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  renameSync(writeFresh(path, content), path);
  syncFolder(dirname(path));
}

/** The code of an error of the operating system's; undefined for any other. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}

/** One fixed name beside the file: what a crash leaves there is gone with the next writing. */
function writeFresh(path: string, content: string | Uint8Array): string {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  const file = openSync(fresh, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return fresh;
}

/** Makes a folder and those above it; each new name is as durable as the folder that it is in. */
function makeFolder(path: string): void {
  const first = mkdirSync(resolve(path), { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = resolve(path); made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
