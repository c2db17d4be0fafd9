/** Operators' key files: an Ed25519 key, sealed under a passphrase with the same primitives as a box's vault. */
import { existsSync } from 'node:fs';
import { utf8 } from '../../../base/bytes.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from '../../../signers/ed25519.ts';
import { createFile } from '../../../signers/vault/file.ts';
import { openBytes, sealBytes } from '../../../signers/vault/seal.ts';
import { isLock, lockKey, newLock } from '../../../signers/vault/unlock.ts';
import type { Lock } from '../../../signers/vault/unlock.ts';
import { makeAgeIdentity } from '../../../stores/mint/snapshot.ts';
import { fileError, readFile } from '../files.ts';
import type { Desk } from './desk.ts';

/** A key that can sign. `secret` is PKCS #8 DER. */
export interface OperatorKey {
  readonly publicKey: string;
  readonly secret: Uint8Array;
}

/** As it stands in the file. `secret` is hexadecimal: sealed where there is a lock, else PKCS #8 DER. */
interface KeyFile {
  readonly lock: Lock | null;
  readonly public_key: string;
  readonly secret: string;
  readonly type: typeof KEY_TYPE;
  readonly version: typeof KEY_VERSION;
}

const KEY_TYPE = 'specie operator key';
const KEY_VERSION = 1;

/** Makes a key file, readable by its owner only and never over another. Without a passphrase the key lies open in it. */
export function makeKeyFile(path: string, passphrase: string | undefined): OperatorKey | Refusal {
  const key = makeCashierKey();
  const content = passphrase === undefined ? plain(key) : sealed(key, passphrase, path);
  if (content instanceof Refusal) return content;
  return written(path, `${JSON.stringify(content, undefined, 2)}\n`) ?? key;
}

/**
 * The public key of the key file at a path, made without a passphrase where there is none: for a demonstration. Throws
 * what the file system objects to, and when what is there is no key file.
 */
export function makeOperatorKey(path: string): string {
  const key = makeCashierKey();
  if (createFile(path, `${JSON.stringify(plain(key), undefined, 2)}\n`)) return key.publicKey;
  const file = readKeyFile(path);
  if (file instanceof Refusal) throw new Error(file.details);
  return file.public_key;
}

/** Makes a file with an age identity, and gives the recipient that sealed backups go to. */
export async function makeIdentityFile(path: string): Promise<string | Refusal> {
  const { identity, recipient } = await makeAgeIdentity();
  return written(path, `# public key: ${recipient}\n${identity}\n`) ?? recipient;
}

/** Why a new file cannot have this name. */
export function nameTaken(path: string): Refusal | undefined {
  return existsSync(path)
    ? refuse('not possible', `the file ${path} exists already; choose another name`)
    : undefined;
}

/** Opens a key file; asks for the passphrase where it has one. */
export async function openKeyFile(
  path: string,
  desk: Pick<Desk, 'passphrase'>,
): Promise<OperatorKey | Refusal> {
  const file = readKeyFile(path);
  if (file instanceof Refusal) return file;
  const secret = await secretOf(file, path, desk);
  if (secret instanceof Refusal) return secret;
  const probe = utf8(`${KEY_TYPE} ${file.public_key}`);
  return verifyEd25519(file.public_key, probe, signEd25519(secret, probe))
    ? { publicKey: file.public_key, secret }
    : refuse('malformed', `the file ${path} is damaged: its public key is not that of its secret`);
}

/** The public key in a key file, which no passphrase hides. */
export function publicKeyIn(path: string): string | Refusal {
  const file = readKeyFile(path);
  return file instanceof Refusal ? file : file.public_key;
}

function plain({ publicKey, secret }: OperatorKey): KeyFile {
  return {
    lock: null,
    public_key: publicKey,
    secret: Buffer.from(secret).toString('hex'),
    type: KEY_TYPE,
    version: KEY_VERSION,
  };
}

function sealed(key: OperatorKey, passphrase: string, path: string): KeyFile | Refusal {
  const lock = newLock({ passphrase });
  if (lock instanceof Refusal) return lock;
  const under = lockKey(lock, { passphrase }, path);
  if (under instanceof Refusal) return under;
  const secret = Buffer.from(sealBytes(under, sealName(key.publicKey), key.secret)).toString('hex');
  return { ...plain(key), lock, secret };
}

async function secretOf(
  file: KeyFile,
  path: string,
  { passphrase: ask }: Pick<Desk, 'passphrase'>,
): Promise<Uint8Array | Refusal> {
  const bytes = new Uint8Array(Buffer.from(file.secret, 'hex'));
  if (file.lock === null) return bytes;
  const passphrase = await ask(`Passphrase of ${path}: `, false);
  if (passphrase instanceof Refusal) return passphrase;
  const under = lockKey(file.lock, { passphrase }, path);
  if (under instanceof Refusal) return under;
  const secret = openBytes(under, sealName(file.public_key), bytes);
  return secret ?? refuse('unauthorised', `the passphrase is not the one that opens ${path}; try again`);
}

function sealName(publicKey: string): string {
  return `${KEY_TYPE} ${publicKey}`;
}

function readKeyFile(path: string): KeyFile | Refusal {
  let text: string;
  try {
    text = new TextDecoder().decode(readFile(path));
  } catch (error) {
    return fileError(error, path);
  }
  return (
    parsed(text) ?? refuse('malformed', `the file ${path} holds no operator's key; make one with keygen`)
  );
}

function parsed(text: string): KeyFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Whatever is no JSON is no key file: that is the answer.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { lock, public_key, secret, type, version } = value as Partial<Record<string, unknown>>;
  if (type !== KEY_TYPE || version !== KEY_VERSION) return undefined;
  if (typeof public_key !== 'string' || !/^[0-9a-f]{64}$/.test(public_key)) return undefined;
  if (typeof secret !== 'string' || !/^([0-9a-f]{2}){48,200}$/.test(secret)) return undefined;
  if (lock === null) return isSecret(secret) ? { lock, public_key, secret, type, version } : undefined;
  return isLock(lock) ? { lock, public_key, secret, type, version } : undefined;
}

/** Whether hexadecimal is an Ed25519 key in PKCS #8: its 16 bytes of head (RFC 8410, 7) and 32 of secret. */
function isSecret(hex: string): boolean {
  return hex.length === 96 && hex.startsWith('302e020100300506032b657004220420');
}

function written(path: string, text: string): Refusal | undefined {
  try {
    return createFile(path, text) ? undefined : nameTaken(path);
  } catch (error) {
    return fileError(error, path);
  }
}
