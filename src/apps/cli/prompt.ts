import { Writable } from 'node:stream';
import { createInterface } from 'node:readline/promises';

/** Reads one line from standard input; shows what is asked for when a person sits there. Empty at the input's end. */
export async function readLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  if (process.stdin.isTTY) process.stderr.write(question);
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
  }
}

/** Reads a secret: a person's typing is not shown; else the first line of standard input. Empty at the input's end. */
export async function readSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return readLine(question);
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: muted, terminal: true });
  process.stderr.write(question);
  try {
    return (await lines.question('')).trim();
  } finally {
    process.stderr.write('\n');
    lines.close();
  }
}
