/** How an amount is paid: with titles as they are, or with change from the server's pool. Pure. */
import { TITLE_LIMITS } from '../documents/limits.ts';
import { Budget, fewest, sumOf, waysTo, without } from './ways.ts';
import type { Stock, Titles } from './ways.ts';

/** Denominations of what goes where. What is pooled is worth `paidChange` and `ownChange` together. */
export interface Payment {
  /** Own titles that the payee gets as they are. */
  readonly direct: Titles;
  /** Own titles that go to the pool. */
  readonly pooled: Titles;
  /** Out of the pool for the payee. */
  readonly paidChange: Titles;
  /** Out of the pool for the payer. */
  readonly ownChange: Titles;
}

const MOST = TITLE_LIMITS.titlesPerTransfer;
/** Steps of a whole search: a tenth of a second or so where there is no way. */
const STEPS = 40_000;

/** The titles that make an amount by themselves, as few as can be; undefined where none of at most sixteen do. */
export function planExact(amount: number, held: Stock): Payment | undefined {
  const direct = fewest(amount, held, MOST, new Budget(STEPS));
  return direct === undefined ? undefined : { direct, pooled: [], paidChange: [], ownChange: [] };
}

/**
 * A payment with change out of a pool: as few titles go to the pool as can be, and of these the cheapest. Undefined where there is
 * none within the limits of one transfer.
 */
export function planChange(amount: number, held: Stock, pool: Stock): Payment | undefined {
  const budget = new Budget(STEPS);
  for (let count = 1; count <= MOST; count++) {
    let any = false;
    for (const pooled of choicesOf(held, count)) {
      any = true;
      if (!budget.step()) return undefined;
      const payment = withPooled(amount, pooled, { held: without(held, pooled), pool, budget });
      if (payment !== undefined) return payment;
    }
    if (!any) return undefined;
  }
  return undefined;
}

interface Means {
  /** Without what is pooled. */
  readonly held: Stock;
  readonly pool: Stock;
  readonly budget: Budget;
}

/** What is paid directly leaves a rest that is less than what is pooled: otherwise one of these would be paid directly too. */
function withPooled(amount: number, pooled: Titles, { held, pool, budget }: Means): Payment | undefined {
  const worth = sumOf(pooled);
  for (const direct of sumsBelow(amount, amount - worth, held, { most: MOST - pooled.length, budget })) {
    const rest = amount - sumOf(direct);
    for (const paidChange of waysTo(rest, pool, MOST, budget)) {
      const left = without(pool, paidChange);
      const [ownChange] = waysTo(worth - rest, left, MOST - paidChange.length, budget);
      if (ownChange !== undefined) return { direct, pooled, paidChange, ownChange };
    }
  }
  return undefined;
}

/** Every choice of so many titles, the cheapest first as far as one look at a time tells. */
function* choicesOf(held: Stock, count: number): Generator<Titles> {
  const rows = [...held].filter(([, there]) => there > 0).sort(([left], [right]) => left - right);
  yield* from(0, count);

  function* from(row: number, left: number): Generator<Titles> {
    if (left === 0) {
      yield [];
      return;
    }
    const [denomination, there] = rows[row] ?? [0, 0];
    if (denomination === 0) return;
    for (let taken = Math.min(there, left); taken >= 0; taken--)
      for (const rest of from(row + 1, left - taken))
        yield [...Array.from({ length: taken }, () => denomination), ...rest];
  }
}

interface Within {
  readonly most: number;
  readonly budget: Budget;
}

/** For each sum below `above` and over `below`, some titles that make it, as few as are found first; the largest titles first. */
function* sumsBelow(above: number, below: number, held: Stock, { most, budget }: Within): Generator<Titles> {
  const rows = [...held].filter(([, there]) => there > 0).sort(([left], [right]) => right - left);
  const seen = new Set<string>();
  yield* from(0, 0, []);

  function* from(row: number, sum: number, chosen: Titles): Generator<Titles> {
    const state = `${row} ${sum} ${chosen.length}`;
    if (seen.has(state) || !budget.step()) return;
    seen.add(state);
    const [denomination, there] = rows[row] ?? [0, 0];
    if (denomination === 0) {
      if (sum > below && sum < above) yield chosen;
      return;
    }
    const room = most - chosen.length;
    if (sum + reach(row, room) <= below) return;
    const fitting = Math.min(there, room, Math.ceil((above - sum) / denomination) - 1);
    for (let taken = fitting; taken >= 0; taken--)
      yield* from(row + 1, sum + taken * denomination, [
        ...chosen,
        ...Array.from({ length: taken }, () => denomination),
      ]);
  }

  function reach(row: number, room: number): number {
    let [left, worth] = [room, 0];
    for (const [denomination, there] of rows.slice(row)) {
      const taken = Math.min(left, there);
      worth += taken * denomination;
      left -= taken;
    }
    return worth;
  }
}
