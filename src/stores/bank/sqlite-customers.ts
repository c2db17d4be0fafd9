import type { DatabaseSync } from 'node:sqlite';
import type { KeptPayout } from '../../bank/ports.ts';
import type { BankRows } from './verbs.ts';

type Row = Readonly<Record<string, unknown>>;

type CustomerRows = Pick<
  BankRows,
  | 'accountOf'
  | 'hasAccount'
  | 'countAccounts'
  | 'keepAccount'
  | 'payout'
  | 'payoutOf'
  | 'countPending'
  | 'lastPayout'
  | 'keepPayout'
  | 'setPayoutPaid'
  | 'pendingPayouts'
>;

/** The rows of customers' accounts and their payouts. */
export function openCustomerRows(database: DatabaseSync): CustomerRows {
  const sql = statements(database);
  const payout = (row: Row | undefined) => (row === undefined ? undefined : readPayout(row));
  return {
    accountOf: (tokenHash) => {
      const row = sql.account.get(tokenHash);
      return row && { tokenHash, number: String(row['number']) };
    },
    hasAccount: (number) => sql.numbered.get(number) !== undefined,
    countAccounts: () => Number(sql.countAccounts.get()?.['total']),
    keepAccount: ({ tokenHash, number }) => void sql.keepAccount.run(tokenHash, number),
    payout: (number) => payout(sql.payout.get(number)),
    payoutOf: (account, reference) => payout(sql.payoutOf.get(account, reference)),
    countPending: (account) => Number(sql.countPending.get(account)?.['total']),
    lastPayout: () => Number(sql.lastPayout.get()?.['last']),
    keepPayout: ({ number, account, reference, state, amount, to, time }) =>
      void sql.keepPayout.run(number, account, reference, state, amount, to, time),
    setPayoutPaid: (number) => void sql.setPaid.run(number),
    pendingPayouts: (account, most) =>
      (account === undefined ? sql.pending.all(most) : sql.pendingOf.all(account, most)).map(readPayout),
  };
}

function statements(database: DatabaseSync) {
  return {
    account: database.prepare('SELECT number FROM account WHERE token_hash = ?'),
    numbered: database.prepare('SELECT 1 FROM account WHERE number = ?'),
    countAccounts: database.prepare('SELECT count(*) AS total FROM account'),
    keepAccount: database.prepare('INSERT INTO account (token_hash, number) VALUES (?, ?)'),
    payout: database.prepare('SELECT * FROM payout WHERE number = ?'),
    payoutOf: database.prepare('SELECT * FROM payout WHERE account = ? AND reference = ?'),
    countPending: database.prepare(
      "SELECT count(*) AS total FROM payout WHERE state = 'pending' AND account = ?",
    ),
    lastPayout: database.prepare('SELECT coalesce(max(number), 0) AS last FROM payout'),
    keepPayout: database.prepare(
      'INSERT INTO payout (number, account, reference, state, amount, receiver, time) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    setPaid: database.prepare("UPDATE payout SET state = 'paid' WHERE number = ?"),
    pending: database.prepare("SELECT * FROM payout WHERE state = 'pending' ORDER BY number LIMIT ?"),
    pendingOf: database.prepare(
      "SELECT * FROM payout WHERE state = 'pending' AND account = ? ORDER BY number LIMIT ?",
    ),
  };
}

function readPayout(row: Row): KeptPayout {
  return {
    account: String(row['account']),
    amount: Number(row['amount']),
    number: Number(row['number']),
    reference: String(row['reference']),
    state: row['state'] as KeptPayout['state'],
    time: Number(row['time']),
    to: String(row['receiver']),
  };
}
