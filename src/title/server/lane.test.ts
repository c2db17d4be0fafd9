import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { Lane } from './lane.ts';

describe('a lane', () => {
  it('does so many at a time, in their order, with a pause after each', async () => {
    const pauses: (() => void)[] = [];
    const lane = new Lane(2, () => new Promise((resolve) => pauses.push(resolve)));
    const begun: number[] = [];
    const asked = [1, 2, 3, 4].map((number) =>
      lane.run(async () => {
        begun.push(number);
        return number;
      }),
    );
    assert.deepEqual(await Promise.all(asked.slice(0, 2)), [1, 2]);
    assert.deepEqual(begun, [1, 2]);
    pauses.shift()?.();
    assert.equal(await asked[2], 3);
    assert.deepEqual(begun, [1, 2, 3]);
    for (const pause of pauses.splice(0)) pause();
    assert.equal(await asked[3], 4);
  });

  it('goes on behind one that fails', async () => {
    const lane = new Lane(1, async () => undefined);
    const failed = lane.run(() => Promise.reject(new Error('no')));
    const after = lane.run(async () => 'done');
    await assert.rejects(failed, /no/);
    assert.equal(await after, 'done');
  });

  it('refuses where too many wait, and takes more when they are through', async () => {
    let open: () => void = () => undefined;
    const door = new Promise<void>((resolve) => (open = resolve));
    const lane = new Lane(1, async () => undefined);
    const asked = Array.from({ length: 300 }, () => lane.run(() => door));
    const refused = (await Promise.all(asked.slice(257))).filter((each) => each instanceof Refusal);
    assert.equal(refused.length, 43);
    open();
    assert.ok((await Promise.all(asked.slice(0, 257))).every((each) => each === undefined));
    assert.equal(await lane.run(async () => 'more'), 'more');
  });
});
