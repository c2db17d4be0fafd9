import { existsSync } from 'node:fs';
import { Refusal, refuse } from '../../base/refusal.ts';
import { openSqliteBooks } from './sqlite.ts';
import type { SqliteBooks } from './sqlite-books.ts';
import { readSegment, segmentPaths } from './second-place-segment.ts';
import type { Segment, WrittenRecord } from './second-place-segment.ts';

/** Records that one transaction takes: more do not make it quicker. */
const TOGETHER = 256;

/**
 * Brings an older copy of the books to where the second place ends: every record after the copy's own number is carried
 * out again. Nobody may have the books open. Where there is no copy, or an empty one, and the second place was there
 * from the beginning, the books are made from nothing. Refuses when the copy is of other books, when records are missing
 * between, and when anything comes out otherwise than it did. Cut short, it may be done again.
 */
export async function replaySecondPlace(
  booksPath: string,
  secondFolder: string,
): Promise<{ readonly replayed: number } | Refusal> {
  if (!existsSync(secondFolder))
    return refuse('not possible', `there is no second place ${secondFolder}; name the right folder`);
  const books = openSqliteBooks(booksPath);
  if (books instanceof Refusal) return books;
  try {
    return replayAll(books, secondFolder);
  } finally {
    await books.close();
  }
}

function replayAll(books: SqliteBooks, folder: string): { readonly replayed: number } | Refusal {
  const paths = segmentPaths(folder);
  const from = books.place.number;
  let end: Segment['end'] | undefined;
  for (const [index, path] of paths.entries()) {
    const segment = readSegment(path);
    const isLast = index === paths.length - 1;
    // What a crash left of the last segment's beginning: nothing was in it.
    if (segment === undefined && isLast) break;
    if (segment === undefined) return refuse('not possible', `${path} has no beginning; ${BRING_BACK}`);
    if (segment instanceof Refusal) return segment;
    if (segment.isTorn && !isLast) return refuse('not possible', `${path} is torn; ${BRING_BACK}`);
    if (end !== undefined && !follows(segment, end))
      return refuse('not possible', `records before ${path} are missing; ${BRING_BACK}`);
    ({ end } = segment);
    if (end.number < books.place.number) continue;
    const refusal = replaySegment(books, segment);
    if (refusal !== undefined) return refusal;
  }
  if (end === undefined) return refuse('not possible', `the second place ${folder} is empty`);
  if (end.number < books.place.number)
    return refuse(
      'not possible',
      'the copy of the books is newer than the second place: it is not the one that they were recorded in to the end; name ' +
        'the newest one',
    );
  return { replayed: books.place.number - from };
}

const BRING_BACK = 'bring this folder back from a copy of it';

function follows({ marker }: Segment, end: Segment['end']): boolean {
  return marker.number === end.number && marker.previous === end.hash;
}

function replaySegment(books: SqliteBooks, segment: Segment): Refusal | undefined {
  const { marker, records, path } = segment;
  if (marker.number === 0 && books.isUntouched) books.adopt(marker.previous);
  const { number, hash } = books.place;
  if (marker.number > number) {
    return refuse(
      'not possible',
      `the books end at record ${number} and ${path} begins after ${marker.number}; bring back the files before it, or ` +
        'take a newer copy of the books',
    );
  }
  const here = number === marker.number ? marker.previous : records[number - marker.number - 1]?.hash;
  if (here !== hash)
    return refuse('not possible', `${path} is of other books than this copy; name the right folder`);
  const waiting: readonly WrittenRecord[] = records.slice(number - marker.number);
  for (let done = 0; done < waiting.length; done += TOGETHER) {
    const refusal = books.replay(waiting.slice(done, done + TOGETHER));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
