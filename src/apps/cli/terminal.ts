/** What commands say to people, and how they end. */
import { Refusal } from '../../base/refusal.ts';

/** The exit status of a command: 0 done, 1 refused, 2 used wrongly. */
export type ExitStatus = 0 | 1 | 2;

/** Says a line on standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says in one sentence or two why a command did not do what was asked. */
export function complain(refusal: Refusal): ExitStatus {
  process.stderr.write(`specie: ${refusal.toString()}\n`);
  return 1;
}

/** Says how a command is used. */
export function misused(usage: string): ExitStatus {
  process.stderr.write(`specie: usage: ${usage}\n`);
  return 2;
}

/** Shows how far long work has come, when a person watches; otherwise nothing. */
export function progress(what: string): (done: number, of?: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, of) => {
    const count = of === undefined ? String(done) : `${done} of ${of}`;
    process.stderr.write(`\r${what} ${count} ${done === of ? '\n' : ''}`);
  };
}
