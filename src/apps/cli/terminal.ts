/** What commands say to people, and how they end. */
import { REFUSALS } from '../../base/refusal.ts';
import type { Refusal, RefusalName } from '../../base/refusal.ts';

/** The exit status of a command: 0 done, 1 refused, 2 used wrongly. */
export type ExitStatus = 0 | 1 | 2;

/** Says a line on standard output. */
export function say(line: string): void {
  clearProgress();
  process.stdout.write(`${line}\n`);
}

/** What whoever typed the command can do about a refusal; empty where its details leave nothing to be said. */
const ADVICE: Readonly<Record<RefusalName, string>> = {
  unpaid: 'Pay the order; the next command goes on with it.',
  busy: 'Try again in a moment.',
  'switched off': 'The issuer is switched off. Try again later; nothing is lost.',
  unreachable: REFUSALS.unreachable.next,
  malformed: 'Correct it and try again.',
  unauthorised: 'The issuer does not allow this; use a smaller amount, or ask the issuer.',
  'treasury exhausted': 'The issuer may not issue more now. Use a smaller amount, or try again later.',
  unknown: '',
  'already spent': 'Coins can be taken only once. Ask whoever sent them for others.',
  'reference reused': 'Try again.',
  'first round over': 'Try again.',
  'outdated proof': '',
  'empty pool': 'Pay with other titles, or ask who runs the server to fill the pool.',
  expired: 'Ask for a new one.',
  'too large': 'Use a smaller one.',
  unbalanced: 'Tell the issuer.',
  'bad signature': 'Do not accept this; ask for it to be sent again.',
  'not enough': 'Buy more, or use a smaller amount.',
  distrusted: 'Do not use this currency; tell its issuer.',
  'not possible': '',
};

/** Says on one line why a command did not do what was asked, and what to do. */
export function complain(refusal: Refusal): ExitStatus {
  clearProgress();
  process.stderr.write(`specie: ${explain(refusal)}\n`);
  return 1;
}

/** A refusal as a person reads it. Details with a semicolon say behind it what to do. */
export function explain({ name, details }: Refusal): string {
  // The first word, unless it is a path, a name with a dot or a URL.
  const capital = details.replace(
    /^[a-z]+(?=\s|,|: )/,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  const said = `${printable(capital.replace(/\.$/, ''))}.`;
  return ADVICE[name] === '' || details.includes(';') ? said : `${said} ${ADVICE[name]}`;
}

/** Text from others as a terminal may show it: control characters could rewrite the screen. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
}

/** Says what is wrong with what was typed, where there is more to say than how the command is used. */
export function misused(usage: string, wrong = ''): ExitStatus {
  process.stderr.write(`specie: ${wrong === '' ? '' : `${printable(wrong)}; `}usage: ${usage}\n`);
  return 2;
}

let progressIsShown = false;

/** Shows how far long work has come, when a person watches; otherwise nothing. */
export function progress(what: string): (done: number, of?: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, of) => {
    const count = of === undefined ? String(done) : `${done} of ${of}`;
    process.stderr.write(`\r${what} ${count} `);
    progressIsShown = true;
  };
}

/** Takes back what `progress` shows: what comes next stands in its place. */
export function clearProgress(): void {
  if (progressIsShown) process.stderr.write('\r\x1b[K');
  progressIsShown = false;
}
