import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shuffle } from './shuffle.ts';
import { seeded } from './testing.test-helper.ts';

describe('shuffle', () => {
  it('gives every order about as often', () => {
    const randomness = seeded('shuffle');
    const counts = new Map<string, number>();
    for (let round = 0; round < 2_400; round++) {
      const order = shuffle(['a', 'b', 'c', 'd'], randomness).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 24);
    // 100 each on average; with this seed none is further off than 40, about four standard deviations.
    for (const [order, count] of counts) assert.ok(Math.abs(count - 100) < 40, `${order}: ${count}`);
  });

  it('draws again what would make some orders likelier', () => {
    const draws = [
      [0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 2],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    const randomness = () => Uint8Array.from(draws.shift() ?? []);
    // 2^32 - 1 is the one number below 2^32 that is above the last multiple of 3.
    assert.deepEqual(shuffle(['a', 'b', 'c'], randomness), ['c', 'a', 'b']);
    assert.equal(draws.length, 0);
  });
});
