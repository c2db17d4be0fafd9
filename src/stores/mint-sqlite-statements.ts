import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

export type MintStatements = ReturnType<typeof mintStatements>;

/** Every statement that the books need, prepared once. */
export function mintStatements(database: DatabaseSync) {
  const statement = (sql: string) => database.prepare(sql);
  return {
    currency: statement('SELECT * FROM currency'),
    keys: statement('SELECT * FROM mint_key ORDER BY id'),
    cashiers: statement('SELECT * FROM cashier'),
    cashier: statement('SELECT * FROM cashier WHERE public_key = ?'),
    authorised: statement('SELECT coalesce(sum(amount), 0) AS total FROM treasury_change'),
    intent: statement('SELECT * FROM intent WHERE reference = ?'),
    funding: statement('SELECT * FROM funding WHERE reference = ?'),
    fundedOn: statement(
      'SELECT coalesce(sum(amount), 0) AS total FROM funding WHERE cashier = ? AND day = ?',
    ),
    spent: statement('SELECT 1 FROM spent WHERE coin = ?'),

    found: statement(
      'INSERT INTO currency (one, cddc, master_secret, authorised, treasury, float) VALUES (1, ?, ?, ?, ?, ?)',
    ),
    changeTreasury: statement('INSERT INTO treasury_change (amount, reason) VALUES (?, ?)'),
    addKey: statement(
      'INSERT INTO mint_key (id, certificate, secret, issued, redeemed) VALUES (?, ?, ?, 0, 0)',
    ),
    addCashier: statement(
      'INSERT INTO cashier (public_key, limit_per_operation, limit_per_day) VALUES (?, ?, ?)',
    ),
    fund: statement(
      'INSERT INTO funding (reference, cashier, amount, expires, day, document) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    keep: statement('INSERT OR REPLACE INTO intent (reference, state, kind, body) VALUES (?, ?, ?, ?)'),
    forget: statement("DELETE FROM intent WHERE reference = ? AND state = 'waiting'"),
    spend: statement('INSERT INTO spent (coin, reference) VALUES (?, ?)'),
    startWaiting: statement('INSERT OR IGNORE INTO waiting (reference) VALUES (?)'),
    stopWaiting: statement('DELETE FROM waiting WHERE reference = ?'),
    overWaiting: statement('SELECT reference FROM waiting ORDER BY number DESC LIMIT -1 OFFSET ?'),
    setTotals: statement('UPDATE currency SET treasury = ?, float = ?'),
    setKey: statement(
      'UPDATE mint_key SET issued = ?, redeemed = ? WHERE id = ? AND (issued <> ? OR redeemed <> ?)',
    ),
  };
}
