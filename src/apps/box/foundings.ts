/** A currency between being made and being open: its books lie under another name until its founding is certain. */
import { rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../../base/refusal.ts';
import type { Founded } from '../../mint/found.ts';
import { openSqliteMintStore } from '../../stores/mint/sqlite.ts';
import type { BoxFolder } from './folder.ts';

/** Writes the books of a currency that was just made. Durable when this resolves. */
export async function keepFounding(folder: BoxFolder, { issuerId, step }: Founded): Promise<void> {
  const store = openSqliteMintStore(folder.founding(issuerId));
  if (store instanceof Refusal) throw new Error(store.details);
  const { kind } = await store.record(step);
  await store.close();
  if (kind !== 'recorded') throw new Error('new books take the first page of a journal');
}

/** Gives the books their name. From now on they are opened at every start. */
export async function openFounding(folder: BoxFolder, issuerId: string): Promise<void> {
  const books = folder.books(issuerId);
  await rename(folder.founding(issuerId), books);
  // A FileHandle may sync under Node's permission model, where fsyncSync may not.
  const holder = await open(dirname(books), 'r');
  await holder.sync();
  await holder.close();
}

/** Removes the books of a currency that never came to be. */
export function dropFounding(folder: BoxFolder, issuerId: string): void {
  rmSync(folder.founding(issuerId));
}
