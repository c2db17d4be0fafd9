import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Refusal } from '../../base/refusal.ts';
import type { WalletStore } from '../../wallet/ports.ts';
import type { WalletChange, WalletState } from '../../wallet/state.ts';
import { openDatabase } from '../sqlite-file.ts';

const SCHEMA = {
  applicationId: 0x5350_5731, // "SPW1"
  version: 1,
  tables: `
    CREATE TABLE phrase (one INTEGER PRIMARY KEY CHECK (one = 1), words TEXT NOT NULL) STRICT;
    CREATE TABLE currency (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE certificate (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE counter (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE coin (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE operation (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  `,
};

/**
 * A wallet in one SQLite file that only its owner can read. It holds the phrase and the coins as they are: whoever
 * has the file has the money (`openSealedWalletStore` is for where that must not be). Refuses 'busy' while another process has it open, and a file that is not ours.
 */
export function openSqliteWalletStore(path: string): WalletStore | Refusal {
  const database = openDatabase(path, SCHEMA);
  return database instanceof Refusal ? database : storeOn(database);
}

function storeOn(database: DatabaseSync): WalletStore {
  const write = writer(database);
  return {
    load: () => settle(() => read(database)),
    commit: (change) => settle(() => inTransaction(database, () => write(change))),
    close: () => settle(() => database.close()),
  };
}

/** node:sqlite answers at once; the port promises. */
export async function settle<Value>(work: () => Value): Promise<Value> {
  return Promise.resolve(work());
}

/** All of the work or nothing of it. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function writer(database: DatabaseSync): (change: WalletChange) => void {
  const upsert = (table: string) =>
    database.prepare(
      `INSERT INTO ${table} (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
    );
  const sql = {
    phrase: database.prepare(
      'INSERT INTO phrase (one, words) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET words = excluded.words',
    ),
    currency: upsert('currency'),
    certificate: upsert('certificate'),
    counter: upsert('counter'),
    coin: upsert('coin'),
    operation: upsert('operation'),
    gone: database.prepare('DELETE FROM coin WHERE id = ?'),
  };
  return (change) => {
    if (change.phrase !== undefined) sql.phrase.run(change.phrase);
    putAll(sql.currency, change.currencies, ({ id }) => id);
    putAll(sql.certificate, change.certificates, ({ mint_key }) => mint_key.id);
    putAll(sql.counter, change.counters, ({ currency }) => currency);
    putAll(sql.coin, change.coins, ({ id }) => id);
    for (const id of change.gone ?? []) sql.gone.run(id);
    putAll(sql.operation, change.operations, ({ number }) => number);
  };
}

function putAll<Row>(
  statement: StatementSync,
  rows: readonly Row[] = [],
  idOf: (row: Row) => string | number,
): void {
  for (const row of rows) statement.run(idOf(row), JSON.stringify(row));
}

function read(database: DatabaseSync): WalletState | undefined {
  const phrase = database.prepare('SELECT words FROM phrase').get()?.['words'];
  if (typeof phrase !== 'string') return undefined;
  // In the order in which they came: a row that is replaced keeps its place.
  const bodies = (table: string): never[] =>
    database
      .prepare(`SELECT body FROM ${table} ORDER BY rowid`)
      .all()
      .map((row) => JSON.parse(String(row['body'])) as never);
  return {
    phrase,
    currencies: bodies('currency'),
    certificates: bodies('certificate'),
    counters: bodies('counter'),
    coins: bodies('coin'),
    operations: bodies('operation'),
  };
}
