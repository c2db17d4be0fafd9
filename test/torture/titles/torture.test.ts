import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleTorture } from './torture.ts';

test('box and front of a title server killed at random under transfers lose no title and make none', async () => {
  const { kills, faults, datagrams, counts } = await titleTorture({
    seed: 3,
    kills: 6,
    meets: ['transfer'],
    clients: 3,
    lost: 150,
    liveWithin: 8,
    restWithin: 20,
  });
  assert.deepEqual(faults, []);
  for (const part of ['titles', 'front'])
    assert.ok((kills.byProgram.get(part) ?? 0) > 0, `${part} was never killed`);
  assert.ok(kills.during.transfer > 0, 'no kill met a transfer on its way');
  assert.ok(datagrams.lost > 0 && datagrams.doubled > 0 && datagrams.late > 0, 'the network was a good one');
  for (const what of ['transfers', 'old transfers sent again', 'in pools'])
    assert.ok((counts.get(what) ?? 0) > 0, `there were no ${what}`);
});
