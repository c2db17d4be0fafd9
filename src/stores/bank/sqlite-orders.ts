import type { DatabaseSync } from 'node:sqlite';
import { readDate } from '../../base/dates.ts';
import type { Order } from '../../protocol/messages/order.ts';
import type { BankRows } from './verbs.ts';

type Row = Readonly<Record<string, unknown>>;

type OrderRows = Pick<
  BankRows,
  | 'order'
  | 'orderByPayment'
  | 'keepOrder'
  | 'setOrderState'
  | 'sweepUnpaid'
  | 'countUnpaid'
  | 'unpaid'
  | 'unfunded'
  | 'voucher'
  | 'useVoucher'
  | 'batch'
  | 'keepBatch'
>;

/** The rows of orders and of the vouchers that pay them. */
export function openOrderRows(database: DatabaseSync): OrderRows {
  const sql = statements(database);
  const order = (row: Row | undefined) => (row === undefined ? undefined : readOrder(row));
  return {
    order: (reference) => order(sql.order.get(reference)),
    orderByPayment: (written) => order(sql.byPayment.get(written)),
    keepOrder: (each, written) => {
      const { amount, rail, state, transaction_reference: reference, expires } = each;
      const body = JSON.stringify(each);
      sql.keep.run(reference, written, rail, state, amount, readDate(expires) ?? 0, body);
    },
    setOrderState: (reference, state) => void sql.setState.run(state, reference),
    sweepUnpaid: (now) => void sql.sweep.run(now),
    countUnpaid: (now) => Number(sql.countUnpaid.get(now)?.['total']),
    unpaid: (rail, now, most) => sql.unpaid.all(now, rail, most).map(readOrder),
    unfunded: () => sql.unfunded.all().map(readOrder),
    voucher: (hash) => {
      const row = sql.voucher.get(hash);
      if (row === undefined) return undefined;
      const { used_for: usedFor } = row;
      return { hash, amount: Number(row['amount']), usedFor: usedFor === null ? undefined : String(usedFor) };
    },
    useVoucher: (hash, reference) => {
      // A voucher that is used stays used for what it was, whatever the rule above has decided.
      if (sql.useVoucher.run(reference, hash).changes !== 1)
        throw new Error('the books: a voucher used twice');
    },
    batch: (hash) => {
      const row = sql.batch.get(hash);
      return row && { hash, amount: Number(row['amount']), count: Number(row['vouchers']) };
    },
    keepBatch: ({ hash, amount, vouchers }) => {
      sql.keepBatch.run(hash, amount, vouchers.length);
      for (const voucher of vouchers) sql.keepVoucher.run(voucher, hash);
    },
  };
}

function statements(database: DatabaseSync) {
  return {
    order: database.prepare('SELECT state, body FROM customer_order WHERE reference = ?'),
    byPayment: database.prepare('SELECT state, body FROM customer_order WHERE payment_reference = ?'),
    keep: database.prepare(
      'INSERT INTO customer_order (reference, payment_reference, rail, state, amount, expires, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    setState: database.prepare('UPDATE customer_order SET state = ? WHERE reference = ?'),
    sweep: database.prepare("DELETE FROM customer_order WHERE state = 'unpaid' AND expires < ?"),
    countUnpaid: database.prepare(
      "SELECT count(*) AS total FROM customer_order WHERE state = 'unpaid' AND expires >= ?",
    ),
    unpaid: database.prepare(
      "SELECT state, body FROM customer_order WHERE state = 'unpaid' AND expires >= ? AND rail = ? ORDER BY expires LIMIT ?",
    ),
    unfunded: database.prepare("SELECT state, body FROM customer_order WHERE state = 'paid'"),
    voucher: database.prepare(
      'SELECT amount, used_for FROM voucher JOIN voucher_batch ON voucher_batch.hash = batch WHERE voucher.hash = ?',
    ),
    useVoucher: database.prepare('UPDATE voucher SET used_for = ? WHERE hash = ? AND used_for IS NULL'),
    batch: database.prepare('SELECT amount, vouchers FROM voucher_batch WHERE hash = ?'),
    keepBatch: database.prepare('INSERT INTO voucher_batch (hash, amount, vouchers) VALUES (?, ?, ?)'),
    keepVoucher: database.prepare('INSERT INTO voucher (hash, batch) VALUES (?, ?)'),
  };
}

function readOrder(row: Row): Order {
  const body = JSON.parse(String(row['body'])) as Order;
  return { ...body, state: row['state'] as Order['state'] };
}
