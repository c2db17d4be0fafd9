/** The index of spent coins: whatever was added is found where it stands, until it is removed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { COIN_BYTES, SpentIndex } from './spent-index.ts';

/** The coin of a number, as evenly spread as real ones. */
function coinOf(number: number): Buffer {
  return createHash('sha256').update(String(number)).digest().subarray(0, COIN_BYTES);
}

/** Places where the index says that a coin may be. */
function candidates(index: SpentIndex, coin: Uint8Array): number[] {
  const places: number[] = [];
  index.has(coin, (place) => {
    places.push(place);
    return false;
  });
  return places;
}

describe('the index of spent coins', () => {
  test('finds what a set of all coins has, through any adding and removing', () => {
    // So many that shards are as full as they get, and what is removed has others behind it.
    const act = fc.record({
      id: fc.nat(9_000),
      many: fc.integer({ min: 1, max: 4_000 }),
      isAdded: fc.boolean(),
    });
    const coins = Array.from({ length: 13_000 }, (_, id) => coinOf(id));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        const index = new SpentIndex();
        const held: number[][] = coins.map(() => []);
        let places = 0;
        for (const { id, many, isAdded } of acts) {
          for (let each = id; each < id + many; each++) {
            const place = isAdded ? ++places : held[each]!.shift();
            if (place === undefined) continue;
            index[isAdded ? 'add' : 'remove'](coins[each]!, 0, place);
            if (isAdded) held[each]!.push(place);
          }
        }
        let others = 0;
        for (const [id, coin] of coins.entries()) {
          const found = candidates(index, coin);
          assert.ok(held[id]!.every((place) => found.includes(place)));
          others += found.length - held[id]!.length;
        }
        assert.ok(others < 5, 'nothing that was removed is left');
      }),
      { numRuns: 60 },
    );
  });

  test('loses nothing while it grows from nothing, nor when most is removed again', () => {
    const index = new SpentIndex();
    const count = 150_000;
    const coins = Array.from({ length: count }, (_, number) => coinOf(number));
    for (const [number, coin] of coins.entries()) index.add(coin, 0, number + 1);
    for (const [number, coin] of coins.entries()) assert.ok(index.has(coin, (place) => place === number + 1));
    for (const [number, coin] of coins.entries()) if (number % 10 > 0) index.remove(coin, 0, number + 1);
    for (const [number, coin] of coins.entries()) {
      const isHeld = index.has(coin, (place) => place === number + 1);
      assert.equal(isHeld, number % 10 === 0);
    }
    for (const [number, coin] of coins.entries()) if (number % 10 === 0) index.remove(coin, 0, number + 1);
    assert.deepEqual(
      coins.flatMap((coin) => candidates(index, coin)),
      [],
    );
  });

  test('sends nobody to the table for coins that differ in a few bytes only, wherever these are', () => {
    const count = 40_000;
    for (const from of [0, 4, 8, 12]) {
      const index = new SpentIndex();
      const coin = Buffer.alloc(COIN_BYTES, 0xab);
      for (let number = 0; number < count; number++) {
        coin.writeUInt32LE(number, from);
        index.add(coin, 0, number + 1);
      }
      let strangers = 0;
      for (let number = count; number < 2 * count; number++) {
        coin.writeUInt32LE(number, from);
        strangers += candidates(index, coin).length;
      }
      // Of 32 random bits 0.4 are expected. These ids differ in three bytes, so equal hashes come in families.
      assert.ok(strangers < 4_000, `${strangers} of ${count} lookups went to the table`);
    }
  });

  test('keeps places of 40 bits, and takes no other', () => {
    const index = new SpentIndex();
    const places = [1, 64, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 - 1];
    for (const [number, place] of places.entries()) index.add(coinOf(number), 0, place);
    for (const [number, place] of places.entries())
      assert.deepEqual(candidates(index, coinOf(number)), [place]);
    for (const [number, place] of places.entries()) index.remove(coinOf(number), 0, place);
    for (const number of places.keys()) assert.deepEqual(candidates(index, coinOf(number)), []);
    for (const place of [0, -1, 2 ** 40, NaN]) assert.throws(() => index.add(coinOf(9), 0, place), /40 bits/);
  });

  test('reads a coin from among many, and removes only what it has', () => {
    const index = new SpentIndex(1_000);
    const coins = Buffer.concat([coinOf(1), coinOf(2), coinOf(3)]);
    index.add(coins, COIN_BYTES, 7);
    assert.deepEqual(candidates(index, coinOf(2)), [7]);
    assert.deepEqual(candidates(index, coinOf(1)), []);
    assert.throws(() => index.remove(coins, 0, 7), /not in the index/);
    assert.throws(() => index.remove(coins, COIN_BYTES, 8), /not in the index/);
    index.remove(coins, COIN_BYTES, 7);
    assert.deepEqual(candidates(index, coinOf(2)), []);
  });
});
