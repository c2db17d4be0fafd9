/** Files of frames: a head that says what the file is, then pieces with length and checksum, each whole or not there. */
import { createHash } from 'node:crypto';
import { sameBytes, utf8 } from '../../base/bytes.ts';
import type { TitleFile } from './disk.ts';

const KINDS = { log: 1, checkpoint: 2, groups: 3, derived: 4 } as const;
export type FileKind = keyof typeof KINDS;

const MAGIC = utf8('SpecTitl');
const VERSION = 1;
/** Magic, kind, version, the first six bytes of a hash of all the rest, mark. */
export const HEAD_BYTES = 32;
/** What tells a file, or the files of one store, from others; it goes into every checksum. */
export const MARK_BYTES = 16;

/** Begins every frame, so that a later one is found where one is damaged. */
const FRAME_MAGIC = 0xf7a3e15b;
const FRAME_BEGIN = Uint8Array.of(0xf7, 0xa3, 0xe1, 0x5b);
const CHECKSUM_BYTES = 16;
/** Magic, length, checksum. */
const FRAME_HEAD_BYTES = 8 + CHECKSUM_BYTES;
const CHUNK_BYTES = 1_048_576;
/** No frame is longer: what claims to be is not read. */
const MOST_BODY_BYTES = 67_108_864;

export function fileHead(kind: FileKind, mark: Uint8Array): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  head.set(MAGIC);
  head[8] = KINDS[kind];
  head[9] = VERSION;
  head.set(mark, HEAD_BYTES - MARK_BYTES);
  head.set(createHash('sha256').update(head).digest().subarray(0, 6), 10);
  return head;
}

/** The mark of a file; undefined where it does not begin as one of this kind. */
export function markOf(kind: FileKind, bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const mark = bytes.slice(HEAD_BYTES - MARK_BYTES, HEAD_BYTES);
  return sameBytes(fileHead(kind, mark), bytes.subarray(0, HEAD_BYTES)) ? mark : undefined;
}

export function frame(mark: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEAD_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FRAME_MAGIC);
  view.setUint32(4, body.length);
  bytes.set(checksum(mark, body), 8);
  bytes.set(body, FRAME_HEAD_BYTES);
  return bytes;
}

/** How long a frame is that holds so many bytes. */
export function frameLength(body: number): number {
  return FRAME_HEAD_BYTES + body;
}

/** What the frame holds that begins there; undefined where none does that is whole. */
export function frameAt(mark: Uint8Array, bytes: Uint8Array, at: number): Uint8Array | undefined {
  const length = claimedLength(bytes, at);
  if (length === undefined || at + frameLength(length) > bytes.length) return undefined;
  const body = bytes.subarray(at + FRAME_HEAD_BYTES, at + FRAME_HEAD_BYTES + length);
  const sum = bytes.subarray(at + 8, at + FRAME_HEAD_BYTES);
  return sameBytes(sum, checksum(mark, body)) ? body : undefined;
}

/** The same of a file: reads no more of it than the frame. */
export function frameIn(mark: Uint8Array, file: TitleFile, at: number): Uint8Array | undefined {
  const length = claimedLength(file.read(FRAME_HEAD_BYTES, at), 0);
  // What a damaged length claims is not read.
  if (length === undefined || at + frameLength(length) > file.size()) return undefined;
  return frameAt(mark, file.read(frameLength(length), at), 0);
}

/** A frame of a file, and where the next one begins. */
export interface FoundFrame {
  readonly body: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/**
 * The whole frames of a file from a place on; what is damaged between is passed over. Holds little more than the largest of
 * them, and goes on with what is added while it is read.
 */
export function* framesOf(mark: Uint8Array, file: TitleFile, from: number): Generator<FoundFrame> {
  let start = from;
  let chunk = file.read(CHUNK_BYTES, start);
  for (let at: number | undefined = from; at !== undefined;) {
    const needed = frameLength(claimedLength(chunk, at - start) ?? 0);
    if (at - start + needed > chunk.length && at + needed <= file.size()) {
      start = at;
      chunk = file.read(Math.max(CHUNK_BYTES, needed), start);
      continue;
    }
    const body = frameAt(mark, chunk, at - start);
    if (body === undefined) {
      at = nextFrame(mark, file, at + 1);
      continue;
    }
    const end: number = at + frameLength(body.length);
    yield { body, at, end };
    at = end;
  }
}

/** Where the next whole frame begins; undefined where there is none. */
function nextFrame(mark: Uint8Array, file: TitleFile, from: number): number | undefined {
  const size = file.size();
  for (let start = from; start < size; start += CHUNK_BYTES) {
    // Three bytes more: one may begin at the end of this chunk.
    const chunk = Buffer.from(file.read(CHUNK_BYTES + 3, start));
    for (let at = chunk.indexOf(FRAME_BEGIN); at >= 0; at = chunk.indexOf(FRAME_BEGIN, at + 1))
      if (frameIn(mark, file, start + at) !== undefined) return start + at;
  }
  return undefined;
}

/** Whether a whole frame begins anywhere behind a place: what stands there was not cut off but damaged. */
export function hasFrameBehind(mark: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (
    let next = buffer.indexOf(FRAME_BEGIN, at + 1);
    next >= 0;
    next = buffer.indexOf(FRAME_BEGIN, next + 1)
  )
    if (frameAt(mark, bytes, next) !== undefined) return true;
  return false;
}

function claimedLength(bytes: Uint8Array, at: number): number | undefined {
  if (at + FRAME_HEAD_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEAD_BYTES);
  const length = view.getUint32(4);
  return view.getUint32(0) === FRAME_MAGIC && length <= MOST_BODY_BYTES ? length : undefined;
}

function checksum(mark: Uint8Array, body: Uint8Array): Uint8Array {
  return createHash('sha256').update(mark).update(body).digest().subarray(0, CHECKSUM_BYTES);
}
