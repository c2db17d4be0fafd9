/** What everything that is done for an open member works with. */
import { bytesToHex } from '../base/bytes.ts';
import type { CurrencyInfo, Entry, Wallet } from '../wallet/wallet.ts';
import type { TitleWallet } from '../title/wallet/facade.ts';
import type { HostContext } from './context.ts';
import { letterView } from './letter-record.ts';
import type { LetterRecord } from './letter-record.ts';
import type { LetterBook } from './letters/letters.ts';
import type { News } from './news.ts';
import { Objection, object } from './objections.ts';
import type { LetterView } from './schemas.ts';
import type { MemberRow } from './state.ts';

export interface Desk {
  readonly context: HostContext;
  readonly wallet: Wallet;
  /** Undefined where the host keeps no titles. */
  readonly titles: TitleWallet | undefined;
  readonly letters: LetterBook;
  readonly news: News;
  /** The id in the recipient's inbox of a letter that this member sends: nobody without the member key can match the two. */
  readonly inboxId: (letter: string) => string;
  /** The member as the store has it. */
  readonly row: () => MemberRow;
}

export const ID_BYTES = 16;

/** A new id: 32 hexadecimal digits. */
export function newId({ context }: Pick<Desk, 'context'>): string {
  return bytesToHex(context.parts.randomness(ID_BYTES));
}

/** A currency that the wallet knows; objects 'no currency'. */
export function knownCurrency({ wallet }: Desk, id: string): CurrencyInfo | Objection {
  return wallet.currencies().find((each) => each.id === id) ?? object('no currency');
}

export function isKnown({ wallet }: Desk, currency: string): boolean {
  return wallet.currencies().some(({ id }) => id === currency);
}

/** An operation of the wallet as it stands. */
export function entryOf({ wallet }: Desk, number: number): Entry | undefined {
  return wallet.history().find((each) => each.number === number);
}

export function view(desk: Desk, letter: LetterRecord): LetterView {
  const isOurs = letter.titles !== null || isKnown(desk, letter.currency);
  return letterView(letter, desk.context.parts.url, isOurs);
}

/** A letter of one folder; objects 'no letter'. */
export function letterOf(
  { letters }: Desk,
  folder: LetterRecord['folder'],
  id: string,
): LetterRecord | Objection {
  const letter = letters.get(id);
  return letter?.folder === folder ? letter : object('no letter');
}

/** A letter whose coins are still on their way stays unread: it is not the member's to write to yet. */
export async function markRead(desk: Desk, id: string): Promise<undefined | Objection> {
  const letter = letterOf(desk, 'inbox', id);
  if (letter instanceof Objection) return letter;
  if (!letter.isRead && letter.transit === '') await desk.letters.put({ ...letter, isRead: true });
  return undefined;
}
