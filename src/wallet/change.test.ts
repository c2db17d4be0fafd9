import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { breakUp, choose, decompose, fewest, fitsRequest, isComplete, outputsFor, tidy } from './change.ts';

const denominations = fc
  .uniqueArray(fc.integer({ min: 2, max: 60 }), { maxLength: 6 })
  .map((others) => [1, ...others]);
const POWERS = Array.from({ length: 50 }, (_, exponent) => 2 ** exponent);

/** Every sum that some of the coins make, found by trying all. */
function payable(coins: readonly number[]): Set<number> {
  let sums = new Set([0]);
  for (const coin of coins) sums = new Set([...sums, ...[...sums].map((each) => each + coin)]);
  return sums;
}

function paysAnything(coins: readonly number[]): boolean {
  return payable(coins).size === total(coins) + 1;
}

function total(coins: readonly number[]): number {
  return coins.reduce((left, right) => left + right, 0);
}

function valued(coins: readonly number[]): { denomination: number; id: number }[] {
  return coins.map((denomination, id) => ({ denomination, id }));
}

function values(coins: readonly { denomination: number }[]): number[] {
  return coins.map(({ denomination }) => denomination);
}

describe('decompose', () => {
  it('makes coins that pay any amount up to their total', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), denominations, (value, available) => {
        const coins = decompose(amount(value), available, 1_000);
        assert.ok(coins !== undefined);
        assert.equal(total(coins), value);
        assert.ok(coins.every((coin) => available.includes(coin)));
        assert.ok(paysAnything(coins));
      }),
    );
  });

  it('makes sets whose union pays any amount too', () => {
    const small = fc.integer({ min: 0, max: 150 });
    fc.assert(
      fc.property(small, small, denominations, denominations, (left, right, some, others) => {
        const union = [
          ...(decompose(amount(left), some, 1_000) ?? []),
          ...(decompose(amount(right), others, 1_000) ?? []),
        ];
        assert.ok(paysAnything(union));
        assert.ok(isComplete(union));
      }),
    );
  });

  it('takes few coins with powers of two', () => {
    assert.deepEqual(decompose(amount(10), POWERS), [1, 2, 4, 2, 1]);
    assert.ok(decompose(amount(Number.MAX_SAFE_INTEGER), POWERS)!.length <= 2 * 53);
  });

  it('makes no more coins than one request carries', () => {
    assert.equal(decompose(amount(LIMITS.coinsPerRequest + 1), [1]), undefined);
    assert.equal(decompose(amount(LIMITS.coinsPerRequest), [1])?.length, LIMITS.coinsPerRequest);
    assert.equal(fewest(amount(LIMITS.coinsPerRequest + 1), [1]), undefined);
    assert.deepEqual(fewest(amount(5_003), [1, 1_000]), [1000, 1000, 1000, 1000, 1000, 1, 1, 1]);
  });
});

describe('isComplete', () => {
  it('says whether any amount can be paid', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 10 }), (coins) => {
        assert.equal(isComplete(coins), paysAnything(coins));
      }),
    );
  });
});

describe('choose', () => {
  it('finds an exact sum whenever there is one', () => {
    const coins = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 12 });
    fc.assert(
      fc.property(coins, fc.integer({ min: 0, max: 300 }), (held, wanted) => {
        const chosen = choose(valued(held), amount(wanted));
        assert.equal(chosen !== undefined, payable(held).has(wanted));
        if (chosen === undefined) return;
        assert.equal(total(values(chosen)), wanted);
        assert.equal(new Set(chosen.map(({ id }) => id)).size, chosen.length);
      }),
    );
  });

  it('gives up on a hopeless search within bounds', () => {
    const held = valued(Array.from({ length: 400 }, (_, index) => 2 * (index * 7919 + 1)));
    const started = performance.now();
    assert.equal(choose(held, amount(1_000_001)), undefined);
    assert.ok(performance.now() - started < 2_000);
  });

  it('takes the earlier of equal coins', () => {
    assert.deepEqual(
      choose(valued([4, 4, 4]), amount(8))?.map(({ id }) => id),
      [0, 1],
    );
  });
});

describe('tidy', () => {
  const purses = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });

  it('makes any purse complete, keeping what it needs, and then leaves it alone', () => {
    fc.assert(
      fc.property(purses, denominations, (picks, available) => {
        const held = valued(picks.map((pick) => available[pick % available.length]!));
        let purse = held;
        const exchange = tidy(purse, available);
        if (exchange !== undefined) {
          assert.equal(total(values(exchange.give)), total(exchange.get));
          const given = new Set(exchange.give.map(({ id }) => id));
          const kept = held.filter(({ id }) => !given.has(id));
          purse = [...kept, ...valued(exchange.get).map((coin) => ({ ...coin, id: coin.id + 1_000 }))];
          // Nothing is exchanged for its like.
          assert.ok(exchange.give.every((coin) => !exchange.get.includes(coin.denomination)));
        }
        assert.ok(isComplete(values(purse)));
        assert.equal(tidy(purse, available), undefined);
      }),
    );
  });

  it('makes a fragmented purse small, in rounds when one request does not carry it', () => {
    let purse = values(valued(Array.from({ length: 1_000 }, () => 1)));
    let rounds = 0;
    for (; rounds < 20; rounds++) {
      const exchange = tidy(valued(purse), POWERS);
      if (exchange === undefined) break;
      assert.ok(exchange.give.length <= LIMITS.coinsPerRequest);
      assert.ok(exchange.get.length <= LIMITS.coinsPerRequest);
      const given = new Set(exchange.give.map(({ id }) => id));
      purse = [...purse.filter((_, id) => !given.has(id)), ...exchange.get];
      assert.equal(total(purse), 1_000);
    }
    assert.ok(rounds < 10 && purse.length < 40, `${rounds} rounds, ${purse.length} coins`);
    assert.ok(isComplete(purse));
  });

  it('renews stale coins even where the purse is in order', () => {
    const held = valued([1, 2, 4]);
    const exchange = tidy(held, POWERS, ({ id }) => id === 1);
    assert.deepEqual(values(exchange?.give ?? []), [2]);
    assert.deepEqual(exchange?.get, [2]);
  });
});

describe('breakUp', () => {
  it('makes change for an amount where the purse cannot be complete', () => {
    const available = [1, 1_000];
    const exchange = breakUp(valued([1_000, 1_000, 1_000]), amount(1_100), available);
    // 900 ones are more than one request carries.
    assert.equal(exchange, undefined);
    const other = breakUp(valued([1_000, 1_000]), amount(1_990), [1, 10, 1_000]);
    assert.equal(total(other?.get ?? []), 2_000);
    assert.ok(payable(other?.get ?? []).has(1_990));
  });
});

describe('where few coins of a kind can be made at once', () => {
  const EACH = 4;
  const some = fc.array(fc.constantFrom(1, 2, 4, 8, 16), { minLength: 1, maxLength: 60 });
  const KINDS = [1, 2, 4, 8, 16];
  const most = EACH * total(KINDS);

  it('makes any amount that there can be, and nothing beyond it', () => {
    for (let value = 1; value <= most; value++) {
      const coins = outputsFor(amount(value), KINDS, EACH);
      assert.ok(coins !== undefined && fitsRequest(coins, EACH) && total(coins) === value, String(value));
      assert.ok(isComplete(coins), 'powers of two leave no gap');
    }
    assert.equal(outputsFor(amount(most + 1), KINDS, EACH), undefined);
    assert.equal(outputsFor(amount(5), [1, 8], EACH), undefined);
  });

  it('tidies any purse in exchanges that fit, until it pays any amount or nothing more fits', () => {
    fc.assert(
      fc.property(some, fc.nat({ max: 60 }), (coins, stale) => {
        let purse = valued(coins);
        let left = new Set(purse.slice(0, stale).map(({ id }) => id));
        let fresh = 1_000;
        for (let round = 0; round < 100; round++) {
          const exchange = tidy(purse, KINDS, ({ id }) => left.has(id), EACH);
          if (exchange === undefined) break;
          assert.ok(fitsRequest(exchange.get, EACH));
          assert.equal(total(exchange.get), total(values(exchange.give)));
          const given = new Set(exchange.give.map(({ id }) => id));
          const got = exchange.get.map((denomination) => ({ denomination, id: fresh++ }));
          purse = [...purse.filter(({ id }) => !given.has(id)), ...got];
          left = new Set([...left].filter((id) => !given.has(id)));
          assert.ok(round < 99, 'it comes to an end');
        }
        assert.ok(isComplete(values(purse)));
        assert.equal(left.size, 0, 'nothing stale stays');
      }),
    );
  });

  it('makes change that fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (wanted) => {
        const exchange = breakUp(valued([16, 16, 16, 16]), amount(wanted), KINDS, EACH);
        if (exchange === undefined) return;
        assert.ok(fitsRequest(exchange.get, EACH));
        assert.ok(payable(exchange.get).has(wanted));
      }),
    );
    assert.ok(breakUp(valued([16]), amount(7), KINDS, EACH) !== undefined);
  });
});
