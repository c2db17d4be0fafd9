import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../base/refusal.ts';
import type { HostStore } from '../../host/ports.ts';
import type {
  DropRow,
  InvoiceRow,
  LetterRow,
  MemberRow,
  SessionRow,
  TitleAddressRow,
} from '../../host/state.ts';
import { json, plain, tableOf, yesNo } from './sqlite-table.ts';
import type { Table } from './sqlite-table.ts';
import { openDatabase } from '../sqlite-file.ts';
import { inTransaction, settle } from '../wallet/sqlite.ts';

const OWNER = 'member TEXT NOT NULL REFERENCES member ON DELETE CASCADE';

const TITLE_ADDRESSES = `
    CREATE TABLE title_address (
      place INTEGER PRIMARY KEY, ${OWNER}, server TEXT NOT NULL, address TEXT NOT NULL, use TEXT NOT NULL,
      UNIQUE (member, address)
    ) STRICT;
  `;

const SCHEMA = {
  applicationId: 0x5350_4831, // "SPH1"
  version: 2,
  upgrades: { 1: TITLE_ADDRESSES },
  // What was removed leaves no trace in the file's free pages. Letters and drops have no row ids: those would say in which
  // order they came, and with it who paid whom.
  pragmas: 'PRAGMA secure_delete = ON;',
  tables: `
    CREATE TABLE member (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, handle TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
      language TEXT NOT NULL, recipient TEXT NOT NULL, identity TEXT NOT NULL, locks TEXT NOT NULL,
      passkeys TEXT NOT NULL, secondFactor INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE credential (id TEXT PRIMARY KEY, ${OWNER}) STRICT, WITHOUT ROWID;
    CREATE INDEX credential_by_member ON credential (member);
    CREATE TABLE session (
      hash TEXT PRIMARY KEY, ${OWNER}, kind TEXT NOT NULL, label TEXT NOT NULL, created INTEGER NOT NULL,
      seen INTEGER NOT NULL, expires INTEGER NOT NULL, sealed TEXT NOT NULL
    ) STRICT;
    CREATE INDEX session_by_member ON session (member);
    CREATE INDEX session_by_end ON session (expires);
    CREATE TABLE letter (
      id TEXT NOT NULL, ${OWNER}, folder TEXT NOT NULL, time INTEGER NOT NULL, sealedTo TEXT NOT NULL,
      sealed BLOB NOT NULL, PRIMARY KEY (member, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX letter_by_time ON letter (member, time);
    CREATE TABLE letter_drop (
      id TEXT PRIMARY KEY, member TEXT NOT NULL, letter TEXT NOT NULL, created INTEGER NOT NULL,
      expires INTEGER NOT NULL, sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX drop_by_end ON letter_drop (expires);
    CREATE TABLE invoice (
      id TEXT PRIMARY KEY, ${OWNER}, currency TEXT NOT NULL, location TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0), subject TEXT NOT NULL, created INTEGER NOT NULL,
      state TEXT NOT NULL, letter TEXT NOT NULL
    ) STRICT;
    CREATE INDEX invoice_by_member ON invoice (member, created);
    ${TITLE_ADDRESSES}
  `,
};

/**
 * A host's rows in one SQLite file. Handles and passkeys are unique by the database, and nothing but drops is kept
 * for a member who is gone. Refuses 'busy' while another process has the file open, 'not possible' for one that is not ours.
 */
export function openSqliteHostStore(path: string): HostStore | Refusal {
  const database = openDatabase(path, SCHEMA);
  if (database instanceof Refusal) return database;
  return {
    ...memberCalls(database),
    ...sessionCalls(database),
    ...letterCalls(database),
    ...invoiceCalls(database),
    ...titleAddressCalls(database),
    close: () => settle(() => database.close()),
  };
}

type MemberCalls = Pick<
  HostStore,
  'addMember' | 'putMember' | 'member' | 'memberNamed' | 'memberWith' | 'removeMember' | 'members'
>;

function memberCalls(database: DatabaseSync): MemberCalls {
  const members = memberTable(database);
  const forget = database.prepare('DELETE FROM credential WHERE member = ?');
  const remember = database.prepare('INSERT INTO credential (id, member) VALUES (?, ?)');
  const total = database.prepare('SELECT count(*) AS total FROM member');
  const put = (row: MemberRow) =>
    inTransaction(database, () => {
      members.put(row);
      forget.run(row.id);
      for (const { credential } of row.passkeys) remember.run(credential, row.id);
    });
  return {
    addMember: (row) =>
      settle(() => {
        if (members.first('handle = ?', row.handle) !== undefined) return false;
        if (members.first('id = ?', row.id) !== undefined) throw new Error('there is a member with this id');
        put(row);
        return true;
      }),
    putMember: (row) =>
      settle(() => {
        if (members.first('id = ?', row.id) !== undefined) put(row);
      }),
    member: (id) => settle(() => members.first('id = ?', id)),
    memberNamed: (handle) => settle(() => members.first('handle = ?', handle)),
    memberWith: (credential) =>
      settle(() => members.first('id = (SELECT member FROM credential WHERE id = ?)', credential)),
    removeMember: (id) => settle(() => void members.remove('id = ?', id)),
    members: () => settle(() => Number(total.get()?.['total'])),
  };
}

function memberTable(database: DatabaseSync): Table<MemberRow> {
  return tableOf<MemberRow>(database, 'member', ['id'], {
    id: plain(),
    name: plain(),
    handle: plain(),
    created: plain(),
    language: plain(),
    recipient: plain(),
    identity: plain(),
    locks: json(),
    passkeys: json(),
    secondFactor: yesNo,
  });
}

type SessionCalls = Pick<
  HostStore,
  'putSession' | 'session' | 'sessionsOf' | 'removeSession' | 'removeSessionsOf' | 'removeExpired'
>;

function sessionCalls(database: DatabaseSync): SessionCalls {
  const sessions = tableOf<SessionRow>(database, 'session', ['hash'], {
    hash: plain(),
    member: plain(),
    kind: plain(),
    label: plain(),
    created: plain(),
    seen: plain(),
    expires: plain(),
    sealed: plain(),
  });
  const oldDrops = database.prepare('DELETE FROM letter_drop WHERE expires < ?');
  return {
    putSession: (row) => settle(() => sessions.put(row)),
    session: (hash) => settle(() => sessions.first('hash = ?', hash)),
    sessionsOf: (member) => settle(() => sessions.all('member = ? ORDER BY rowid', member)),
    removeSession: (hash) => settle(() => void sessions.remove('hash = ?', hash)),
    removeSessionsOf: (member, butHash) =>
      settle(() => void sessions.remove('member = ? AND hash <> ?', member, butHash)),
    removeExpired: (now) =>
      settle(() =>
        inTransaction(database, () => {
          sessions.remove('expires < ?', now);
          oldDrops.run(now);
        }),
      ),
  };
}

type LetterCalls = Pick<
  HostStore,
  'putLetter' | 'letter' | 'letters' | 'countLetters' | 'removeLetter' | 'putDrop' | 'drop' | 'removeDrop'
>;

function letterCalls(database: DatabaseSync): LetterCalls {
  const letters = tableOf<LetterRow>(database, 'letter', ['member', 'id'], {
    id: plain(),
    member: plain(),
    folder: plain(),
    time: plain(),
    sealedTo: plain(),
    sealed: plain(),
  });
  const drops = tableOf<DropRow>(database, 'letter_drop', ['id'], {
    id: plain(),
    member: plain(),
    letter: plain(),
    created: plain(),
    expires: plain(),
    sealed: plain(),
  });
  const count = database.prepare('SELECT count(*) AS total FROM letter WHERE member = ? AND folder = ?');
  const owner = database.prepare('SELECT 1 FROM member WHERE id = ?');
  return {
    putLetter: (row) =>
      settle(() => {
        if (owner.get(row.member) === undefined) return false;
        letters.put(row);
        return true;
      }),
    letter: (member, id) => settle(() => letters.first('member = ? AND id = ?', member, id)),
    letters: (member) => settle(() => letters.all('member = ? ORDER BY time, id', member)),
    countLetters: (member, folder) => settle(() => Number(count.get(member, folder)?.['total'])),
    removeLetter: (member, id) => settle(() => void letters.remove('member = ? AND id = ?', member, id)),
    putDrop: (row) => settle(() => drops.put(row)),
    drop: (id) => settle(() => drops.first('id = ?', id)),
    removeDrop: (id) => settle(() => void drops.remove('id = ?', id)),
  };
}

type InvoiceCalls = Pick<HostStore, 'putInvoice' | 'invoice' | 'invoicesOf' | 'settleInvoice'>;

function invoiceCalls(database: DatabaseSync): InvoiceCalls {
  const invoices = tableOf<InvoiceRow>(database, 'invoice', ['id'], {
    id: plain(),
    member: plain(),
    currency: plain(),
    location: plain(),
    amount: plain(),
    subject: plain(),
    created: plain(),
    state: plain(),
    letter: plain(),
  });
  const pay = database.prepare(
    `UPDATE invoice SET state = 'paid', letter = ?1
     WHERE id = ?2 AND (state = 'open' OR (state IN ('paying', 'paid') AND letter = ?1))`,
  );
  return {
    putInvoice: (row) => settle(() => invoices.put(row)),
    invoice: (id) => settle(() => invoices.first('id = ?', id)),
    invoicesOf: (member) =>
      settle(() => invoices.all('member = ? ORDER BY created DESC, rowid DESC', member)),
    settleInvoice: (id, letter) => settle(() => pay.run(letter, id).changes === 1),
  };
}

type TitleAddressCalls = Pick<
  HostStore,
  'putTitleAddress' | 'titleAddresses' | 'takeTitleAddress' | 'removeTitleAddress'
>;

function titleAddressCalls(database: DatabaseSync): TitleAddressCalls {
  const addresses = tableOf<TitleAddressRow>(database, 'title_address', ['member', 'address'], {
    member: plain(),
    server: plain(),
    address: plain(),
    use: plain(),
  });
  const take = database.prepare(
    `DELETE FROM title_address WHERE place =
       (SELECT min(place) FROM title_address WHERE member = ? AND server = ? AND use = 'ready') RETURNING address`,
  );
  return {
    putTitleAddress: (row) => settle(() => addresses.put(row)),
    titleAddresses: (member) => settle(() => addresses.all('member = ? ORDER BY place', member)),
    takeTitleAddress: (member, server) =>
      settle(() => take.get(member, server)?.['address'] as string | undefined),
    removeTitleAddress: (member, address) =>
      settle(() => void addresses.remove('member = ? AND address = ?', member, address)),
  };
}
