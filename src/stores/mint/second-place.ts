/**
 * The box runs under Node's permission model, which refuses fsync by descriptor: so what is written is synced by
 * O_DSYNC (open(2)), and folders by a FileHandle.
 */
import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { utf8 } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { writeMarker } from './second-place-record.ts';
import type { Line, Place } from './second-place-record.ts';
import { readSegment, segmentName, segmentPaths } from './second-place-segment.ts';
import type { Segment, WrittenRecord } from './second-place-segment.ts';
import { syncFolder } from '../sync-folder.ts';

/** Bytes after which a new segment is begun: one is read whole when the books are opened, which takes some 50 ms. */
const SEGMENT_BYTES = 4 * 1_048_576;

export interface OpenedSecondPlace {
  readonly second: SecondPlace;
  /** A record that was written here before a crash and never reached the books. */
  readonly ahead: WrittenRecord | undefined;
}

/**
 * Opens the second place of books that stand at `place`, in a folder that is made where there is none. It must be where
 * the books are, or one record ahead; a torn last line is cut off. Everything else is refused with what to do.
 */
export async function openSecondPlace(folder: string, place: Place): Promise<OpenedSecondPlace | Refusal> {
  await makeFolder(folder);
  const newest = await newestSegment(folder);
  if (newest instanceof Refusal) return newest;
  if (newest === undefined) {
    if (place.isRecorded) return lost(folder);
    return { second: await SecondPlace.begin(folder, place), ahead: undefined };
  }
  const { end, records } = newest;
  const last = records.at(-1);
  const isEqual = end.number === place.number && end.hash === place.hash;
  const isAhead = end.number === place.number + 1 && last?.previous === place.hash;
  if (!isEqual && !isAhead) return elsewhere(folder, newest, place);
  return { second: SecondPlace.resume(folder, newest), ahead: isAhead ? last : undefined };
}

/** The last segment that has a marker. One without is what a crash left of its beginning: nothing was in it. */
async function newestSegment(folder: string): Promise<Segment | Refusal | undefined> {
  for (const path of segmentPaths(folder).toReversed()) {
    const segment = readSegment(path);
    if (segment !== undefined) return segment;
    await unlink(path);
    await syncFolder(folder);
  }
  return undefined;
}

/** Each new name is as durable as the folder that it is in. */
async function makeFolder(folder: string): Promise<void> {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

function lost(folder: string): Refusal {
  return refuse(
    'not possible',
    `the second place ${folder} is empty, but the books were recorded in one: mount it or name the right folder; if it ` +
      'is lost, start once without a second place, then with an empty one, and make a backup of the books',
  );
}

function elsewhere(folder: string, { end }: Segment, place: Place): Refusal {
  const where = `the second place ${folder} ends at record ${end.number}, the books at ${place.number}`;
  if (end.number < place.number) {
    return refuse(
      'not possible',
      `${where}: it misses some; name the folder that has them, or move this one away, start once without a second ` +
        'place, then with an empty one, and make a backup of the books',
    );
  }
  if (end.number === place.number) {
    return refuse('not possible', `${where}, but of other books; name the folder that belongs to these`);
  }
  return refuse(
    'not possible',
    `${where}: the books are an older copy or others; restore them by replaying the second place, or name the folder ` +
      'that belongs to these',
  );
}

/** Where every batch that changes something is written down, on another disk, before it takes effect. */
export class SecondPlace {
  private readonly folder: string;
  private descriptor: number;
  private length: number;
  /** Something may stand behind `length`: it is cut off before anything else is written. */
  private isTorn: boolean;
  /** The file of the next segment, empty, once its name is durable. */
  private next: string | undefined;
  private preparing: Promise<void> | undefined;

  private constructor(folder: string, path: string, length: number, isTorn: boolean) {
    this.folder = folder;
    this.descriptor = openSync(path, SYNCED);
    this.length = length;
    this.isTorn = isTorn;
  }

  static async begin(folder: string, { number, hash }: Place): Promise<SecondPlace> {
    const place = new SecondPlace(folder, await makeSegment(folder, number), 0, false);
    place.write(writeMarker(number, hash));
    return place;
  }

  static resume(folder: string, segment: Segment): SecondPlace {
    const place = new SecondPlace(folder, segment.path, segment.length, segment.isTorn);
    place.mend();
    return place;
  }

  /**
   * Writes a record that follows `before`, durable when this returns. Throws when it could not; the record then counts
   * for nothing.
   */
  append(line: Line, before: Place): void {
    this.mend();
    if (fstatSync(this.descriptor).size !== this.length)
      throw new Error('another program writes to the second place');
    if (this.next !== undefined) this.turn(before, this.next);
    this.write(line);
    if (this.length > SEGMENT_BYTES) this.preparing ??= this.prepare(before.number + 1);
  }

  /** Resolves when the next segment, where one is needed, has a durable name: the next record then goes there. */
  async ready(): Promise<void> {
    await this.preparing;
  }

  async close(): Promise<void> {
    await this.preparing;
    closeSync(this.descriptor);
  }

  private write(line: Line): void {
    const bytes = utf8(line.text);
    this.isTorn = true;
    writeAll(this.descriptor, bytes, this.length);
    this.isTorn = false;
    this.length += bytes.length;
  }

  /** The next write makes it durable: if that never comes, the torn end is found and cut off again. */
  private mend(): void {
    if (!this.isTorn) return;
    ftruncateSync(this.descriptor, this.length);
    this.isTorn = false;
  }

  private turn({ number, hash }: Place, next: string): void {
    const present = this.descriptor;
    this.descriptor = openSync(next, SYNCED);
    this.next = undefined;
    this.length = 0;
    closeSync(present);
    this.write(writeMarker(number, hash));
  }

  private async prepare(number: number): Promise<void> {
    try {
      this.next = await makeSegment(this.folder, number);
    } catch {
      // The present one grows until it works: it is tried again with every record, and appending says what is wrong.
    } finally {
      this.preparing = undefined;
    }
  }
}

/** Every write is on the disk when it returns. */
const SYNCED = constants.O_RDWR | constants.O_DSYNC;

/** An empty segment, whose name is durable when this resolves. */
async function makeSegment(folder: string, number: number): Promise<string> {
  const path = join(folder, segmentName(number));
  await (await open(path, 'w', 0o600)).close();
  await syncFolder(folder);
  return path;
}

function writeAll(descriptor: number, bytes: Uint8Array, from: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, from + done);
}
