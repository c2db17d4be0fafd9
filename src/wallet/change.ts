/**
 * Change-making, pure. A set of coins is complete when any amount up to its total can be paid with some of them:
 * sorted, no coin is above one more than the sum of those before it. The union of two complete sets is complete.
 */
import { ZERO, add, amount, subtract, sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';

/** Anything with a denomination: a coin of the purse, a mint key. */
export interface Valued {
  readonly denomination: number;
}

/** Steps after which the search for an exact sum gives up. */
const SEARCH_STEPS = 20_000;
/** Coins that a purse of any size may come to; beyond, it is not kept complete. */
const PURSE_COINS = 4_096;
/** A purse with more than `FRAGMENTED` times its ideal number of coins, and these few besides, is tidied. */
const FRAGMENTED = 2;
const FRAGMENTED_BESIDES = 8;

/**
 * A complete set of coins of this total, smallest first: each coin the largest that leaves no gap. Denominations
 * must contain 1. Undefined when it takes more than `most` coins, or more than `each` of a denomination.
 */
export function decompose(
  total: Amount,
  denominations: readonly number[],
  most: number = LIMITS.coinsPerRequest,
  each = Infinity,
): readonly number[] | undefined {
  const ascending = sorted(denominations);
  if (ascending[0] !== 1) throw new Error('denominations contain 1');
  const coins: number[] = [];
  const counts = new Map<number, number>();
  let reach = ZERO;
  while (reach < total) {
    if (coins.length === most) return undefined;
    const bound = Math.min(reach + 1, total - reach);
    const coin = ascending.findLast((one) => one <= bound && (counts.get(one) ?? 0) < each);
    if (coin === undefined) return undefined;
    coins.push(coin);
    counts.set(coin, (counts.get(coin) ?? 0) + 1);
    reach = add(reach, amount(coin));
  }
  return coins;
}

/**
 * A set of coins of this total that is small but need not be complete. Undefined when it takes more than `most`, or
 * more than `each` of a denomination.
 */
export function fewest(
  total: Amount,
  denominations: readonly number[],
  most: number = LIMITS.coinsPerRequest,
  each = Infinity,
): readonly number[] | undefined {
  const coins: number[] = [];
  let left = total;
  for (const denomination of sorted(denominations).reverse()) {
    const count = Math.min(Math.floor(left / denomination), each);
    if (coins.length + count > most) return undefined;
    for (let one = 0; one < count; one++) coins.push(denomination);
    left = amount(left - count * denomination);
  }
  return left === 0 ? coins : undefined;
}

/** Whether one request can ask for coins of these denominations: not too many in all, nor of one of them. */
export function fitsRequest(coins: readonly number[], each: number): boolean {
  const counts = [...Map.groupBy(coins, (coin) => coin).values()].map(({ length }) => length);
  const most = Math.max(0, ...counts);
  return coins.length <= LIMITS.coinsPerRequest && most <= each;
}

/** Whether any amount up to the total can be paid exactly. */
export function isComplete(coins: readonly number[]): boolean {
  let reach = 0;
  for (const coin of sorted(coins)) {
    if (coin > reach + 1) return false;
    reach += coin;
  }
  return true;
}

/**
 * Some of the coins that sum to exactly this amount; of equal ones the earlier. From a complete set always found.
 * Undefined when there are none, or none was found within bounds.
 */
export function choose<Coin extends Valued>(
  coins: readonly Coin[],
  wanted: Amount,
): readonly Coin[] | undefined {
  const descending = coins.toSorted((left, right) => right.denomination - left.denomination);
  return chooseGreedily(descending, wanted) ?? search(descending, wanted);
}

/** Takes each coin that still fits. In a complete set the smaller coins always make up the rest. */
function chooseGreedily<Coin extends Valued>(
  descending: readonly Coin[],
  wanted: Amount,
): readonly Coin[] | undefined {
  const chosen: Coin[] = [];
  let left = wanted;
  for (const coin of descending) {
    if (coin.denomination > left) continue;
    chosen.push(coin);
    left = subtract(left, amount(coin.denomination));
  }
  return left === 0 ? chosen : undefined;
}

/** Depth first over how many coins of each denomination to take, most first; what failed once is not tried again. */
function search<Coin extends Valued>(
  descending: readonly Coin[],
  wanted: Amount,
): readonly Coin[] | undefined {
  const groups = groupByDenomination(descending);
  const below = sumsFrom(groups);
  const failed = new Set<string>();
  let steps = 0;
  const takeFrom = (at: number, left: number): readonly Coin[] | undefined => {
    if (left === 0) return [];
    const group = groups[at];
    const key = `${at} ${left}`;
    if (group === undefined || left > (below[at] ?? 0) || failed.has(key) || ++steps > SEARCH_STEPS)
      return undefined;
    const denomination = group[0]?.denomination ?? 1;
    for (let count = Math.min(group.length, Math.floor(left / denomination)); count >= 0; count--) {
      const rest = takeFrom(at + 1, left - count * denomination);
      if (rest !== undefined) return [...group.slice(0, count), ...rest];
    }
    failed.add(key);
    return undefined;
  };
  return takeFrom(0, wanted);
}

function groupByDenomination<Coin extends Valued>(descending: readonly Coin[]): readonly (readonly Coin[])[] {
  const groups = new Map<number, Coin[]>();
  for (const coin of descending) {
    const group = groups.get(coin.denomination);
    if (group === undefined) groups.set(coin.denomination, [coin]);
    else group.push(coin);
  }
  return [...groups.values()];
}

/** For each group the sum of it and all after it. */
function sumsFrom(groups: readonly (readonly Valued[])[]): readonly number[] {
  const sums: number[] = [];
  let total = 0;
  for (const group of groups.toReversed()) {
    for (const coin of group) total += coin.denomination;
    sums.push(total);
  }
  return sums.reverse();
}

/** An exchange: these coins for new ones of these denominations, of the same sum. */
export interface Exchange<Coin> {
  readonly give: readonly Coin[];
  readonly get: readonly number[];
}

/**
 * The exchange that makes an incomplete or fragmented purse complete, keeping the coins it needs anyway; undefined
 * when there is nothing to do, or when it takes more coins than one request carries. Coins that are `stale` are
 * exchanged in any case. Of a denomination no exchange gets more than `each`.
 */
export function tidy<Coin extends Valued>(
  coins: readonly Coin[],
  denominations: readonly number[],
  stale: (coin: Coin) => boolean = () => false,
  each = Infinity,
): Exchange<Coin> | undefined {
  const total = sum(coins.map((coin) => coin.denomination));
  const ideal = decompose(total, denominations, PURSE_COINS);
  if (ideal === undefined) return renewed(coins.filter(stale), denominations, each);
  const inOrder = isComplete(coins.map((coin) => coin.denomination));
  const fragmented = coins.length > FRAGMENTED * ideal.length + FRAGMENTED_BESIDES;
  if (inOrder && !fragmented) return renewed(coins.filter(stale), denominations, each);
  const { give, get } = difference(coins, ideal, stale);
  if (give.length <= LIMITS.coinsPerRequest && fitsRequest(get, each)) return { give, get };
  // Too much for one request: make many small coins into few, and see again.
  return merged(give, denominations, each) ?? renewed(coins.filter(stale), denominations, each);
}

/** As many of the smallest coins as one request makes into fewer. */
function merged<Coin extends Valued>(
  coins: readonly Coin[],
  denominations: readonly number[],
  each: number,
): Exchange<Coin> | undefined {
  const smallest = coins.toSorted((left, right) => left.denomination - right.denomination);
  for (let count = Math.min(coins.length, LIMITS.coinsPerRequest); count > 1; count--) {
    const give = smallest.slice(0, count);
    const total = sum(give.map((coin) => coin.denomination));
    const get = decompose(total, denominations, count - 1, each);
    if (get !== undefined) return { give, get };
  }
  return undefined;
}

/** Stale coins for fresh ones of the same denominations, as many as one request carries. */
function renewed<Coin extends Valued>(
  stale: readonly Coin[],
  denominations: readonly number[],
  each: number,
): Exchange<Coin> | undefined {
  const counts = new Map<number, number>();
  const some: Coin[] = [];
  for (const coin of stale) {
    const count = counts.get(coin.denomination) ?? 0;
    if (count >= each || some.length === LIMITS.coinsPerRequest) continue;
    counts.set(coin.denomination, count + 1);
    some.push(coin);
  }
  if (some.every((coin) => denominations.includes(coin.denomination)))
    return some.length === 0 ? undefined : { give: some, get: some.map((coin) => coin.denomination) };
  for (let count = some.length; count > 0; count--) {
    const give = some.slice(0, count);
    const get = outputsFor(sum(give.map((coin) => coin.denomination)), denominations, each);
    if (get !== undefined) return { give, get };
  }
  return undefined;
}

/** Coins of this total that one request can ask for: a complete set where it can be, else few. */
export function outputsFor(
  total: Amount,
  denominations: readonly number[],
  each: number,
): readonly number[] | undefined {
  return (
    decompose(total, denominations, LIMITS.coinsPerRequest, each) ??
    fewest(total, denominations, LIMITS.coinsPerRequest, each)
  );
}

/** What the ideal lacks and the purse has too much: fresh coins fill the ideal first, stale ones are given. */
function difference<Coin extends Valued>(
  coins: readonly Coin[],
  ideal: readonly number[],
  stale: (coin: Coin) => boolean,
): Exchange<Coin> {
  const missing = new Map<number, number>();
  for (const denomination of ideal) missing.set(denomination, (missing.get(denomination) ?? 0) + 1);
  const give: Coin[] = [];
  for (const coin of coins) {
    const count = missing.get(coin.denomination) ?? 0;
    if (count > 0 && !stale(coin)) missing.set(coin.denomination, count - 1);
    else give.push(coin);
  }
  const get: number[] = [];
  for (const [denomination, count] of missing)
    for (let each = 0; each < count; each++) get.push(denomination);
  return { give, get };
}

/**
 * The exchange after which an amount can be paid exactly, where the purse cannot be made complete: the fewest large
 * coins that reach it, for the amount and its change. Undefined when it takes too many coins, in all or of one
 * denomination.
 */
export function breakUp<Coin extends Valued>(
  coins: readonly Coin[],
  wanted: Amount,
  denominations: readonly number[],
  each = Infinity,
): Exchange<Coin> | undefined {
  const give: Coin[] = [];
  let given = ZERO;
  for (const coin of coins.toSorted((left, right) => right.denomination - left.denomination)) {
    if (given >= wanted) break;
    give.push(coin);
    given = add(given, amount(coin.denomination));
  }
  if (given < wanted || give.length > LIMITS.coinsPerRequest) return undefined;
  // Both may take as many of one denomination; where that is too many, each takes half.
  for (const share of [each, Math.floor(each / 2)]) {
    const paid = fewest(wanted, denominations, LIMITS.coinsPerRequest, share);
    const change = fewest(subtract(given, wanted), denominations, LIMITS.coinsPerRequest, share);
    const get = paid === undefined || change === undefined ? undefined : [...paid, ...change];
    if (get !== undefined && fitsRequest(get, each)) return { give, get };
  }
  return undefined;
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((left, right) => left - right);
}
