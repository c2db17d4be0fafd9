import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, SECOND } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { actionFault, foundingFault } from './actions.ts';
import type { Charter, CharterKey } from './charter.ts';
import { FOUNDING, POLICY, START, foundTestIssuer } from './charter.test-helper.ts';

const issuer = foundTestIssuer();
const key = issuer.mintKey(1, START);

/** A charter with so many open keys, of denominations from 1 on. */
function crowded(keys: number, denominations: number): Charter {
  const open = Array.from({ length: keys }, (_, index): [string, CharterKey] => {
    const denomination = 1 + (index % denominations);
    return [
      `${index}`,
      { certificate: { ...key, mint_key: { ...key.mint_key, denomination } }, state: 'live' },
    ];
  });
  return { ...issuer.charter, keys: new Map(open) };
}

const describeAs = (denominations: readonly number[]) =>
  ({ type: 'new description', description: { ...FOUNDING.description, denominations } }) as const;
const detailsOf = (...[charter, action]: [Charter, Parameters<typeof actionFault>[1]]) =>
  actionFault(charter, action, START)?.details;

describe('an action', () => {
  test('makes room for no more mint keys than can be spoken of', () => {
    // Two denominations under this schedule keep 2 * 5 keys.
    const full = LIMITS.openMintKeys - 10;
    assert.equal(detailsOf(crowded(full, 2), describeAs([1, 2])), undefined);
    assert.match(detailsOf(crowded(full + 1, 2), describeAs([1, 2])) ?? '', /mint keys would be open/);
    const key_schedule = { ...FOUNDING.key_schedule, coins_live_seconds: (400 * DAY) / SECOND };
    const schedule = { type: 'key schedule', key_schedule } as const;
    assert.equal(detailsOf(crowded(full - 2, 2), schedule), undefined);
    assert.match(detailsOf(crowded(full, 2), schedule) ?? '', /mint keys would be open/);
  });

  test('brings out no more denominations than a statement sums up', () => {
    const most = LIMITS.openDenominations;
    assert.equal(detailsOf(crowded(most - 1, most - 1), describeAs([1, 9_999])), undefined);
    assert.match(detailsOf(crowded(most, most), describeAs([1, 9_999])) ?? '', /257 denominations/);
  });

  test('that ends a stolen key is never refused for want of room', () => {
    const charter = crowded(LIMITS.openMintKeys, 2);
    assert.equal(
      detailsOf(charter, { type: 'revoke mint key', mint_key_id: '7', coins_until: '2027-01-01T00:00:00' }),
      undefined,
    );
  });
});

describe('a founding', () => {
  test('fits into an order', () => {
    assert.equal(foundingFault(FOUNDING, START), undefined);
    const rules = POLICY.rules.map((each) => ({
      ...each,
      roles: [...each.roles, ...Array<string>(29).fill('r'.repeat(200))],
    }));
    const fault = foundingFault({ ...FOUNDING, policy: { ...POLICY, rules } }, START);
    assert.match(`${fault?.name}: ${fault?.details}`, /^too large: founding/);
  });
});
