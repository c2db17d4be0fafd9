import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  assert.ok(kills.betweenReceiptAndCredit > 0, 'no kill met a receipt on its way');
  assert.ok((refused.get('busy') ?? 0) > 0, 'no operation met a dead box or bank');
  assert.ok(box.counters.float > 0 && box.receipts.length > 0);
});
