import type { Audit } from '../../bank/audit.ts';
import type { BankStore, CashierKey, CreditedReceipt, KeptPayout, Voucher } from '../../bank/ports.ts';
import { assertBalanced, balanceAfter } from '../../bank/postings.ts';
import type { Posting, Transaction } from '../../bank/postings.ts';
import type { KeptAccount, KeptBatch, Tables } from '../../bank/tables.ts';
import { readDate, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type { AccountEntry } from '../../protocol/messages/account.ts';
import type { Order } from '../../protocol/messages/order.ts';
import { openIdentities } from './memory-identities.ts';
import { bankStoreOn } from './verbs.ts';
import type { BankRows } from './verbs.ts';

/** A bank's books in memory, for tests and simulators. */
export function openMemoryBankStore(): BankStore {
  let cashier: CashierKey | undefined;
  const orders = new Orders();
  const ledger = new Ledger();
  const { payouts, ...payoutRows } = openPayouts();
  const { receipts, ...receiptRows } = openReceipts();
  const rows: BankRows = {
    ...orders.rows,
    ...openVouchers(),
    ...openAccounts(),
    ...openIdentities(),
    ...payoutRows,
    ...receiptRows,
    balance: (account) => ledger.balance(account),
    balances: () => ledger.audit().balances,
    post: (transaction) => ledger.post(transaction),
    entries: (account, most) => ledger.entries(account, most),
    load: () => cashier,
    found: (key) => {
      if (cashier !== undefined) throw new Error('this bank has its cashier already');
      cashier = key;
    },
    audit: () => ({
      ...ledger.audit(),
      paidOrders: total(orders.all().filter((each) => each.state !== 'unpaid')),
      creditedReceipts: total(receipts),
      receipts: receipts.length,
      lastReceipt: receipts.at(-1)?.sequence ?? 0,
      pendingPayouts: total([...payouts.values()].filter((each) => each.state === 'pending')),
      paidPayouts: total([...payouts.values()].filter((each) => each.state === 'paid')),
    }),
    // The rules write only after everything that may throw.
    atomically: (work) => work(),
    close: () => undefined,
  };
  return bankStoreOn(rows);
}

function total(rows: readonly { readonly amount: number }[]): number {
  return rows.reduce((sum, row) => sum + row.amount, 0);
}

class Orders {
  private readonly kept = new Map<string, Order>();
  private readonly byPayment = new Map<string, string>();

  all(): readonly Order[] {
    return [...this.kept.values()];
  }

  readonly rows = {
    order: (reference: string) => this.kept.get(reference),
    orderByPayment: (written: string) => this.kept.get(this.byPayment.get(written) ?? ''),
    keepOrder: (order: Order, written: string) => {
      this.kept.set(order.transaction_reference, order);
      this.byPayment.set(written, order.transaction_reference);
    },
    setOrderState: (reference: string, state: Order['state']) => {
      const order = this.kept.get(reference);
      if (order !== undefined) this.kept.set(reference, { ...order, state });
    },
    sweepUnpaid: (now: Instant) => {
      for (const [written, reference] of this.byPayment) {
        const order = this.kept.get(reference);
        if (order?.state !== 'unpaid' || isOpen(order, now)) continue;
        this.kept.delete(reference);
        this.byPayment.delete(written);
      }
    },
    countUnpaid: (now: Instant) => this.all().filter((each) => isOpen(each, now)).length,
    unpaid: (rail: string, now: Instant, most: number) =>
      this.all()
        .filter((each) => each.rail === rail && isOpen(each, now))
        .sort((left, right) => expiry(left) - expiry(right))
        .slice(0, most),
    unfunded: () => this.all().filter((each) => each.state === 'paid'),
  };
}

function expiry(order: Order): Instant {
  return readDate(order.expires) ?? 0;
}

function isOpen(order: Order, now: Instant): boolean {
  return order.state === 'unpaid' && expiry(order) >= now;
}

type VoucherRows = Pick<Tables, 'voucher' | 'useVoucher' | 'batch' | 'keepBatch'>;

function openVouchers(): VoucherRows {
  const vouchers = new Map<string, Voucher>();
  const batches = new Map<string, KeptBatch>();
  return {
    voucher: (hash) => vouchers.get(hash),
    useVoucher: (hash, order) => {
      const voucher = vouchers.get(hash);
      if (voucher !== undefined) vouchers.set(hash, { ...voucher, usedFor: order });
    },
    batch: (hash) => batches.get(hash),
    keepBatch: ({ hash, amount, vouchers: codes }) => {
      batches.set(hash, { hash, amount, count: codes.length });
      for (const code of codes) vouchers.set(code, { hash: code, amount, usedFor: undefined });
    },
  };
}

type AccountRows = Pick<Tables, 'accountOf' | 'hasAccount' | 'countAccounts' | 'keepAccount'>;

function openAccounts(): AccountRows {
  const byToken = new Map<string, KeptAccount>();
  const numbers = new Set<string>();
  return {
    accountOf: (tokenHash) => byToken.get(tokenHash),
    hasAccount: (number) => numbers.has(number),
    countAccounts: () => numbers.size,
    keepAccount: (account) => {
      byToken.set(account.tokenHash, account);
      numbers.add(account.number);
    },
  };
}

function openPayouts() {
  const payouts = new Map<number, KeptPayout>();
  const pending = (account: string | undefined) =>
    [...payouts.values()].filter(
      (each) => each.state === 'pending' && (account === undefined || each.account === account),
    );
  return {
    payouts,
    payout: (number: number) => payouts.get(number),
    payoutOf: (account: string, reference: string) =>
      [...payouts.values()].find((each) => each.account === account && each.reference === reference),
    countPending: (account: string) => pending(account).length,
    lastPayout: () => payouts.size,
    keepPayout: (payout: KeptPayout) => void payouts.set(payout.number, payout),
    setPayoutPaid: (number: number) => {
      const payout = payouts.get(number);
      if (payout !== undefined) payouts.set(number, { ...payout, state: 'paid' });
    },
    pendingPayouts: (account: string | undefined, most: number) => pending(account).slice(0, most),
  };
}

function openReceipts() {
  const receipts: CreditedReceipt[] = [];
  return {
    receipts,
    lastReceipt: () => receipts.at(-1)?.sequence ?? 0,
    keepReceipt: (receipt: CreditedReceipt) => void receipts.push(receipt),
    receipt: (sequence: number) => receipts.find((each) => each.sequence === sequence),
  };
}

/** A posting as it stands in its account. */
interface Line extends Posting {
  readonly balance: number;
  readonly transaction: Transaction;
}

class Ledger {
  private readonly transactions = new Map<string, Transaction>();
  private readonly lines = new Map<string, Line[]>();

  balance(account: string): number {
    return this.lines.get(account)?.at(-1)?.balance ?? 0;
  }

  post(transaction: Transaction): void {
    assertBalanced(transaction);
    const identity = `${transaction.kind} ${transaction.reference}`;
    if (this.transactions.has(identity)) throw new Error(`the books: ${transaction.kind} posted twice`);
    const lines = transaction.postings.map((posting) => ({
      ...posting,
      balance: balanceAfter(this.balance(posting.account), posting),
      transaction,
    }));
    this.transactions.set(identity, transaction);
    for (const line of lines) {
      const kept = this.lines.get(line.account);
      if (kept === undefined) this.lines.set(line.account, [line]);
      else kept.push(line);
    }
  }

  entries(account: string, most: number): readonly AccountEntry[] {
    const lines = (this.lines.get(account) ?? []).toReversed().slice(0, most);
    return lines.map(({ amount, balance, transaction }) => ({
      amount,
      balance,
      kind: transaction.kind as AccountEntry['kind'],
      time: writeDate(transaction.time),
    }));
  }

  audit(): Pick<Audit, 'balances' | 'unbalanced' | 'astray'> {
    const balances = new Map<string, number>();
    let astray = 0;
    for (const [account, lines] of this.lines) {
      let sum = 0;
      for (const { amount, balance } of lines) if ((sum += amount) !== balance) astray++;
      balances.set(account, sum);
    }
    const unbalanced = [...this.transactions.values()].filter(({ postings }) => total(postings) !== 0).length;
    return { balances, unbalanced, astray };
  }
}
