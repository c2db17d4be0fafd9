/** The spent coins: the table and what is in memory agree, whatever becomes of a transaction. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, mock, test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../base/refusal.ts';
import type { Intent } from '../../mint/ports.ts';
import type { Call } from './calls.ts';
import { BooksApart } from './sqlite-books.ts';
import type { SqliteBooks } from './sqlite-books.ts';
import { SCHEMA } from './sqlite-schema.ts';
import { SpentCoins } from './sqlite-spent.ts';
import { mintStatements } from './sqlite-statements.ts';
import { openSqliteBooks } from './sqlite.ts';
import { CASHIER, NOW, coin, founding, funding, intent, mint, renew } from './steps.test-helper.ts';
import { openDatabase } from '../sqlite-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-spent-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
const freshPath = () => join(folder, `${files++}.sqlite`);

const KEYS = [1, 2, 3] as const;

function shortOf(number: number): string {
  return createHash('sha256').update(String(number)).digest('hex').slice(0, 32);
}

/** An empty table for spent coins of three mint keys. */
function open(): DatabaseSync {
  const database = openDatabase(freshPath(), SCHEMA);
  assert.ok(!(database instanceof Refusal));
  // What is tested here are transactions, not crashes.
  database.exec('PRAGMA synchronous = OFF');
  const sql = mintStatements(database);
  for (const key of KEYS) sql.openKey.run(`key ${key}`);
  return database;
}

const spentIn = (database: DatabaseSync) => new SpentCoins(mintStatements(database));

function within(database: DatabaseSync, spent: SpentCoins, work: () => void): void {
  database.exec('BEGIN');
  work();
  spent.write();
  database.exec('COMMIT');
  spent.committed();
}

const rowsOf = (database: DatabaseSync) => [
  database.prepare('SELECT * FROM spent').all(),
  database.prepare('SELECT * FROM mint_key').all(),
];

describe('spent coins in a transaction', () => {
  type Act = ['spend' | 'drop' | 'write', key: (typeof KEYS)[number], many: number];
  const act: fc.Arbitrary<Act> = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('spend' as const), fc.constantFrom(...KEYS), fc.nat(150)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('drop' as const), fc.constantFrom(...KEYS), fc.nat(150)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('write' as const), fc.constantFrom(...KEYS), fc.nat(1)) },
  );
  const transaction = fc.record({ acts: fc.array(act, { maxLength: 6 }), isCommitted: fc.boolean() });

  test('read as spent when they are and only then, committed or rolled back, and when opened again', () => {
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 12 }), (transactions) => {
        const database = open();
        let spent = spentIn(database);
        let held = new Map<string, number>();
        let coins = 0;
        const agree = () => {
          for (let number = 0; number < coins + 5; number++)
            assert.equal(spent.has(shortOf(number)), held.has(shortOf(number)));
        };
        for (const { acts, isCommitted } of transactions) {
          const before = new Map(held);
          database.exec('BEGIN');
          for (const [kind, key, many] of acts) {
            if (kind === 'write') spent.write();
            else if (kind === 'spend')
              for (let each = 0; each < many; each++) {
                held.set(shortOf(coins), key);
                spent.add(key, shortOf(coins++));
              }
            else {
              const own = [...held].filter(([, each]) => each === key).map(([short]) => short);
              const dropped = spent.drop(key, many);
              assert.ok(many === 0 || own.length === 0 ? dropped === 0 : dropped > 0 && dropped < many + 60);
              for (const short of own.slice(0, dropped)) held.delete(short);
            }
          }
          agree();
          if (isCommitted) {
            spent.write();
            database.exec('COMMIT');
            spent.committed();
          } else {
            database.exec('ROLLBACK');
            spent.rolledBack();
            held = before;
          }
          agree();
        }
        spent = spentIn(database);
        agree();
        database.close();
      }),
      { numRuns: 40 },
    );
  });

  test('make the same table however they are batched', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 30 }), (acts) => {
        const [apart, together] = [open(), open()];
        for (const [database, isApart] of [
          [apart, true],
          [together, false],
        ] as const) {
          let spent = spentIn(database);
          let coins = 0;
          const carryOut = ([kind, key, many]: Act) => {
            if (kind === 'drop') spent.drop(key, many);
            if (kind === 'spend') for (let each = 0; each < many; each++) spent.add(key, shortOf(coins++));
          };
          if (!isApart)
            within(database, spent, () => {
              for (const [each] of acts) carryOut(each);
            });
          else
            for (const [each, isReopened] of acts) {
              within(database, spent, () => carryOut(each));
              if (isReopened) spent = spentIn(database);
            }
        }
        assert.deepEqual(rowsOf(together), rowsOf(apart));
        apart.close();
        together.close();
      }),
      { numRuns: 30 },
    );
  });

  test('are spent once, in the transaction and after it', () => {
    const database = open();
    const spent = spentIn(database);
    within(database, spent, () => {
      spent.add(1, shortOf(0));
      assert.throws(() => spent.add(1, shortOf(0)), /spent once/);
    });
    within(database, spent, () => assert.throws(() => spent.add(2, shortOf(0)), /spent once/));
    database.close();
  });

  test('of which there are too many to number are not spent', () => {
    const database = open();
    const spent = spentIn(database);
    within(database, spent, () => spent.add(1, shortOf(0)));
    database.exec(`UPDATE spent SET number = ${2 ** 34 - 2}`);
    const last = spentIn(database);
    within(database, last, () => {
      for (let number = 1; number < 120; number++) last.add(1, shortOf(number));
      assert.throws(() => last.add(1, shortOf(120)), /no room/);
    });
    const again = spentIn(database);
    for (let number = 0; number <= 120; number++) assert.equal(again.has(shortOf(number)), number < 120);
    database.close();
  });

  test('that are missing, too many or damaged are noticed when the books are opened', () => {
    const damages: Readonly<Record<string, RegExp>> = {
      'DELETE FROM spent WHERE number = 2': /more or fewer/,
      'UPDATE spent SET coins = substr(coins, 17) WHERE number = 2': /more or fewer/,
      'UPDATE spent SET coins = substr(coins, 2) WHERE number = 2': /damaged/,
      "UPDATE spent SET coins = x'' WHERE number = 2": /damaged/,
      'UPDATE spent SET coins = CAST(coins || coins AS BLOB) WHERE number = 1': /damaged/,
      'UPDATE spent SET key = 9 WHERE number = 3': /more or fewer/,
      'INSERT INTO spent VALUES (9, 2, randomblob(16))': /more or fewer/,
      'UPDATE mint_key SET spent = spent - 1 WHERE number = 1': /more or fewer/,
    };
    for (const [damage, expected] of Object.entries(damages)) {
      const database = open();
      const spent = spentIn(database);
      within(database, spent, () => {
        for (let number = 0; number < 150; number++) spent.add(1 + (number % 2), shortOf(number));
      });
      spentIn(database);
      database.exec(damage);
      assert.throws(() => spentIn(database), expected, damage);
      database.close();
    }
  });
});

describe('spent coins of books', () => {
  const commit = (wish: Intent): Call => ({ verb: 'commit', intent: wish, now: NOW });
  const asked = (books: SqliteBooks, names: readonly string[]) =>
    books.perform([{ verb: 'spent', coins: names.map(coin) }])[0];

  function openBooks(path: string): SqliteBooks {
    const books = openSqliteBooks(path);
    assert.ok(!(books instanceof Refusal));
    return books;
  }

  function founded(path: string): SqliteBooks {
    const books = openBooks(path);
    const fives = Array.from({ length: 20 }, () => 5);
    const fund: Call = { verb: 'fund', funding: funding('a', 100), cashier: CASHIER, now: NOW };
    books.perform([{ verb: 'record', step: founding() }, fund, commit(mint('a', ...fives))]);
    return books;
  }

  test('a batch that fails in the middle leaves no coin spent, in memory or on disk, and none forgotten', async () => {
    const path = freshPath();
    const books = founded(path);
    books.perform([commit(renew('first', 'x'))]);
    const bad = commit(intent('renew', 'bad', ['z'], [{ ...mint('b', 5).moves[0]!, keyId: 'no such key' }]));
    assert.throws(() => books.perform([commit(renew('second', 'y')), bad, commit(renew('third', 'u'))]));
    assert.deepEqual(asked(books, ['x', 'y', 'z', 'u']), [true, false, false, false]);
    const outcomes = books.perform([commit(renew('again', 'y')), commit(renew('twice', 'y', 'v'))]);
    assert.deepEqual(outcomes, [{ kind: 'committed' }, { kind: 'spent', coinIds: [coin('y')], twice: [] }]);
    assert.deepEqual(asked(books, ['x', 'y', 'z', 'u', 'v']), [true, true, false, false, false]);
    await books.close();
    const again = openBooks(path);
    assert.deepEqual(asked(again, ['x', 'y', 'z', 'u', 'v']), [true, true, false, false, false]);
    await again.close();
  });

  test('what was committed and could not be taken into memory ends the books, so that it is read again', async () => {
    const path = freshPath();
    const books = founded(path);
    const broken = mock.method(SpentCoins.prototype, 'committed', () => {
      throw new Error('no memory');
    });
    assert.throws(() => books.perform([commit(renew('first', 'x'))]), BooksApart);
    broken.mock.restore();
    await books.close();
    const again = openBooks(path);
    assert.deepEqual(asked(again, ['x']), [true]);
    await again.close();
  });
});
