import type { DatabaseSync } from 'node:sqlite';
import type { BankStore } from '../../bank/ports.ts';
import { Refusal } from '../../base/refusal.ts';
import { openLedgerRows } from './sqlite-ledger.ts';
import { openOrderRows } from './sqlite-orders.ts';
import { openCustomerRows } from './sqlite-customers.ts';
import { APPROVALS, REGISTRATIONS, openIdentityRows } from './sqlite-identities.ts';
import { bankStoreOn } from './verbs.ts';
import type { BankRows } from './verbs.ts';
import { openDatabase } from '../sqlite-file.ts';
import type { Schema } from '../sqlite-file.ts';

const SCHEMA: Schema = {
  applicationId: 0x5350_4231, // "SPB1"
  version: 4,
  tables: `
    CREATE TABLE cashier (one INTEGER PRIMARY KEY CHECK (one = 1), public_key TEXT NOT NULL, secret BLOB NOT NULL) STRICT;
    CREATE TABLE customer_order (
      reference TEXT PRIMARY KEY, payment_reference TEXT NOT NULL UNIQUE, rail TEXT NOT NULL, state TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0), expires INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX order_by_state ON customer_order (state, expires);
    CREATE TABLE voucher_batch (
      hash TEXT PRIMARY KEY, amount INTEGER NOT NULL CHECK (amount > 0), vouchers INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE voucher (
      hash TEXT PRIMARY KEY, batch TEXT NOT NULL REFERENCES voucher_batch, used_for TEXT UNIQUE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE account (token_hash TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
    CREATE TABLE payout (
      number INTEGER PRIMARY KEY, account TEXT NOT NULL, reference TEXT NOT NULL, state TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0), receiver TEXT NOT NULL, time INTEGER NOT NULL,
      UNIQUE (account, reference)
    ) STRICT;
    CREATE INDEX payout_by_state ON payout (state, account, number);
    CREATE TABLE receipt (
      sequence INTEGER PRIMARY KEY, amount INTEGER NOT NULL CHECK (amount > 0), redemption TEXT NOT NULL
    ) STRICT;
    CREATE TABLE ledger_transaction (
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL, reference TEXT NOT NULL, time INTEGER NOT NULL,
      UNIQUE (kind, reference)
    ) STRICT;
    CREATE TABLE posting (
      account TEXT NOT NULL, line INTEGER NOT NULL, transaction_id INTEGER NOT NULL REFERENCES ledger_transaction,
      amount INTEGER NOT NULL, balance INTEGER NOT NULL, PRIMARY KEY (account, line)
    ) STRICT, WITHOUT ROWID;
    ${REGISTRATIONS}
    ${APPROVALS}
  `,
  // What was registered before there were approvals counts as approved.
  upgrades: { 2: REGISTRATIONS, 3: APPROVALS },
};

/** A bank's books in one SQLite file. Refuses a file in use or not ours. */
export function openSqliteBankStore(path: string): BankStore | Refusal {
  const database = openDatabase(path, SCHEMA);
  return database instanceof Refusal ? database : bankStoreOn(rowsOf(database));
}

function rowsOf(database: DatabaseSync): BankRows {
  const cashier = database.prepare('SELECT public_key, secret FROM cashier');
  const found = database.prepare('INSERT INTO cashier (one, public_key, secret) VALUES (1, ?, ?)');
  const orders = openOrderRows(database);
  const customers = openCustomerRows(database);
  const identities = openIdentityRows(database);
  const ledger = openLedgerRows(database);
  return {
    ...orders,
    ...customers,
    ...identities,
    ...ledger,
    load: () => {
      const row = cashier.get();
      if (row === undefined) return undefined;
      return { publicKey: String(row['public_key']), secret: row['secret'] as Uint8Array };
    },
    found: (key) => void found.run(key.publicKey, key.secret),
    atomically: (work) => atomically(database, work),
    close: () => database.close(),
  };
}

function atomically<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
