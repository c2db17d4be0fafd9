/** The checkpoint file: what the title server knew when a write-ahead log was emptied, and which log goes on from there. */
import { join } from 'node:path';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import { Reader, Writer } from '../../title/documents/bytes.ts';
import type { PooledTitle } from '../../title/server/ports.ts';
import type { TitleDisk } from './disk.ts';
import { readPool, writePool } from './entries.ts';
import { HEAD_BYTES, fileHead, frame, frameAt, frameLength, markOf } from './frames.ts';
import type { TitleState } from './state.ts';
import { emptyTitleState } from './state.ts';
import { readWhole, writeWhole } from './whole.ts';

/** Titles of the pool in one piece of the file: as many as are written at one go. */
const POOL_PIECE = 1_000;

export interface Checkpoint {
  /** Tells this store from every other, 16 bytes: its places carry it too. */
  readonly mark: Uint8Array;
  readonly state: TitleState;
  /** The number of the first write-ahead log that goes on from here. */
  readonly log: number;
}

const pathOf = (folder: string): string => join(folder, 'checkpoint');

/** Makes a checkpoint durable, in the place of the one before. */
export async function writeCheckpoint(
  disk: TitleDisk,
  folder: string,
  checkpoint: Checkpoint,
): Promise<void> {
  await writeWhole(disk, pathOf(folder), piecesOf(checkpoint));
}

/** The checkpoint of a folder; undefined where there is none. */
export function readCheckpoint(disk: TitleDisk, folder: string): Checkpoint | Refusal | undefined {
  const path = pathOf(folder);
  const bytes = readWhole(disk, path);
  if (bytes === undefined) return undefined;
  const mark = markOf('checkpoint', bytes);
  const pieces = mark === undefined ? [] : framesWithin(mark, bytes);
  const [totals, ...rest] = pieces ?? [];
  const checkpoint = mark && totals && readTotals(mark, totals, rest);
  return (
    checkpoint ??
    refuse(
      'not possible',
      `${path} is damaged or not of this version; bring the newest copy of this whole folder back`,
    )
  );
}

function* piecesOf({ mark, state, log }: Checkpoint): Generator<Uint8Array> {
  yield fileHead('checkpoint', mark);
  yield frame(mark, writeTotals(state, log));
  for (const bytes of state.classes) yield frame(mark, bytes);
  let piece: PooledTitle[] = [];
  for (const title of state.pool.values()) {
    piece.push(title);
    if (piece.length < POOL_PIECE) continue;
    yield frame(mark, writePool(piece));
    piece = [];
  }
  if (piece.length > 0) yield frame(mark, writePool(piece));
}

/** What each frame holds; undefined where anything is not whole. */
function framesWithin(mark: Uint8Array, bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const bodies: Uint8Array[] = [];
  for (let at = HEAD_BYTES; at < bytes.length;) {
    const body = frameAt(mark, bytes, at);
    if (body === undefined) return undefined;
    bodies.push(body);
    at += frameLength(body.length);
  }
  return bodies;
}

function writeTotals({ groups, head, time, titles, classes, pool }: TitleState, log: number): Uint8Array {
  const to = new Writer();
  to.integer(groups);
  to.raw(head);
  to.integer(time);
  to.uint32(titles);
  to.integer(log);
  to.uint32(classes.length);
  to.uint32(pool.size);
  return to.finish();
}

/** Undefined where it does not hold as many classes and titles of the pool as it says: pieces may be missing at its end. */
function readTotals(
  mark: Uint8Array,
  totals: Uint8Array,
  rest: readonly Uint8Array[],
): Checkpoint | undefined {
  const from = new Reader(totals);
  const state = emptyTitleState();
  Object.assign(state, {
    groups: from.integer(),
    head: from.raw(32),
    time: from.integer(),
    titles: from.uint32(),
  });
  const log = from.integer();
  const [classes, pool] = [from.uint32(), from.uint32()];
  if (!from.isFine() || from.left > 0 || rest.length < classes) return undefined;
  state.classes.push(...rest.slice(0, classes).map((bytes) => bytes.slice()));
  for (const piece of rest.slice(classes))
    for (const title of readPool(piece)) state.pool.set(title.cell, title);
  return state.pool.size === pool ? { mark, state, log } : undefined;
}
