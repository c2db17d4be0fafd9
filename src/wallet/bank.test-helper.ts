/** For tests only: the counter of a bank, before an issuer in memory. */
import { writeDate } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok, refusalAnswer } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { Payout } from '../protocol/messages/account.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import type { IssuerOptions } from './issuer.test-helper.ts';

/** A bank's counter: accounts by token, vouchers by code. */
export class TestBank {
  readonly issuer: TestIssuer;
  readonly accounts = new Map<string, { number: string; balance: number; payouts: Payout[] }>();
  readonly vouchers = new Map<string, { amount: number; order: string | undefined }>();
  readonly credited = new Set<number>();
  rails = ['test', 'voucher'];
  /** Tokens whose number is another's. */
  taken = 0;

  constructor(options: IssuerOptions = {}) {
    this.issuer = new TestIssuer({ denominations: [1, 2], ...options });
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
      case 'request rails':
        return { ...ok(reference), rails: this.rails.map((name) => ({ name })), type: 'response rails' };
      case 'request voucher': {
        const voucher = this.vouchers.get(request.code);
        if (voucher === undefined) return refuse('unknown', 'proof: no such voucher');
        const used = voucher.order !== undefined;
        return { ...ok(reference), amount: voucher.amount, type: 'response voucher', used };
      }
      case 'request payment':
        return this.payment(reference, request.transaction_reference, request.proof);
      case 'request show receipt': {
        const { receipt } = request.signed_receipt;
        const account = [...this.accounts.values()].find(({ number }) => number === receipt.payee);
        if (account === undefined)
          return { ...ok(reference), credited: false, type: 'response show receipt' };
        if (!this.credited.has(receipt.sequence)) account.balance += receipt.amount;
        this.credited.add(receipt.sequence);
        return { ...ok(reference), credited: true, type: 'response show receipt' };
      }
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
