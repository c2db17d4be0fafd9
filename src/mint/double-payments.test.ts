/** Suites that are safe offline: who hands a coin over twice is found, and nobody else is ever accused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY } from '../base/dates.ts';
import { coinId } from '../protocol/ids.ts';
import type { DoublePayment } from '../protocol/messages/double-payments.ts';
import { SUITES } from '../suites/index.ts';
import { commitmentsRequest, fundRequest, registrationOf } from './mint.test-helper.ts';
import {
  assertSound,
  mintRequest,
  openPlace,
  prepared,
  redeemRequest,
  renewRequest,
} from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';

/** All of them after a number, answer by answer. */
async function listed(place: Place, after = 0): Promise<readonly DoublePayment[]> {
  const request = { after, message_reference: 1, type: 'request double payments' } as const;
  const { double_payments: page } = await place.ask(request, 'response double payments');
  const last = page.at(-1);
  return last === undefined ? [] : [...page, ...(await listed(place, last.number))];
}

/** Coins of alice's, each of which can be handed over as often as she dares. */
async function handed(place: Place, reference: string, ...names: readonly string[]) {
  const coins = Object.fromEntries(names.map((name) => [name, 4]));
  const coming = await prepared(place, { reference, coins });
  await place.ask(fundRequest(place.mint.keyring, reference, 4 * names.length), 'response fund');
  const answer = await place.ask(mintRequest(reference, coming), 'response mint');
  const pay = (time: number) => (coin: (typeof coming)[number]) =>
    coin.paid(answer, { payee: '', time: place.now + time, amount: 4 });
  return { first: coming.map(pay(1)), second: coming.map(pay(2)), third: coming.map(pay(3)) };
}

for (const { name: suite, offline } of SUITES) {
  const open = () => openPlace({ issuer_cipher_suite: suite });

  if (offline === undefined) {
    describe(`double payments: ${suite}`, () => {
      test('there are none', async () => {
        const place = await open();
        const { first, second } = await handed(place, 'a1', 'x');
        await place.ask(redeemRequest(first), 'response redeem');
        await place.ask(redeemRequest(second), 'response redeem');
        assert.deepEqual(await listed(place), []);
      });
    });
    continue;
  }

  describe(`double payments: ${suite}`, () => {
    test('two payees redeem the same coin: the first has it, and everybody learns who paid twice', async () => {
      const place = await open();
      const { first, second, third } = await handed(place, 'a1', 'x');
      const receipt = await place.ask(redeemRequest(first, 'bob'), 'response redeem');
      const { identity } = registrationOf(place.mint.keyring, 'alice').registration;
      const said = await place.refused(redeemRequest(second, 'bob'));
      assert.match(said, /^already spent: coins: 1 of 1 spent before; double payment 1: handed over twice/);
      assert.ok(said.includes(identity), said);
      assert.deepEqual(place.events, [{ event: 'double payment', number: 1 }]);
      assert.match(await place.refused(redeemRequest(second, 'carol')), /double payment 1/);
      assert.match(await place.refused(redeemRequest(third, 'dave')), /double payment 1/);
      assert.equal(place.events.length, 1, 'once');
      const [found, ...others] = await listed(place);
      assert.ok(found !== undefined && others.length === 0);
      assert.ok(offline.isExposed(found), 'anybody can check it');
      assert.deepEqual(
        [found.identity, found.coin_id, found.first, found.second, found.number],
        [identity, coinId(first[0]?.payload ?? ({} as never)), first[0]?.signature, second[0]?.signature, 1],
      );
      assert.deepEqual(await place.ask(redeemRequest(first, 'bob'), 'response redeem'), receipt);
      const again = commitmentsRequest(place.mint.keyring, 'alice', 'c1', [4]);
      assert.match(await place.refused(again), /^unauthorised: .*its secret is public/);
      assert.equal((await place.mint.counters()).float, 0);
      await assertSound(place);
    });

    test('a second coin on one payload is none: it could be handed over again and again, and name nobody', async () => {
      const place = await open();
      const { first } = await handed(place, 'a1', 'x');
      const [coin] = first;
      assert.ok(coin !== undefined);
      const [twin] = await prepared(place, { reference: 'b1', coins: { y: 4 }, twinOf: coin.payload });
      assert.ok(twin !== undefined);
      await place.ask(fundRequest(place.mint.keyring, 'b1', 4), 'response fund');
      const answer = await place.ask(mintRequest('b1', [twin]), 'response mint');
      const second = twin.paid(answer, { payee: '', time: place.now + 1, amount: 4 });
      assert.deepEqual(second.payload, coin.payload);
      for (const each of [second, { ...second, payload: { ...second.payload, serial: '1' } }])
        assert.match(await place.refused(redeemRequest([each])), /^bad signature: coins\[0\].payload.serial/);
      await place.ask(redeemRequest(first), 'response redeem');
      assert.deepEqual(await listed(place), []);
    });

    test('a renewal sent again is no double payment, nor is one payment of many coins', async () => {
      const place = await open();
      const { first } = await handed(place, 'a1', 'x', 'y');
      const fresh = await prepared(place, { reference: 'b1', coins: { u: 4, v: 4 } });
      const answer = await place.ask(renewRequest('b1', first, fresh), 'response mint');
      assert.deepEqual(await place.ask(renewRequest('b1', first, fresh), 'response mint'), answer);
      assert.match(await place.refused(redeemRequest(first)), /spent before$/);
      assert.deepEqual(await listed(place), []);
      assert.deepEqual(place.events, []);
    });

    test('the same renewal with another answer is found, though its reference is kept', async () => {
      const place = await open();
      const { first, second } = await handed(place, 'a1', 'x');
      const fresh = await prepared(place, { reference: 'b1', coins: { u: 4 } });
      await place.ask(renewRequest('b1', first, fresh), 'response mint');
      assert.match(await place.refused(renewRequest('b1', second, fresh)), /double payment 1/);
      assert.equal((await listed(place)).length, 1);
    });

    test('nobody is accused by an answer that does not verify', async () => {
      const place = await open();
      const { first, second } = await handed(place, 'a1', 'x');
      await place.ask(redeemRequest(first), 'response redeem');
      const forged = second.map((coin) => {
        const { signature } = coin;
        const at = signature.length - 1;
        return { ...coin, signature: signature.slice(0, at) + (signature[at] === '1' ? '2' : '1') };
      });
      assert.match(await place.refused(redeemRequest(forged)), /^bad signature/);
      assert.deepEqual(await listed(place), []);
    });

    test('are told for ever: after a restart, in pages, and when the mint key’s coins have expired', async () => {
      const place = await open();
      const { first, second } = await handed(place, 'a1', 'x', 'y', 'z');
      for (const coin of first) await place.ask(redeemRequest([coin]), 'response redeem');
      await place.refused(redeemRequest(second));
      const all = await listed(place);
      assert.deepEqual(
        all.map(({ number }) => number),
        [1, 2, 3],
      );
      assert.deepEqual(await listed(place, 1), all.slice(1));
      assert.deepEqual(await listed(place, 3), []);
      place.now += 201 * DAY;
      await place.mint.tend();
      await place.mint.tend();
      await place.reopen();
      assert.equal(place.mint.keyring.keys.has(all[0]?.mint_key_id ?? ''), false, 'the key is closed');
      assert.deepEqual(await listed(place), all);
      assert.match(await place.refused(redeemRequest(second)), /^(unknown|expired)/);
    });

    test('what an expired key’s redemption answered is no repetition with other answers', async () => {
      const place = await open();
      const { first, second } = await handed(place, 'a1', 'x');
      const receipt = await place.ask(redeemRequest(first), 'response redeem');
      // Nothing was forgotten yet.
      place.now += 201 * DAY;
      assert.match(await place.refused(redeemRequest(second)), /^expired/);
      assert.deepEqual(await place.ask(redeemRequest(first), 'response redeem'), receipt);
    });
  });
}
