import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Once } from './once.ts';

describe('what is to be done once', () => {
  const clock = { now: 0 };
  const counting = (once: Once<number>, isFinal = true) => {
    const done = { times: 0 };
    const run = (key: string) =>
      once.run(
        key,
        async () => ++done.times,
        () => isFinal,
      );
    return { done, run };
  };

  it('is done once, whoever comes second waits for the same', async () => {
    const { done, run } = counting(new Once(() => clock.now));
    assert.deepEqual(await Promise.all([run('a'), run('a'), run('b')]), [1, 1, 2]);
    assert.equal(await run('a'), 1);
    assert.equal(done.times, 2);
  });

  it('can be tried again when it was not done, or failed', async () => {
    const once = new Once<number>(() => clock.now);
    const { run } = counting(once, false);
    assert.deepEqual([await run('a'), await run('a')], [1, 2]);
    const failing = once.run(
      'f',
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
});
