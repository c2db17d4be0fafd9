import type { DatabaseSync } from 'node:sqlite';
import type { WaitingIdentity } from '../../bank/ports.ts';
import type { IdentityRows } from './verbs.ts';

type Row = Readonly<Record<string, unknown>>;

/** What accounts, by their numbers, are known by at the mint. */
export const REGISTRATIONS = `
    CREATE TABLE registration (account TEXT PRIMARY KEY, identity TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
`;

/** What is to be approved first, and what was taken back: no row of that one ever goes. */
export const APPROVALS = `
    CREATE TABLE registration_waiting (
      account TEXT PRIMARY KEY, identity TEXT NOT NULL UNIQUE, until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX registration_waiting_by_time ON registration_waiting (until);
    CREATE TABLE registration_taken_back (identity TEXT PRIMARY KEY, account TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** The rows of identities. */
export function openIdentityRows(database: DatabaseSync): IdentityRows {
  const sql = statements(database);
  const text = (row: Row | undefined, column: string) => row && String(row[column]);
  return {
    identityOf: (account) => text(sql.identityOf.get(account), 'identity'),
    holderOf: (identity) => text(sql.holderOf.get(identity), 'account'),
    formerHolderOf: (identity) => text(sql.formerHolderOf.get(identity), 'account'),
    identitiesLike: (digits, most) =>
      sql.identitiesLike.all(digits, afterAll(digits), most).map((row) => ({
        account: String(row['account']),
        identity: String(row['identity']),
      })),
    keepIdentity: (account, identity) => void sql.keepIdentity.run(account, identity),
    takeIdentityBack: (account, identity) => {
      sql.keepFormer.run(identity, account);
      sql.dropIdentity.run(account);
    },
    waitingOf: (account) => {
      const row = sql.waitingOf.get(account);
      return row && readWaiting(row);
    },
    waitingLike: (digits, now, most) =>
      sql.waitingLike.all(digits, afterAll(digits), now, most).map(readWaiting),
    waitingIdentities: (now, most) => sql.waiting.all(now, most).map(readWaiting),
    countWaiting: (now) => Number(sql.countWaiting.get(now)?.['total']),
    keepWaiting: ({ account, identity, until }) => void sql.keepWaiting.run(account, identity, until),
    dropWaiting: (account, identity) => void sql.dropWaiting.run(account, identity),
    sweepWaiting: (now) => void sql.sweepWaiting.run(now),
  };
}

/** What sorts behind every identity that begins with these digits. */
function afterAll(digits: string): string {
  return `${digits}g`;
}

function statements(database: DatabaseSync) {
  return {
    identityOf: database.prepare('SELECT identity FROM registration WHERE account = ?'),
    holderOf: database.prepare('SELECT account FROM registration WHERE identity = ?'),
    formerHolderOf: database.prepare('SELECT account FROM registration_taken_back WHERE identity = ?'),
    identitiesLike: database.prepare(
      'SELECT * FROM registration WHERE identity >= ? AND identity < ? ORDER BY identity LIMIT ?',
    ),
    keepIdentity: database.prepare('INSERT INTO registration (account, identity) VALUES (?, ?)'),
    // It may have been registered again in between, by the same account alone.
    keepFormer: database.prepare(
      'INSERT INTO registration_taken_back (identity, account) VALUES (?, ?) ON CONFLICT (identity) DO NOTHING',
    ),
    dropIdentity: database.prepare('DELETE FROM registration WHERE account = ?'),
    waitingOf: database.prepare('SELECT * FROM registration_waiting WHERE account = ?'),
    waitingLike: database.prepare(
      'SELECT * FROM registration_waiting WHERE identity >= ? AND identity < ? AND until >= ? ORDER BY identity LIMIT ?',
    ),
    waiting: database.prepare(
      'SELECT * FROM registration_waiting WHERE until >= ? ORDER BY until, account LIMIT ?',
    ),
    countWaiting: database.prepare('SELECT count(*) AS total FROM registration_waiting WHERE until >= ?'),
    keepWaiting: database.prepare(
      'INSERT INTO registration_waiting (account, identity, until) VALUES (?, ?, ?)',
    ),
    dropWaiting: database.prepare('DELETE FROM registration_waiting WHERE account = ? OR identity = ?'),
    sweepWaiting: database.prepare('DELETE FROM registration_waiting WHERE until < ?'),
  };
}

function readWaiting(row: Row): WaitingIdentity {
  return {
    account: String(row['account']),
    identity: String(row['identity']),
    until: Number(row['until']),
  };
}
