/** A wallet's life with every suite: nothing of it hangs on which one a currency has chosen. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import { payloadBytes } from '../protocol/ids.ts';
import { SUITES } from '../suites/index.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

async function people(suite: string): Promise<[TestIssuer, Place, Place]> {
  const issuer = await TestIssuer.of(suite, { denominations: [1, 2, 4] });
  const alice = await Place.open(issuer, 'alice');
  const bob = await Place.open(issuer, 'bob');
  await bought(alice, 7);
  must(await bob.wallet.add(issuer.url));
  return [issuer, alice, bob];
}

async function settled(place: Place): Promise<void> {
  await place.wallet.close();
  await place.reopen();
}

for (const suite of SUITES) {
  describe(`a wallet with ${suite.name}`, () => {
    it('buys, sends, receives, takes back, redeems and comes back from its phrase', async () => {
      const [issuer, alice, bob] = await people(suite.name);
      const { stack } = must(await alice.wallet.send(issuer.id, amount(3), 'for the cake'));
      assert.equal(must(await bob.wallet.receive(stack)).amount, 3);
      const open = must(await alice.wallet.send(issuer.id, amount(2), ''));
      must(await alice.wallet.takeback(open.entry.number));
      const again = await bob.wallet.receive(open.stack);
      assert.ok(again instanceof Refusal && again.name === 'already spent');
      assert.equal(must(await bob.wallet.redeem(issuer.id, amount(1))).state, 'done');
      await settled(alice);
      await settled(bob);
      assert.deepEqual([alice.available, bob.available, issuer.float], [4, 2, 6]);
      await checkConserved(issuer, [alice, bob]);
      const found = await Place.open(issuer, 'restored');
      must(await found.wallet.restore(bob.wallet.phrase(), [issuer.url]));
      must(await found.wallet.clearDoubt(issuer.id));
      assert.equal(found.available, 2);
      must(await found.wallet.redeem(issuer.id, amount(2)));
      assert.deepEqual(issuer.exposed, [], 'nobody who pays once is ever found to have paid twice');
    });

    it('shows coins to the mint in no other form than the suite’s', async () => {
      const [issuer, alice, bob] = await people(suite.name);
      const { stack } = must(await alice.wallet.send(issuer.id, amount(3), ''));
      for (const { payload, signature } of stack.coins) {
        const key = issuer.pairs.get(payload.mint_key_id)!.key.public;
        assert.ok(suite.verify(key, payloadBytes(payload), signature), 'whoever gets it can check it');
      }
      must(await bob.wallet.receive(stack));
      must(await bob.wallet.redeem(issuer.id, amount(1)));
      const told = JSON.stringify(issuer.requests);
      const secret = [...stack.coins, ...(await alice.coins()), ...(await bob.coins())]
        .map(({ signature }) => signature)
        .filter((signature) => suite.show(signature) !== signature || isHeld(issuer, signature));
      assert.ok(secret.every((signature) => !told.includes(signature)));
      const forms = issuer.requests.flatMap((each) => ('coins' in each ? each.coins : []));
      assert.ok(forms.length > 0 && forms.every(({ signature }) => suite.show(signature) === signature));
    });
  });
}

/** Whether a signature has yet to answer a payment. */
function isHeld({ suite }: TestIssuer, signature: string): boolean {
  return suite.offline !== undefined && suite.offline.paymentOf(signature) === undefined;
}
