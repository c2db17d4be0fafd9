/** Coins that twelve words bring back, where paying twice tells who did: a member's, and those of a payment on its way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import { DAY, writeDate } from '../../base/dates.ts';
import { SUITES } from '../../suites/index.ts';
import { NOON, TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { Place, bought, must } from '../../wallet/testing.test-helper.ts';
import { newLetter } from '../letter-record.ts';
import { agreed, assertObjected } from '../members.test-helper.ts';
import { Stage } from '../money.test-helper.ts';
import { carryAgain, openTransit } from '../letters/transit.ts';

for (const { name } of SUITES.filter(({ offline }) => offline !== undefined)) {
  describe(`doubtful coins of ${name}`, () => {
    it('are in the purse, are money left, and are used once the member says so', async () => {
      const issuer = await TestIssuer.of(name, { denominations: [1] });
      const before = await Place.open(issuer, 'before');
      await bought(before, 2);
      const stage = new Stage('doubt', [issuer]);
      await stage.enrol('Alice');
      const currency = issuer.id;
      // The same words as another wallet's, as somebody who brings them along has.
      const { row, key } = stage.keys.get('Alice')!;
      await stage.leave('Alice');
      const store = stage.context.parts.wallets.open(row.id, key);
      assert.ok('commit' in store);
      await store.commit({ phrase: before.wallet.phrase() });
      await store.close();
      const alice = await stage.member('Alice');
      assert.deepEqual(agreed(await alice.restoreCurrency(issuer.url)), { amount: 2, doubtful: 2 });
      assert.deepEqual(
        alice.purses().map(({ available, doubtful, piles }) => [available, doubtful, piles.length]),
        [[0, 2, 0]],
      );
      assert.ok(alice.hasMoney());
      await stage.settle(1);
      assertObjected(await alice.pay({ to: '', currency, amount: 1, subject: '', text: '' }), 'not enough');
      assert.ok(issuer.requests.every((request) => !('coins' in request)));
      assertObjected(await alice.clearDoubt('0'.repeat(64)), 'no currency');
      assert.deepEqual(agreed(await alice.clearDoubt(currency)), { amount: 2, gone: 0 });
      assert.deepEqual(
        alice.purses().map(({ available, doubtful }) => [available, doubtful]),
        [[2, 0]],
      );
    });

    it('of a transit are none: its letter holds the phrase as long as nobody has them', async () => {
      const issuer = await TestIssuer.of(name, { denominations: [1] });
      const [alice, words] = [await Place.open(issuer, 'alice'), await Place.open(issuer, 'words')];
      await bought(alice, 1);
      const { stack } = must(await alice.wallet.send(issuer.id, amount(1), 'bread'));
      const stage = new Stage('transit', [issuer]);
      const { parts, transits } = stage.context;
      const letter = newLetter({
        ...{ id: '0'.repeat(32), time: issuer.now, from: 'Alice', to: 'Bob', subject: 'bread', text: '' },
        ...{
          currency: issuer.id,
          currencyName: 'Testmark',
          divisor: 100,
          location: issuer.url,
          amount: amount(1),
        },
        ...{ folder: 'inbox', way: 'name', state: 'arriving', isRead: false, invoice: '' },
        ...{ transit: words.wallet.phrase(), stack },
      });
      const lost = must(await openTransit(parts, transits.issuers, letter));
      must(await lost.receive(stack));
      // Other keys sign now, so that the same requests are none any more: only the phrase has what was made.
      stage.now = NOON + 101 * DAY;
      issuer.now = stage.now;
      issuer.addKey(1, 3, {
        coins_expiry_date: writeDate(stage.now + 200 * DAY),
        sign_coins_not_after: writeDate(stage.now + 100 * DAY),
        sign_coins_not_before: writeDate(stage.now - DAY / 2),
      });
      const fresh = must(await carryAgain(parts, transits.issuers, letter, stack));
      assert.equal(fresh.coins.length, 1);
      assert.deepEqual(issuer.exposed, []);
    });
  });
}
