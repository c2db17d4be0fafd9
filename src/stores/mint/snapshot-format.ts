/**
 * What is within the encryption of a snapshot: the line `specie snapshot 1`, the length of the head (4 bytes, big
 * endian), the head (JSON), the database, and the SHA-256 of all before (32 bytes).
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { bytesToHex, hexToBytes, sameBytes, utf8 } from '../../base/bytes.ts';
import { readJson } from '../../base/json.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { chunksOf } from './snapshot-file.ts';

/** Who made a snapshot, when, of what: plain JSON with whole numbers only, within `LIMITS`. */
export type SnapshotHeader = Readonly<Record<string, unknown>>;

interface Head {
  readonly header: SnapshotHeader;
  /** In hex. */
  readonly secret: string;
  /** Bytes of the database. */
  readonly bytes: number;
}

const MAGIC = utf8('specie snapshot 1\n');
const LENGTH_BYTES = 4;
const HASH_BYTES = 32;

/** The content of a snapshot, chunk by chunk. Throws when the header is no JSON of ours, or the file was cut meanwhile. */
export async function* snapshotContent(
  header: SnapshotHeader,
  secret: Uint8Array,
  database: FileHandle,
): AsyncGenerator<Uint8Array> {
  const { size } = await database.stat();
  const head = utf8(JSON.stringify({ header, secret: bytesToHex(secret), bytes: size } satisfies Head));
  const readable = readHead(head);
  if (readable instanceof Refusal) throw new Error(`a snapshot's header cannot be read: ${readable.details}`);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, head.length);
  const hash = createHash('sha256');
  for (const chunk of [MAGIC, length, head]) {
    hash.update(chunk);
    yield chunk;
  }
  let left = size;
  for await (const chunk of chunksOf(database, size)) {
    left -= chunk.length;
    hash.update(chunk);
    yield chunk;
  }
  if (left > 0) throw new Error('a snapshot was cut while it was written');
  yield new Uint8Array(hash.digest());
}

/** Where a reader gets bytes from: at least one and `most` at the most; undefined at the end. */
export type Pull = (most: number) => Promise<Uint8Array | undefined | Refusal>;

/** Reads a snapshot's content to its end, writing the database into a file. Refuses whatever is not whole and ours. */
export async function unpackSnapshot(
  pull: Pull,
  target: FileHandle,
): Promise<{ header: SnapshotHeader; secret: Uint8Array } | Refusal> {
  const hash = createHash('sha256');
  const take = async (length: number): Promise<Uint8Array | Refusal> => {
    const bytes = await exactly(pull, length);
    if (!(bytes instanceof Refusal)) hash.update(bytes);
    return bytes;
  };
  const magic = await take(MAGIC.length);
  if (magic instanceof Refusal) return magic;
  if (!sameBytes(magic, MAGIC))
    return refuse('malformed', 'the file holds no snapshot of this version of Specie');
  const length = await take(LENGTH_BYTES);
  if (length instanceof Refusal) return length;
  const headLength = new DataView(length.buffer, length.byteOffset).getUint32(0);
  if (headLength > LIMITS.messageBytes) return notWhole();
  const bytes = await take(headLength);
  if (bytes instanceof Refusal) return bytes;
  const head = readHead(bytes);
  if (head instanceof Refusal) return head;
  for (let left = head.bytes; left > 0;) {
    const chunk = (await pull(left)) ?? notWhole();
    if (chunk instanceof Refusal) return chunk;
    hash.update(chunk);
    await target.writeFile(chunk);
    left -= chunk.length;
  }
  const refusal = await checkEnd(pull, hash.digest());
  return refusal ?? { header: head.header, secret: hexToBytes(head.secret) };
}

async function checkEnd(pull: Pull, expected: Uint8Array): Promise<Refusal | undefined> {
  const trailer = await exactly(pull, HASH_BYTES);
  if (trailer instanceof Refusal) return trailer;
  const end = await pull(1);
  if (end instanceof Refusal) return end;
  return end === undefined && sameBytes(trailer, expected) ? undefined : notWhole();
}

async function exactly(pull: Pull, length: number): Promise<Uint8Array | Refusal> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const chunk = (await pull(length - filled)) ?? notWhole();
    if (chunk instanceof Refusal) return chunk;
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

function readHead(bytes: Uint8Array): Head | Refusal {
  const head = readJson(bytes);
  if (head instanceof Refusal) return head;
  if (!isObject(head)) return notWhole();
  const { header, secret, bytes: size, ...others } = head;
  const sized = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  const secretive = typeof secret === 'string' && /^([0-9a-f]{2})*$/.test(secret);
  if (!isObject(header) || !secretive || !sized || Object.keys(others).length > 0) return notWhole();
  return { header, secret, bytes: size };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing of what it says is told: details hold no secret. */
function notWhole(): Refusal {
  return refuse(
    'malformed',
    'the snapshot is not whole: it was cut or damaged, or is not of this version of Specie',
  );
}
