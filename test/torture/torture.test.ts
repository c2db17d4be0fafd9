import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostTorture } from './host/torture.ts';
import { torture } from './torture.ts';

test('box, bank and issuer killed at random under trade lose nothing and make nothing', async () => {
  const { kills, faults, refused, box } = await torture({
    seed: 3,
    kills: 20,
    wallets: 12,
    liveWithin: 12,
    restWithin: 400,
  });
  assert.deepEqual(faults, []);
  for (const part of ['box', 'bank', 'issuer'])
    assert.ok((kills.byProgram.get(part) ?? 0) > 0, `the ${part} was never killed`);
  assert.ok(kills.during.receipt > 0, 'no kill met a receipt on its way');
  assert.ok((refused.get('busy') ?? 0) > 0, 'no operation met a dead box or bank');
  assert.ok(box.counters.float > 0 && box.receipts.length > 0);
});

test('a wallet host killed at random with box, bank and issuer loses nothing that people were told they have', async () => {
  const { kills, faults, refused, letters, seen } = await hostTorture({
    seed: 5,
    kills: 12,
    people: 12,
    hurries: 4,
    liveWithin: 12,
    restWithin: 300,
  });
  assert.deepEqual(faults, []);
  for (const part of ['box', 'bank', 'issuer', 'wallets'])
    assert.ok((kills.byProgram.get(part) ?? 0) > 0, `${part} was never killed`);
  assert.ok(kills.during.payment > 0, 'no kill met a payment on its way');
  assert.ok((refused.get('no answer') ?? 0) > 0, 'nobody met a dead host');
  assert.ok(seen.inPurses > 0 && letters.inbox > 0 && letters.sent > 0, 'nobody paid anybody');
});
