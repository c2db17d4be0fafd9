/**
 * A currency brought back from its backup into a box's folder. Everything is made ready under another name; the books
 * get theirs at the end, so that a restore that was cut short anywhere is run again.
 */
import { existsSync } from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sameBytes } from '../../base/bytes.ts';
import { readDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import { markRestored, readRestored } from '../../mint/restored.ts';
import { signEd25519, verifyEd25519 } from '../../signers/ed25519.ts';
import { createVault, hasVault, openVault } from '../../signers/vault/vault.ts';
import type { Unlock, Vault } from '../../signers/vault/vault.ts';
import { openLedgerThread } from '../../stores/mint/ledger-thread.ts';
import { replaySecondPlace } from '../../stores/mint/second-place-replay.ts';
import { readSnapshot } from '../../stores/mint/snapshot.ts';
import type { SnapshotHeader } from '../../stores/mint/snapshot.ts';
import { BACKUP } from './backup.ts';
import type { BackupHeader } from './backup.ts';
import { openBoxFolder } from './folder.ts';
import type { BoxFolder } from './folder.ts';

export interface RestoreParts {
  /** The box's folder: a new one, or one into which another currency of the same box was restored. */
  readonly folder: string;
  readonly backup: string;
  /** age identities (`AGE-SECRET-KEY-1…`), tried one after the other. */
  readonly identities: readonly string[];
  /** What opens the restored box; what opened the lost one is of no use any more. */
  readonly unlock: Unlock;
  /** The folder of the second place, as the box had it. */
  readonly second: string | null;
  readonly clock: Clock;
}

export interface RestoredCurrency {
  readonly header: BackupHeader;
  readonly charter: Charter;
  /** Records of the second place that were carried out again. */
  readonly replayed: number;
  /** The last moment that the books know of, before they were restored. */
  readonly until: Instant;
  /** Whether nothing can have been forgotten. Where something can, every mint key was retired. */
  readonly complete: boolean;
}

/**
 * Restores one currency. With a second place that leads without a gap to its end nothing is forgotten; without one the
 * mint keys of the backup retire. Changes nothing when it refuses, but for a vault that may have been made.
 */
export async function restoreCurrency(parts: RestoreParts): Promise<RestoredCurrency | Refusal> {
  const folder = openBoxFolder(parts.folder);
  const rooms = join(folder.path, 'restoring');
  await rm(rooms, { recursive: true, force: true });
  await mkdir(rooms, { mode: 0o700 });
  try {
    return await restoreFrom(parts, folder, join(rooms, 'books.sqlite'));
  } finally {
    await rm(rooms, { recursive: true, force: true });
  }
}

async function restoreFrom(
  parts: RestoreParts,
  folder: BoxFolder,
  books: string,
): Promise<RestoredCurrency | Refusal> {
  const snapshot = await readBackup(parts, books);
  if (snapshot instanceof Refusal) return snapshot;
  const { header, secret } = snapshot;
  const { issuer_id: issuerId } = header;
  if (existsSync(folder.books(issuerId)) || existsSync(folder.founding(issuerId)))
    return taken(folder, header);
  const second = parts.second === null ? null : join(parts.second, issuerId);
  const replayed = second === null ? { replayed: 0 } : await replay(books, second, parts);
  if (replayed instanceof Refusal) return replayed;
  const until = await lastMoment(books, header);
  if (until instanceof Refusal) return until;
  const vault = vaultWith(parts, secret);
  if (vault instanceof Refusal) return vault;
  const charter = await mark(books, second, vault, parts.clock);
  if (charter instanceof Refusal) return charter;
  return (
    (await publish(books, folder, header)) ?? {
      header,
      charter,
      until,
      complete: second !== null,
      ...replayed,
    }
  );
}

/** The snapshot with the first identity that it is for. */
async function readBackup(
  { backup, identities }: RestoreParts,
  target: string,
): Promise<{ readonly header: BackupHeader; readonly secret: Uint8Array } | Refusal> {
  let refusal: Refusal = refuse('malformed', 'there is no identity to open the backup with');
  for (const identity of identities) {
    const snapshot = await readSnapshot({ file: backup, identity, target });
    if (!(snapshot instanceof Refusal)) {
      const { header, secret } = snapshot;
      return isHeader(header)
        ? { header, secret }
        : refuse('malformed', `${backup} is no backup of a currency`);
    }
    refusal = snapshot;
    if (refusal.name !== 'unauthorised') return refusal;
  }
  return refusal;
}

function isHeader(header: SnapshotHeader): header is BackupHeader {
  const { type, issuer_id, currency_name, time, journal_entries } = header;
  return (
    type === BACKUP &&
    typeof issuer_id === 'string' &&
    /^[0-9a-f]{64}$/.test(issuer_id) &&
    typeof currency_name === 'string' &&
    typeof journal_entries === 'number' &&
    typeof time === 'string' &&
    readDate(time) !== undefined
  );
}

function taken({ path }: BoxFolder, { currency_name: name }: BackupHeader): Refusal {
  return refuse('not possible', `${path} has books of ${name} already; restore it into another folder`);
}

/** Carries out again what came after the backup. */
async function replay(
  books: string,
  second: string,
  parts: RestoreParts,
): Promise<{ readonly replayed: number } | Refusal> {
  if (existsSync(second)) return replaySecondPlace(books, second);
  return refuse(
    'not possible',
    `the second place ${String(parts.second)} has nothing of this currency; name the folder that the box had as its second place`,
  );
}

/** Reads all that there is before anything is made of it. */
async function lastMoment(path: string, header: BackupHeader): Promise<Instant | Refusal> {
  const store = await openLedgerThread(path);
  if (store instanceof Refusal) return store;
  try {
    const read = await readRestored({ store, verify: verifyEd25519 });
    if (read instanceof Refusal) return read;
    const { charter, books } = read;
    return charter.issuerId === header.issuer_id
      ? Math.max(books.latest, charter.time)
      : refuse('malformed', 'the backup holds another currency than it says');
  } finally {
    await store.close();
  }
}

/** The vault with the backup's data key: made, or that of a currency that was restored before. */
function vaultWith({ folder, unlock }: RestoreParts, dataKey: Uint8Array): Vault | Refusal {
  if (!hasVault(folder)) return createVault(folder, unlock, dataKey);
  const vault = openVault(folder, unlock);
  if (vault instanceof Refusal) return vault;
  return sameBytes(vault.exportKey(), dataKey)
    ? vault
    : refuse('not possible', `${folder} is another box than the backup's; restore it into a new folder`);
}

/** The journal's entry is written to the second place as well: it goes on from there. */
async function mark(
  path: string,
  second: string | null,
  vault: Vault,
  clock: Clock,
): Promise<Charter | Refusal> {
  const store = await openLedgerThread(path, second === null ? {} : { second });
  if (store instanceof Refusal) return store;
  try {
    const tools = { store, vault, attest: signEd25519, verify: verifyEd25519 };
    return await markRestored(tools, second !== null, clock());
  } finally {
    await store.close();
  }
}

/** Gives the books their name. A link does not go over what is there, as a renaming would. */
async function publish(books: string, folder: BoxFolder, header: BackupHeader): Promise<Refusal | undefined> {
  const target = folder.books(header.issuer_id);
  try {
    await link(books, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return taken(folder, header);
    throw error;
  }
  const holder = await open(join(target, '..'), 'r');
  await holder.sync();
  await holder.close();
  return undefined;
}
