import type { DatabaseSync } from 'node:sqlite';
import { before, sameOrder } from '../bank/orders.ts';
import type { BankStore, CashierKey, PlaceOutcome } from '../bank/ports.ts';
import { readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Order } from '../protocol/messages/order.ts';
import { openDatabase } from './sqlite-file.ts';

const SCHEMA = {
  applicationId: 0x5350_4231, // "SPB1"
  version: 1,
  tables: `
    CREATE TABLE cashier (one INTEGER PRIMARY KEY CHECK (one = 1), public_key TEXT NOT NULL, secret BLOB NOT NULL) STRICT;
    CREATE TABLE customer_order (
      reference TEXT PRIMARY KEY, state TEXT NOT NULL, expires INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX order_by_state ON customer_order (state, expires);
  `,
};

/** A bank's orders in one SQLite file. Refuses a file in use or not ours. */
export function openSqliteBankStore(path: string): BankStore | Refusal {
  const database = openDatabase(path, SCHEMA);
  return database instanceof Refusal ? database : storeOn(database);
}

function storeOn(database: DatabaseSync): BankStore {
  const sql = {
    cashier: database.prepare('SELECT * FROM cashier'),
    found: database.prepare('INSERT INTO cashier (one, public_key, secret) VALUES (1, ?, ?)'),
    find: database.prepare('SELECT state, body FROM customer_order WHERE reference = ?'),
    unpaid: database.prepare(
      "SELECT count(*) AS total FROM customer_order WHERE state = 'unpaid' AND expires >= ?",
    ),
    sweep: database.prepare("DELETE FROM customer_order WHERE state = 'unpaid' AND expires < ?"),
    place: database.prepare(
      'INSERT INTO customer_order (reference, state, expires, body) VALUES (?, ?, ?, ?)',
    ),
    advance: database.prepare('UPDATE customer_order SET state = ? WHERE reference = ? AND state = ?'),
    unfunded: database.prepare("SELECT state, body FROM customer_order WHERE state = 'paid'"),
  };
  const find = (reference: string) => {
    const row = sql.find.get(reference);
    return row === undefined ? undefined : readOrder(row);
  };
  const place = (order: Order, now: Instant, unpaidMost: number): PlaceOutcome => {
    const known = find(order.transaction_reference);
    if (known !== undefined) return sameOrder(known, order);
    sql.sweep.run(now);
    if (Number(sql.unpaid.get(now)?.['total']) >= unpaidMost) return { kind: 'too many unpaid' };
    const { state, ...body } = order;
    sql.place.run(order.transaction_reference, state, readDate(order.expires) ?? 0, JSON.stringify(body));
    return { kind: 'placed', order };
  };
  return {
    load: () => settle(() => readCashier(sql.cashier.get())),
    found: (key) => settle(() => void sql.found.run(key.publicKey, key.secret)),
    place: (order, now, unpaidMost) => settle(() => place(order, now, unpaidMost)),
    find: (reference) => settle(() => find(reference)),
    advance: (reference, to) =>
      settle(() => {
        sql.advance.run(to, reference, before(to));
        return find(reference);
      }),
    unfunded: () => settle(() => sql.unfunded.all().map(readOrder)),
    close: () => settle(() => database.close()),
  };
}

/** node:sqlite answers at once; the port promises. One statement writes in each verb, so each is atomic. */
async function settle<Value>(work: () => Value): Promise<Value> {
  return Promise.resolve(work());
}

function readOrder(row: Readonly<Record<string, unknown>>): Order {
  const body = JSON.parse(String(row['body'])) as Omit<Order, 'state'>;
  return { ...body, state: row['state'] as Order['state'] };
}

function readCashier(row: Readonly<Record<string, unknown>> | undefined): CashierKey | undefined {
  if (row === undefined) return undefined;
  return { publicKey: String(row['public_key']), secret: row['secret'] as Uint8Array };
}
