import { fileURLToPath } from 'node:url';
import type { Program } from '../supervisor/run.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** One of our own commands as a supervised program. */
export function ownProgram(name: string, ready: string, args: readonly string[]): Program {
  return { name, command: process.execPath, args: [MAIN, ...args, '--supervised'], ready };
}
