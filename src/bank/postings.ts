/**
 * Double entry. Every movement of money is a transaction of postings that sum to zero, and an account's balance is
 * the sum of its postings. Positive is what the bank owes or has paid out, negative what came in: so `coins`, the
 * customers, `unclaimed`, `payouts pending` and `paid out` are never negative, `money:…` never positive.
 */
import type { Instant } from '../base/dates.ts';

/** What the bank owes to the holders of coins, as far as it knows of their redemptions. */
export const COINS = 'coins';
/** Redeemed for no account that there is. */
export const UNCLAIMED = 'unclaimed';
export const PAYOUTS_PENDING = 'payouts pending';
export const PAID_OUT = 'paid out';
const CUSTOMER = 'customer:';

/** All that came in by a rail. */
export function moneyAccount(rail: string): string {
  return `money:${rail}`;
}

export function customerAccount(number: string): string {
  return CUSTOMER + number;
}

export function isCustomerAccount(account: string): boolean {
  return account.startsWith(CUSTOMER);
}

export interface Posting {
  readonly account: string;
  /** Of the smallest unit; may be negative. */
  readonly amount: number;
}

/** `kind` and `reference` together are a transaction's identity: no store keeps two with the same. */
export interface Transaction {
  readonly kind: 'payment' | 'redemption' | 'payout' | 'payout paid';
  readonly reference: string;
  readonly time: Instant;
  readonly postings: readonly Posting[];
}

/** Moves an amount from one ledger account to another. */
export function transfer(
  identity: Pick<Transaction, 'kind' | 'reference' | 'time'>,
  amount: number,
  from: string,
  to: string,
): Transaction {
  const postings = [
    { account: from, amount: -amount },
    { account: to, amount },
  ];
  return { ...identity, postings };
}

/** Throws for a transaction that would make or lose money. Every store calls it before it keeps one. */
export function assertBalanced({ kind, postings }: Transaction): void {
  const total = postings.reduce((sum, posting) => sum + BigInt(posting.amount), 0n);
  const accounts = new Set(postings.map((posting) => posting.account));
  if (total !== 0n || postings.length < 2 || accounts.size !== postings.length) {
    throw new Error(`the books: a ${kind} whose postings do not balance`);
  }
}

/** An account's balance after a posting. Throws when it cannot be: beyond 2^53, or a customer's below zero. */
export function balanceAfter(balance: number, { account, amount }: Posting): number {
  const after = balance + amount;
  if (!Number.isSafeInteger(after)) throw new Error('the books: a balance beyond 2^53 - 1');
  if (after < 0 && isCustomerAccount(account)) throw new Error('the books: a customer’s balance below zero');
  return after;
}
