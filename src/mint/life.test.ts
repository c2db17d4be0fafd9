/** Random lives of a currency. Whatever happens in them, an auditor who folds the journal finds nothing amiss. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR, SECOND, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import type { Action } from '../protocol/governance.ts';
import { assertConserved } from './counters.ts';
import { CASHIER, FOUNDING, fundRequest, prepareCoin } from './mint.test-helper.ts';
import { EVERYONE, POLICY, TOGETHER, operateRequest } from './operators.test-helper.ts';
import {
  RECIPIENT,
  assertSound,
  mintRequest,
  openPlace,
  redeemRequest,
  renewRequest,
  stackOf,
} from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';

interface Step {
  readonly what: (typeof WHAT)[number];
  readonly action: (typeof ACTIONS)[number];
  readonly amount: number;
  readonly hours: number;
}

const WHAT = [
  'buy',
  'buy',
  'renew',
  'redeem',
  'order',
  'order',
  'order',
  'together',
  'wait',
  'tend',
  'deposit',
  'reopen',
] as const;

const ACTIONS = [
  'raise treasury',
  'lower treasury',
  'power off',
  'power on',
  'power on',
  'new description',
  'key schedule',
  'revoke mint key',
  'change policy',
  'cashier limits',
  'backup',
  'new currency',
  'reserve',
  'release reserve',
] as const satisfies readonly Action['type'][];

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...WHAT),
  action: fc.constantFrom(...ACTIONS),
  amount: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3_000 })),
  hours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 24 * 80 })),
});

function actionOf(place: Place, { action, amount, hours }: Step): Action {
  const schedule = {
    coins_live_seconds: ((60 + (amount % 90)) * DAY) / SECOND,
    keys_sign_seconds: (30 * DAY) / SECOND,
    publish_ahead_seconds: ((amount % 30) * DAY) / SECOND,
  };
  const keys = [...place.mint.keyring.keys.keys()];
  const denominations = [[1, 2, 4], [1, 2, 8], [1]][amount % 3] ?? [1];
  switch (action) {
    case 'raise treasury':
    case 'lower treasury':
      return { type: action, amount };
    case 'release reserve':
      return { type: action, amount, recipient: RECIPIENT };
    case 'new description':
      return { type: action, description: { ...FOUNDING.description, denominations } };
    case 'key schedule':
      return { type: action, key_schedule: schedule };
    case 'revoke mint key':
      return {
        type: action,
        mint_key_id: keys[amount % keys.length] ?? '',
        coins_until: writeDate(place.now + hours * HOUR),
      };
    case 'change policy':
      return { type: action, policy: POLICY };
    case 'cashier limits':
      return {
        type: action,
        limits: { cashier: CASHIER, limit_per_day: amount, limit_per_operation: amount },
      };
    case 'new currency':
      return { type: action, founding: FOUNDING };
    case 'reserve':
      return {
        type: action,
        reserve: {
          cdd_location: 'https://gold.example/',
          gives: 1 + (amount % 3),
          issuer_id: 'ab'.repeat(32),
          most: 100 * amount,
          units: 2,
        },
      };
    default:
      return { type: action };
  }
}

/** Somebody's coins, and what they bought last. */
interface Purse {
  coins: Coin[];
  count: number;
}

const fresh = (place: Place, purse: Purse, denomination: number) =>
  prepareCoin(place.mint.keyring, `coin ${purse.count++}`, denomination, place.now);

/** Whether this denomination has a key that signs now: a mint that nobody tended for long may have none. */
const signs = (place: Place, denomination: number) =>
  [...place.mint.keyring.keys.values()].some(
    (key) => key.denomination === denomination && key.signsFrom <= place.now && place.now <= key.signsUntil,
  );

async function buy(place: Place, purse: Purse, { amount }: Step): Promise<void> {
  const denomination = [1, 2, 4][amount % 3] ?? 1;
  if (!signs(place, denomination)) return;
  const coming = fresh(place, purse, denomination);
  const reference = purse.count.toString(16);
  const expires = writeDate(place.now + DAY);
  await place.mint.answer(fundRequest(place.mint.keyring, reference, denomination, { expires }));
  const answer = await place.mint.answer(mintRequest(reference, [coming]));
  if ('blind_signatures' in answer) purse.coins.push(coming.unblind(answer));
}

async function renew(place: Place, purse: Purse): Promise<void> {
  const coin = purse.coins.shift();
  if (coin === undefined || !signs(place, coin.payload.denomination)) return;
  const coming = fresh(place, purse, coin.payload.denomination);
  const answer = await place.mint.answer(renewRequest(`f${purse.count.toString(16)}`, [coin], [coming]));
  if ('blind_signatures' in answer) purse.coins.push(coming.unblind(answer));
  else assert.ok(answer instanceof Refusal && answer.name !== 'already spent');
}

const ACTS: Readonly<Record<Step['what'], (place: Place, purse: Purse, step: Step) => Promise<unknown>>> = {
  buy,
  renew,
  redeem: async (place, purse) => {
    const coins = purse.coins.splice(0, 1);
    if (coins.length > 0) await place.mint.answer(redeemRequest(coins, 'anna'));
  },
  order: (place, _, each) => {
    const order = place.order(actionOf(place, each));
    return place.mint.answer(
      operateRequest(order, ...(each.amount % 5 === 0 ? EVERYONE : TOGETHER[each.action])),
    );
  },
  // Several orders and the tending of the mint at one moment.
  together: (place, purse, each) =>
    Promise.all([
      ACTS.order(place, purse, each),
      place.mint.tend(),
      ACTS.order(place, purse, { ...each, action: 'raise treasury' }),
      buy(place, purse, each),
      ACTS.order(place, purse, { ...each, action: 'change policy' }),
    ]),
  wait: (place, _, { hours }) => {
    place.now += hours * HOUR;
    return Promise.resolve();
  },
  tend: (place) => place.mint.tend(),
  deposit: async (place, purse, each) => {
    if (place.mint.charter.reserve === null) await ACTS.order(place, purse, { ...each, action: 'reserve' });
    const stack = stackOf(`${each.amount} as ${purse.count++}`);
    await place.mint.answer({ message_reference: 1, stack, type: 'request reserve deposit' });
    return ACTS.order(place, purse, {
      ...each,
      action: 'release reserve',
      amount: Math.ceil(each.amount / 2),
    });
  },
  reopen: (place) => place.reopen(),
};

describe('a currency’s life', () => {
  test('passes every audit, and its books add up at every step', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        const place = await openPlace();
        const purse: Purse = { coins: [], count: 0 };
        for (const each of steps) {
          await ACTS[each.what](place, purse, each);
          const counters = await place.store.counters();
          assertConserved(counters);
          assert.equal(counters.authorised, place.mint.charter.authorised);
        }
        place.now += 2 * HOUR;
        await place.mint.tend();
        await assertSound(place);
        place.now += 300 * DAY;
        await place.reopen();
        await place.mint.tend();
        await assertSound(place);
        assert.equal((await place.store.counters()).float, 0, 'in the end all coins have expired');
        for (const { entry } of await place.store.journal(0, 10_000)) {
          const { event } = entry;
          seen.add(event.type === 'ordered' ? event.order.order.action.type : event.type);
        }
      }),
      { numRuns: 30, seed: 20_260_101 },
    );
    const never = [
      ...ACTIONS,
      'founded',
      'mint key',
      'totals',
      'mint key expired',
      'mint key revoked',
      'reserve held',
    ];
    assert.deepEqual(
      never.filter((each) => !seen.has(each)),
      [],
      'everything happened in one life or another',
    );
  });
});
