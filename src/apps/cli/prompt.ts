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
