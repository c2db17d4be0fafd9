/** Coins that come back from the phrase where paying twice tells who did: nobody is exposed who is honest. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import { SUITES } from '../suites/index.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

function refusal(value: unknown): Refusal {
  assert.ok(value instanceof Refusal, 'this is refused');
  return value;
}

async function doubts(place: Place): Promise<number> {
  const { coins = [] } = (await place.store.load()) ?? {};
  return coins.filter(({ doubtful }) => doubtful === true).length;
}

/** New mint keys, and so late that every coin of the old ones is to be renewed. */
function coinsFallDue(issuer: TestIssuer): void {
  issuer.now = NOON + 155 * DAY;
  issuer.addKey(1, 3, {
    coins_expiry_date: writeDate(issuer.now + 200 * DAY),
    sign_coins_not_after: writeDate(issuer.now + 100 * DAY),
    sign_coins_not_before: writeDate(issuer.now - DAY),
  });
}

for (const { name } of SUITES.filter(({ offline }) => offline !== undefined)) {
  const lost = async (value: number): Promise<[TestIssuer, Place]> => {
    const issuer = await TestIssuer.of(name, { denominations: [1] });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, value);
    return [issuer, alice];
  };
  const heirOf = async (alice: Place): Promise<Place> => {
    const heir = await Place.open(alice.issuer, 'heir');
    must(await heir.wallet.restore(alice.wallet.phrase(), [alice.issuer.url]));
    return heir;
  };

  describe(`coins of ${name} that came back from the phrase`, () => {
    it('are never shown or handed again before a person says that nobody has them', async () => {
      const [issuer, alice] = await lost(2);
      const bob = await Place.open(issuer, 'bob');
      must(await bob.wallet.add(issuer.url));
      const payee = must(bob.wallet.payee(issuer.id));
      const { stack } = must(await alice.wallet.send(issuer.id, amount(1), '', { payee }));
      issuer.witness(stack.coins);
      must(await bob.wallet.receive(stack, { offline: true }));

      const heir = await Place.open(issuer, 'heir');
      const phrase = alice.wallet.phrase();
      const [found] = must(await heir.wallet.restore(phrase, [issuer.url]));
      assert.deepEqual([found?.amount, found?.doubtful], [2, 2]);
      const [before] = heir.wallet.balance();
      assert.deepEqual([before?.available, before?.doubtful, before?.coins], [0, 2, 0]);
      assert.deepEqual(heir.wallet.piles(issuer.id), []);
      coinsFallDue(issuer);
      const asked = issuer.requests.length;
      await heir.reopen();
      await heir.wallet.resumeAll();
      await heir.wallet.renewDue();
      must(await heir.wallet.restore(phrase, [issuer.url]));
      for (const said of [
        await heir.wallet.send(issuer.id, amount(1), ''),
        await heir.wallet.send(issuer.id, amount(1), '', { payee }),
        await heir.wallet.redeem(issuer.id, amount(2)),
      ])
        assert.match(refusal(said).details, /holds 0\.00 of .*; another 0\.02 is doubtful/);
      await heir.wallet.close();
      await heir.reopen();
      assert.ok(
        issuer.requests.slice(asked).every((request) => !('coins' in request)),
        'no coin was shown',
      );
      assert.equal(await doubts(heir), 2);

      // Bob comes at last: what is said after that is true.
      await bob.wallet.resumeAll();
      assert.equal(bob.available, 1);
      assert.deepEqual(must(await heir.wallet.clearDoubt(issuer.id)), { amount: 1, gone: 1 });
      assert.deepEqual([heir.available, heir.wallet.balance()[0]?.doubtful], [1, 0]);
      await checkConserved(issuer, [heir, bob]);
      must(await heir.wallet.restore(phrase, [issuer.url]));
      assert.deepEqual([heir.available, await doubts(heir)], [1, 0], 'it was said once and for all');
      const [renewed] = await heir.wallet.renewDue();
      assert.equal(renewed?.amount, 1, 'it is a coin like any other');
      assert.deepEqual(issuer.exposed, []);
      await checkConserved(issuer, [heir, bob]);
    });

    it('stay doubtful while the mint cannot be asked, and are worth nothing once they expire', async () => {
      const [issuer, alice] = await lost(1);
      const heir = await heirOf(alice);
      heir.plant({ at: 'exchange', call: 0, when: 'before' });
      assert.equal(refusal(await heir.wallet.clearDoubt(issuer.id)).name, 'unreachable');
      assert.equal(refusal(await heir.wallet.clearDoubt('0'.repeat(64))).name, 'unknown');
      heir.plant(undefined);
      assert.equal(await doubts(heir), 1);
      issuer.now = NOON + 201 * DAY;
      assert.deepEqual(must(await heir.wallet.clearDoubt(issuer.id)), { amount: 0, gone: 0 });
      const [balance] = heir.wallet.balance();
      assert.deepEqual([balance?.available, balance?.doubtful, balance?.expired], [0, 0, 1]);
    });

    it('can be taken out of a stack that their person still has: they answer as they did', async () => {
      const [issuer, alice] = await lost(1);
      const { stack } = must(await alice.wallet.send(issuer.id, amount(1), ''));
      issuer.witness(stack.coins);
      const heir = await heirOf(alice);
      issuer.now += DAY;
      must(await heir.wallet.receive(stack));
      assert.deepEqual([heir.available, await doubts(heir)], [1, 0]);
      assert.deepEqual(issuer.exposed, []);
      await checkConserved(issuer, [heir]);
    });

    it('are doubtful too where the other wallet had asked for them and somebody paid later', async () => {
      const [issuer, alice] = await lost(1);
      must(await alice.wallet.buy(issuer.id, amount(1)));
      const heir = await heirOf(alice);
      for (const reference of issuer.orders.keys()) issuer.pay(reference);
      // The other wallet is there all the same, and pays with it.
      await alice.wallet.resumeAll();
      const { stack } = must(await alice.wallet.send(issuer.id, amount(2), ''));
      issuer.witness(stack.coins);
      await heir.wallet.resumeAll();
      assert.deepEqual([heir.available, await doubts(heir)], [0, 2]);
    });
  });
}

describe('coins that prove nothing offline', () => {
  it('are not doubted when they come back', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 3);
    const heir = await Place.open(issuer, 'heir');
    const [found] = must(await heir.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    assert.deepEqual([found?.amount, found?.doubtful, heir.available], [3, 0, 3]);
    assert.deepEqual(must(await heir.wallet.clearDoubt(issuer.id)), { amount: 0, gone: 0 });
  });
});
