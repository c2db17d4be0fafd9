import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Once } from './once.ts';

describe('what is to be done once', () => {
  const clock = { now: 0 };
  const counting = (once: Once<number>, isFinal = true) => {
    const done = { times: 0 };
    const run = (key: string, whose = 'ann', what = '') =>
      once.run(
        { whose, key, what },
        async () => ++done.times,
        () => isFinal,
      );
    return { done, run };
  };

  it('is done once, whoever comes second waits for the same', async () => {
    const { done, run } = counting(new Once(() => clock.now));
    assert.deepEqual(await Promise.all([run('a'), run('a'), run('b')]), [1, 1, 2]);
    assert.equal(await run('a'), 1);
    assert.equal(await run('a', 'bob'), 3, 'another has keys of their own');
    assert.equal(done.times, 3);
  });

  it('is not the same when it says something else', async () => {
    const { done, run } = counting(new Once(() => clock.now));
    assert.equal(await run('a', 'ann', 'pay 5'), 1);
    assert.equal(await run('a', 'ann', 'pay 6'), 'reused');
    assert.equal(await run('a', 'ann', 'pay 5'), 1);
    assert.equal(done.times, 1);
  });

  it('can be tried again when it was not done, or failed', async () => {
    const once = new Once<number>(() => clock.now);
    const { run } = counting(once, false);
    assert.deepEqual([await run('a'), await run('a')], [1, 2]);
    const failing = once.run(
      { whose: 'ann', key: 'f', what: '' },
      () => Promise.reject(new Error('broken')),
      () => true,
    );
    await assert.rejects(failing, /broken/);
    assert.equal(await counting(once).run('f'), 1);
  });

  it('is never remembered without a key, and forgotten after an hour', async () => {
    const { run } = counting(new Once(() => clock.now));
    assert.deepEqual([await run(''), await run(''), await run('a')], [1, 2, 3]);
    clock.now += 60 * 60_000;
    assert.equal(await run('a'), 4);
  });

  it('of one member pushes out nothing of another’s, however much it is', async () => {
    const { run } = counting(new Once(() => clock.now));
    const first = await run('a', 'bob');
    for (let count = 0; count < 30_000; count++) await run(String(count));
    assert.equal(await run('a', 'bob'), first);
    const last = await run('29999');
    assert.equal(await run('29999'), last);
    assert.notEqual(await run('0'), 2, 'their own oldest is forgotten');
  });
});
