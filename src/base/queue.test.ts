import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Queue } from './queue.ts';

describe('a queue', () => {
  it('runs jobs one after the other in the order in which they came', async () => {
    const queue = new Queue();
    const log: string[] = [];
    const job = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    const results = Promise.all([queue.run(job('a')), queue.run(job('b'))]);
    queue.later(job('c'));
    assert.deepEqual(await results, ['a', 'b']);
    await queue.end();
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after a job that failed', async () => {
    const queue = new Queue();
    await assert.rejects(
      queue.run(() => Promise.reject(new Error('first'))),
      /first/,
    );
    assert.equal(await queue.run(async () => 2), 2);
  });

  it('tells whoever comes next of a failure that nobody waited for', async () => {
    const queue = new Queue();
    queue.later(() => Promise.reject(new Error('unseen')));
    await assert.rejects(
      queue.run(async () => 1),
      /unseen/,
    );
    queue.later(() => Promise.reject(new Error('unseen')));
    await assert.rejects(queue.end(), /unseen/);
  });

  it('takes no more jobs once it has ended', async () => {
    const queue = new Queue();
    await queue.end();
    await assert.rejects(
      queue.run(async () => 1),
      /closed/,
    );
  });
});
