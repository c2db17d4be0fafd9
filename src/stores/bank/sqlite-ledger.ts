import type { DatabaseSync } from 'node:sqlite';
import type { Audit } from '../../bank/audit.ts';
import { assertBalanced, balanceAfter } from '../../bank/postings.ts';
import type { Transaction } from '../../bank/postings.ts';
import { writeDate } from '../../base/dates.ts';
import type { AccountEntry } from '../../protocol/messages/account.ts';
import type { BankRows } from './verbs.ts';

type Row = Readonly<Record<string, unknown>>;

type LedgerRows = Pick<
  BankRows,
  'balance' | 'balances' | 'post' | 'entries' | 'lastReceipt' | 'keepReceipt' | 'receipt' | 'audit'
>;

/**
 * Postings are added and never changed. Each carries what its account came to with it, so that a balance is one row
 * to read; `audit` checks those against the sums.
 */
export function openLedgerRows(database: DatabaseSync): LedgerRows {
  const sql = statements(database);
  const last = (account: string) => {
    const row = sql.last.get(account);
    return { line: Number(row?.['line'] ?? 0), balance: Number(row?.['balance'] ?? 0) };
  };
  const post = (transaction: Transaction) => {
    assertBalanced(transaction);
    const { kind, reference, time, postings } = transaction;
    const { lastInsertRowid: id } = sql.addTransaction.run(kind, reference, time);
    for (const posting of postings) {
      const { line, balance } = last(posting.account);
      sql.addPosting.run(posting.account, line + 1, id, posting.amount, balanceAfter(balance, posting));
    }
  };
  const balances = () =>
    new Map(sql.balances.all().map((row) => [String(row['account']), Number(row['balance'])] as const));
  return {
    balance: (account) => last(account).balance,
    post,
    entries: (account, most) => sql.entries.all(account, most).map(readEntry),
    lastReceipt: () => Number(sql.lastReceipt.get()?.['last']),
    keepReceipt: ({ sequence, amount, redemption }) => void sql.keepReceipt.run(sequence, amount, redemption),
    receipt: (sequence) => {
      const row = sql.receipt.get(sequence);
      return row && { sequence, amount: Number(row['amount']), redemption: String(row['redemption']) };
    },
    balances,
    audit: () => ({
      balances: balances(),
      ...(sql.figures.get() as unknown as Omit<Audit, 'balances'>),
    }),
  };
}

function statements(database: DatabaseSync) {
  return {
    last: database.prepare('SELECT line, balance FROM posting WHERE account = ? ORDER BY line DESC LIMIT 1'),
    addTransaction: database.prepare(
      'INSERT INTO ledger_transaction (kind, reference, time) VALUES (?, ?, ?)',
    ),
    addPosting: database.prepare(
      'INSERT INTO posting (account, line, transaction_id, amount, balance) VALUES (?, ?, ?, ?, ?)',
    ),
    entries: database.prepare(`
      SELECT kind, time, amount, balance FROM posting JOIN ledger_transaction ON id = transaction_id
      WHERE account = ? ORDER BY line DESC LIMIT ?`),
    lastReceipt: database.prepare('SELECT coalesce(max(sequence), 0) AS last FROM receipt'),
    keepReceipt: database.prepare('INSERT INTO receipt (sequence, amount, redemption) VALUES (?, ?, ?)'),
    receipt: database.prepare('SELECT amount, redemption FROM receipt WHERE sequence = ?'),
    balances: database.prepare('SELECT account, sum(amount) AS balance FROM posting GROUP BY account'),
    figures: database.prepare(FIGURES),
  };
}

const FIGURES = `
  SELECT
    (SELECT count(*) FROM (
      SELECT 1 FROM ledger_transaction LEFT JOIN posting ON transaction_id = id
      GROUP BY id HAVING coalesce(sum(amount), 1) <> 0)) AS unbalanced,
    (SELECT count(*) FROM (
      SELECT balance, sum(amount) OVER (PARTITION BY account ORDER BY line) AS sum FROM posting)
      WHERE balance <> sum) AS astray,
    (SELECT coalesce(sum(amount), 0) FROM customer_order WHERE state <> 'unpaid') AS paidOrders,
    (SELECT coalesce(sum(amount), 0) FROM receipt) AS creditedReceipts,
    (SELECT count(*) FROM receipt) AS receipts,
    (SELECT coalesce(max(sequence), 0) FROM receipt) AS lastReceipt,
    (SELECT coalesce(sum(amount), 0) FROM payout WHERE state = 'pending') AS pendingPayouts,
    (SELECT coalesce(sum(amount), 0) FROM payout WHERE state = 'paid') AS paidPayouts`;

function readEntry(row: Row): AccountEntry {
  return {
    amount: Number(row['amount']),
    balance: Number(row['balance']),
    kind: row['kind'] as AccountEntry['kind'],
    time: writeDate(Number(row['time'])),
  };
}
