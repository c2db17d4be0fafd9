/** Snapshots of everything a box keeps, as files that only their recipients read (docs/decisions/0010). */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { utf8 } from '../../base/bytes.ts';
import { Refusal, outsideName, refuse } from '../../base/refusal.ts';
import { chunksOf, fileRefusal, makeFile } from './snapshot-file.ts';
import type { Pull, SnapshotHeader } from './snapshot-format.ts';
import { snapshotContent, unpackSnapshot } from './snapshot-format.ts';

export type { SnapshotHeader } from './snapshot-format.ts';

/** Recipients of one snapshot: with the longest kind, age's own head stays within `AGE_HEAD_BYTES`. */
const RECIPIENTS_MOST = 32;
const AGE_HEAD_BYTES = 65_536;

/** What a snapshot is made of. */
export interface SnapshotParts {
  /** Path of an SQLite file that nobody writes to, as `VACUUM INTO` makes it. */
  readonly source: string;
  readonly header: SnapshotHeader;
  /** The vault's data key: without it what is sealed within the database stays sealed. */
  readonly secret: Uint8Array;
  /** age recipients; each alone can read the snapshot. */
  readonly recipients: readonly string[];
  /** Path of the file to make. */
  readonly target: string;
}

/**
 * Writes an encrypted snapshot, durable and readable by its owner only once this resolves; never over another file, and
 * without holding the database in memory. Gives the SHA-256 (hex) and the bytes of the file made. Refuses recipients
 * that are none ('malformed'), and a target that cannot be written ('not possible'); throws when the source cannot be
 * read.
 */
export async function writeSnapshot(
  parts: SnapshotParts,
): Promise<{ readonly sha256: string; readonly bytes: number } | Refusal> {
  const encrypter = encrypterFor(parts.recipients);
  if (encrypter instanceof Refusal) return encrypter;
  const source = await open(parts.source, 'r');
  try {
    return await makeFile(parts.target, async (file) => {
      const content = ReadableStream.from(snapshotContent(parts.header, parts.secret, source));
      const encrypted = await encryptedBy(encrypter, content);
      return encrypted instanceof Refusal ? encrypted : pour(encrypted, file);
    });
  } finally {
    await source.close();
  }
}

/**
 * Reads a snapshot: writes its database to `target`, which appears only when all was verified, and gives its header and
 * secret. `identity` is the text of an age identity (`AGE-SECRET-KEY-1…`). Refuses 'unauthorised' when the snapshot is
 * not for this identity, 'malformed' when it is damaged, cut or none. Anyone can encrypt to a recipient: that it opens
 * does not say who made it.
 */
export async function readSnapshot(parts: {
  readonly file: string;
  readonly identity: string;
  readonly target: string;
}): Promise<{ readonly header: SnapshotHeader; readonly secret: Uint8Array } | Refusal> {
  let file: FileHandle;
  try {
    file = await open(parts.file, 'r');
  } catch (error) {
    return fileRefusal(error, parts.file);
  }
  try {
    if (!(await isAgeFile(file)))
      return refuse('malformed', `the file ${parts.file} is no snapshot, or is damaged`);
    const pull = await decrypted(file, parts.identity, parts.file);
    if (pull instanceof Refusal) return pull;
    return await makeFile(parts.target, (target) => unpackSnapshot(pull, target));
  } finally {
    await file.close();
  }
}

/** Whether a text is an age recipient (`age1…`) that a snapshot can be encrypted to. */
export function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** A new age identity, which is secret, and the recipient that belongs to it. */
export async function makeAgeIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

function encrypterFor(recipients: readonly string[]): Encrypter | Refusal {
  if (recipients.length === 0 || recipients.length > RECIPIENTS_MOST) {
    return refuse('malformed', `a snapshot has 1 to ${RECIPIENTS_MOST} recipients, not ${recipients.length}`);
  }
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    if (!isRecipient(recipient)) {
      return refuse('malformed', `"${named(recipient)}" is no age recipient (age1…)`);
    }
    encrypter.addRecipient(recipient);
  }
  return encrypter;
}

/** Whoever gives an identity where a recipient belongs must not find it in an error. */
function named(recipient: string): string {
  return recipient.startsWith('age1') ? outsideName(recipient) : '…';
}

type Bytes = AsyncIterable<Uint8Array>;

async function encryptedBy(encrypter: Encrypter, content: ReadableStream): Promise<Bytes | Refusal> {
  try {
    return await encrypter.encrypt(content);
  } catch {
    // Nothing of the content was read yet: only the recipients can be at fault, as points of low order are.
    return refuse('malformed', 'one of the recipients is no key that can be encrypted to');
  }
}

async function pour(chunks: Bytes, file: FileHandle): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    await file.writeFile(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Whether a file begins as age says, with a head that ends soon: the library reads a head of any length into memory. */
async function isAgeFile(file: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(AGE_HEAD_BYTES);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  const head = start.subarray(0, bytesRead);
  return head.indexOf(utf8('age-encryption.org/v1\n')) === 0 && head.includes('\n--- ');
}

async function decrypted(file: FileHandle, identity: string, path: string): Promise<Pull | Refusal> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity.trim());
  } catch {
    return refuse('malformed', 'the identity is no age identity (AGE-SECRET-KEY-1…)');
  }
  const asked = { last: false };
  // Identities are asked in their order: this one only when the first found nothing that is for it.
  decrypter.addIdentity({
    unwrapFileKey: () => {
      asked.last = true;
      return null;
    },
  });
  try {
    const stream = await decrypter.decrypt(ReadableStream.from(chunksOf(file)));
    return pullFrom((stream as unknown as ReadableStream<Uint8Array>).getReader(), path);
  } catch (error) {
    if (asked.last) {
      return refuse(
        'unauthorised',
        `the snapshot ${path} is not for this identity, or its first lines are damaged`,
      );
    }
    return unreadable(error, path);
  }
}

function pullFrom(reader: ReadableStreamDefaultReader<Uint8Array>, path: string): Pull {
  let rest: Uint8Array = new Uint8Array(0);
  return async (most) => {
    try {
      while (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        rest = value;
      }
    } catch (error) {
      return unreadable(error, path);
    }
    const taken = rest.subarray(0, most);
    rest = rest.subarray(taken.length);
    return taken;
  };
}

/** What the disk objects to, or else the decryption: it throws plain errors for everything that is not as it was. */
function unreadable(error: unknown, path: string): Refusal {
  if (error instanceof Error && 'syscall' in error) return fileRefusal(error, path);
  return refuse('malformed', `the snapshot ${path} is damaged or was cut`);
}
