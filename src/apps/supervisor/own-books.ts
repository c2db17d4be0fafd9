import { resolve } from 'node:path';
import type { DatabaseSync as Database } from 'node:sqlite';
import { denied, fenceClass, mayWrite, methodOf, put } from './denied.ts';

// Not imported: of this module alone, what a first import has seen is not brought up to date later.
const sqlite = process.getBuiltinModule('node:sqlite');
const { SQLITE_ATTACH, SQLITE_PRAGMA, SQLITE_OK, SQLITE_DENY } = sqlite.constants;

/** Pragmas that make SQLite write elsewhere. */
const PRAGMAS_ELSEWHERE = ['temp_store_directory', 'data_store_directory'];

/**
 * From here on this thread's SQLite opens, attaches and copies only files where the program may write. Node's
 * permission model does not look at `node:sqlite` at all (https://nodejs.org/docs/latest-v24.x/api/permissions.html,
 * "File System Permissions"), so this does. It holds JavaScript that keeps to Node's interfaces, no more.
 */
export function fenceBooks(): void {
  const { DatabaseSync } = sqlite;
  const open = methodOf(DatabaseSync.prototype, 'open');
  const setAuthorizer = methodOf(DatabaseSync.prototype, 'setAuthorizer');
  const guard = (database: Database): unknown => Reflect.apply(setAuthorizer, database, [judge]);
  fenceClass(sqlite, DatabaseSync, ([path], make) => {
    if (!isOwnFile(path)) throw denied('a database elsewhere');
    const database = make() as Database;
    if (database.isOpen) guard(database);
    return database;
  });
  put(DatabaseSync.prototype, 'open', function (this: Database) {
    Reflect.apply(open, this, []);
    guard(this);
  });
  put(DatabaseSync.prototype, 'setAuthorizer', () => {
    throw denied('another authoriser');
  });
  const { backup } = sqlite;
  put(sqlite, 'backup', (...args: Parameters<typeof backup>) => {
    if (!isOwnFile(args[1])) throw denied('a database elsewhere');
    return backup(...args);
  });
}

/** SQLite asks before each statement. `VACUUM INTO` attaches the file it writes to. */
function judge(action: number, first: string | null): number {
  if (action === SQLITE_ATTACH) return first !== null && isOwnFile(first) ? SQLITE_OK : SQLITE_DENY;
  if (action === SQLITE_PRAGMA) {
    return PRAGMAS_ELSEWHERE.includes((first ?? '').toLowerCase()) ? SQLITE_DENY : SQLITE_OK;
  }
  return SQLITE_OK;
}

/** In memory, a temporary file without a name, or where the program may write. URIs are read in too many ways: none. */
function isOwnFile(path: unknown): boolean {
  if (path === '' || path === ':memory:') return true;
  const name = path instanceof Uint8Array ? Buffer.from(path).toString() : path;
  if (typeof name !== 'string' || name.includes('\0') || name.startsWith('file:')) return false;
  return mayWrite(resolve(name));
}
