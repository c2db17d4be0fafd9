import { createHmac, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { utf8 } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { WalletStore } from '../../wallet/ports.ts';
import type { WalletChange, WalletState } from '../../wallet/state.ts';
import { openDatabase } from '../sqlite-file.ts';
import { inTransaction, settle } from './sqlite.ts';

/** What seals a wallet's records: a vault, or a key that only the wallet's owner opens. */
export interface Sealing {
  /** Encrypts bytes so that they open under this name only. */
  seal(name: string, bytes: Uint8Array): Uint8Array;
  /** The bytes again. Throws when they are damaged, or were sealed under another name or key. */
  open(name: string, sealed: Uint8Array): Uint8Array;
}

const SCHEMA = {
  applicationId: 0x5350_5753, // "SPWS"
  version: 1,
  tables: `
    CREATE TABLE naming (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT;
    CREATE TABLE record (place INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL) STRICT;
  `,
};

/** The kinds of records that a wallet keeps many of. */
type Rows = Omit<WalletState, 'phrase'>;
type Kind = keyof Rows;

/** What each kind of record is told apart by. */
const IDENTITIES: { readonly [K in Kind]: (row: Rows[K][number]) => string | number } = {
  currencies: ({ id }) => id,
  certificates: ({ mint_key }) => mint_key.id,
  counters: ({ currency }) => currency,
  coins: ({ id }) => id,
  operations: ({ number }) => number,
};
const KINDS = Object.keys(IDENTITIES) as Kind[];

/**
 * A wallet in one SQLite file of which every record is sealed. Of what a record is and whose, the file shows its length
 * and when it came: its name is a keyed hash of its kind and identity, because a thief could ask a mint about coin ids.
 * That records were put back as they once were, or taken out, is not noticed. Refuses 'busy' while another process has
 * the file open, 'not possible' for a file that is not ours, 'unauthorised' for one that was sealed by another.
 */
export function openSealedWalletStore(path: string, sealing: Sealing): WalletStore | Refusal {
  const database = openDatabase(path, SCHEMA);
  if (database instanceof Refusal) return database;
  const nameOf = naming(database, sealing);
  if (nameOf !== undefined) return storeOn(database, sealing, nameOf);
  database.close();
  return refuse('unauthorised', `${path} was sealed with another key, or is damaged`);
}

type NameOf = (kind: Kind | 'phrase', id: string | number) => Buffer;

const NAMING = 'wallet naming key';

/**
 * The file's own key for names, made with the file; undefined when it does not open. Names are checked against it when
 * a wallet is loaded, so that no record of another wallet's file is taken for one of this, whoever sealed both.
 */
function naming(database: DatabaseSync, sealing: Sealing): NameOf | undefined {
  const fresh = sealing.seal(NAMING, randomBytes(32));
  database.prepare('INSERT INTO naming (one, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING').run(fresh);
  const sealed = database.prepare('SELECT sealed FROM naming').get()?.['sealed'] as Uint8Array;
  let key: Uint8Array;
  try {
    key = sealing.open(NAMING, sealed);
  } catch {
    // Which key a file needs is not known before it is tried.
    return undefined;
  }
  return (kind, id) => createHmac('sha256', key).update(`${kind} ${id}`).digest();
}

function storeOn(database: DatabaseSync, sealing: Sealing, nameOf: NameOf): WalletStore {
  const write = writer(database, sealing, nameOf);
  return {
    load: () => settle(() => read(database, sealing, nameOf)),
    commit: (change) => settle(() => inTransaction(database, () => write(change))),
    close: () => settle(() => database.close()),
  };
}

function writer(database: DatabaseSync, sealing: Sealing, nameOf: NameOf): (change: WalletChange) => void {
  const upsert = database.prepare(
    'INSERT INTO record (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed',
  );
  const remove = database.prepare('DELETE FROM record WHERE name = ?');
  const put = (record: SealedRecord): void => {
    const name = nameOf(record[0], identity(record));
    upsert.run(name, sealing.seal(sealedName(name), utf8(JSON.stringify(record))));
  };
  return (change) => {
    if (change.phrase !== undefined) put(['phrase', change.phrase]);
    for (const kind of KINDS) for (const row of change[kind] ?? []) put([kind, row as never]);
    for (const id of change.gone ?? []) remove.run(nameOf('coins', id));
  };
}

function read(database: DatabaseSync, sealing: Sealing, nameOf: NameOf): WalletState | undefined {
  let phrase: string | undefined;
  const rows: Record<Kind, never[]> = {
    currencies: [],
    certificates: [],
    counters: [],
    coins: [],
    operations: [],
  };
  // In the order in which they came: a row that is replaced keeps its place.
  for (const { name, sealed } of database
    .prepare('SELECT name, sealed FROM record ORDER BY place')
    .iterate()) {
    const bytes = sealing.open(sealedName(name as Uint8Array), sealed as Uint8Array);
    const record = JSON.parse(new TextDecoder().decode(bytes)) as SealedRecord;
    if (!nameOf(record[0], identity(record)).equals(name as Uint8Array)) {
      throw new Error('a sealed record is not where it belongs: the wallet is damaged');
    }
    if (record[0] === 'phrase') phrase = record[1];
    else rows[record[0]].push(record[1]);
  }
  return phrase === undefined ? undefined : { phrase, ...rows };
}

/** What is sealed: which kind of record it is, and the record. */
type SealedRecord = readonly ['phrase', string] | readonly [Kind, never];

function identity(record: SealedRecord): string | number {
  return record[0] === 'phrase' ? '' : IDENTITIES[record[0]](record[1]);
}

function sealedName(name: Uint8Array): string {
  return `wallet record ${Buffer.from(name).toString('hex')}`;
}
