import { basename } from 'node:path';
import { verifyFiles } from '../verify/verify.ts';
import { fileReason, readFile } from './files.ts';
import { misused, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE = 'specie verify FILE...';

/** Checks documents, coins and stacks against the certificates among the files; a line for each. Ends with 0 if all are ok. */
export function verify(args: readonly string[]): ExitStatus {
  if (args.length === 0 || args.some((arg) => arg.startsWith('-'))) return misused(USAGE);
  const bytes = new Map<string, Uint8Array>();
  const lines = new Map<string, string>();
  for (const path of args) {
    const content = readBytes(path);
    if (typeof content === 'string') lines.set(path, `${path}: FAILED: ${content}`);
    else bytes.set(path, content);
  }
  const verdicts = verifyFiles(bytes, Date.now());
  for (const { name, ok, checked, notes } of verdicts) {
    const remarks = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
    const wrong = `${checked ? 'FAILED' : 'NOT CHECKED'}: ${notes.join('; ')}`;
    lines.set(name, `${name}: ${ok ? `ok${remarks}` : wrong}`);
  }
  for (const path of new Set(args)) say(lines.get(path) ?? `${basename(path)}: not read`);
  return bytes.size === new Set(args).size && verdicts.every((verdict) => verdict.ok) ? 0 : 1;
}

function readBytes(path: string): Uint8Array | string {
  try {
    return readFile(path);
  } catch (error) {
    return fileReason(error);
  }
}
