/** A box's secrets at rest: one data key for a folder, sealed under a passphrase or a key file (docs/decisions/0010). */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';
import { createFile, readText, replaceFile } from './file.ts';
import { openBytes, sealBytes } from './seal.ts';
import type { Lock, Unlock } from './unlock.ts';
import { isLock, lockKey, newLock } from './unlock.ts';

export type { Unlock } from './unlock.ts';

/** Seals what must not be read from a disk. */
export interface Vault {
  /**
   * Seals a secret under its name, such as `currency <id> mint key <id>`: 29 bytes longer than it was. Names are no
   * secrets, and each stands for one thing: what was sealed under one opens under no other.
   */
  seal(name: string, secret: Uint8Array): Uint8Array;
  /** The secret again. Throws when it does not open: the books are damaged, or from another box. */
  open(name: string, sealed: Uint8Array): Uint8Array;
  /** The data key, 32 bytes: only for a sealed backup. */
  exportKey(): Uint8Array;
}

const DATA_KEY_BYTES = 32;
const DATA_KEY_NAME = 'vault data key';
const FILE_VERSION = 1;

interface VaultFile {
  readonly version: typeof FILE_VERSION;
  readonly lock: Lock;
  /** The sealed data key, in hex. */
  readonly sealed: string;
}

/** Whether a folder has a vault. */
export function hasVault(folder: string): boolean {
  return existsSync(pathIn(folder));
}

/**
 * Makes a folder's vault, durable when this returns. `dataKey` (32 bytes) is that of a backup, at a restore; else it is
 * made. Refuses where there is a vault, a passphrase under 12 characters, and a file that is no key file; throws what
 * the file system objects to.
 */
export function createVault(folder: string, unlock: Unlock, dataKey?: Uint8Array): Vault | Refusal {
  if (hasVault(folder)) return alreadyThere(folder);
  const key = dataKey === undefined ? randomBytes(DATA_KEY_BYTES) : new Uint8Array(dataKey);
  if (key.length !== DATA_KEY_BYTES) throw new Error(`a data key has ${DATA_KEY_BYTES} bytes`);
  const text = sealedUnder(folder, unlock, key);
  if (text instanceof Refusal) return text;
  return createFile(pathIn(folder), text) ? vaultOf(key) : alreadyThere(folder);
}

/**
 * Opens a folder's vault. Refuses 'unauthorised' when the passphrase or the key file is not this vault's, and says
 * which of them was wrong; 'not possible' when there is no vault, or its file is damaged.
 */
export function openVault(folder: string, unlock: Unlock): Vault | Refusal {
  const key = dataKeyOf(folder, unlock);
  return key instanceof Refusal ? key : vaultOf(key);
}

/**
 * Changes what opens a folder's vault; what was sealed stays as it is. Durable when this returns; after a crash on the
 * way the vault opens with the one or with the other. The refusals are those of `openVault` and `createVault`.
 */
export function changeUnlock(folder: string, before: Unlock, after: Unlock): Refusal | undefined {
  const key = dataKeyOf(folder, before);
  if (key instanceof Refusal) return key;
  const text = sealedUnder(folder, after, key);
  if (text instanceof Refusal) return text;
  replaceFile(pathIn(folder), text);
  return undefined;
}

/** A vault that is gone with its process. */
export function openMemoryVault(): Vault {
  return vaultOf(randomBytes(DATA_KEY_BYTES));
}

function vaultOf(key: Uint8Array): Vault {
  return {
    seal: (name, secret) => sealBytes(key, name, secret),
    open: (name, sealed) => {
      const secret = openBytes(key, name, sealed);
      if (secret !== undefined) return secret;
      throw new Error(`the sealed ${name} does not open: the books are damaged or from another box`);
    },
    exportKey: () => new Uint8Array(key),
  };
}

function pathIn(folder: string): string {
  return join(folder, 'vault.json');
}

function alreadyThere(folder: string): Refusal {
  return refuse('not possible', `there is a vault in ${folder} already`);
}

function sealedUnder(folder: string, unlock: Unlock, dataKey: Uint8Array): string | Refusal {
  const lock = newLock(unlock);
  if (lock instanceof Refusal) return lock;
  const key = lockKey(lock, unlock, folder);
  if (key instanceof Refusal) return key;
  const sealed = Buffer.from(sealBytes(key, DATA_KEY_NAME, dataKey)).toString('hex');
  return written({ version: FILE_VERSION, lock, sealed });
}

function dataKeyOf(folder: string, unlock: Unlock): Uint8Array | Refusal {
  const text = readText(pathIn(folder));
  if (text === undefined) return refuse('not possible', `there is no vault in ${folder}`);
  const file = readVaultFile(text);
  if (file === undefined) {
    return refuse('not possible', `${pathIn(folder)} is damaged; bring back a copy of it`);
  }
  const key = lockKey(file.lock, unlock, folder);
  if (key instanceof Refusal) return key;
  const dataKey = openBytes(key, DATA_KEY_NAME, Buffer.from(file.sealed, 'hex'));
  if (dataKey?.length === DATA_KEY_BYTES) return dataKey;
  return refuse('unauthorised', `the ${file.lock.kind} is not the one that opens the vault in ${folder}`);
}

/** The file's text. The check tells a damaged file from a wrong passphrase; it is no secret's and keeps none. */
function written({ version, lock, sealed }: VaultFile): string {
  const content = { version, lock, sealed };
  const check = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `${JSON.stringify({ ...content, check }, undefined, 2)}\n`;
}

/** Undefined unless the text is, byte for byte, one that was written here. */
function readVaultFile(text: string): VaultFile | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, lock, sealed } = value as Partial<Record<string, unknown>>;
  if (version !== FILE_VERSION || !isLock(lock) || typeof sealed !== 'string') return undefined;
  const file = { version, lock, sealed } as const;
  return written(file) === text ? file : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
