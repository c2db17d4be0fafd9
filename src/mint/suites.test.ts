/** The mint on every suite there is: the same life, the same refusals, the same sums. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY } from '../base/dates.ts';
import { coinId } from '../protocol/ids.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { SUITES } from '../suites/index.ts';
import { fundRequest } from './mint.test-helper.ts';
import type { ComingCoin } from './mint.test-helper.ts';
import {
  assertSound,
  bought,
  boughtOne,
  mintRequest,
  openPlace,
  prepared,
  redeemRequest,
  renewRequest,
  resumeRequest,
} from './place.test-helper.ts';

/** Two answers make the same coins: a proof beside a blind signature may be another each time. */
function sameCoins(coming: readonly ComingCoin[], left: ResponseMint, right: ResponseMint): void {
  assert.deepEqual(
    coming.map((coin) => coin.unblind(left)),
    coming.map((coin) => coin.unblind(right)),
  );
}

for (const { name: suite } of SUITES) {
  const open = () => openPlace({ issuer_cipher_suite: suite });

  describe(`mint on ${suite}`, () => {
    test('mints, renews and redeems: each once, each answered again, the money conserved', async () => {
      const place = await open();
      const coming = await prepared(place, { reference: 'a1', coins: { four: 4, two: 2, one: 1 } });
      const request = mintRequest('a1', coming);
      assert.match(await place.refused(request), /^unpaid/);
      await place.ask(fundRequest(place.mint.keyring, 'a1', 7), 'response fund');
      const answer = await place.ask(request, 'response mint');
      sameCoins(coming, await place.ask(request, 'response mint'), answer);
      const [four, two, one] = coming.map((coin) => coin.unblind(answer));
      assert.ok(four !== undefined && two !== undefined && one !== undefined);
      const fresh = await prepared(place, { reference: 'b1', coins: { x: 2, y: 2 } });
      const renewal = renewRequest('b1', [four], fresh);
      const renewed = await place.ask(renewal, 'response mint');
      sameCoins(fresh, await place.ask(renewal, 'response mint'), renewed);
      const again = await prepared(place, { reference: 'b2', coins: { z: 4 } });
      assert.match(await place.refused(renewRequest('b2', [four], again)), /^already spent: coins: 1 of 1/);
      const coins = [...fresh.map((coin) => coin.unblind(renewed)), two, one];
      const receipt = await place.ask(redeemRequest(coins, 'anna'), 'response redeem');
      assert.deepEqual(
        await place.ask(redeemRequest(coins.toReversed(), 'anna'), 'response redeem'),
        receipt,
      );
      assert.match(await place.refused(redeemRequest([one])), /^already spent/);
      const coin_ids = [four, ...coins].map(({ payload }) => coinId(payload));
      const status = await place.ask(
        { coin_ids, message_reference: 1, type: 'request coin status' },
        'response coin status',
      );
      assert.ok(status.spent.every((each) => each));
      await place.reopen();
      sameCoins(fresh, await place.ask(resumeRequest('b1'), 'response mint'), renewed);
      const { treasury, float, sequence } = await place.mint.counters();
      assert.deepEqual([treasury, float, sequence], [1_000, 0, 3]);
      await assertSound(place);
    });

    test('takes no coin that was changed, and spends nothing of a request that is refused', async () => {
      const place = await open();
      const [four, two] = await bought(place, 'a1', 4, 2);
      assert.ok(four !== undefined && two !== undefined);
      const changed = { ...two, payload: { ...two.payload, serial: 'abc' } };
      assert.match(await place.refused(redeemRequest([four, changed])), /^bad signature: coins\[1\]/);
      assert.match(
        await place.refused(redeemRequest([{ ...four, signature: two.signature }, two])),
        /^bad signature: coins\[0\]/,
      );
      assert.match(
        await place.refused(redeemRequest([{ ...four, signature: 'abc' }])),
        /^bad signature: coins\[0\]/,
      );
      const fresh = await prepared(place, { reference: 'b1', coins: { x: 2 } });
      assert.match(await place.refused(renewRequest('b1', [four], fresh)), /^unbalanced/);
      assert.equal((await place.mint.counters()).float, 6);
      await place.ask(redeemRequest([four, two]), 'response redeem');
      await assertSound(place);
    });

    test('signs for a payment that came while it was closed', async () => {
      const place = await open();
      const coming = await prepared(place, { reference: 'a1', coins: { four: 4 } });
      assert.match(await place.refused(mintRequest('a1', coming)), /^unpaid/);
      place.now += DAY;
      await place.reopen();
      await place.ask(fundRequest(place.mint.keyring, 'a1', 4), 'response fund');
      const answer = await place.ask(resumeRequest('a1'), 'response mint');
      sameCoins(coming, await place.ask(mintRequest('a1', coming), 'response mint'), answer);
      const [coin] = coming.map((each) => each.unblind(answer));
      assert.ok(coin !== undefined);
      await place.ask(redeemRequest([coin]), 'response redeem');
    });

    test('takes coins of keys that sign no more, and makes new keys', async () => {
      const place = await open();
      const coin = await boughtOne(place, 'a1', 4);
      place.now += 120 * DAY;
      await place.mint.tend();
      const fresh = await prepared(place, { reference: 'b1', coins: { x: 4 } });
      assert.notEqual(fresh[0]?.payload.mint_key_id, coin.payload.mint_key_id);
      await place.ask(renewRequest('b1', [coin], fresh), 'response mint');
      await assertSound(place);
    });
  });
}
