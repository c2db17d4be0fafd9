/**
 * The pipe between a program and the supervisor that started it: on it comes a secret that no process list may show,
 * and its end says that the supervisor is gone, however it went. Only for programs that a supervisor started: by hand
 * standard input is a terminal, under other managers often `/dev/null`, which is at its end at once.
 */
import type { Readable } from 'node:stream';

/** A line of input that is longer than this is none of ours, in characters. */
const LINE_MOST = 65_536;
const LINE_FEED = 10;

/** Standard input as far as it is used here. */
export type ParentPipe = Readable & { unref?: () => unknown };

/**
 * Calls `onEnd` once, when standard input ends or breaks, which is when the supervisor has ended, be it by SIGKILL.
 * What else comes on it is thrown away: read what is expected with `readInput` before. It does not keep the program
 * running by itself.
 */
export function endWithParent(onEnd: () => void, input: ParentPipe = process.stdin): void {
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    onEnd();
  };
  for (const event of ['end', 'close', 'error'] as const) input.once(event, end);
  if (input.readableEnded || input.destroyed) queueMicrotask(end);
  input.resume();
  input.unref?.();
}

/** The first line of standard input without its line feed; undefined where it ends before, or the line is too long. */
export function readInput(input: ParentPipe = process.stdin): Promise<string | undefined> {
  return new Promise((resolve) => {
    let gathered = Buffer.alloc(0);
    const settle = (line: string | undefined): void => {
      input.pause();
      input.off('data', take).off('end', none).off('error', none);
      resolve(line);
    };
    const none = (): void => settle(undefined);
    const take = (chunk: Buffer | string): void => {
      gathered = Buffer.concat([gathered, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
      const end = gathered.indexOf(LINE_FEED);
      if (end >= 0) {
        settle(gathered.toString('utf8', 0, end));
        if (end + 1 < gathered.length) input.unshift(gathered.subarray(end + 1));
      } else if (gathered.length > LINE_MOST) none();
    };
    input.on('data', take).once('end', none).once('error', none).resume();
    if (input.readableEnded || input.destroyed) none();
  });
}
