/** Where a box keeps what: one folder, in it a file a currency. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const BOOKS = '.sqlite';
const FOUNDING = '.founding';
/** The ending of a copy that a backup is made of. */
export const COPY = '.copy';
const ID = /^[0-9a-f]{64}$/;

export interface BoxFolder {
  readonly path: string;
  /** The books of a currency. */
  books(issuerId: string): string;
  /** The books of a currency that no journal speaks of yet. */
  founding(issuerId: string): string;
  reserve(issuerId: string): string;
  backups(): string;
  /** Ids of the currencies with books, and of those that were being founded. */
  list(): { readonly founded: readonly string[]; readonly founding: readonly string[] };
}

/** The layout of a box's folder, made for its owner alone where it is missing; half-made copies of backups are removed. */
export function openBoxFolder(path: string): BoxFolder {
  const currencies = join(path, 'currencies');
  const within = (name: string) => {
    const folder = join(path, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
  within('currencies');
  for (const name of readdirSync(within('backups')))
    if (name.includes(COPY)) rmSync(join(path, 'backups', name));
  return {
    path,
    books: (issuerId) => join(currencies, issuerId + BOOKS),
    founding: (issuerId) => join(currencies, issuerId + FOUNDING),
    reserve: (issuerId) => join(within('reserves'), issuerId + BOOKS),
    backups: () => within('backups'),
    list: () => {
      const names = readdirSync(currencies);
      return { founded: idsWith(names, BOOKS), founding: idsWith(names, FOUNDING) };
    },
  };
}

function idsWith(names: readonly string[], ending: string): readonly string[] {
  return names
    .filter((name) => name.endsWith(ending) && ID.test(name.slice(0, -ending.length)))
    .map((name) => name.slice(0, -ending.length))
    .toSorted();
}
