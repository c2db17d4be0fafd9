import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import { Place, TestIssuer, bought, checkConserved, must } from './testing.test-helper.ts';

describe('a wallet', () => {
  it('buys, sends, receives and redeems', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    const bob = await Place.open(issuer, 'bob');
    await bought(alice, 100);
    assert.equal(alice.available, 100);
    must(await bob.wallet.add(issuer.url));
    const { stack, entry } = must(await alice.wallet.send(issuer.id, amount(37), 'for the cake'));
    assert.equal(entry.state, 'sent');
    assert.equal(must(bob.wallet.inspect(stack) as never as { amount: number }).amount, 37);
    assert.equal(must(await bob.wallet.receive(stack)).amount, 37);
    assert.equal(bob.available, 37);
    assert.equal(alice.available, 63);
    assert.equal(must(await alice.wallet.checkSent())[0]?.state, 'taken');
    const t = performance.now();
    must(await bob.wallet.redeem(issuer.id, amount(30)));
    console.log(performance.now() - t);
    await bob.wallet.close();
    assert.equal(bob.available, 7);
    await checkConserved(issuer, [alice, bob]);
    const carol = await Place.open(issuer, 'carol');
    const restored = must(await carol.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    assert.equal(restored[0]?.amount, 63);
    assert.equal(carol.available, 63);
    assert.ok(!(restored instanceof Refusal));
  });
});
