import assert from 'node:assert/strict';
import { test } from 'node:test';
import { torture } from './torture.ts';

test('an issuer killed at random under trade loses nothing and makes nothing', async () => {
  const options = { seed: 3, wallets: 24, operations: 6, killAfter: 200, killWithin: 600 };
  const report = await torture(options);
  assert.deepEqual(report.faults, []);
  assert.ok(report.kills >= 2, `only ${report.kills} kills`);
  assert.ok((report.refused.get('unreachable') ?? 0) > 0, 'no operation met a dead issuer');
  assert.ok(report.bought > 0 && report.counters.float > 0);
});
