/**
 * The rules of the bank's books, the same for every store. Each is carried out as one transaction: it looks at
 * everything first, then writes, and posts before it writes anything else, since only `post` may throw.
 */
import { readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Receipt } from '../protocol/attestations.ts';
import type { Payout } from '../protocol/messages/account.ts';
import type { Order } from '../protocol/messages/order.ts';
import type {
  KeptPayout,
  OpenOutcome,
  PayOutcome,
  Payment,
  PayoutOutcome,
  PayoutPaid,
  PayoutWanted,
  PlaceOutcome,
  VoucherBatch,
} from './ports.ts';
import {
  COINS,
  PAID_OUT,
  PAYOUTS_PENDING,
  UNCLAIMED,
  customerAccount,
  moneyAccount,
  transfer,
} from './postings.ts';
import { paymentReference } from './secrets.ts';
import type { Tables } from './tables.ts';

/** Places an order, forgetting first those that nobody paid in time. */
export function place(tables: Tables, order: Order, now: Instant, unpaidMost: number): PlaceOutcome {
  const kept = tables.order(order.transaction_reference);
  if (kept !== undefined) {
    const same = kept.amount === order.amount && kept.currency === order.currency && kept.rail === order.rail;
    return same ? { kind: 'repeated', order: kept } : { kind: 'reference reused' };
  }
  const written = paymentReference(order.transaction_reference);
  if (tables.orderByPayment(written) !== undefined) return { kind: 'reference reused' };
  if (tables.countUnpaid(now) >= unpaidMost) return { kind: 'too many unpaid' };
  tables.sweepUnpaid(now);
  tables.keepOrder(order, written);
  return { kind: 'placed', order };
}

/** Pays an order once, with what its rail asks for. */
export function pay(tables: Tables, payment: Payment): PayOutcome {
  const { means, now, reference } = payment;
  const order = tables.order(reference);
  if (order === undefined) return { kind: 'no such order' };
  if (order.rail !== means.rail) return { kind: 'another rail' };
  const source = sourceOf(tables, order, payment);
  if (typeof source !== 'string') return source;
  if (order.state !== 'unpaid') return { kind: 'repeated', order };
  if ((readDate(order.expires) ?? 0) < now) return { kind: 'expired' };
  if (payment.coinsMost !== undefined && tables.balance(COINS) + order.amount > payment.coinsMost) {
    return { kind: 'not covered' };
  }
  if (means.rail === 'account' && tables.balance(source) < order.amount) return { kind: 'balance too small' };
  tables.post(transfer({ kind: 'payment', reference, time: now }, order.amount, source, COINS));
  if (means.rail === 'voucher') tables.useVoucher(means.code, reference);
  tables.setOrderState(reference, 'paid');
  return { kind: 'paid', order: { ...order, state: 'paid' } };
}

/** The ledger account that pays an order; or why it is not paid with this. */
function sourceOf(tables: Tables, order: Order, { means }: Payment): string | PayOutcome {
  switch (means.rail) {
    case 'test':
      return moneyAccount(means.rail);
    case 'manual':
      return sameAmount(order, means.amount) ?? moneyAccount(means.rail);
    case 'voucher': {
      const voucher = tables.voucher(means.code);
      if (voucher === undefined) return { kind: 'no such voucher' };
      if (voucher.usedFor !== undefined && voucher.usedFor !== order.transaction_reference) {
        return { kind: 'voucher used' };
      }
      return sameAmount(order, voucher.amount) ?? moneyAccount(means.rail);
    }
    case 'account': {
      const account = tables.accountOf(means.token);
      return account === undefined ? { kind: 'no such account' } : customerAccount(account.number);
    }
  }
}

function sameAmount(order: Order, brought: number): PayOutcome | undefined {
  return brought === order.amount ? undefined : { kind: 'amounts differ', ordered: order.amount, brought };
}

/** Moves an order on from paid to funded. */
export function noteFunded(tables: Tables, reference: string): Order | undefined {
  if (tables.order(reference)?.state === 'paid') tables.setOrderState(reference, 'funded');
  return tables.order(reference);
}

export function issueVouchers(
  tables: Tables,
  batch: VoucherBatch,
): 'issued' | 'repeated' | 'reference reused' {
  const kept = tables.batch(batch.hash);
  if (kept !== undefined) {
    const same = kept.amount === batch.amount && kept.count === batch.vouchers.length;
    return same ? 'repeated' : 'reference reused';
  }
  tables.keepBatch(batch);
  return 'issued';
}

export function openAccount(tables: Tables, tokenHash: string, number: string, most: number): OpenOutcome {
  if (tables.accountOf(tokenHash) !== undefined) return 'repeated';
  if (tables.hasAccount(number)) return 'number taken';
  if (tables.countAccounts() >= most) return 'too many';
  tables.keepAccount({ tokenHash, number });
  return 'opened';
}

/** Sets an account's money aside for a payout. */
export function requestPayout(
  tables: Tables,
  wanted: PayoutWanted,
  now: Instant,
  pendingMost: number,
): PayoutOutcome {
  const account = tables.accountOf(wanted.tokenHash);
  if (account === undefined) return { kind: 'no such account' };
  const { amount, reference, to } = wanted;
  const kept = tables.payoutOf(account.number, reference);
  if (kept !== undefined) {
    const same = kept.amount === amount && kept.to === to;
    return same ? { kind: 'repeated', payout: payoutOf(kept) } : { kind: 'reference reused' };
  }
  const from = customerAccount(account.number);
  if (tables.balance(from) < amount) return { kind: 'balance too small' };
  if (tables.countPending(account.number) >= pendingMost) return { kind: 'too many pending' };
  const number = tables.lastPayout() + 1;
  const payout = { amount, number, reference, state: 'pending', to } as const;
  tables.post(
    transfer({ kind: 'payout', reference: String(number), time: now }, amount, from, PAYOUTS_PENDING),
  );
  tables.keepPayout({ ...payout, account: account.number, time: now });
  return { kind: 'set aside', payout };
}

export function notePayoutPaid(tables: Tables, number: number, now: Instant): PayoutPaid | undefined {
  const kept = tables.payout(number);
  if (kept === undefined) return undefined;
  if (kept.state === 'paid') return { payout: payoutOf(kept), before: true };
  const identity = { kind: 'payout paid', reference: String(number), time: now } as const;
  tables.post(transfer(identity, kept.amount, PAYOUTS_PENDING, PAID_OUT));
  tables.setPayoutPaid(number);
  return { payout: { ...payoutOf(kept), state: 'paid' }, before: false };
}

/** A payout as its owner sees it. */
export function payoutOf({ amount, number, reference, state, to }: KeptPayout): Payout {
  return { amount, number, reference, state, to };
}

/** Credits the next receipt to its payee; what names no account here is unclaimed. */
export function credit(tables: Tables, receipt: Receipt, now: Instant): 'credited' | 'repeated' {
  const { amount, payee, redemption, sequence } = receipt;
  const last = tables.lastReceipt();
  if (sequence <= last) return 'repeated';
  if (sequence !== last + 1) throw new Error(`the books: receipt ${sequence} after receipt ${last}`);
  const to = tables.hasAccount(payee) ? customerAccount(payee) : UNCLAIMED;
  tables.post(transfer({ kind: 'redemption', reference: String(sequence), time: now }, amount, COINS, to));
  tables.keepReceipt({ amount, redemption, sequence });
  return 'credited';
}
