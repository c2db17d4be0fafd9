/** A letter as its member's host knows it: what people see of it, and what is secret about it. */
import { utf8 } from '../base/bytes.ts';
import { HOUR, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Amount } from '../base/amount.ts';
import type { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import type { CurrencyInfo } from '../wallet/wallet.ts';
import type { LetterView } from './schemas.ts';

export type LetterState = LetterView['state'];

/** What a letter brings where it is titles. Its `currency` is then the class, its `location` the title server. */
export interface TitleParcel {
  /** The id of the title server. */
  readonly server: string;
  /** Those that are given; empty while an amount is given, and nobody knows in which titles. */
  readonly serials: readonly number[];
  /** Sent as an amount: which titles that came to be, and which came back as change; none while that is not known. */
  readonly given?: readonly number[];
  readonly change?: readonly number[];
  /** Sent: the address to which they are transferred. */
  readonly address: string;
  /** Inbox: what the recipient's wallet takes; empty once it has. */
  readonly handover: string;
}

/** A letter, as it is sealed in its row. */
export interface LetterRecord {
  readonly id: string;
  readonly folder: LetterView['folder'];
  readonly way: LetterView['way'];
  readonly time: Instant;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly currency: string;
  readonly currencyName: string;
  readonly divisor: number;
  /** Where the currency is described. */
  readonly location: string;
  readonly amount: Amount;
  readonly state: LetterState;
  readonly reason: string;
  readonly isRead: boolean;
  /** The number of the wallet's operation that sent or took the coins; 0 while there is none. */
  readonly operation: number;
  /** Inbox: the coins, until they are taken; kept where they were refused. Those that were sent are in the wallet. */
  readonly stack: CoinStack | null;
  /** Inbox: the phrase of the wallet through which the coins come; empty once they are through. */
  readonly transit: string;
  /** Inbox: the drop in which the letter lay; empty where it came otherwise. */
  readonly drop: string;
  /** Sent: the key of the drop, base64url; empty where there is none. */
  readonly key: string;
  /** Sent to a name: the id of the member. */
  readonly recipient: string;
  /** The invoice that it pays; empty where it pays none. */
  readonly invoice: string;
  /** Sent by e-mail: whether it still has to be, was, or cannot be without the sender; and when it was tried last. */
  readonly mail: 'none' | 'due' | 'failed' | 'done';
  readonly tried: Instant;
  /** Sent: whether the payment can be asked for again by what its asker called it. */
  readonly isNamed: boolean;
  /** What it brings where it is titles; null: it is money. */
  readonly titles: TitleParcel | null;
  /** Removed by the member, and kept for a while so that it is not made or brought again. */
  readonly isGone: boolean;
}

/** A letter after it was tried to take it, and what stood in the way. */
export interface Taken {
  readonly letter: LetterRecord;
  readonly refusal: Refusal | undefined;
}

/** What every letter begins with. */
const PLAIN = {
  reason: '',
  isRead: true,
  operation: 0,
  stack: null,
  transit: '',
  drop: '',
  key: '',
  recipient: '',
  invoice: '',
  mail: 'none',
  tried: 0,
  isNamed: false,
  titles: null,
  isGone: false,
} as const;

export type NewLetter = Omit<LetterRecord, keyof typeof PLAIN | 'text'> & Partial<LetterRecord>;

/** A letter with what is left out as it is in most. */
export function newLetter(facts: NewLetter): LetterRecord {
  return { ...PLAIN, text: '', ...facts };
}

/** What a letter says of its currency. */
export function moneyOf(
  { id, name, divisor, location }: CurrencyInfo,
  amount: Amount,
): Pick<LetterRecord, 'currency' | 'currencyName' | 'divisor' | 'location' | 'amount'> {
  return { currency: id, currencyName: name, divisor, location, amount };
}

/** Whether nothing more comes of a letter by itself, and nothing of it is worth anything. */
export function isSettled({ folder, way, state, operation, stack, titles }: LetterRecord): boolean {
  if (titles !== null) return state !== 'arriving' && (folder === 'sent' || state !== 'arrived');
  if (state === 'taken' || state === 'taken back') return true;
  if (folder === 'sent') return state === 'arrived' && way === 'name' && operation !== 0;
  return state === 'refused' || (state === 'arrived' && stack === null);
}

/** A letter as people see it. `url`: the host's own address. */
export function letterView(record: LetterRecord, url: string, isKnown: boolean): LetterView {
  const { id, folder, way, from, to, subject, text, state, reason, isRead } = record;
  const { currency, currencyName, divisor, amount, location } = record;
  const { serials = [], given = [], change = [] } = record.titles ?? {};
  const hasLink = record.key !== '' && (state === 'not taken' || state === 'refused');
  return {
    ...{ currency, currencyName, divisor, amount, location },
    ...{ id, folder, way, from, to, subject, text, state, reason, isKnown, isRead },
    time: `${writeDate(record.time)}Z`,
    link: hasLink ? linkOf(url, record.key) : '',
    kind: record.titles === null ? 'money' : 'titles',
    serials: [...(serials.length === 0 ? given : serials)],
    change: [...change],
  };
}

/** The link of a drop. Its key is behind the sign that keeps it from every server's log. */
export function linkOf(url: string, key: string): string {
  return `${url}receive#${key}`;
}

/** What is sealed: a letter says itself whose it is, so that no row passes for another. */
interface Envelope {
  readonly member: string;
  readonly letter: LetterRecord;
}

/** What a row says of a letter's time: the hour. */
export function rowTime(time: Instant): Instant {
  return time - (time % HOUR);
}

export function writeLetter(member: string, letter: LetterRecord): Uint8Array {
  const envelope: Envelope = { member, letter };
  return utf8(JSON.stringify(envelope));
}

/** The letter; undefined when it is another's, or has another id or folder, than its row says. */
export function readLetter(
  bytes: Uint8Array,
  row: { readonly id: string; readonly member: string; readonly folder: string },
): LetterRecord | undefined {
  const { member, letter: written } = JSON.parse(new TextDecoder().decode(bytes)) as Envelope;
  // Earlier versions wrote no `titles`.
  const letter = { ...PLAIN, ...written };
  const same = member === row.member && letter.id === row.id && letter.folder === row.folder;
  return same ? letter : undefined;
}
