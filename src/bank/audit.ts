/** What must hold of a bank's books whenever it opens. */
import { COINS, PAID_OUT, PAYOUTS_PENDING } from './postings.ts';

/** Figures that a store sums up from its rows, each from other rows than the next. */
export interface Audit {
  /** Every ledger account's balance: the sum of its postings. */
  readonly balances: ReadonlyMap<string, number>;
  /** Transactions whose postings do not sum to zero. */
  readonly unbalanced: number;
  /** Postings whose kept balance is not the sum up to them. */
  readonly astray: number;
  /** The sum of all orders that were paid. */
  readonly paidOrders: number;
  /** The sum of all receipts that were credited. */
  readonly creditedReceipts: number;
  /** How many receipts were credited, and the sequence of the last. */
  readonly receipts: number;
  readonly lastReceipt: number;
  /** The sum of all payouts that are pending, and of all that were paid. */
  readonly pendingPayouts: number;
  readonly paidPayouts: number;
}

/** Throws when the books do not balance: a bank whose books are wrong does no more business. */
export function assertSound(audit: Audit): void {
  const balance = (account: string) => audit.balances.get(account) ?? 0;
  const checks: readonly (readonly [boolean, string])[] = [
    [audit.unbalanced === 0, 'a transaction does not balance'],
    [audit.astray === 0, 'a balance is not the sum of its postings'],
    [sum(audit.balances.values()) === 0n, 'the ledger does not balance'],
    [
      BigInt(balance(COINS)) === BigInt(audit.paidOrders) - BigInt(audit.creditedReceipts),
      'coins are not what was sold less what came back',
    ],
    [audit.receipts === audit.lastReceipt, 'a receipt is missing'],
    [balance(PAYOUTS_PENDING) === audit.pendingPayouts, 'pending payouts are not what is kept for them'],
    [balance(PAID_OUT) === audit.paidPayouts, 'paid payouts are not what was paid out'],
  ];
  for (const [holds, what] of checks) {
    if (!holds) throw new Error(`the books: ${what}`);
  }
}

function sum(values: Iterable<number>): bigint {
  let total = 0n;
  for (const value of values) total += BigInt(value);
  return total;
}
