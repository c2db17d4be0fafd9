import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suitesNamed } from './currencies.ts';
import { HOST_SUITES, hostTorture } from './host/torture.ts';
import { torture } from './torture.ts';

test('box, bank and issuer killed at random under trade lose nothing and make nothing, in any suite', async () => {
  const { kills, faults, refused, currencies } = await torture({
    seed: 3,
    suites: suitesNamed(undefined),
    kills: 12,
    meets: ['receipt'],
    wallets: 3,
    liveWithin: 12,
    restWithin: 400,
  });
  assert.deepEqual(faults, []);
  for (const part of ['box', 'bank', 'issuer'])
    assert.ok((kills.byProgram.get(part) ?? 0) > 0, `the ${part} was never killed`);
  assert.ok(kills.during.receipt > 0, 'no kill met a receipt on its way');
  assert.ok((refused.get('busy') ?? 0) > 0, 'no operation met a dead box or bank');
  assert.ok(
    currencies.some(({ box }) => box.receipts.length > 0),
    'nobody redeemed',
  );
  for (const { name, suite, box, cheats } of currencies) {
    assert.ok(box.counters.float > 0, `nobody trades in ${name}`);
    if (suite.promises.safeOffline) assert.ok(cheats > 0, `${name}: nobody paid twice`);
  }
});

test('a wallet host killed at random with box, bank and issuer loses nothing that people were told they have', async () => {
  const { kills, faults, refused, letters, currencies } = await hostTorture({
    seed: 5,
    suites: suitesNamed(HOST_SUITES.join(',')),
    kills: 8,
    meets: ['payment'],
    people: 6,
    hurries: 4,
    liveWithin: 12,
    restWithin: 300,
  });
  assert.deepEqual(faults, []);
  for (const part of ['box', 'bank', 'issuer', 'wallets'])
    assert.ok((kills.byProgram.get(part) ?? 0) > 0, `${part} was never killed`);
  assert.ok(kills.during.payment > 0, 'no kill met a payment on its way');
  assert.ok((refused.get('no answer') ?? 0) > 0, 'nobody met a dead host');
  for (const { name, purses } of currencies) assert.ok(purses.inWallets > 0, `nobody has any ${name}`);
  assert.ok(letters.inbox > 0 && letters.sent > 0, 'nobody paid anybody');
});
