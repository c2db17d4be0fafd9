/** What each order does, at once and for good: every effect is looked at again after the mint was opened anew. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, SECOND, writeDate } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Action } from '../protocol/governance.ts';
import { CASHIER, FOUNDING, NOW, fundRequest, prepareCoin } from './mint.test-helper.ts';
import type { MintRequest } from './mint.ts';
import { POLICY, TOGETHER, operateRequest } from './operators.test-helper.ts';
import {
  assertSound,
  bought,
  boughtOne,
  eventsSince,
  journalOf,
  mintRequest,
  openPlace,
  redeemRequest,
  renewRequest,
  resumeRequest,
  stackOf,
} from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';

/** Looks at the same thing twice: now, and when the mint was opened anew. */
async function lastingly(place: Place, look: () => Promise<void> | void): Promise<void> {
  await look();
  await place.reopen();
  await look();
  await assertSound(place);
}

/** The refusal of an order by those who may give it. */
function refusedOrder(place: Place, action: Action): Promise<string> {
  return place.refused(operateRequest(place.order(action), ...TOGETHER[action.type]));
}

const cashierLimits = (limit_per_operation: number, limit_per_day: number, cashier = CASHIER): Action => ({
  type: 'cashier limits',
  limits: { cashier, limit_per_day, limit_per_operation },
});

const keysOf = (place: Place, denomination: number) =>
  [...place.mint.keyring.keys.values()].filter((key) => key.denomination === denomination);

test('what a dismissed cashier has funded and nobody has minted is void; what was minted is not', async () => {
  const place = await openPlace();
  const { keyring } = place.mint;
  const coins = [prepareCoin(keyring, 'minted', 4)];
  await place.ask(fundRequest(keyring, 'd1', 4), 'response fund');
  await place.ask(mintRequest('d1', coins), 'response mint');
  await place.ask(fundRequest(keyring, 'd2', 4), 'response fund');
  await place.done(cashierLimits(0, 0));
  const stolen = mintRequest('d2', [prepareCoin(keyring, 'stolen', 4)]);
  await lastingly(place, async () => {
    assert.match(await place.refused(stolen), /^unpaid/);
    await place.ask(mintRequest('d1', coins), 'response mint');
    assert.equal((await place.mint.counters()).float, 4);
  });
});

test('a cashier’s word lives 400 days at the most', async () => {
  const place = await openPlace();
  const late = fundRequest(place.mint.keyring, 'l1', 4, { expires: writeDate(place.now + 401 * DAY) });
  assert.match(await place.refused(late), /^malformed: funding.expires/);
});

test('an order that is handed in twice at once runs its errand once', async () => {
  const place = await openPlace();
  const request = operateRequest(place.order({ type: 'backup' }), ...TOGETHER.backup);
  await Promise.all([1, 2, 3].map(() => place.ask(request, 'response operate')));
  assert.equal(place.extras.calls.filter((call) => call.startsWith('backup')).length, 1);
});

test('what is verified while the mint is switched off comes too late', async () => {
  const place = await openPlace();
  const old = await boughtOne(place, 'v1', 4);
  const verified = Promise.withResolvers<undefined>();
  const verify = place.lanes.verify.bind(place.lanes);
  place.lanes.verify = async (checks) => {
    await verified.promise;
    return verify(checks);
  };
  const renewing = place.refused(renewRequest('v2', [old], [prepareCoin(place.mint.keyring, 'v', 4)]));
  await place.done({ type: 'power off' });
  verified.resolve(undefined);
  assert.match(await renewing, /^switched off/);
});

describe('raising and lowering the treasury', () => {
  test('changes what is authorised by as much, and no more can be taken than is there', async () => {
    const place = await openPlace();
    await bought(place, 'a1', 4);
    await place.done({ type: 'raise treasury', amount: 100 });
    await place.done({ type: 'lower treasury', amount: 300 });
    await lastingly(place, async () => {
      const { authorised, treasury, float } = await place.mint.counters();
      assert.deepEqual([authorised, treasury, float], [800, 796, 4]);
    });
    assert.match(await refusedOrder(place, { type: 'lower treasury', amount: 797 }), /^treasury exhausted/);
    assert.match(
      await refusedOrder(place, { type: 'lower treasury', amount: 801 }),
      /^not possible: only 800/,
    );
    await place.done({ type: 'lower treasury', amount: 796 });
    const coming = [prepareCoin(place.mint.keyring, 'b', 1)];
    await place.ask(fundRequest(place.mint.keyring, 'b1', 1), 'response fund');
    assert.match(await place.refused(mintRequest('b1', coming)), /^treasury exhausted/);
    await place.done({ type: 'raise treasury', amount: 1 });
    await place.ask(mintRequest('b1', coming), 'response mint');
    await assertSound(place);
  });

  test('a refused order leaves no trace and may be given again', async () => {
    const place = await openPlace();
    await bought(place, 'a1', 4);
    const { head } = await place.store.counters();
    const order = place.order({ type: 'lower treasury', amount: 1_000 });
    assert.match(await place.refused(operateRequest(order, 'clara', 'dora')), /^treasury exhausted/);
    assert.deepEqual((await place.store.counters()).head, head);
    await place.done({ type: 'raise treasury', amount: 10 });
    await place.ask(operateRequest(order, 'clara', 'dora'), 'response operate');
    assert.equal((await place.mint.counters()).treasury, 6);
    await assertSound(place);
  });
});

describe('the power switch', () => {
  test('off moves no money, but says what there is and takes orders', async () => {
    const place = await openPlace();
    const [coin, other] = await bought(place, 'a1', 4, 2);
    assert.ok(coin !== undefined && other !== undefined);
    const ring = place.mint.keyring;
    const coming = [prepareCoin(ring, 'x', 4)];
    await place.done({ type: 'power off' });
    const money: readonly MintRequest[] = [
      mintRequest('b1', coming),
      renewRequest('b2', [coin], coming),
      redeemRequest([coin]),
      resumeRequest('a1'),
      fundRequest(ring, 'b1', 4),
      { message_reference: 1, stack: stackOf('5'), type: 'request reserve deposit' },
    ];
    const words = [
      { type: 'request cdd serial' },
      { type: 'request cddc' },
      { type: 'request mint key certificates' },
      { type: 'request float' },
      { type: 'request journal', from: 0 },
      { type: 'request pending orders' },
      { type: 'request coin status', coin_ids: ['a'.repeat(64)] },
    ] as const;
    await lastingly(place, async () => {
      const { treasury, float } = await place.mint.counters();
      for (const request of money) {
        const answer = await place.mint.answer(request);
        assert.ok('code' in answer && answer.name === 'switched off' && answer.code === 302, request.type);
      }
      const after = await place.mint.counters();
      assert.deepEqual([after.treasury, after.float], [treasury, float]);
      for (const request of words) {
        const answer = await place.mint.answer({ ...request, message_reference: 1 });
        assert.ok('status_code' in answer && answer.status_code === 200, request.type);
      }
    });
    assert.equal(
      (await place.ask({ message_reference: 1, type: 'request float' }, 'response float')).signed_statement
        .statement.power,
      'off',
    );
    await place.mint.tend();
    const on = place.order({ type: 'power on' });
    await place.ask(operateRequest(on, 'anna', 'clara'), 'response operate');
    assert.match(await place.refused(redeemRequest([coin])), /^switched off/, 'one senior is not enough');
    await place.ask(operateRequest(on, 'dora'), 'response operate');
    await lastingly(place, async () => {
      await place.ask(redeemRequest([coin]), 'response redeem');
      await place.ask(resumeRequest('a1'), 'response mint');
    });
  });
});

describe('cashiers’ limits', () => {
  test('are in force at once', async () => {
    const place = await openPlace();
    const fund = (reference: string, value: number) => fundRequest(place.mint.keyring, reference, value);
    await place.ask(fund('f1', 60), 'response fund');
    await place.done(cashierLimits(50, 80));
    await lastingly(place, async () => {
      assert.match(await place.refused(fund('f2', 51)), /^unauthorised: .* up to 50 at once/);
      assert.match(
        await place.refused(fund('f2', 21)),
        /^busy: .* up to 80 a day/,
        'what was funded before counts',
      );
    });
    await place.done(cashierLimits(200, 300));
    await place.ask(fund('f2', 200), 'response fund');
    await place.done(cashierLimits(0, 0));
    await lastingly(place, async () => {
      assert.match(await place.refused(fund('f3', 1)), /^unauthorised: funding.cashier/);
    });
    assert.match(await refusedOrder(place, cashierLimits(1, 20_001)), /^unauthorised/);
  });
});

describe('a change of policy', () => {
  test('is in force at once, and none may leave the currency without anyone to govern it', async () => {
    const place = await openPlace();
    const rules = POLICY.rules.filter((each) => each.action !== 'backup');
    await place.done({ type: 'change policy', policy: { ...POLICY, rules } });
    await lastingly(place, async () => {
      assert.match(await refusedOrder(place, { type: 'backup' }), /^unauthorised: no rule/);
    });
    const helpless = { ...POLICY, rules: rules.filter((each) => each.action !== 'power on') };
    assert.match(
      await refusedOrder(place, { type: 'change policy', policy: helpless }),
      /^not possible: policy/,
    );
  });
});

describe('a new description', () => {
  const description = { ...FOUNDING.description, currency_name: 'Renamed', denominations: [1, 2, 8] };

  test('has the next serial; the old one is still to be had; keys of new denominations are there at once', async () => {
    const place = await openPlace();
    const coin = await boughtOne(place, 'a1', 4);
    await place.done({ type: 'new description', description });
    await lastingly(place, async () => {
      const serial = await place.ask(
        { message_reference: 1, type: 'request cdd serial' },
        'response cdd serial',
      );
      assert.equal(serial.cdd_serial, 2);
      const cddcOf = async (cdd_serial: number) =>
        (await place.ask({ cdd_serial, message_reference: 1, type: 'request cddc' }, 'response cddc')).cddc
          .cdd;
      assert.equal((await cddcOf(1)).currency_name, 'Test');
      const now = await place.ask({ message_reference: 1, type: 'request cddc' }, 'response cddc');
      assert.deepEqual(now.cddc.cdd, await cddcOf(2));
      assert.equal(now.cddc.cdd.currency_name, 'Renamed');
      assert.equal(now.cddc.cdd.id, place.currency.issuerId);
      assert.equal(keysOf(place, 8).length, 1);
    });
    assert.equal(keysOf(place, 8)[0]?.certificate.mint_key.cdd_serial, 2);
    await boughtOne(place, 'b1', 8);
    const fresh = [2, 2].map((value, index) => prepareCoin(place.mint.keyring, `f${index}`, value));
    await place.ask(renewRequest('c1', [coin], fresh), 'response mint');
    place.now = NOW + 95 * DAY;
    await place.mint.tend();
    assert.deepEqual([keysOf(place, 4).length, keysOf(place, 2).length], [1, 2], 'none for what is given up');
    await assertSound(place);
  });

  test('is refused where it would be of no use', async () => {
    const place = await openPlace();
    const useless = { ...description, denominations: [2, 8] };
    assert.match(
      await refusedOrder(place, { type: 'new description', description: useless }),
      /^malformed: denominations/,
    );
    const late = { ...description, cdd_expiry_date: writeDate(place.now) };
    assert.match(
      await refusedOrder(place, { type: 'new description', description: late }),
      /^malformed: cdd_expiry_date/,
    );
    assert.equal(place.mint.keyring.cdd.cdd_serial, 1);
  });
});

describe('a revocation', () => {
  const revoke = (place: Place, id: string, until = place.now + 30 * DAY): Action => ({
    coins_until: writeDate(until),
    mint_key_id: id,
    type: 'revoke mint key',
  });

  test('lets no new coin be made under the key; another key takes its place at once', async () => {
    const place = await openPlace();
    const { keyring } = place.mint;
    const old = prepareCoin(keyring, 'old', 4);
    const id = old.payload.mint_key_id;
    const coin = await boughtOne(place, 'a1', 4);
    assert.match(await place.refused(mintRequest('w1', [old])), /^unpaid/);
    await place.ask(fundRequest(keyring, 'p1', 4), 'response fund');
    await place.done(revoke(place, id));
    await lastingly(place, async () => {
      assert.match(await place.refused(mintRequest('p1', [old])), /^expired: blinds\[0\]/);
      assert.match(await place.refused(renewRequest('r1', [coin], [old])), /^expired: blinds\[0\]/);
      const live = keysOf(place, 4).filter((key) => key.state === 'live');
      assert.equal(live.length, 1);
      assert.ok(
        live.every((key) => key.id !== id && key.signsFrom <= place.now && key.signsUntil > place.now),
      );
    });
    // What waited for its payment is not minted under it, and its payment is good for other blinds.
    await place.ask(fundRequest(place.mint.keyring, 'w1', 4), 'response fund');
    assert.match(await place.refused(resumeRequest('w1')), /^expired/);
    assert.match(await place.refused(mintRequest('w1', [old])), /^expired/);
    const fresh = prepareCoin(withoutKey(place, id), 'fresh', 4, place.now);
    const minted = fresh.unblind(await place.ask(mintRequest('w1', [fresh]), 'response mint'));
    assert.equal(minted.payload.mint_key_id, fresh.payload.mint_key_id);
    assert.equal((await place.store.counters()).keys.get(id)?.issued, 4);
    await assertSound(place);
  });

  test('is obeyed by the ledger for what was planned before it', async () => {
    const place = await openPlace();
    const old = prepareCoin(place.mint.keyring, 'old', 4);
    const id = old.payload.mint_key_id;
    await place.ask(fundRequest(place.mint.keyring, 'p1', 4), 'response fund');
    // Planned under the old keyring, committed after the revocation.
    const answers = await Promise.all([
      place.mint.answer(operateRequest(place.order(revoke(place, id)), 'dora')),
      ...Array.from({ length: 30 }, async (_, hops) => {
        for (let hop = 0; hop < hops; hop++) await Promise.resolve();
        const revoked = place.mint.charter.keys.get(id)?.state === 'revoked';
        const answer = await place.mint.answer(mintRequest('p1', [old]));
        return { revoked, answer };
      }),
    ]);
    const later = answers.slice(1) as { revoked: boolean; answer: object }[];
    assert.ok(later.some((each) => each.revoked));
    const { issued } = (await place.store.counters()).keys.get(id) ?? { issued: 0 };
    // One of them may have come in time; then all of them have its answer, and it was committed once.
    const minted = later.filter(({ answer }) => 'blind_signatures' in answer).length;
    assert.equal(issued, minted === 0 ? 0 : 4);
    await assertSound(place);
  });

  test('lets its coins be renewed until the day it names, and no longer', async () => {
    const place = await openPlace();
    const [first, second, third] = await bought(place, 'a1', 4, 4, 4);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const id = first.payload.mint_key_id;
    const until = place.now + 30 * DAY;
    await place.done(revoke(place, id, until));
    const renew = (reference: string, coin: typeof first) =>
      renewRequest(reference, [coin], [prepareCoin(withoutKey(place, id), reference, 4, place.now)]);
    await place.ask(renew('b1', first), 'response mint');
    place.now = until;
    await place.ask(renew('b2', second), 'response mint');
    place.now += 1;
    assert.match(await place.refused(renew('b3', third)), /^expired: coins\[0\]/);
    assert.match(await place.refused(redeemRequest([third])), /^expired: coins\[0\]/);
    await place.ask(resumeRequest('b1'), 'response mint');
    const answer = await place.ask(
      { mint_key_ids: [id], message_reference: 1, type: 'request mint key certificates' },
      'response mint key certificates',
    );
    assert.deepEqual(
      answer.revocations?.map(({ revocation }) => revocation.mint_key_id),
      [id],
    );
    assert.deepEqual(answer.statement_key, place.mint.charter.statementKey);
    for (let day = 32; day < 260; day += 7) {
      place.now = NOW + day * DAY;
      await place.mint.tend();
    }
    assert.equal((await place.store.counters()).float, 0, 'in the end its key is closed with the others');
    await assertSound(place);
  });

  test('is repeated only to a sooner day, and must leave holders some time', async () => {
    const place = await openPlace();
    const id = prepareCoin(place.mint.keyring, 'x', 4).payload.mint_key_id;
    assert.match(await refusedOrder(place, revoke(place, id, place.now)), /^malformed: coins_until/);
    assert.match(await refusedOrder(place, revoke(place, 'a'.repeat(64))), /^unknown: mint_key_id/);
    await place.done(revoke(place, id, place.now + 30 * DAY));
    assert.match(await refusedOrder(place, revoke(place, id, place.now + 31 * DAY)), /^not possible/);
    await place.done(revoke(place, id, place.now + DAY));
    assert.equal(place.mint.keyring.keys.get(id)?.coinsUntil, place.now + DAY);
    assert.equal(keysOf(place, 4).length, 2, 'it is replaced once');
    await assertSound(place);
  });

  test('of a key whose successor is published leaves no time without a key, and none with two', async () => {
    const place = await openPlace();
    place.now = NOW + 95 * DAY;
    await place.mint.tend();
    const id = prepareCoin(place.mint.keyring, 'x', 4, place.now).payload.mint_key_id;
    await place.done(revoke(place, id));
    for (let hour = 0; hour < 24 * 20; hour += 3) {
      const signing = keysOf(place, 4).filter(
        (key) => key.signsFrom <= place.now && place.now < key.signsUntil,
      );
      assert.equal(signing.length, 1, `${hour} hours later`);
      place.now += 3 * HOUR;
      if (hour % 24 === 0) await place.mint.tend();
    }
    await assertSound(place);
  });

  /** The keyring as a wallet sees it that knows of the revocation. */
  function withoutKey(place: Place, id: string) {
    const { keyring } = place.mint;
    return { ...keyring, keys: new Map([...keyring.keys].filter(([each]) => each !== id)) };
  }
});

describe('a key schedule', () => {
  test('holds from the next key on, and is refused where it could not work', async () => {
    const place = await openPlace();
    const key_schedule = { ...FOUNDING.key_schedule, keys_sign_seconds: (50 * DAY) / SECOND };
    await place.done({ type: 'key schedule', key_schedule });
    await lastingly(place, () => {
      assert.deepEqual(place.mint.charter.schedule, key_schedule);
      assert.equal(place.mint.keyring.keys.size, 3);
    });
    const never = { ...key_schedule, coins_live_seconds: key_schedule.keys_sign_seconds };
    assert.match(
      await refusedOrder(place, { type: 'key schedule', key_schedule: never }),
      /^malformed: coins_live/,
    );
  });
});

describe('orders to the program around the mint', () => {
  test('a backup is made and its hash stands in the journal', async () => {
    const place = await openPlace();
    await place.done({ type: 'backup' });
    assert.deepEqual(place.extras.calls, ['backup of 4 entries']);
    const [ordered, backup] = (await journalOf(place.store)).slice(4).map(({ entry }) => entry.event);
    assert.equal(ordered?.type, 'ordered');
    assert.deepEqual(backup, { sha256: 'ba'.repeat(32), type: 'backup' });
    place.extras.refusal = refuse('not possible', 'no operator has a recipient');
    assert.match(await refusedOrder(place, { type: 'backup' }), /^not possible: no operator/);
    assert.equal((await journalOf(place.store)).length, 6, 'what was not made is not in the journal');
    await assertSound(place);
  });

  test('a new currency is founded, journalled, and only then opened', async () => {
    const place = await openPlace();
    const founding = { ...FOUNDING, description: { ...FOUNDING.description, currency_name: 'Sibling' } };
    const order = place.order({ type: 'new currency', founding });
    await place.ask(operateRequest(order, 'clara', 'dora'), 'response operate');
    assert.deepEqual(place.extras.calls, ['found Sibling', 'open siblings']);
    await place.ask(operateRequest(order, 'clara', 'dora'), 'response operate');
    assert.equal(place.extras.calls.filter((each) => each === 'found Sibling').length, 1);
    place.extras.calls.length = 0;
    assert.deepEqual(await eventsSince(place.store, 4), ['ordered', 'currency founded']);
    place.extras.refusal = refuse('not possible', 'this box has as many currencies as it can');
    assert.match(await refusedOrder(place, { type: 'new currency', founding }), /^not possible: this box/);
    const useless = { ...founding, issuer_cipher_suite: 'none' };
    assert.match(
      await refusedOrder(place, { type: 'new currency', founding: useless }),
      /issuer_cipher_suite|suite/,
    );
    assert.deepEqual(place.extras.calls, ['found Sibling'], 'nothing is opened that was not founded');
    await assertSound(place);
  });
});
