import type { DatabaseSync } from 'node:sqlite';

export type MintStatements = ReturnType<typeof mintStatements>;

/** Every statement that the books need, prepared once. */
export function mintStatements(database: DatabaseSync) {
  const statement = (sql: string) => database.prepare(sql);
  return {
    ...ledgerStatements(statement),
    ...intentStatements(statement),
    ...sweepStatements(statement),
    ...spentStatements(statement),
    ...answerStatements(statement),
    entries: statement('SELECT body FROM journal WHERE number >= ? ORDER BY number LIMIT ?'),
    append: statement('INSERT INTO journal (number, body) VALUES (?, ?)'),
    secrets: statement('SELECT name, sealed FROM secret ORDER BY name'),
    keepSecret: statement(
      'INSERT INTO secret (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed',
    ),
    orders: statement('SELECT body FROM operator_order ORDER BY number'),
    putOrder: statement(
      'INSERT INTO operator_order (serial, body) VALUES (?, ?) ON CONFLICT (serial) DO UPDATE SET body = excluded.body',
    ),
    dropOrder: statement('DELETE FROM operator_order WHERE serial = ?'),
    funding: statement('SELECT * FROM funding WHERE reference = ?'),
    fund: statement(
      'INSERT INTO funding (reference, cashier, amount, expires, day, document) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    fundedOn: statement('SELECT total FROM funded_day WHERE cashier = ? AND day = ?'),
    addToDay: statement(
      'INSERT INTO funded_day VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET total = total + excluded.total',
    ),
    receipt: statement('SELECT * FROM receipt WHERE redemption = ?'),
    receipts: statement('SELECT * FROM receipt WHERE sequence > ? ORDER BY sequence LIMIT ?'),
    receiptSpan: statement(
      'SELECT count(*) AS total, (SELECT coalesce(min(sequence), 0) FROM receipt) AS first, ' +
        '(SELECT coalesce(max(sequence), 0) FROM receipt) AS last FROM receipt',
    ),
    addReceipt: statement(
      'INSERT INTO receipt (sequence, redemption, amount, payee, time) VALUES (?, ?, ?, ?, ?)',
    ),
  };
}

type Prepare = (sql: string) => ReturnType<DatabaseSync['prepare']>;

function ledgerStatements(statement: Prepare) {
  return {
    ledger: statement('SELECT * FROM ledger'),
    setLedger: statement(
      'UPDATE ledger SET authorised = ?, treasury = ?, float = ?, sequence = ?, entries = ?, head = ?, ' +
        'last_receipt = ?, latest = ?, record_number = ?, record_hash = ?, is_recorded = ?, ' +
        'last_double_payment = ?',
    ),
    keys: statement('SELECT * FROM mint_key ORDER BY number'),
    openKey: statement(
      'INSERT INTO mint_key (id, is_open, is_stopped, issued, redeemed) VALUES (?, 1, 0, 0, 0)',
    ),
    closeKey: statement('UPDATE mint_key SET is_open = 0 WHERE id = ?'),
    setKey: statement('UPDATE mint_key SET issued = ?, redeemed = ?, is_stopped = ? WHERE id = ?'),
  };
}

function spentStatements(statement: Prepare) {
  return {
    spentRows: statement('SELECT number, key, coins FROM spent ORDER BY number'),
    spentRow: statement('SELECT coins FROM spent WHERE number = ?'),
    lastSpent: statement('SELECT coalesce(max(number), 0) AS last FROM spent'),
    lastSpentOf: statement('SELECT number, coins FROM spent WHERE key = ? ORDER BY number DESC LIMIT 1'),
    addSpent: statement('INSERT INTO spent (number, key, coins) VALUES (?, ?, ?)'),
    setSpent: statement('UPDATE spent SET coins = ? WHERE number = ? AND key = ?'),
    countSpent: statement('UPDATE mint_key SET spent = spent + ? WHERE number = ?'),
    dropSpent: statement(
      'DELETE FROM spent WHERE number IN (SELECT number FROM spent WHERE key = ? ORDER BY number LIMIT ?) ' +
        'RETURNING number, coins',
    ),
  };
}

function answerStatements(statement: Prepare) {
  return {
    answer: statement('SELECT answer, payment FROM answer WHERE coin = ?'),
    keepAnswer: statement('INSERT INTO answer (key, coin, answer, payment) VALUES (?, ?, ?, ?)'),
    sweepAnswers: statement(
      'DELETE FROM answer WHERE number IN (SELECT number FROM answer WHERE key IN ' +
        '(SELECT number FROM mint_key WHERE is_open = 0) ORDER BY key, number LIMIT ?)',
    ),
    doublePayment: statement('SELECT * FROM double_payment WHERE coin_id = ?'),
    doublePayments: statement('SELECT * FROM double_payment WHERE number > ? ORDER BY number LIMIT ?'),
    doublePaymentSpan: statement(
      'SELECT count(*) AS total, coalesce(min(number), 0) AS first, coalesce(max(number), 0) AS last FROM double_payment',
    ),
    addDoublePayment: statement(
      'INSERT INTO double_payment (number, key_id, coin_id, first, second) VALUES (?, ?, ?, ?, ?)',
    ),
  };
}

function intentStatements(statement: Prepare) {
  return {
    intent: statement('SELECT reference, state, kind, body FROM intent WHERE reference = ?'),
    keep: statement('INSERT INTO intent (reference, state, kind, expires, body) VALUES (?, ?, ?, ?, ?)'),
    forget: statement('DELETE FROM intent WHERE reference = ?'),
    waiting: statement("SELECT count(*) AS total FROM intent WHERE state = 'waiting'"),
    oldestWaiting: statement(
      "SELECT reference, state, kind, body FROM intent WHERE state = 'waiting' ORDER BY number LIMIT 1",
    ),
  };
}

function sweepStatements(statement: Prepare) {
  return {
    sweepIntents: statement(
      'DELETE FROM intent WHERE number IN ' +
        '(SELECT number FROM intent WHERE expires < ? ORDER BY expires, number LIMIT ?) RETURNING state',
    ),
    sweepFundings: statement(
      'DELETE FROM funding WHERE number IN ' +
        '(SELECT number FROM funding WHERE expires < ? ORDER BY expires, number LIMIT ?)',
    ),
    dismiss: statement(
      'DELETE FROM funding WHERE cashier = ? AND NOT EXISTS ' +
        "(SELECT 1 FROM intent WHERE intent.reference = funding.reference AND state = 'committed')",
    ),
    dropSecret: statement('DELETE FROM secret WHERE name = ?'),
    sweepDays: statement('DELETE FROM funded_day WHERE day < ?'),
  };
}
