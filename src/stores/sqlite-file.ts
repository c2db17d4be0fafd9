import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';

/** What a database file must be: whose it is (`application_id`) and the tables of its one version. */
export interface Schema {
  readonly applicationId: number;
  readonly version: number;
  readonly tables: string;
}

/**
 * Opens a database of ours, making it where there is none: readable by its owner only, write-ahead log, every commit
 * synced, and locked, so that two processes never keep the same books. Refuses a file that is in use or not ours.
 */
export function openDatabase(path: string, schema: Schema): DatabaseSync | Refusal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const isNew = !existsSync(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  if (isNew) chmodSync(path, 0o600);
  const locked = lock(database);
  if (!locked) {
    database.close();
    return refuse('busy', `${path} is in use by another process; wait for it to end`);
  }
  const known = prepare(database, schema);
  if (known) return database;
  database.close();
  return refuse('not possible', `${path} is not a file of this version of Specie`);
}

function lock(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** SQLITE_BUSY is 5 (sqlite.org/rescode.html); the upper bits tell its kind. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

function prepare(database: DatabaseSync, { applicationId, version, tables }: Schema): boolean {
  const found = pragma(database, 'application_id');
  if (found === 0 && pragma(database, 'user_version') === 0) {
    database.exec(
      `BEGIN; ${tables} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}; COMMIT;`,
    );
    return true;
  }
  return found === applicationId && pragma(database, 'user_version') === version;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
