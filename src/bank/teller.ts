/** What a teller does: sees money come and go, issues vouchers, and looks at the books. */
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { writeDate } from '../base/dates.ts';
import { ok } from '../protocol/answers.ts';
import type { TellerRequest, TellerResponse } from '../protocol/catalogue.ts';
import type {
  RequestBalances,
  RequestConfirmPayment,
  RequestIssueVouchers,
  RequestPayoutPaid,
  RequestPendingPayouts,
  RequestUnpaidOrders,
  ResponseBalances,
  ResponseConfirmPayment,
  ResponseIssueVouchers,
  ResponsePayoutPaid,
  ResponsePendingPayouts,
  ResponseUnpaidOrders,
} from '../protocol/messages/teller.ts';
import { orderStatus } from './orders.ts';
import type { OpenBank } from './parts.ts';
import { refusalFor } from './payments.ts';
import { isCustomerAccount } from './postings.ts';
import { approveRegistration, forgetIdentity, identityHolder, waitingRegistrations } from './registration.ts';
import { batchHash, paymentReference, readPaymentReference, voucherCode, voucherHash } from './secrets.ts';

/** Answers a teller. Only the bank's own socket leads here. */
export function answerTeller(bank: OpenBank, request: TellerRequest): Promise<TellerResponse | Refusal> {
  switch (request.type) {
    case 'request unpaid orders':
      return unpaidOrders(bank, request);
    case 'request confirm payment':
      return confirmPayment(bank, request);
    case 'request issue vouchers':
      return issueVouchers(bank, request);
    case 'request pending payouts':
      return pendingPayouts(bank, request);
    case 'request payout paid':
      return payoutPaid(bank, request);
    case 'request waiting registrations':
      return waitingRegistrations(bank, request);
    case 'request approve registration':
      return approveRegistration(bank, request);
    case 'request forget identity':
      return forgetIdentity(bank, request);
    case 'request identity holder':
      return identityHolder(bank, request);
    case 'request balances':
      return balances(bank, request);
  }
}

async function unpaidOrders(bank: OpenBank, request: RequestUnpaidOrders): Promise<ResponseUnpaidOrders> {
  const kept = await bank.store.unpaid('manual', bank.clock(), LIMITS.tellerPage);
  const orders = kept.map(({ amount, expires, transaction_reference: reference }) => ({
    amount,
    expires,
    payment_reference: paymentReference(reference),
  }));
  return { ...ok(request.message_reference), orders, type: 'response unpaid orders' };
}

/** The money is there, so it counts even when the mint cannot issue its coins yet. */
async function confirmPayment(
  bank: OpenBank,
  request: RequestConfirmPayment,
): Promise<ResponseConfirmPayment | Refusal> {
  const written = readPaymentReference(request.payment_reference);
  const order = written === undefined ? undefined : await bank.store.findByPayment(written);
  if (written === undefined || order === undefined) {
    return refuse(
      'unknown',
      'payment_reference: no order waits for it; compare it letter by letter, or give the money back',
    );
  }
  const means = { rail: 'manual', amount: request.amount } as const;
  const { transaction_reference: reference } = order;
  const outcome = await bank.store.pay({ reference, means, now: bank.clock(), coinsMost: undefined });
  const refused = refusalFor(outcome);
  if (refused !== undefined) return refused;
  const now = await orderStatus(bank, reference);
  if (now instanceof Refusal) return now;
  return {
    ...ok(request.message_reference),
    confirmed_before: outcome.kind === 'repeated',
    payment_reference: written,
    state: now.state,
    type: 'response confirm payment',
  };
}

async function issueVouchers(
  bank: OpenBank,
  request: RequestIssueVouchers,
): Promise<ResponseIssueVouchers | Refusal> {
  const { amount, count, reference } = request;
  if (amount > bank.orderMost()) {
    return refuse('unauthorised', `amount: at most ${bank.orderMost()}, as in one order`);
  }
  const codes = Array.from({ length: count }, (_, at) => voucherCode(bank.cashier.secret, reference, at));
  const vouchers = codes.map((code) => voucherHash(code)).filter((hash) => hash !== undefined);
  const outcome = await bank.store.issueVouchers({ hash: batchHash(reference), amount, vouchers });
  if (outcome === 'reference reused') {
    return refuse('reference reused', 'reference: kept for vouchers of another amount or number');
  }
  return { ...ok(request.message_reference), amount, codes, type: 'response issue vouchers' };
}

async function pendingPayouts(
  bank: OpenBank,
  request: RequestPendingPayouts,
): Promise<ResponsePendingPayouts> {
  const kept = await bank.store.pendingPayouts(LIMITS.tellerPage);
  const payouts = kept.map(({ account, amount, number, time, to }) => ({
    account,
    amount,
    number,
    time: writeDate(time),
    to,
  }));
  return { ...ok(request.message_reference), payouts, type: 'response pending payouts' };
}

async function payoutPaid(bank: OpenBank, request: RequestPayoutPaid): Promise<ResponsePayoutPaid | Refusal> {
  const paid = await bank.store.notePayoutPaid(request.number, bank.clock());
  if (paid === undefined) return refuse('unknown', 'number: no such payout');
  const { before, payout } = paid;
  return { ...ok(request.message_reference), paid_before: before, payout, type: 'response payout paid' };
}

/** The books at a glance: all customers as one account, since there may be a million. */
async function balances(bank: OpenBank, request: RequestBalances): Promise<ResponseBalances> {
  const accounts: { account: string; balance: number }[] = [];
  let customers = 0;
  for (const [account, balance] of await bank.store.balances()) {
    if (isCustomerAccount(account)) customers += balance;
    else accounts.push({ account, balance });
  }
  accounts.push({ account: 'customers', balance: customers });
  accounts.sort((left, right) => (left.account < right.account ? -1 : 1));
  return { ...ok(request.message_reference), accounts, type: 'response balances' };
}
