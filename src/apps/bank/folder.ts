/** Where a bank keeps what: the books of its first currency in its folder, those of each other one in a folder under it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';

const LEDGER = 'bank.sqlite';
const OTHERS = 'books';
const NAME = /^[a-z\d][a-z\d-]{0,39}$/;

/** A currency's books at a bank: cashier's key, orders, accounts. */
export interface BooksPlace {
  /** Empty for those of the first currency. */
  readonly name: string;
  readonly folder: string;
}

/** The file with the books in it. */
export function ledgerPath({ folder }: BooksPlace): string {
  return join(folder, LEDGER);
}

/** Where a bank keeps the description of the currency that these books are of, once they have been served. */
export function descriptionPath({ folder }: Pick<BooksPlace, 'folder'>): string {
  return join(folder, 'currency.json');
}

/** The books with this name, made or not; empty: the first. Refuses what is no name of a folder. */
export function booksNamed(folder: string, name: string): BooksPlace | Refusal {
  if (name === '') return { name, folder };
  return NAME.test(name)
    ? { name, folder: join(folder, OTHERS, name) }
    : refuse('malformed', `${name} is no name of books: small letters, digits and hyphens, at most 40`);
}

/** All books of a bank that were made, the first before the others. */
export function allBooks(folder: string): readonly BooksPlace[] {
  const others = join(folder, OTHERS);
  const names = existsSync(others) ? readdirSync(others).filter((each) => NAME.test(each)) : [];
  return ['', ...names.toSorted()].flatMap((name) => {
    const place = booksNamed(folder, name);
    return place instanceof Refusal || !existsSync(ledgerPath(place)) ? [] : [place];
  });
}
