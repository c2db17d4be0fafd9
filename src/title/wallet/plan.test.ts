import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planChange, planExact } from './plan.ts';
import type { Payment } from './plan.ts';
import { sumOf } from './ways.ts';
import type { Stock, Titles } from './ways.ts';

const SETS = [
  [1, 2, 5, 10, 20],
  [1, 2, 4, 8, 16],
  [3, 7],
  [5, 10, 15],
];

const stock = (denominations: readonly number[], most: number) =>
  fc
    .array(fc.nat(most), { minLength: denominations.length, maxLength: denominations.length })
    .map((counts): Stock => new Map(denominations.map((each, at) => [each, counts[at]!])));

const small = fc
  .constantFrom(...SETS)
  .chain((denominations) =>
    fc.record({ held: stock(denominations.slice(0, 4), 2), pool: stock(denominations.slice(0, 4), 2) }),
  )
  .chain(({ held, pool }) =>
    fc.record({
      held: fc.constant(held),
      pool: fc.constant(pool),
      amount: fc.integer({ min: 1, max: Math.max(1, worth(held)) }),
    }),
  );

function worth(held: Stock): number {
  return [...held].reduce((sum, [denomination, count]) => sum + denomination * count, 0);
}

function isWithin(titles: Titles, there: Stock): boolean {
  return [...Map.groupBy(titles, (each) => each)].every(
    ([denomination, all]) => all.length <= (there.get(denomination) ?? 0),
  );
}

function assertSound(
  { direct, pooled, paidChange, ownChange }: Payment,
  amount: number,
  held: Stock,
  pool: Stock,
) {
  assert.equal(sumOf(direct) + sumOf(paidChange), amount, 'the payee gets the amount');
  assert.equal(sumOf(pooled), sumOf(paidChange) + sumOf(ownChange), 'the pool gets what it gives');
  assert.ok(isWithin([...direct, ...pooled], held), 'only what is held is given');
  assert.ok(isWithin([...paidChange, ...ownChange], pool), 'only what is in the pool is taken');
  assert.ok(direct.length + pooled.length <= 16 && paidChange.length + ownChange.length <= 16);
}

/** All choices out of a stock. */
function choices(there: Stock): readonly Titles[] {
  return [...there].reduce<readonly Titles[]>(
    (all, [denomination, count]) =>
      all.flatMap((before) =>
        Array.from({ length: count + 1 }, (_, taken) => [
          ...before,
          ...Array<number>(taken).fill(denomination),
        ]),
      ),
    [[]],
  );
}

function minus(there: Stock, titles: Titles): Stock {
  return new Map(
    [...there].map(([each, count]) => [each, count - titles.filter((one) => one === each).length]),
  );
}

/** Whether there is any way at all, by trying every one. */
function existsChange(amount: number, held: Stock, pool: Stock): boolean {
  const changes = choices(pool)
    .filter((each) => sumOf(each) > 0)
    .map((change) => ({ whole: sumOf(change), parts: new Set(choices(countsOf(change)).map(sumOf)) }));
  return choices(held).some((pooled) => {
    const given = sumOf(pooled);
    const matching = changes.filter(({ whole }) => whole === given);
    if (given === 0 || matching.length === 0) return false;
    return choices(minus(held, pooled)).some((direct) =>
      matching.some(({ parts }) => parts.has(amount - sumOf(direct))),
    );
  });
}

function countsOf(titles: Titles): Stock {
  return new Map([...Map.groupBy(titles, (each) => each)].map(([each, all]) => [each, all.length]));
}

describe('how an amount is paid', () => {
  it('pays with titles as they are exactly where that can be', () => {
    fc.assert(
      fc.property(small, ({ held, amount }) => {
        const found = planExact(amount, held);
        const ways = choices(held).filter((each) => sumOf(each) === amount);
        assert.equal(found !== undefined, ways.length > 0);
        if (found === undefined) return;
        assertSound(found, amount, held, new Map());
        assert.equal(
          found.direct.length,
          Math.min(...ways.map(({ length }) => length)),
          'with the fewest titles',
        );
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('finds change where there is any, never unbalanced, and never what is not there', () => {
    let found = 0;
    fc.assert(
      fc.property(small, ({ held, pool, amount }) => {
        if (planExact(amount, held) !== undefined || worth(held) < amount) return;
        const payment = planChange(amount, held, pool);
        if (payment !== undefined) assertSound(payment, amount, held, pool);
        if (payment !== undefined) found++;
        assert.equal(payment !== undefined, existsChange(amount, held, pool));
      }),
      { numRuns: 2_000, seed: 1 },
    );
    assert.ok(found > 60, `found only ${found}`);
  });

  it('finds its way in 1-2-5 and powers of two up to large sums with a pool that has something of everything', () => {
    const large = fc
      .constantFrom(
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
        Array.from({ length: 14 }, (_, at) => 2 ** at),
      )
      .chain((denominations) =>
        fc.record({
          denominations: fc.constant(denominations),
          held: stock(denominations, 6),
          amount: fc.integer({ min: 1, max: 20_000 }),
        }),
      );
    fc.assert(
      fc.property(large, ({ denominations, held, amount }) => {
        const sixteen = [...held]
          .sort(([left], [right]) => right - left)
          .flatMap(([each, count]) => Array<number>(count).fill(each))
          .slice(0, 12);
        if (sumOf(sixteen) <= amount) return;
        const pool = new Map(denominations.map((each) => [each, 10]));
        const payment = planExact(amount, held) ?? planChange(amount, held, pool);
        assert.ok(payment !== undefined);
        assertSound(payment, amount, held, pool);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('gives up in bounded time where nothing fits', () => {
    const even = Array.from({ length: 16 }, (_, at) => 2 * (at + 7) ** 3);
    const held = new Map(even.map((each) => [each, 16]));
    assert.equal(planExact(100_001, held), undefined);
    assert.equal(planChange(100_001, held, held), undefined);
  });
});
