import type { Readable } from 'node:stream';

/** A line that is longer is passed on in parts: a program that never ends its line must not fill our memory. */
const LINE_MOST = 65_536;

/** Calls `see` with every line of a stream, without its line feed, and with what is left when it ends. */
export function eachLine(stream: Readable, see: (line: string) => void): void {
  let left = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (left + text).split('\n');
    left = lines.pop() ?? '';
    lines.forEach(see);
    if (left.length <= LINE_MOST) return;
    see(left);
    left = '';
  });
  stream.once('close', () => {
    if (left !== '') see(left);
  });
}
