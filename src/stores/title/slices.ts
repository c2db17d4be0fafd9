/** As long as anybody else in this thread waits for work in the background. */
const SLICE_MILLISECONDS = 1;

/** Does something with each item, and gives everybody else a turn after every slice of time. */
export async function inSlices<Item>(items: Iterable<Item>, each: (item: Item) => void): Promise<void> {
  let end = performance.now() + SLICE_MILLISECONDS;
  for (const item of items) {
    each(item);
    if (performance.now() < end) continue;
    await new Promise(setImmediate);
    end = performance.now() + SLICE_MILLISECONDS;
  }
}

/** As many as are handed to another thread at once: making them ready takes less than a slice. */
const PIECE = 1_000;

/** Items in pieces, the last one perhaps shorter. */
export function* pieces<Item>(items: Iterable<Item>): Generator<readonly Item[]> {
  let piece: Item[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
