import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../base/bytes.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { writeMarker } from './second-place-record.ts';
import type { Line, Place } from './second-place-record.ts';
import { readSegment, segmentName, segmentPaths, syncFolder } from './second-place-segment.ts';
import type { Segment, WrittenRecord } from './second-place-segment.ts';

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
export function openSecondPlace(folder: string, place: Place): OpenedSecondPlace | Refusal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const newest = newestSegment(folder);
  if (newest instanceof Refusal) return newest;
  if (newest === undefined) {
    if (place.isRecorded) return lost(folder);
    return { second: SecondPlace.begin(folder, place), ahead: undefined };
  }
  const { end, records } = newest;
  const last = records.at(-1);
  const isEqual = end.number === place.number && end.hash === place.hash;
  const isAhead = end.number === place.number + 1 && last?.previous === place.hash;
  if (!isEqual && !isAhead) return elsewhere(folder, newest, place);
  return { second: SecondPlace.resume(folder, newest), ahead: isAhead ? last : undefined };
}

/** The last segment that has a marker. One without is what a crash left of its beginning: nothing was in it. */
function newestSegment(folder: string): Segment | Refusal | undefined {
  for (const path of segmentPaths(folder).toReversed()) {
    const segment = readSegment(path);
    if (segment !== undefined) return segment;
    unlinkSync(path);
    syncFolder(folder);
  }
  return undefined;
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

  private constructor(folder: string, descriptor: number, length: number, isTorn: boolean) {
    this.folder = folder;
    this.descriptor = descriptor;
    this.length = length;
    this.isTorn = isTorn;
  }

  static begin(folder: string, { number, hash }: Place): SecondPlace {
    const { descriptor, length } = beginSegment(folder, number, hash);
    return new SecondPlace(folder, descriptor, length, false);
  }

  static resume(folder: string, segment: Segment): SecondPlace {
    const place = new SecondPlace(folder, openSync(segment.path, 'r+'), segment.length, segment.isTorn);
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
    if (this.length > SEGMENT_BYTES) this.turn(before);
    this.isTorn = true;
    writeAll(this.descriptor, utf8(line.text), this.length);
    fdatasyncSync(this.descriptor);
    this.isTorn = false;
    this.length += Buffer.byteLength(line.text, 'utf8');
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private mend(): void {
    if (!this.isTorn) return;
    ftruncateSync(this.descriptor, this.length);
    fsyncSync(this.descriptor);
    this.isTorn = false;
  }

  private turn({ number, hash }: Place): void {
    const next = beginSegment(this.folder, number, hash);
    closeSync(this.descriptor);
    this.descriptor = next.descriptor;
    this.length = next.length;
  }
}

function beginSegment(folder: string, number: number, hash: string): { descriptor: number; length: number } {
  const bytes = utf8(writeMarker(number, hash).text);
  const descriptor = openSync(join(folder, segmentName(number)), 'w', 0o600);
  writeAll(descriptor, bytes, 0);
  fsyncSync(descriptor);
  syncFolder(folder);
  return { descriptor, length: bytes.length };
}

function writeAll(descriptor: number, bytes: Uint8Array, from: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, from + done);
}
