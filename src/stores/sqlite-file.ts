import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';

/** What a database file must be: whose it is (`application_id`) and the tables of its one version. */
export interface Schema {
  readonly applicationId: number;
  readonly version: number;
  readonly tables: string;
  /** What makes a file of an earlier version one of the next: by the version that it has. Those without are refused. */
  readonly upgrades?: Readonly<Record<number, string>>;
  /** How the file is laid out and kept in memory, set before anything else. */
  readonly pragmas?: string;
}

/**
 * Opens a database of ours, making it where there is none: readable by its owner only, write-ahead log, every commit
 * synced, and locked, so that two processes never keep the same books. Refuses a file that is in use or not ours.
 */
export function openDatabase(path: string, schema: Schema): DatabaseSync | Refusal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: 0 });
  chmodSync(path, 0o600);
  const refusal = take(database, path, schema);
  if (refusal === undefined) return database;
  database.close();
  return refusal;
}

function take(database: DatabaseSync, path: string, schema: Schema): Refusal | undefined {
  try {
    database.exec(schema.pragmas ?? '');
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    return prepare(database, schema) ? undefined : notOurs(path);
  } catch (error) {
    const code = sqliteCode(error);
    if (code === SQLITE_BUSY)
      return refuse('busy', `${path} is in use by another process; wait for it to end`);
    if (code === SQLITE_NOTADB) return notOurs(path);
    throw error;
  }
}

function notOurs(path: string): Refusal {
  return refuse('not possible', `${path} is not a file of this version of Specie`);
}

/** sqlite.org/rescode.html; the upper bits only tell the kind. */
const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

function sqliteCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

function prepare(database: DatabaseSync, schema: Schema): boolean {
  const { applicationId, version, tables } = schema;
  const found = pragma(database, 'application_id');
  if (found === 0 && isEmpty(database)) {
    database.exec(
      `BEGIN; ${tables} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}; COMMIT;`,
    );
    return true;
  }
  if (found !== applicationId) return false;
  upgrade(database, schema);
  return pragma(database, 'user_version') === version;
}

/** Step by step, each as one transaction: cut short, the next start goes on with it. */
function upgrade(database: DatabaseSync, { version, upgrades }: Schema): void {
  for (let from = pragma(database, 'user_version'); from < version; from++) {
    const statements = upgrades?.[from];
    if (statements === undefined) return;
    database.exec(`BEGIN; ${statements} PRAGMA user_version = ${from + 1}; COMMIT;`);
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT count(*) AS total FROM sqlite_schema').get()?.['total'] === 0;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
