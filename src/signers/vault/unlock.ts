/** What opens a vault: a passphrase that a person knows, or a file that a machine has. */
import { randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { Refusal, refuse } from '../../base/refusal.ts';
import { createFile, systemCode } from './file.ts';
import { subkey } from './seal.ts';

/** What whoever starts the box gives: the passphrase itself, or the path of the key file. */
export type Unlock = { readonly passphrase: string } | { readonly keyFile: string };

/** How a vault is to be opened, as it stands in `vault.json`: nothing here is secret. */
export type Lock =
  | {
      readonly kind: 'passphrase';
      readonly derivation: 'scrypt';
      readonly N: number;
      readonly r: number;
      readonly p: number;
      /** 32 hex digits. */
      readonly salt: string;
    }
  | { readonly kind: 'key file' };

/** Characters of a new passphrase. */
const PASSPHRASE_LEAST = 12;

/** 128 MB and about half a second for each guess: OWASP's Password Storage Cheat Sheet. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const SALT_BYTES = 16;

/** A key file: 32 random bytes as 64 hex digits and a line's end. */
const KEY_FILE = /^([0-9a-f]{64})\n?$/;
const KEY_FILE_BYTES = 65;

/** A lock for a new vault or a new passphrase; makes the key file where there is none, and never writes over one. */
export function newLock(unlock: Unlock): Lock | Refusal {
  if ('keyFile' in unlock) {
    return makeKeyFile(unlock.keyFile) ?? { kind: 'key file' };
  }
  if (Array.from(normalised(unlock.passphrase)).length < PASSPHRASE_LEAST) {
    return refuse('not possible', `a new passphrase needs at least ${PASSPHRASE_LEAST} characters`);
  }
  const salt = randomBytes(SALT_BYTES).toString('hex');
  return { kind: 'passphrase', derivation: 'scrypt', ...SCRYPT, salt };
}

/** The 32 bytes that the data key is sealed under. `place` is the vault's folder, for the refusals. */
export function lockKey(lock: Lock, unlock: Unlock, place: string): Uint8Array | Refusal {
  const given = 'keyFile' in unlock ? 'key file' : 'passphrase';
  if (given !== lock.kind) {
    return refuse('unauthorised', `the vault in ${place} opens with a ${lock.kind}, not with a ${given}`);
  }
  const key = 'keyFile' in unlock ? readKeyFile(unlock.keyFile) : stretched(lock, unlock.passphrase);
  return key instanceof Refusal ? key : subkey(key, `specie vault unlock 1 ${lock.kind}`);
}

/** Whether parameters from a file are ones that were ever written, so that none costs more than a start may. */
export function isLock(value: unknown): value is Lock {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'key file') return true;
  if (value.kind !== 'passphrase') return false;
  const { derivation, N, r, p, salt } = value as Partial<Record<string, unknown>>;
  const parametersKnown = derivation === 'scrypt' && N === SCRYPT.N && r === SCRYPT.r && p === SCRYPT.p;
  return parametersKnown && typeof salt === 'string' && /^[0-9a-f]{32}$/.test(salt);
}

function stretched(lock: Lock, passphrase: string): Uint8Array {
  if (lock.kind !== 'passphrase') throw new Error('only a passphrase is stretched');
  const { N, r, p, salt } = lock;
  // scrypt takes 128 * N * r bytes and a little more (RFC 7914, 5); Node's own limit is 32 MiB.
  const maxmem = 256 * N * r;
  return scryptSync(normalised(passphrase), Buffer.from(salt, 'hex'), 32, { N, r, p, maxmem });
}

/** Keyboards differ in how they write é; RFC 8265 asks for one form, so that the same passphrase is the same bytes. */
function normalised(passphrase: string): string {
  return passphrase.normalize('NFC');
}

function makeKeyFile(path: string): Refusal | undefined {
  try {
    if (!existsSync(path)) createFile(path, `${randomBytes(32).toString('hex')}\n`);
  } catch (error) {
    return keyFileError(error, path, 'made');
  }
  const key = readKeyFile(path);
  return key instanceof Refusal ? key : undefined;
}

function readKeyFile(path: string): Uint8Array | Refusal {
  try {
    const { mode, size } = statSync(path);
    if ((mode & 0o077) !== 0) {
      return refuse(
        'not possible',
        `the key file ${path} may be used by others; take that from them (chmod 600)`,
      );
    }
    const digits = size > KEY_FILE_BYTES ? undefined : KEY_FILE.exec(readFileSync(path, 'latin1'))?.[1];
    if (digits !== undefined) return Buffer.from(digits, 'hex');
    return refuse(
      'not possible',
      `the file ${path} is no key file: it must hold 64 hex digits and nothing else`,
    );
  } catch (error) {
    return keyFileError(error, path, 'read');
  }
}

function keyFileError(error: unknown, path: string, what: 'made' | 'read'): Refusal {
  const code = systemCode(error);
  if (code === undefined) throw error;
  return refuse('not possible', `the key file ${path} cannot be ${what} (${code})`);
}
