/** Ways to make a sum out of titles of a few denominations: a bounded search, fewest titles first. */

/** How many there are of a denomination. */
export type Stock = ReadonlyMap<number, number>;

/** Denominations of titles, one for each. */
export type Titles = readonly number[];

/** Counts steps over all searches of one question, so that no answer takes longer than a moment. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Whether there is a step left; takes it. */
  step(): boolean {
    this.#left--;
    return this.#left >= 0;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }
}

/** All there is without some of it. */
export function without(stock: Stock, titles: Titles): Stock {
  const left = new Map(stock);
  for (const denomination of titles) left.set(denomination, (left.get(denomination) ?? 0) - 1);
  return left;
}

export function sumOf(titles: Titles): number {
  return titles.reduce((total, denomination) => total + denomination, 0);
}

/**
 * Ways to make a sum of at most `most` titles, those with the largest titles first; the greedy one is the first if it is one. Ends
 * early when the budget is spent.
 */
export function* waysTo(sum: number, stock: Stock, most: number, budget: Budget): Generator<Titles> {
  const rows = [...stock]
    .filter(([denomination, count]) => count > 0 && denomination <= sum)
    .sort(([left], [right]) => right - left);
  /** What the rows from here on are worth at most, together. */
  const reach = reachOf(rows, most);
  const dead = new Set<string>();
  yield* from(0, sum, most);

  function* from(row: number, left: number, room: number): Generator<Titles, boolean> {
    if (left === 0) {
      yield [];
      return true;
    }
    const [denomination, count] = rows[row] ?? [0, 0];
    const state = `${row} ${left} ${room}`;
    if (denomination === 0 || left > (reach[row] ?? 0) || left > denomination * room || dead.has(state))
      return false;
    let found = false;
    for (let taken = Math.min(count, room, Math.floor(left / denomination)); taken >= 0; taken--) {
      if (!budget.step()) return true;
      const rest = from(row + 1, left - taken * denomination, room - taken);
      for (let next = rest.next(); ; next = rest.next()) {
        if (next.done === true) {
          found ||= next.value;
          break;
        }
        yield [...Array.from({ length: taken }, () => denomination), ...next.value];
      }
    }
    if (!found) dead.add(state);
    return found;
  }
}

/** A way with the fewest titles that the budget finds; undefined where none was found. */
export function fewest(sum: number, stock: Stock, most: number, budget: Budget): Titles | undefined {
  let best: Titles | undefined;
  for (const way of waysTo(sum, stock, most, budget)) {
    if (best === undefined || way.length < best.length) best = way;
    if (best.length <= leastTitles(sum, stock)) return best;
  }
  return best;
}

/** Fewer titles cannot make the sum. */
function leastTitles(sum: number, stock: Stock): number {
  const largest = Math.max(
    1,
    ...[...stock].filter(([, count]) => count > 0).map(([denomination]) => denomination),
  );
  return Math.ceil(sum / largest);
}

function reachOf(rows: readonly (readonly [number, number])[], most: number): readonly number[] {
  return rows.map((_, row) => {
    let room = most;
    let worth = 0;
    for (const [denomination, count] of rows.slice(row)) {
      const taken = Math.min(room, count);
      worth += taken * denomination;
      room -= taken;
    }
    return worth;
  });
}
