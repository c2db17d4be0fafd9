/** What an e-mail that carries money says, in the sender's language. */
import { amount, formatAmount } from '../base/amount.ts';
import { linkOf } from './letter-record.ts';
import type { LetterRecord } from './letter-record.ts';

interface Words {
  readonly subject: (from: string) => string;
  readonly sends: (from: string, money: string) => string;
  readonly how: string;
  readonly file: string;
  readonly care: string;
}

const ENGLISH: Words = {
  subject: (from) => `${from} sends you money`,
  sends: (from, money) => `${from} sends you ${money}.`,
  how: 'Open this link to take it:',
  file: 'The same money is attached as a file, for a wallet of your own.',
  care: 'It is like cash: whoever opens the link or the file first has the money. Pass neither on.',
};

const GERMAN: Words = {
  subject: (from) => `${from} schickt Ihnen Geld`,
  sends: (from, money) => `${from} schickt Ihnen ${money}.`,
  how: 'Öffnen Sie diesen Link, um es anzunehmen:',
  file: 'Dasselbe Geld hängt als Datei an, für eine eigene Geldbörse.',
  care: 'Es ist wie Bargeld: Wer den Link oder die Datei zuerst öffnet, hat das Geld. Geben Sie beides nicht weiter.',
};

/** Subject and text of the mail for a letter. */
export function mailText(
  letter: LetterRecord,
  language: string,
  url: string,
): { readonly subject: string; readonly text: string } {
  const isGerman = language === 'de';
  const words = isGerman ? GERMAN : ENGLISH;
  const number = formatAmount(amount(letter.amount), letter.divisor);
  const money = `${isGerman ? number.replace('.', ',') : number} ${letter.currencyName}`;
  const paragraphs = [
    words.sends(letter.from, money),
    letter.text,
    `${words.how}\n${linkOf(url, letter.key)}`,
    words.file,
    words.care,
  ];
  return {
    subject: letter.subject === '' ? words.subject(letter.from) : letter.subject,
    text: `${paragraphs.filter((each) => each !== '').join('\n\n')}\n`,
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
