/** The account at the bank: found again from the phrase alone, its token and a voucher's code never out of place. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { writeDate } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok, refusalAnswer } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { Payout } from '../protocol/messages/account.ts';
import { Place, TestIssuer, must } from './testing.test-helper.ts';

/** A bank's counter: accounts by token, vouchers by code. */
class TestBank {
  readonly issuer = new TestIssuer({ denominations: [1, 2] });
  readonly accounts = new Map<string, { number: string; balance: number; payouts: Payout[] }>();
  readonly vouchers = new Map<string, { amount: number; order: string | undefined }>();
  /** Tokens whose number is another's. */
  taken = 0;

  constructor() {
    this.issuer.tamper = (_, request) => {
      const answer = this.answer(request);
      return answer instanceof Refusal ? refusalAnswer(request.message_reference, answer) : answer;
    };
  }

  private answer(request: Request): Response | Refusal | undefined {
    const { message_reference: reference } = request;
    switch (request.type) {
      case 'request open account':
        if (this.taken > 0) {
          this.taken--;
          return refuse('not possible', 'token: its number is taken');
        }
        if (!this.accounts.has(request.token))
          this.accounts.set(request.token, {
            number: `K-${this.accounts.size + 1}`,
            balance: 0,
            payouts: [],
          });
        return this.account(reference, request.token);
      case 'request account':
        return this.account(reference, request.token);
      case 'request payout': {
        const account = this.accounts.get(request.token);
        if (account === undefined) return refuse('unknown', 'token: no such account');
        const { amount: value, reference: name, to } = request;
        const known = account.payouts.find((each) => each.reference === name);
        if (known === undefined && account.balance < value) return refuse('not enough', 'amount');
        const payout: Payout = known ?? {
          amount: value,
          number: account.payouts.length + 1,
          reference: name,
          state: 'pending',
          to,
        };
        if (known === undefined) {
          account.payouts.push(payout);
          account.balance -= value;
        }
        return { ...ok(reference), payout, type: 'response payout' };
      }
      case 'request voucher': {
        const voucher = this.vouchers.get(request.code);
        if (voucher === undefined) return refuse('unknown', 'proof: no such voucher');
        const used = voucher.order !== undefined;
        return { ...ok(reference), amount: voucher.amount, type: 'response voucher', used };
      }
      case 'request payment':
        return this.payment(reference, request.transaction_reference, request.proof);
      default:
        return undefined;
    }
  }

  private account(message_reference: number, token: string): Response | Refusal {
    const account = this.accounts.get(token);
    if (account === undefined) return refuse('unknown', 'token: no such account');
    return {
      ...ok(message_reference),
      balance: account.balance,
      entries: [{ amount: 5, balance: 5, kind: 'redemption', time: writeDate(0) }],
      number: account.number,
      payouts: account.payouts,
      type: 'response account',
    };
  }

  private payment(message_reference: number, reference: string, proof: string): Response | Refusal {
    const order = this.issuer.orders.get(reference)!;
    const voucher = this.vouchers.get(proof);
    const account = this.accounts.get(proof);
    if (order.rail === 'voucher') {
      if (voucher === undefined) return refuse('unknown', 'proof: no such voucher');
      if (voucher.order !== undefined && voucher.order !== reference) return refuse('already spent', 'proof');
      if (voucher.amount !== order.amount) return refuse('unbalanced', 'amount');
      voucher.order = reference;
    } else if (order.state === 'unpaid') {
      if (account === undefined || account.balance < order.amount) return refuse('not enough', 'balance');
      account.balance -= order.amount;
    }
    return { ...ok(message_reference), order: this.issuer.pay(reference), type: 'response order' };
  }
}

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
