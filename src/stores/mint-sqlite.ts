import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../base/refusal.ts';
import type { MintStore } from '../mint/ports.ts';
import { storeOf } from './mint-calls.ts';
import { SqliteBooks } from './mint-sqlite-books.ts';
import { openDatabase } from './sqlite-file.ts';

const SCHEMA = {
  applicationId: 0x5350_4d31, // "SPM1"
  version: 1,
  tables: `
    CREATE TABLE currency (
      one INTEGER PRIMARY KEY CHECK (one = 1), cddc TEXT NOT NULL, master_secret BLOB NOT NULL,
      authorised INTEGER NOT NULL, treasury INTEGER NOT NULL CHECK (treasury >= 0), float INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE treasury_change (
      number INTEGER PRIMARY KEY, amount INTEGER NOT NULL, reason TEXT NOT NULL
    ) STRICT;
    CREATE TABLE mint_key (
      id TEXT PRIMARY KEY, certificate TEXT NOT NULL, secret BLOB NOT NULL,
      issued INTEGER NOT NULL, redeemed INTEGER NOT NULL, CHECK (issued >= redeemed)
    ) STRICT;
    CREATE TABLE cashier (
      public_key TEXT PRIMARY KEY, limit_per_operation INTEGER NOT NULL, limit_per_day INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE funding (
      reference TEXT PRIMARY KEY, cashier TEXT NOT NULL, amount INTEGER NOT NULL, expires INTEGER NOT NULL,
      day INTEGER NOT NULL, document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX funding_by_day ON funding (cashier, day);
    CREATE TABLE intent (
      number INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, state TEXT NOT NULL, kind TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE waiting (number INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE spent (coin BLOB PRIMARY KEY, reference TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
};

/** Opens a mint's books in a file, making them where there are none. Refuses a file in use or not ours. */
export function openSqliteBooks(path: string): SqliteBooks | Refusal {
  const database: DatabaseSync | Refusal = openDatabase(path, SCHEMA);
  return database instanceof Refusal ? database : new SqliteBooks(database);
}

/** The store on one SQLite file, in this thread: each call its own commit. Busy mints use `openLedgerThread`. */
export function openSqliteMintStore(path: string): MintStore | Refusal {
  const books = openSqliteBooks(path);
  if (books instanceof Refusal) return books;
  const perform = async (call: Parameters<SqliteBooks['perform']>[0][number]) =>
    Promise.resolve(books.perform([call])[0]);
  return storeOf(perform, () => {
    books.close();
    return Promise.resolve();
  });
}
