/** What commands say to people, and how they end. */
import type { Refusal, RefusalName } from '../../base/refusal.ts';

/** The exit status of a command: 0 done, 1 refused, 2 used wrongly. */
export type ExitStatus = 0 | 1 | 2;

/** Says a line on standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Refusals whose details, as our own commands word them, already say what to do. */
const SELF_EXPLAINING: ReadonlySet<RefusalName> = new Set(['busy', 'not possible', 'unknown']);

/** Says on one line why a command did not do what was asked, and what to do. */
export function complain(refusal: Refusal): ExitStatus {
  process.stderr.write(`specie: ${explain(refusal)}\n`);
  return 1;
}

/** A refusal as a person reads it. */
export function explain({ name, details, next }: Refusal): string {
  // The first word, unless it is a path, a name with a dot or a URL.
  const capital = details.replace(
    /^[a-z]+(?=[\s,:])/,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  const said = printable(capital.endsWith('.') ? capital.slice(0, -1) : capital);
  return SELF_EXPLAINING.has(name) ? `${said}.` : `${said}. ${next}`;
}

/** Text from others as a terminal may show it: control characters could rewrite the screen. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
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
