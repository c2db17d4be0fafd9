/** What became of a stack, and what of the purse is shown by denomination: nothing here changes a wallet. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import { TestBank } from './bank.test-helper.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, must } from './testing.test-helper.ts';

/** Alice with money, Bob who knows the currency. */
async function couple(): Promise<[TestIssuer, Place, Place]> {
  const issuer = new TestIssuer({ denominations: [1, 2, 4] });
  const alice = await Place.open(issuer, 'alice');
  const bob = await Place.open(issuer, 'bob');
  await bought(alice, 12);
  must(await bob.wallet.add(issuer.url));
  return [issuer, alice, bob];
}

describe('a stack', () => {
  it('is taken as the receipt that is done for exactly its coins, and as no other', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    const other = must(await alice.wallet.send(issuer.id, amount(3), '')).stack;
    assert.equal(bob.wallet.takenAs(stack), undefined);
    const { number } = must(await bob.wallet.receive(stack));
    assert.equal(bob.wallet.takenAs(stack), number);
    assert.equal(bob.wallet.takenAs({ ...stack, coins: stack.coins.toReversed() }), number);
    assert.equal(bob.wallet.takenAs({ ...stack, coins: stack.coins.slice(1) }), undefined, 'a part');
    assert.equal(bob.wallet.takenAs({ ...stack, coins: [...stack.coins, ...other.coins] }), undefined);
    assert.equal(bob.wallet.takenAs({ ...stack, coins: [] }), undefined);
    assert.equal(bob.wallet.takenAs(other), undefined);
    assert.equal(alice.wallet.takenAs(stack), undefined, 'who sent it has not taken it');
    await bob.reopen();
    assert.equal(bob.wallet.takenAs(stack), number, 'after a crash too');
  });

  it('is not taken while its receipt is pending, nor when it was refused', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    issuer.tamper = (_, { type }) => (type === 'request renew' ? new Uint8Array() : undefined);
    assert.ok((await bob.wallet.receive(stack)) instanceof Refusal);
    assert.equal(bob.wallet.takenAs(stack), undefined, 'pending');
    issuer.tamper = () => undefined;
    await bob.wallet.resumeAll();
    assert.notEqual(bob.wallet.takenAs(stack), undefined, 'done');
    const again = must(await alice.wallet.send(issuer.id, amount(2), ''));
    must(await alice.wallet.takeback(again.entry.number));
    assert.ok((await bob.wallet.receive(again.stack)) instanceof Refusal);
    assert.equal(bob.wallet.takenAs(again.stack), undefined, 'refused');
    assert.equal(alice.wallet.takenAs(again.stack), undefined, 'taken back is not taken');
  });

  it('is spent once any of its coins is, as the issuer has it', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    assert.ok(stack.coins.length > 1);
    assert.equal(await bob.wallet.isSpent(stack), false);
    must(await bob.wallet.receive({ ...stack, coins: stack.coins.slice(0, 1) }));
    for (const each of [alice, bob]) assert.equal(await each.wallet.isSpent(stack), true);
    assert.equal(await bob.wallet.isSpent({ ...stack, coins: stack.coins.slice(1) }), false);
  });

  it('of an unknown currency, or of an issuer who is away, is neither called spent nor unspent', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(1), ''));
    const stranger = await Place.open(new TestIssuer({ firstKey: 8, denominations: [1] }), 'stranger');
    const unknown = await stranger.wallet.isSpent(stack);
    assert.ok(unknown instanceof Refusal && unknown.name === 'unknown');
    issuer.tamper = () => new Uint8Array();
    const away = await bob.wallet.isSpent(stack);
    assert.ok(away instanceof Refusal && away.temporary);
  });
});

describe('piles', () => {
  it('are the coins that can be spent now, largest first, and add up to what is available', async () => {
    const [issuer, alice, bob] = await couple();
    const piles = alice.wallet.piles(issuer.id);
    const worth = piles.map(({ denomination, coins }) => denomination * coins);
    assert.equal(
      worth.reduce((total, each) => total + each, 0),
      alice.available,
    );
    assert.deepEqual(
      piles.map(({ denomination }) => denomination),
      [4, 2, 1],
    );
    assert.deepEqual(
      new Set(piles.map(({ expires }) => expires)),
      new Set([Date.parse(`${writeDate(NOON + 200 * DAY)}Z`)]),
    );
    assert.deepEqual(bob.wallet.piles(issuer.id), []);
    assert.deepEqual(alice.wallet.piles('0'.repeat(64)), []);
  });

  it('leave out coins that are reserved or expired, and say when the first of a pile expires', async () => {
    const [issuer, alice] = await couple();
    const [first] = issuer.pairs.values();
    issuer.addKey(1, 9, {
      coins_expiry_date: writeDate(NOON + 300 * DAY),
      sign_coins_not_after: writeDate(NOON + 150 * DAY),
      sign_coins_not_before: writeDate(NOON + 10 * DAY),
    });
    const soonest = Date.parse(`${first!.certificate.mint_key.coins_expiry_date}Z`);
    issuer.tamper = (_, { type }) => (type === 'request redeem' ? new Uint8Array() : undefined);
    const redeemed = await alice.wallet.redeem(issuer.id, amount(4));
    assert.ok(redeemed instanceof Refusal || redeemed.state === 'pending');
    const held = alice.wallet.piles(issuer.id);
    assert.equal(
      held.reduce((total, { denomination, coins }) => total + denomination * coins, 0),
      alice.available,
    );
    assert.ok(alice.available <= 8, 'four are reserved');
    for (const { expires } of held) assert.equal(expires, soonest);
    issuer.now = soonest + 1;
    assert.deepEqual(alice.wallet.piles(issuer.id), []);
  });
});

describe('rails', () => {
  it('are what the bank offers, names never heard of among them', async () => {
    const bank = new TestBank();
    bank.rails = ['manual', 'pigeon post'];
    const alice = await Place.open(bank.issuer, 'alice');
    must(await alice.wallet.add(bank.issuer.url));
    assert.deepEqual(await alice.wallet.rails(bank.issuer.id), ['manual', 'pigeon post']);
    bank.rails = [];
    assert.deepEqual(await alice.wallet.rails(bank.issuer.id), []);
  });

  it('are refused by an issuer that does not know the question, and for an unknown currency', async () => {
    const [issuer, alice] = await couple();
    const refused = await alice.wallet.rails(issuer.id);
    assert.ok(refused instanceof Refusal && !refused.temporary);
    const unknown = await alice.wallet.rails('0'.repeat(64));
    assert.ok(unknown instanceof Refusal && unknown.name === 'unknown');
  });
});
