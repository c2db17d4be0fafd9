import { Refusal } from '../../base/refusal.ts';
import type { MintStore } from '../../mint/ports.ts';
import { storeOf } from './calls.ts';
import { SqliteBooks } from './sqlite-books.ts';
import { SCHEMA } from './sqlite-schema.ts';
import { openSecondPlace } from './second-place.ts';
import { openDatabase } from '../sqlite-file.ts';

/** Opens a mint's books in a file, making them where there are none. Refuses a file in use or not ours. */
export function openSqliteBooks(path: string): SqliteBooks | Refusal {
  const database = openDatabase(path, SCHEMA);
  return database instanceof Refusal ? database : new SqliteBooks(database);
}

/** The same, with a second place where one is given: what it has and the books have not is taken up first. */
export async function openRecordedBooks(
  path: string,
  secondFolder: string | undefined,
): Promise<SqliteBooks | Refusal> {
  const books = openSqliteBooks(path);
  if (books instanceof Refusal) return books;
  if (secondFolder === undefined) {
    books.recordNowhere();
    return books;
  }
  const refusal = await join(books, secondFolder);
  if (refusal === undefined) return books;
  await books.close();
  return refusal;
}

async function join(books: SqliteBooks, folder: string): Promise<Refusal | undefined> {
  const opened = await openSecondPlace(folder, books.place);
  if (opened instanceof Refusal) return opened;
  books.recordIn(opened.second);
  return opened.ahead === undefined ? undefined : books.replay([opened.ahead]);
}

/** The store on one SQLite file, in this thread: each call its own commit. Busy mints use `openLedgerThread`. */
export function openSqliteMintStore(path: string): MintStore | Refusal {
  const books = openSqliteBooks(path);
  if (books instanceof Refusal) return books;
  return storeOf({
    perform: (call) => books.inTurn(() => books.perform([call])[0]),
    snapshot: (to) => books.snapshot(to),
    close: () => books.close(),
  });
}
