import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Challenges } from './challenges.ts';

describe('a challenge', () => {
  const clock = { now: 0 };
  const challenges = () => new Challenges(() => clock.now);

  it('is good once, for one ceremony of one browser', () => {
    const all = challenges();
    all.give('c', 'signin', 'ann');
    assert.equal(all.take('c', 'signin', 'ann'), true);
    assert.equal(all.take('c', 'signin', 'ann'), false);
    for (const [ceremony, browser] of [
      ['second', 'ann'],
      ['signin', 'bob'],
    ] as const) {
      all.give('d', 'signin', 'ann');
      assert.equal(all.take('d', ceremony, browser), false);
      assert.equal(all.take('d', 'signin', 'ann'), false, 'and a wrong attempt uses it up');
    }
  });

  it('is good for five minutes', () => {
    const all = challenges();
    all.give('c', 'signin', 'ann');
    clock.now += 5 * 60_000;
    assert.equal(all.take('c', 'signin', 'ann'), false);
  });

  it('is forgotten when too many others come', () => {
    const all = challenges();
    for (let count = 0; count <= 10_000; count++) all.give(`c${count}`, 'signin', 'ann');
    assert.equal(all.take('c0', 'signin', 'ann'), false);
    assert.equal(all.take('c10000', 'signin', 'ann'), true);
  });
});
