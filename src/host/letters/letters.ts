import type { HostParts } from '../ports.ts';
import type { LetterRecord } from '../letter-record.ts';
import { readLetter, rowTime, writeLetter } from '../letter-record.ts';
import type { LetterRow } from '../state.ts';

type BookParts = Pick<HostParts, 'store' | 'secrets' | 'bug'>;

/** What opens a member's letters. */
export interface LetterKeys {
  readonly member: string;
  readonly key: Uint8Array;
  /** The age identity to which is sealed what others left. */
  readonly identity: string;
}

/** The letters of one open member in memory. Changed only once the store has kept the change. */
export class LetterBook {
  readonly #parts: BookParts;
  readonly #keys: LetterKeys;
  readonly #letters = new Map<string, LetterRecord>();
  /** Counts the changes, so that it can be seen whether there were any. */
  changes = 0;

  private constructor(parts: BookParts, keys: LetterKeys) {
    this.#parts = parts;
    this.#keys = keys;
  }

  /** Reads and opens all letters. One that does not open is reported as a bug and left out: the others are good. */
  static async open(parts: BookParts, keys: LetterKeys): Promise<LetterBook> {
    const book = new LetterBook(parts, keys);
    for (const row of await parts.store.letters(keys.member)) {
      const letter = await book.#read(row);
      if (letter !== undefined) book.#letters.set(letter.id, letter);
    }
    return book;
  }

  get(id: string): LetterRecord | undefined {
    const letter = this.#letters.get(id);
    return letter?.isGone === true ? undefined : letter;
  }

  /** Of both folders, in no order. */
  all(): readonly LetterRecord[] {
    return [...this.#letters.values()].filter(({ isGone }) => !isGone);
  }

  /** What was removed and is still remembered. */
  gone(): readonly LetterRecord[] {
    return [...this.#letters.values()].filter(({ isGone }) => isGone);
  }

  /** A letter that is there, or that was removed and is still remembered. */
  known(id: string): LetterRecord | undefined {
    return this.#letters.get(id);
  }

  /** Newest first. */
  folder(folder: LetterRecord['folder']): readonly LetterRecord[] {
    return this.all()
      .filter((letter) => letter.folder === folder)
      .reverse()
      .sort((left, right) => right.time - left.time);
  }

  /** The letter whose coins an operation of the wallet sent or took. */
  ofOperation(number: number): LetterRecord | undefined {
    return this.all().find(({ operation }) => operation === number);
  }

  /** Keeps a letter under the member key; gives it back. Rejects when the member is gone: nothing was kept. */
  async put(letter: LetterRecord): Promise<LetterRecord> {
    const { member, key } = this.#keys;
    const { id, folder, time } = letter;
    const sealed = this.#parts.secrets.seal(key, sealedName(member, id), writeLetter(member, letter));
    const row = { id, member, folder, time: rowTime(time), sealedTo: 'key', sealed } as const;
    if (!(await this.#parts.store.putLetter(row))) throw new Error('whose letter this is is gone');
    this.#letters.set(id, letter);
    this.changes++;
    return letter;
  }

  async remove(id: string): Promise<void> {
    await this.#parts.store.removeLetter(this.#keys.member, id);
    this.#letters.delete(id);
    this.changes++;
  }

  /** Removes a letter, and remembers that it was there. */
  async retire(letter: LetterRecord): Promise<void> {
    await this.put({ ...letter, isGone: true, stack: null, transit: '' });
  }

  /** Reads what others have put into the store and nobody has told of yet. */
  async catchUp(): Promise<void> {
    for (const { id } of await this.#parts.store.letters(this.#keys.member)) {
      if (!this.#letters.has(id)) await this.reread(id);
    }
  }

  /** A letter as it is in the store now, since others put some there and change those that are on their way. */
  async reread(id: string): Promise<LetterRecord | undefined> {
    const row = await this.#parts.store.letter(this.#keys.member, id);
    const letter = row === undefined ? undefined : await this.#read(row);
    if (letter === undefined) this.#letters.delete(id);
    else this.#letters.set(id, letter);
    this.changes++;
    return letter;
  }

  async #read(row: LetterRow): Promise<LetterRecord | undefined> {
    const { secrets, bug } = this.#parts;
    const { member, key, identity } = this.#keys;
    const bytes =
      row.sealedTo === 'key'
        ? secrets.open(key, sealedName(member, row.id), row.sealed)
        : await secrets.openWith(identity, row.sealed);
    const letter = bytes === undefined ? undefined : readLetter(bytes, row);
    if (letter === undefined) bug(new Error('a letter does not open with what its member has'));
    return letter;
  }
}

function sealedName(member: string, id: string): string {
  return `letter ${member} ${id}`;
}
