/** The account at the bank: found again from the phrase alone, its token and a voucher's code never out of place. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import { TestBank } from './bank.test-helper.ts';
import { Place, must } from './testing.test-helper.ts';

async function customer(seed = 'alice'): Promise<[TestBank, Place]> {
  const bank = new TestBank();
  const place = await Place.open(bank.issuer, seed);
  must(await place.wallet.add(bank.issuer.url));
  return [bank, place];
}

describe('an account', () => {
  it('is opened once, and found again by whoever has the phrase', async () => {
    const [bank, alice] = await customer();
    const { id, url } = bank.issuer;
    const account = must(await alice.wallet.account(id));
    assert.deepEqual([account.number, account.balance], ['K-1', 0]);
    assert.equal(must(await alice.wallet.account(id)).number, 'K-1');
    const restored = await Place.open(bank.issuer, 'another machine');
    must(await restored.wallet.restore(alice.wallet.phrase(), [url]));
    assert.equal(must(await restored.wallet.account(id)).number, 'K-1');
    const other = await Place.open(bank.issuer, 'other');
    must(await other.wallet.add(url));
    assert.equal(must(await other.wallet.account(id)).number, 'K-2');
    assert.equal(bank.accounts.size, 2);
    assert.ok([...bank.accounts.keys()].every((token) => /^[0-9a-f]{64}$/.test(token)));
  });

  it('has the next token where the number of the first is another’s, and is found by it', async () => {
    const [bank, alice] = await customer();
    bank.taken = 1;
    assert.equal(must(await alice.wallet.account(bank.issuer.id)).number, 'K-1');
    assert.equal(must(await alice.wallet.account(bank.issuer.id)).number, 'K-1');
    assert.equal(bank.accounts.size, 1);
  });

  it('pays money out once, wherever that is cut short', async () => {
    for (const at of ['commit', 'exchange'] as const) {
      for (const when of ['before', 'after'] as const) {
        for (let call = 0; call < 3; call++) {
          const [bank, alice] = await customer();
          must(await alice.wallet.account(bank.issuer.id));
          const [account] = [...bank.accounts.values()];
          account!.balance = 10;
          alice.plant({ at, call, when });
          await alice.attempt((wallet) => wallet.payOut(bank.issuer.id, amount(4), 'IBAN 1'));
          alice.plant(undefined);
          await alice.wallet.resumeAll();
          const [entry] = alice.wallet.history();
          const paid = account!.payouts.reduce((total, each) => total + each.amount, 0);
          assert.equal(paid, entry === undefined ? 0 : 4, `${at} ${when} ${call}`);
          if (entry !== undefined) assert.deepEqual([entry.state, entry.subject], ['done', 'IBAN 1']);
        }
      }
    }
  });

  it('pays nothing that it does not have, and nothing without a word where to', async () => {
    const [bank, alice] = await customer();
    const { id } = bank.issuer;
    const missing = await alice.wallet.payOut(id, amount(4), 'IBAN 1');
    assert.ok(missing instanceof Refusal && missing.name === 'unknown');
    must(await alice.wallet.account(id));
    assert.ok((await alice.wallet.payOut(id, amount(4), '')) instanceof Refusal);
    assert.ok((await alice.wallet.payOut(id, amount(0), 'IBAN 1')) instanceof Refusal);
    const outcome = await alice.wallet.payOut(id, amount(4), 'IBAN 1');
    assert.ok(outcome instanceof Refusal && outcome.name === 'not enough');
    assert.equal(alice.wallet.history().at(-1)?.reason, 'There was not enough');
  });

  it('is credited with what was redeemed to it, once', async () => {
    const [bank, alice] = await customer();
    const { id } = bank.issuer;
    const { number } = must(await alice.wallet.account(id));
    must(await alice.wallet.buy(id, amount(9), { payTest: true }));
    const entry = must(await alice.wallet.redeem(id, amount(5), { payee: number }));
    assert.equal(must(await alice.wallet.showReceipt(entry.number)), true);
    assert.equal(must(await alice.wallet.showReceipt(entry.number)), true);
    assert.equal(must(await alice.wallet.account(id)).balance, 5);
    assert.ok((await alice.wallet.showReceipt(1)) instanceof Refusal);
  });

  it('buys coins', async () => {
    const [bank, alice] = await customer();
    must(await alice.wallet.account(bank.issuer.id));
    const [account] = [...bank.accounts.values()];
    account!.balance = 10;
    const entry = must(await alice.wallet.buy(bank.issuer.id, amount(7), { rail: 'account' }));
    assert.deepEqual([entry.state, account!.balance, alice.available], ['done', 3, 7]);
  });
});

describe('a voucher', () => {
  it('buys coins of its worth, and its code is forgotten', async () => {
    const [bank, alice] = await customer();
    const { id } = bank.issuer;
    bank.vouchers.set('APPLE-1', { amount: 6, order: undefined });
    assert.equal(must(await alice.wallet.voucherValue(id, 'APPLE-1')), 6);
    const entry = must(await alice.wallet.buy(id, amount(6), { rail: 'voucher', proof: 'APPLE-1' }));
    assert.deepEqual([entry.state, alice.available], ['done', 6]);
    assert.ok(!JSON.stringify(await alice.store.load()).includes('APPLE-1'));
    assert.ok((await alice.wallet.voucherValue(id, 'APPLE-1')) instanceof Refusal);
    const again = await alice.wallet.buy(id, amount(6), { rail: 'voucher', proof: 'APPLE-1' });
    assert.ok(again instanceof Refusal && again.name === 'already spent');
    assert.ok(!JSON.stringify(await alice.store.load()).includes('APPLE-1'));
    assert.equal(alice.available, 6);
  });

  it('is not lost where the purchase is cut short', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 0; call < 4; call++) {
        const [bank, alice] = await customer();
        bank.vouchers.set('APPLE-1', { amount: 6, order: undefined });
        alice.plant({ at: 'exchange', call, when });
        await alice.attempt((wallet) =>
          wallet.buy(bank.issuer.id, amount(6), { rail: 'voucher', proof: 'APPLE-1' }),
        );
        alice.plant(undefined);
        await alice.wallet.resumeAll();
        assert.equal(alice.available, 6, `${when} ${call}`);
      }
    }
  });
});
