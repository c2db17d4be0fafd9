/** Payments: each pays its order once, posts it, and tells the mint. */
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { RequestPayment, RequestVoucher, ResponseVoucher } from '../protocol/messages/payment.ts';
import { coverOf } from './cover.ts';
import { orderStatus } from './orders.ts';
import type { OpenBank } from './parts.ts';
import type { Means, PayOutcome } from './ports.ts';
import { tokenHash, voucherHash } from './secrets.ts';

/** Pays an order on the rail *test*, which takes no money. */
export async function payTest(bank: OpenBank, reference: string): Promise<Order | Refusal> {
  const order = await bank.store.find(reference);
  if (order === undefined) return refusalOf('no such order');
  if (order.rail !== 'test') {
    return refuse('unauthorised', `transaction_reference: the rail ${order.rail} takes money`);
  }
  return payOrder(bank, order, { rail: 'test' });
}

/** Pays an order with what its rail asks for: a voucher's code, or an account's token. */
export async function payWithProof(bank: OpenBank, request: RequestPayment): Promise<Order | Refusal> {
  const order = await bank.store.find(request.transaction_reference);
  if (order === undefined) return refusalOf('no such order');
  const means = await meansOf(bank, order, request.proof);
  return means instanceof Refusal ? means : payOrder(bank, order, means);
}

/** What a proof stands for. One that stands for nothing is refused before the mint is asked anything. */
async function meansOf(bank: OpenBank, order: Order, proof: string): Promise<Means | Refusal> {
  switch (order.rail) {
    case 'voucher': {
      const code = voucherHash(proof);
      if (code === undefined || (await bank.store.voucher(code)) === undefined) {
        return refusalOf('no such voucher');
      }
      return { rail: 'voucher', code };
    }
    case 'account': {
      const token = tokenHash(proof);
      if ((await bank.store.account(token, 0)) === undefined) return refusalOf('no such account');
      return { rail: 'account', token };
    }
    default:
      return refuse(
        'unauthorised',
        `transaction_reference: an order on the rail ${order.rail} is not paid by a message`,
      );
  }
}

/** Pays as long as the mint can issue it, so that nobody gives money for coins that cannot be made. */
async function payOrder(bank: OpenBank, order: Order, means: Means): Promise<Order | Refusal> {
  const { state, transaction_reference: reference } = order;
  if (state === 'unpaid' && !bank.rails.some((each) => each.name === means.rail)) {
    return refuse('unauthorised', `transaction_reference: this bank no longer has the rail ${means.rail}`);
  }
  const cover = state === 'unpaid' ? await coverOf(bank) : undefined;
  if (cover instanceof Refusal) return cover;
  const payment = { reference, means, now: bank.clock(), coinsMost: cover?.coinsMost };
  const refused = refusalFor(await bank.store.pay(payment));
  // What was paid is paid, even when the mint does not take the cashier's word yet.
  return refused ?? orderStatus(bank, reference);
}

/** What a voucher is worth, and whether it was used. */
export async function askVoucher(
  bank: OpenBank,
  request: RequestVoucher,
): Promise<ResponseVoucher | Refusal> {
  const hash = voucherHash(request.code);
  const voucher = hash === undefined ? undefined : await bank.store.voucher(hash);
  if (voucher === undefined) return refusalOf('no such voucher');
  const used = voucher.usedFor !== undefined;
  return { ...ok(request.message_reference), amount: voucher.amount, type: 'response voucher', used };
}

/** Why an order was not paid, for whoever tried; undefined when it is paid. */
export function refusalFor(outcome: PayOutcome): Refusal | undefined {
  if (outcome.kind === 'paid' || outcome.kind === 'repeated') return undefined;
  if (outcome.kind !== 'amounts differ') return refusalOf(outcome.kind);
  const { brought, ordered } = outcome;
  return refuse('unbalanced', `amount: the order is for ${ordered}, and this brings ${brought}`);
}

type Unpaid = Exclude<PayOutcome['kind'], 'paid' | 'repeated' | 'amounts differ'>;

const UNPAID: Readonly<Record<Unpaid, readonly [Refusal['name'], string]>> = {
  'no such order': ['unknown', 'transaction_reference: no such order'],
  'another rail': ['unauthorised', 'transaction_reference: this order is paid in another way'],
  expired: ['expired', 'transaction_reference: this order was not paid in time'],
  'no such voucher': ['unknown', 'proof: no such voucher; compare its code letter by letter'],
  'voucher used': ['already spent', 'proof: this voucher has paid another order'],
  'no such account': ['unknown', 'proof: no such account'],
  'balance too small': ['not enough', 'proof: the account’s balance is smaller than the order'],
  'not covered': ['busy', 'transaction_reference: the mint may not issue that much now'],
};

function refusalOf(kind: Unpaid): Refusal {
  return refuse(...UNPAID[kind]);
}
