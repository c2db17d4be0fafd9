import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestBank } from '../../wallet/bank.test-helper.ts';
import { agreed, assertObjected } from '../members.test-helper.ts';
import { Stage, available } from '../money.test-helper.ts';

async function customer(money: number) {
  const bank = new TestBank();
  const stage = new Stage('trade', [bank.issuer]);
  const alice = await stage.enrol('Alice', money);
  return { bank, stage, alice, currency: bank.issuer.id };
}

describe('trading with a currency’s bank', () => {
  it('buys with a voucher for what it is worth, once', async () => {
    const { bank, alice, currency } = await customer(0);
    bank.vouchers.set('GOOD-CODE', { amount: 7, order: undefined });
    assert.deepEqual(agreed(await alice.rails(currency)), ['test', 'voucher']);
    const order = { currency, amount: 0, rail: 'voucher', voucher: 'GOOD-CODE' };
    const entry = agreed(await alice.buy(order));
    assert.deepEqual([entry.kind, entry.state, entry.amount], ['buy', 'done', 7]);
    assertObjected(await alice.buy(order), 'not possible');
    assertObjected(await alice.buy({ ...order, voucher: 'NO-CODE' }), 'unknown');
    assert.equal(available(alice), 7);
  });

  it('credits the own account with what is redeemed, and orders money out of it', async () => {
    const { bank, alice, currency } = await customer(9);
    const entry = agreed(await alice.redeem({ currency, amount: 5, to: 'account' }));
    assert.deepEqual([entry.state, entry.payee, entry.receipt], ['done', 'K-1', 1]);
    assert.equal(available(alice), 4);
    const before = agreed(await alice.bank(currency));
    assert.deepEqual([before.number, before.balance, before.entries[0]?.amount], ['K-1', 5, 5]);
    assert.match(before.entries[0]?.time ?? '', /Z$/);
    const payout = agreed(await alice.payOut({ currency, amount: 3, to: 'my bank account' }));
    assert.deepEqual([payout.kind, payout.state, payout.subject], ['payout', 'done', 'my bank account']);
    const after = agreed(await alice.bank(currency));
    assert.deepEqual(
      [after.balance, after.payouts],
      [2, [{ amount: 3, to: 'my bank account', state: 'pending' }]],
    );
    assertObjected(await alice.payOut({ currency, amount: 3, to: 'x' }), 'not enough');
    assert.equal(bank.credited.size, 1);
  });
});
