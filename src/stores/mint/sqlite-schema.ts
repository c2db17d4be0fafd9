import type { Schema } from '../sqlite-file.ts';

/** What suites that are safe offline need: what spent coins answered, and which were handed over twice. */
const ANSWERS = `
    CREATE TABLE answer (
      number INTEGER PRIMARY KEY, key INTEGER NOT NULL, coin TEXT NOT NULL UNIQUE, answer TEXT NOT NULL,
      payment TEXT NOT NULL
    ) STRICT;
    CREATE INDEX answer_by_key ON answer (key);
    CREATE TABLE double_payment (
      number INTEGER PRIMARY KEY, key_id TEXT NOT NULL, coin_id TEXT NOT NULL UNIQUE, first TEXT NOT NULL,
      second TEXT NOT NULL
    ) STRICT;
`;

/**
 * A mint's books in SQLite. Rowid tables with an index on a random text, rather than the text as the key of a WITHOUT
 * ROWID table, because then only the index is written all over (docs/notes/speed.md). For the pragmas and the rows
 * of `spent`, each of them many coins of one mint key, see docs/notes/double-spend.md.
 */
export const SCHEMA: Schema = {
  applicationId: 0x5350_4d31, // "SPM1"
  version: 4,
  pragmas: `
    PRAGMA page_size = 1024;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 65536;
    PRAGMA temp_store = MEMORY;
  `,
  tables: `
    CREATE TABLE ledger (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      authorised INTEGER NOT NULL, treasury INTEGER NOT NULL CHECK (treasury >= 0),
      float INTEGER NOT NULL CHECK (float >= 0), sequence INTEGER NOT NULL,
      entries INTEGER NOT NULL, head TEXT NOT NULL, last_receipt INTEGER NOT NULL, latest INTEGER NOT NULL,
      record_number INTEGER NOT NULL, record_hash TEXT NOT NULL, is_recorded INTEGER NOT NULL,
      last_double_payment INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO ledger VALUES (
      1, 0, 0, 0, 0, 0, '${'0'.repeat(64)}', 0, 0, 0, lower(hex(randomblob(32))), 0, 0
    );
    CREATE TABLE mint_key (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, is_open INTEGER NOT NULL,
      is_stopped INTEGER NOT NULL, issued INTEGER NOT NULL, redeemed INTEGER NOT NULL,
      spent INTEGER NOT NULL DEFAULT 0 CHECK (spent >= 0), CHECK (issued >= redeemed)
    ) STRICT;
    CREATE TABLE journal (number INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE operator_order (
      number INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE funding (
      number INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, cashier TEXT NOT NULL, amount INTEGER NOT NULL,
      expires INTEGER NOT NULL, day INTEGER NOT NULL, document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX funding_by_expiry ON funding (expires);
    CREATE TABLE funded_day (
      cashier TEXT NOT NULL, day INTEGER NOT NULL, total INTEGER NOT NULL, PRIMARY KEY (cashier, day)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE intent (
      number INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, state TEXT NOT NULL, kind TEXT NOT NULL,
      expires INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX intent_by_expiry ON intent (expires);
    CREATE INDEX intent_waiting ON intent (number) WHERE state = 'waiting';
    CREATE TABLE receipt (
      sequence INTEGER PRIMARY KEY, redemption TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL, payee TEXT NOT NULL,
      time INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE spent (number INTEGER PRIMARY KEY, key INTEGER NOT NULL, coins BLOB NOT NULL) STRICT;
    CREATE INDEX spent_by_key ON spent (key);
    ${ANSWERS}
  `,
  upgrades: {
    3: `ALTER TABLE ledger ADD COLUMN last_double_payment INTEGER NOT NULL DEFAULT 0; ${ANSWERS}`,
  },
};
