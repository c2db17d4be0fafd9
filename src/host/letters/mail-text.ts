/** What an e-mail that carries money says, in the sender's language. */
import { amount, formatAmount } from '../../base/amount.ts';
import { linkOf } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';

interface Words {
  readonly subject: (from: string, what: string) => string;
  readonly money: string;
  readonly sends: (from: string, money: string) => string;
  readonly writes: (from: string) => string;
  readonly how: string;
  readonly file: string;
  readonly care: string;
}

const ENGLISH: Words = {
  subject: (from, what) => `${from} sends you ${what}`,
  money: 'money',
  sends: (from, money) => `${from} sends you ${money}.`,
  writes: (from) => `${from} writes:`,
  how: 'Open this link to take it:',
  file: 'The same money is attached as a file, for a wallet of your own.',
  care: 'It is like cash: whoever opens the link or the file first has the money. Pass neither on.',
};

const GERMAN: Words = {
  subject: (from, what) => `${from} schickt Ihnen ${what}`,
  money: 'Geld',
  sends: (from, money) => `${from} schickt Ihnen ${money}.`,
  writes: (from) => `${from} schreibt:`,
  how: 'Öffnen Sie diesen Link, um es anzunehmen:',
  file: 'Dasselbe Geld hängt als Datei an, für eine eigene Geldbörse.',
  care: 'Es ist wie Bargeld: Wer den Link oder die Datei zuerst öffnet, hat das Geld. Geben Sie beides nicht weiter.',
};

/** A currency's name that says nothing but what it is called: no address, no sentence. */
const PLAIN_NAME = /^[\p{L}\p{N}][\p{L}\p{N} -]{0,23}$/u;

/**
 * Subject and text of the mail for a letter. The subject is the host's own: it says nothing that the sender could choose, for it
 * goes out under the host's name. The sender's words stand in the text, and as theirs.
 */
export function mailText(
  letter: LetterRecord,
  language: string,
  url: string,
): { readonly subject: string; readonly text: string } {
  const isGerman = language === 'de';
  const words = isGerman ? GERMAN : ENGLISH;
  const number = formatAmount(amount(letter.amount), letter.divisor);
  const money = `${isGerman ? number.replace('.', ',') : number} ${letter.currencyName}`;
  const written = [letter.subject, letter.text].filter((each) => each !== '');
  const paragraphs = [
    words.sends(letter.from, money),
    ...(written.length === 0 ? [] : [words.writes(letter.from), ...written]),
    `${words.how}\n${linkOf(url, letter.key)}`,
    words.file,
    words.care,
  ];
  return {
    subject: words.subject(letter.from, PLAIN_NAME.test(letter.currencyName) ? money : words.money),
    text: `${paragraphs.join('\n\n')}\n`,
  };
}

/** A file name for coins that every system takes. */
export function stackFileName({ currencyName, divisor, amount: value }: LetterRecord): string {
  const name = currencyName
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${name === '' ? 'coins' : name}-${formatAmount(amount(value), divisor)}.oc`;
}
