import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import { assertConserved } from './counters.ts';
import { FOUNDING, KEYS_SIGN, NOW, AHEAD, fundRequest, prepareCoin } from './mint.test-helper.ts';
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
} from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';
import type { KeyMaker, MintStore } from './ports.ts';

/** The keys of a denomination that sign now or will. */
function signing(place: Place, denomination: number) {
  return [...place.mint.keyring.keys.values()].filter(
    (key) => key.denomination === denomination && key.state === 'live' && key.signsUntil > place.now,
  );
}

describe('tending', () => {
  test('keeps one or two signing keys of each denomination over years, never none and never more', async () => {
    const place = await openPlace();
    let coin: Coin | undefined = await boughtOne(place, 'a', 4);
    const ids = new Set<string>();
    for (let day = 2; day < 1_500; day += 5) {
      place.now = NOW + day * DAY;
      await place.mint.tend();
      if (day % 400 === 2) await place.reopen();
      for (const denomination of FOUNDING.description.denominations) {
        const keys = signing(place, denomination);
        assert.ok(
          keys.length === 1 || keys.length === 2,
          `${keys.length} keys of ${denomination} on day ${day}`,
        );
        const now = keys.filter((key) => key.signsFrom <= place.now);
        assert.equal(now.length, 1, `one key of ${denomination} signs on day ${day}`);
        const [last] = keys.toSorted((left, right) => right.signsUntil - left.signsUntil);
        assert.ok(last !== undefined && last.signsUntil > place.now + AHEAD, 'the next is published ahead');
        for (const { id } of keys) ids.add(id);
      }
      const counters = await place.store.counters();
      assertConserved(counters);
      // Somebody who renews in time never loses anything.
      if (day % 50 === 2) {
        const fresh = prepareCoin(place.mint.keyring, `day ${day}`, 4, place.now);
        const request = renewRequest(`da${day}`, [coin], [fresh]);
        coin = fresh.unblind(await place.ask(request, 'response mint'));
      }
      assert.equal(counters.float, 4);
      assert.ok(counters.keys.size <= 3 * 4, 'keys that have expired are closed');
    }
    assert.equal(ids.size, 3 * Math.ceil((1_500 * DAY + AHEAD) / KEYS_SIGN));
    await place.ask(redeemRequest([coin]), 'response redeem');
    await assertSound(place);
  });

  test('makes up for a mint that was shut for a year', async () => {
    const place = await openPlace();
    await boughtOne(place, 'a', 4);
    place.now = NOW + 365 * DAY;
    await place.reopen();
    await place.mint.tend();
    for (const denomination of FOUNDING.description.denominations) {
      const keys = signing(place, denomination);
      assert.equal(keys.filter((key) => key.signsFrom <= place.now).length, 1);
    }
    const { float, treasury } = await place.store.counters();
    assert.deepEqual([float, treasury], [0, 1_000], 'the coin that nobody renewed has expired');
    await boughtOne(place, 'b', 4);
    await assertSound(place);
  });

  test('writes nothing when nothing is due', async () => {
    const calls: string[] = [];
    const place = await openPlace({}, (store) => ({
      ...store,
      record: (step) => {
        calls.push(...step.entries.map(({ entry }) => entry.event.type));
        return store.record(step);
      },
    }));
    for (let minute = 0; minute < 180; minute++) {
      await place.mint.tend();
      place.now += MINUTE;
    }
    await place.reopen();
    await place.mint.tend();
    assert.deepEqual(calls, []);
    assert.equal((await place.store.load())?.latest, NOW, 'nothing moved');
  });

  test('sums up once an hour, and only keys that moved', async () => {
    const place = await openPlace();
    const { entries } = place.mint.charter.head;
    await bought(place, 'a1', 4, 4);
    await bought(place, 'a2', 2);
    for (let minute = 0; minute < 59; minute++) {
      place.now += MINUTE;
      await place.mint.tend();
    }
    place.now += MINUTE;
    await place.mint.tend();
    await boughtOne(place, 'a3', 2);
    place.now += 59 * MINUTE;
    await place.mint.tend();
    place.now += MINUTE;
    await place.mint.tend();
    for (let hour = 0; hour < 5; hour++) {
      place.now += HOUR;
      await place.mint.tend();
    }
    const totals = (await journalOf(place.store)).slice(entries).map(({ entry }) => entry.event);
    const idOf = (denomination: number) => signing(place, denomination)[0]?.id;
    assert.deepEqual(totals, [
      {
        totals: [
          { issued: 2, mint_key_id: idOf(2), redeemed: 0 },
          { issued: 8, mint_key_id: idOf(4), redeemed: 0 },
        ],
        type: 'totals',
      },
      { totals: [{ issued: 4, mint_key_id: idOf(2), redeemed: 0 }], type: 'totals' },
    ]);
    await assertSound(place);
  });

  test('closes expired keys an hour later: what is left goes to the treasury, and spent coins are forgotten', async () => {
    const place = await openPlace();
    const [four, two] = await bought(place, 'a1', 4, 2);
    assert.ok(four !== undefined && two !== undefined);
    await place.ask(redeemRequest([two]), 'response redeem');
    place.now = NOW + 200 * DAY + HOUR;
    await place.mint.tend();
    assert.equal((await place.store.counters()).float, 4, 'an answer may be on its way still');
    const { entries } = place.mint.charter.head;
    place.now += 1;
    await place.mint.tend();
    const { treasury, float, authorised } = await place.store.counters();
    assert.deepEqual([treasury, float, authorised], [1_000, 0, 1_000]);
    assert.deepEqual(await eventsSince(place.store, entries), Array(3).fill('mint key expired'));
    assert.match(await place.refused(redeemRequest([four])), /^unknown: coins\[0\]/);
    assert.match(await place.refused(redeemRequest([two])), /^unknown: coins\[0\]/);
    assert.equal(await place.store.sweep(place.now), false, 'all was swept that could be');
    assert.equal(await place.store.recall('a1'), undefined);
    await assertSound(place);
  });

  test('never gives spent coins life again when their key is closed', async () => {
    const place = await openPlace();
    const coin = await boughtOne(place, 'a1', 4);
    await place.ask(redeemRequest([coin]), 'response redeem');
    place.now = NOW + 201 * DAY;
    await place.mint.tend();
    await place.mint.tend();
    assert.match(await place.refused(redeemRequest([coin])), /^unknown/);
    await place.reopen();
    assert.match(await place.refused(redeemRequest([coin])), /^unknown/);
    assert.equal((await place.store.receipts(0, 10)).length, 1);
  });

  test('a waiting request whose key is closed is void, and its reference free', async () => {
    const place = await openPlace();
    await place.mint.tend();
    const waiting = mintRequest('a1', [prepareCoin(place.mint.keyring, 'a', 4)]);
    assert.match(await place.refused(waiting), /^unpaid/);
    const id = prepareCoin(place.mint.keyring, 'a', 4).payload.mint_key_id;
    place.now = NOW + 201 * DAY;
    await place.mint.tend();
    assert.equal(place.mint.keyring.keys.has(id), false);
    const expires = writeDate(place.now + DAY);
    await place.ask(fundRequest(place.mint.keyring, 'a1', 4, { expires }), 'response fund');
    for (const request of [resumeRequest('a1'), waiting]) {
      const answer = await place.mint.answer(request);
      assert.ok(answer instanceof Refusal && ['unknown', 'expired'].includes(answer.name));
    }
    const fresh = mintRequest('a1', [prepareCoin(place.mint.keyring, 'b', 4, place.now)]);
    await place.ask(fresh, 'response mint');
    await assertSound(place);
  });

  test('sweeps in pieces, and stops when there is no more', async () => {
    let sweeps = 0;
    let more = 40;
    const wrap = (store: MintStore): MintStore => ({
      ...store,
      sweep: () => {
        sweeps++;
        return Promise.resolve(--more > 0);
      },
    });
    const place = await openPlace({}, wrap);
    await place.mint.tend();
    assert.equal(sweeps, 16, 'customers are served in between');
    while (more > 0) await place.mint.tend();
    assert.equal(sweeps, 40);
    await place.mint.tend();
    assert.equal(sweeps, 41);
  });

  test('makes keys as an ordered schedule says, and never two at one time', async () => {
    const place = await openPlace();
    const key_schedule = {
      coins_live_seconds: (30 * DAY) / SECOND,
      keys_sign_seconds: (10 * DAY) / SECOND,
      publish_ahead_seconds: (10 * DAY) / SECOND,
    };
    place.now = NOW + 95 * DAY;
    await place.mint.tend();
    await place.done({ type: 'key schedule', key_schedule });
    for (let day = 95; day < 330; day += 3) {
      place.now = NOW + day * DAY + HOUR;
      await place.mint.tend();
      const now = signing(place, 2).filter((key) => key.signsFrom <= place.now);
      assert.equal(now.length, 1, `day ${day}`);
    }
    const [last] = signing(place, 2);
    assert.ok(last !== undefined);
    assert.equal(last.signsUntil - last.signsFrom, 10 * DAY);
    assert.equal(last.coinsUntil - last.signsFrom, 30 * DAY);
    await assertSound(place);
  });

  test('keeps nobody waiting while keys are made, and switching off least of all', async () => {
    const place = await openPlace();
    const { maker } = place.currency;
    const begun = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    const slow: KeyMaker = {
      ...maker,
      make: async (suite, use) => {
        begun.resolve(undefined);
        await released.promise;
        return maker.make(suite, use);
      },
    };
    await place.reopen({ maker: slow });
    place.now = NOW + KEYS_SIGN - AHEAD + DAY;
    const tended = place.mint.tend();
    await begun.promise;
    await place.done({ type: 'power off' });
    assert.equal(place.mint.charter.power, 'off');
    released.resolve(undefined);
    await tended;
    for (const denomination of FOUNDING.description.denominations)
      assert.equal(signing(place, denomination).length, 2);
    await assertSound(place);
  });

  test('throws keys away that are not wanted any more when they are made', async () => {
    const place = await openPlace();
    place.now = NOW + KEYS_SIGN - AHEAD + DAY;
    await Promise.all([place.mint.tend(), place.mint.tend(), place.mint.tend()]);
    for (const denomination of FOUNDING.description.denominations)
      assert.equal(signing(place, denomination).length, 2);
    const key_schedule = { ...FOUNDING.key_schedule, publish_ahead_seconds: KEYS_SIGN / SECOND };
    await Promise.all([place.done({ type: 'key schedule', key_schedule }), place.mint.tend()]);
    await assertSound(place);
  });
});
