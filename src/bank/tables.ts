import type { Instant } from '../base/dates.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { CreditedReceipt, KeptPayout, Voucher, VoucherBatch, WaitingIdentity } from './ports.ts';
import type { Transaction } from './postings.ts';

export interface KeptAccount {
  readonly tokenHash: string;
  readonly number: string;
}

export interface RegisteredIdentity {
  readonly account: string;
  readonly identity: string;
}

/** An issue of vouchers: what tells whether it is asked for again. */
export interface KeptBatch {
  readonly hash: string;
  readonly amount: number;
  readonly count: number;
}

/**
 * The rows of a bank's books, as the rules in `books.ts` read and write them. A store brings these, and carries each
 * rule out as one transaction.
 */
export interface Tables {
  order(reference: string): Order | undefined;
  orderByPayment(paymentReference: string): Order | undefined;
  keepOrder(order: Order, paymentReference: string): void;
  setOrderState(reference: string, state: Order['state']): void;
  /** Forgets the orders that nobody paid in time. */
  sweepUnpaid(now: Instant): void;
  /** How many are unpaid and not expired. */
  countUnpaid(now: Instant): number;

  voucher(hash: string): Voucher | undefined;
  useVoucher(hash: string, order: string): void;
  batch(hash: string): KeptBatch | undefined;
  keepBatch(batch: VoucherBatch): void;

  accountOf(tokenHash: string): KeptAccount | undefined;
  hasAccount(number: string): boolean;
  countAccounts(): number;
  keepAccount(account: KeptAccount): void;

  /** What the account of this number is known by at the mint. */
  identityOf(account: string): string | undefined;
  /** The number of the account that has this identity. */
  holderOf(identity: string): string | undefined;
  /** The number of the account that had it once. */
  formerHolderOf(identity: string): string | undefined;
  /** Registered identities that begin so, in their order. */
  identitiesLike(digits: string, most: number): readonly RegisteredIdentity[];
  keepIdentity(account: string, identity: string): void;
  /** Makes an account's identity a former one, which is kept for ever. */
  takeIdentityBack(account: string, identity: string): void;

  /** What the account waits for, in time or not. */
  waitingOf(account: string): WaitingIdentity | undefined;
  /** Waiting identities that begin so, in their order. */
  waitingLike(digits: string, now: Instant, most: number): readonly WaitingIdentity[];
  countWaiting(now: Instant): number;
  keepWaiting(waiting: WaitingIdentity): void;
  /** Forgets what this account waits for, and who waits for this identity. */
  dropWaiting(account: string, identity: string): void;
  /** Forgets those that nobody approved in time. */
  sweepWaiting(now: Instant): void;

  payout(number: number): KeptPayout | undefined;
  payoutOf(account: string, reference: string): KeptPayout | undefined;
  countPending(account: string): number;
  lastPayout(): number;
  keepPayout(payout: KeptPayout): void;
  setPayoutPaid(number: number): void;

  lastReceipt(): number;
  keepReceipt(receipt: CreditedReceipt): void;

  /** The sum of an account's postings. */
  balance(account: string): number;
  /** Adds a transaction. Throws when it does not balance, or is there already. */
  post(transaction: Transaction): void;
}
