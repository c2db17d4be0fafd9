import { createHmac, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { utf8 } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { StoredRecord, TitleWalletStore } from '../../title/wallet/ports.ts';
import type { Sealing } from '../wallet/sealed-wallet.ts';
import { openDatabase } from '../sqlite-file.ts';
import { inTransaction, settle } from '../wallet/sqlite.ts';

const TABLES = `
  CREATE TABLE naming (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT;
  CREATE TABLE record (place INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
`;
const OPEN = { applicationId: 0x5350_5431, version: 1, tables: TABLES }; // "SPT1"
const SEALED = { applicationId: 0x5350_5453, version: 1, tables: TABLES }; // "SPTS"

/** How records are named and written in the file. */
interface Writing {
  readonly nameOf: (key: string) => Uint8Array;
  readonly write: (name: Uint8Array, record: StoredRecord) => Uint8Array;
  readonly read: (name: Uint8Array, body: Uint8Array) => StoredRecord;
}

/**
 * A wallet of titles in one SQLite file that only its owner can read. Without the phrase it shows what is held, and can
 * transfer nothing. Refuses 'busy' while another process has it open, and a file that is not ours.
 */
export function openSqliteTitleStore(path: string): TitleWalletStore | Refusal {
  const database = openDatabase(path, OPEN);
  return database instanceof Refusal ? database : storeOn(database, AS_IT_IS);
}

/**
 * The same with every record sealed: the file shows how many there are, their lengths and when they came. Refuses 'busy',
 * 'not possible' for a file that is not ours, 'unauthorised' for one that was sealed by another.
 */
export function openSealedTitleStore(path: string, sealing: Sealing): TitleWalletStore | Refusal {
  const database = openDatabase(path, SEALED);
  if (database instanceof Refusal) return database;
  const naming = namingKey(database, sealing);
  if (naming !== undefined) return storeOn(database, sealedWriting(sealing, naming));
  database.close();
  return refuse('unauthorised', `${path} was sealed with another key, or is damaged`);
}

const AS_IT_IS: Writing = {
  nameOf: utf8,
  write: (_name, { json }) => utf8(json),
  read: (name, body) => ({ key: text(name), json: text(body) }),
};

function sealedWriting(sealing: Sealing, naming: Uint8Array): Writing {
  const nameOf = (key: string): Buffer => createHmac('sha256', naming).update(key).digest();
  return {
    nameOf,
    write: (name, record) => sealing.seal(sealedName(name), utf8(JSON.stringify(record))),
    read: (name, body) => {
      const record = JSON.parse(text(sealing.open(sealedName(name), body))) as StoredRecord;
      if (nameOf(record.key).equals(name)) return record;
      throw new Error('a sealed record is not where it belongs: the wallet is damaged');
    },
  };
}

function sealedName(name: Uint8Array): string {
  return `title wallet record ${Buffer.from(name).toString('hex')}`;
}

const NAMING = 'title wallet naming key';

/** The file's own key for names, made with the file; undefined when it does not open. */
function namingKey(database: DatabaseSync, sealing: Sealing): Uint8Array | undefined {
  const fresh = sealing.seal(NAMING, randomBytes(32));
  database.prepare('INSERT INTO naming (one, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING').run(fresh);
  const sealed = database.prepare('SELECT sealed FROM naming').get()?.['sealed'] as Uint8Array;
  try {
    return sealing.open(NAMING, sealed);
  } catch {
    // Which key a file needs is not known before it is tried.
    return undefined;
  }
}

function storeOn(database: DatabaseSync, { nameOf, write, read }: Writing): TitleWalletStore {
  const upsert = database.prepare(
    'INSERT INTO record (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body',
  );
  const remove = database.prepare('DELETE FROM record WHERE name = ?');
  return {
    load: () =>
      settle(() =>
        database
          .prepare('SELECT name, body FROM record ORDER BY place')
          .all()
          .map(({ name, body }) => read(name as Uint8Array, body as Uint8Array)),
      ),
    commit: (change) =>
      settle(() =>
        inTransaction(database, () => {
          for (const key of change.remove) remove.run(nameOf(key));
          for (const record of change.put) {
            const name = nameOf(record.key);
            upsert.run(name, write(name, record));
          }
        }),
      ),
    close: () => settle(() => database.close()),
  };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
