/** Small files that are there whole: the earlier one, or the next. */
import { dirname } from 'node:path';
import type { TitleDisk } from './disk.ts';
import { inSlices } from './slices.ts';

/** Writes a file piece by piece and puts it in the place of the one before. It is durable when the promise resolves. */
export async function writeWhole(disk: TitleDisk, path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const partial = `${path}.partial`;
  const file = disk.create(partial);
  try {
    let at = 0;
    await inSlices(pieces, (piece) => {
      file.write(piece, at);
      at += piece.length;
    });
    await file.sync();
  } finally {
    file.close();
  }
  disk.rename(partial, path);
  await disk.syncFolder(dirname(path));
}

/** All of a file; undefined where there is none, or it is longer than `most`. */
export function readWhole(disk: TitleDisk, path: string, most = Infinity): Uint8Array | undefined {
  const file = disk.open(path);
  if (file === undefined) return undefined;
  try {
    const size = file.size();
    return size > most ? undefined : file.read(size, 0);
  } finally {
    file.close();
  }
}
