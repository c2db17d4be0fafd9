import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import { readLine } from './second-place-record.ts';
import type { BookRecord, Marker } from './second-place-record.ts';

export type WrittenRecord = BookRecord & { readonly hash: string };

/** One file of a second place: a marker, then the records that follow it. */
export interface Segment {
  readonly path: string;
  readonly marker: Marker;
  readonly records: readonly WrittenRecord[];
  /** Where the chain stands at its end. */
  readonly end: { readonly number: number; readonly hash: string };
  /** Bytes of whole lines; what stands behind them was torn by a crash. */
  readonly length: number;
  readonly isTorn: boolean;
}

const NAME = /^records-\d{16}\.log$/;

/** The name of a segment that is made when the books are at this record or later: sorted by name they are in order. */
export function segmentName(number: number): string {
  return `records-${String(number).padStart(16, '0')}.log`;
}

/** The segments of a folder, in order. */
export function segmentPaths(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Reads a segment and checks its chain. Undefined where not even its marker is whole, which a crash may leave of the
 * last one. Only the last line may be torn; anything else that does not follow is refused.
 */
export function readSegment(path: string): Segment | Refusal | undefined {
  const bytes = readFileSync(path);
  const lines = bytes.toString('utf8').split('\n');
  const unended = lines.pop();
  const read = lines.map(readLine);
  // A crash may also leave a last line whose end is there and whose middle is not.
  const isTorn = unended !== '' || (read.length > 0 && read.at(-1) === undefined);
  if (read.length > 0 && read.at(-1) === undefined) read.pop();
  const [marker, ...records] = read;
  if (read.length === 0) return undefined;
  if (marker === undefined || !('begins' in marker)) return broken(path, 1);
  let end = { number: marker.number, hash: marker.previous };
  const whole: WrittenRecord[] = [];
  for (const [index, record] of records.entries()) {
    if (record === undefined || 'begins' in record) return broken(path, index + 2);
    if (record.number !== end.number + 1 || record.previous !== end.hash) return broken(path, index + 2);
    whole.push(record);
    end = { number: record.number, hash: record.hash };
  }
  const length = lines
    .slice(0, read.length)
    .reduce((total, line) => total + Buffer.byteLength(line, 'utf8') + 1, 0);
  return { path, marker, records: whole, end, length, isTorn };
}

function broken(path: string, line: number): Refusal {
  return refuse(
    'not possible',
    `line ${line} of the second place's ${path} is damaged or missing; bring this file back from a copy of it, or ` +
      'begin an empty second place elsewhere and make a backup of the books at once',
  );
}
