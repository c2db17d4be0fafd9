/** Everything of a member's as files: the money, the words, the letters, the history. */
import type { Amount } from '../base/amount.ts';
import { amount, formatAmount } from '../base/amount.ts';
import { utf8 } from '../base/bytes.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { encode } from '../protocol/codec.ts';
import type { CurrencyInfo } from '../wallet/wallet.ts';
import { view } from './desk.ts';
import type { Desk } from './desk.ts';
import type { LetterRecord } from './letter-record.ts';
import { stackFileName } from './letters/mail-text.ts';
import { Objection } from './objections.ts';
import { payTo } from './letters/pay.ts';
import { history } from './money/purse-views.ts';
import type { EntryView } from './schemas.ts';
import { titlesView } from './titles/views.ts';

export interface TakenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * All of it. The coins leave the purses into letters to nobody, so that their files can be had again, and the money can
 * come back, as long as nobody has taken it. What stands in the way of one currency's money is objected to only when there
 * is nothing else of it: what could be taken is in the files.
 */
export async function takeAway(desk: Desk): Promise<readonly TakenFile[] | Objection> {
  for (const info of desk.wallet.currencies()) {
    const objection = await intoLetters(desk, info);
    if (objection !== undefined) return objection;
  }
  const words = `${desk.wallet.phrase()}\n`;
  const letters = desk.letters.all().map((letter) => view(desk, letter));
  return [
    ...stackFiles(desk),
    ...titleFiles(desk),
    { name: 'words.txt', bytes: utf8(words) },
    { name: 'letters.json', bytes: utf8(`${JSON.stringify(letters, null, 2)}\n`) },
    { name: 'history.csv', bytes: utf8(csv(history(desk, ''))) },
  ];
}

/** A file holds as many coins as a request: a purse of more becomes several. */
async function intoLetters(desk: Desk, currency: CurrencyInfo): Promise<Objection | undefined> {
  for (let value = sendable(desk, currency.id); value > 0; value = sendable(desk, currency.id)) {
    const to = { way: 'file' } as const;
    const paid = await payTo(desk, { to, currency, amount: value, subject: '', text: '', invoice: '' });
    if (paid instanceof Objection) return currency.stopped === '' ? paid : undefined;
  }
  return undefined;
}

/** What the largest coins come to that fit into one request. */
function sendable({ wallet }: Desk, currency: string): Amount {
  let room: number = LIMITS.coinsPerRequest;
  let total = 0;
  for (const { denomination, coins } of wallet.piles(currency)) {
    const used = Math.min(coins, room);
    room -= used;
    total += used * denomination;
  }
  return amount(total);
}

/** What is held of titles, to read: the titles themselves come back with the words. */
function titleFiles(desk: Desk): readonly TakenFile[] {
  const { titles } = desk;
  if (titles === undefined || titles.operations().length + titles.titles().length === 0) return [];
  const text = JSON.stringify(titlesView(desk, titles), null, 2);
  return [{ name: 'titles.json', bytes: utf8(`${text}\n`) }];
}

/** The coins of letters to nobody that are in no drop: whoever made them has them as a file. */
function stackFiles({ letters, wallet }: Desk): readonly TakenFile[] {
  const kept = letters.folder('sent').filter(isFile);
  return kept.flatMap((letter, index) => {
    const stack = wallet.stackOf(letter.operation);
    const name = stackFileName(letter).replace(/\.oc$/, `-${index + 1}.oc`);
    return stack instanceof Refusal ? [] : [{ name, bytes: encode(stack) }];
  });
}

function isFile({ way, key, state }: LetterRecord): boolean {
  return way === 'link' && key === '' && state === 'not taken';
}

const COLUMNS: Readonly<Record<string, (entry: EntryView) => string>> = {
  number: ({ number }) => String(number),
  time: ({ time }) => time,
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  amount: (entry) => formatAmount(amount(entry.amount), entry.divisor),
  currency: ({ currencyName }) => currencyName,
  who: ({ who }) => who,
  subject: ({ subject }) => subject,
  payee: ({ payee }) => payee,
  receipt: ({ receipt }) => (receipt === 0 ? '' : String(receipt)),
  reason: ({ reason }) => reason,
};

/** A history as a table for other programs (RFC 4180). */
export function csv(entries: readonly EntryView[]): string {
  const rows = entries.map((entry) => Object.values(COLUMNS).map((column) => cell(column(entry))));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** RFC 4180; and nothing that a spreadsheet would take for a formula, since others wrote the subjects. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
