/** Files with handovers and with secrets. */
import { refuse } from '../../../base/refusal.ts';
import type { Refusal } from '../../../base/refusal.ts';
import { createFile } from '../../../signers/vault/file.ts';
import { fileError, readFile } from '../files.ts';

export function readTextFile(path: string): string | Refusal {
  try {
    return Buffer.from(readFile(path)).toString('utf8');
  } catch (error) {
    return fileError(error, path);
  }
}

/** Writes a text, readable by its owner only and never over another file. Durable when this returns. */
export function writeNewFile(path: string, text: string): Refusal | undefined {
  try {
    return createFile(path, `${text}\n`)
      ? undefined
      : refuse('not possible', `the file ${path} exists already; choose another name`);
  } catch (error) {
    return fileError(error, path);
  }
}
