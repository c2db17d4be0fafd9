/** What every wallet store must do. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { DatabaseSync } from 'node:sqlite';
import { amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Cddc, Coin, MintKeyCertificate } from '../../protocol/documents.ts';
import { openMemoryVault } from '../../signers/vault/vault.ts';
import type { WalletStore } from '../../wallet/ports.ts';
import type { Operation, WalletChange } from '../../wallet/state.ts';
import { openSealedWalletStore } from './sealed-wallet.ts';
import { openMemoryWalletStore } from './memory.ts';
import { openSqliteWalletStore } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-wallet-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;

function open(path: string): WalletStore {
  const store = openSqliteWalletStore(path);
  assert.ok(!(store instanceof Refusal));
  return store;
}

interface Kind {
  readonly fresh: () => WalletStore;
  /** The same store after its process ended. */
  readonly reopen: (store: WalletStore) => Promise<WalletStore>;
}

const vault = openMemoryVault();

function openSealed(path: string): WalletStore {
  const store = openSealedWalletStore(path, vault);
  assert.ok(!(store instanceof Refusal));
  return store;
}

const paths = new Map<WalletStore, string>();

function openAt(path: string, openStore = open): WalletStore {
  const store = openStore(path);
  paths.set(store, path);
  return store;
}

const KINDS: Readonly<Record<string, Kind>> = {
  memory: {
    fresh: openMemoryWalletStore,
    reopen: async (store) => {
      await store.close();
      return store;
    },
  },
  SQLite: {
    fresh: () => openAt(join(folder, `${files++}`, 'wallet.sqlite')),
    reopen: async (store) => {
      await store.close();
      return openAt(paths.get(store)!);
    },
  },
  'SQLite, sealed': {
    fresh: () => openAt(join(folder, `${files++}`, 'wallet.sqlite'), openSealed),
    reopen: async (store) => {
      await store.close();
      return openAt(paths.get(store)!, openSealed);
    },
  },
};

const coin = (serial: string): Coin => ({
  payload: {
    cdd_location: 'http://mint.test/',
    denomination: 1,
    issuer_id: '1'.repeat(64),
    mint_key_id: '2'.repeat(64),
    protocol_version: 'https://opencoin.org/1.0',
    serial,
    type: 'payload',
  },
  signature: 'abc',
  type: 'coin',
});

const operation = (number: number, subject: string): Operation => ({
  number,
  currency: 'c',
  amount: amount(1),
  started: 0,
  reason: null,
  kind: 'send',
  state: 'sent',
  subject,
  coins: [coin('a')],
  coinIds: ['a'],
});

// A store keeps documents as they are, and never looks into them.
const certificate = { mint_key: { id: 'k' }, signature: '1' } as unknown as MintKeyCertificate;
const cddc = { cdd: { currency_name: 'Überweisung "€" \u{1f4b6}' } } as unknown as Cddc;

const FULL: Required<WalletChange> = {
  phrase: 'one two three',
  currencies: [{ id: 'c', cddc }],
  certificates: [certificate],
  counters: [{ currency: 'c', next: 3, known: 1, free: [2] }],
  coins: [
    { id: 'a', coin: coin('a'), reservedBy: null },
    { id: 'b', coin: coin('b'), reservedBy: 7 },
  ],
  gone: [],
  operations: [operation(1, 'first'), operation(2, 'second')],
};

for (const [name, { fresh, reopen }] of Object.entries(KINDS)) {
  describe(`a wallet store on ${name}`, () => {
    it('is empty until something was committed', async () => {
      const store = fresh();
      assert.equal(await store.load(), undefined);
      await store.close();
    });

    it('gives back what was committed, after it was opened again', async () => {
      let store = fresh();
      await store.commit(FULL);
      const { gone: _, ...expected } = FULL;
      assert.deepEqual(await store.load(), expected);
      store = await reopen(store);
      assert.deepEqual(await store.load(), expected);
      await store.close();
    });

    it('replaces records by their identity, in their place, and removes coins that are gone', async () => {
      let store = fresh();
      await store.commit(FULL);
      await store.commit({
        phrase: 'four five six',
        counters: [{ currency: 'c', next: 9, known: 8, free: [] }],
        coins: [
          { id: 'c', coin: coin('c'), reservedBy: null },
          { id: 'b', coin: coin('b'), reservedBy: null },
        ],
        gone: ['a', 'never there'],
        operations: [operation(1, 'replaced'), operation(3, 'third')],
      });
      store = await reopen(store);
      const state = await store.load();
      assert.equal(state?.phrase, 'four five six');
      assert.deepEqual(state.counters, [{ currency: 'c', next: 9, known: 8, free: [] }]);
      assert.deepEqual(
        state.coins.map(({ id, reservedBy }) => [id, reservedBy]),
        [
          ['b', null],
          ['c', null],
        ],
      );
      assert.deepEqual(
        state.operations.map((each) => [each.number, 'subject' in each ? each.subject : '']),
        [
          [1, 'replaced'],
          [2, 'second'],
          [3, 'third'],
        ],
      );
      await store.close();
    });

    it('keeps a copy, not what the caller may still change', async () => {
      const store = fresh();
      const free = [2];
      await store.commit({ phrase: 'p', counters: [{ currency: 'c', next: 3, known: 1, free }] });
      free.push(5);
      assert.deepEqual((await store.load())?.counters[0]?.free, [2]);
      await store.close();
    });

    it('keeps a change whole or not at all', async () => {
      let store = fresh();
      await store.commit(FULL);
      const before = await store.load();
      const unwritable = {
        ...operation(5, ''),
        toJSON: () => {
          throw new Error('unwritable');
        },
      };
      await assert.rejects(store.commit({ phrase: 'other', gone: ['a'], operations: [unwritable] }));
      assert.deepEqual(await store.load(), before);
      await store.commit({ gone: ['b'] });
      store = await reopen(store);
      assert.deepEqual(await store.load(), { ...before!, coins: before!.coins.slice(0, 1) });
      await store.close();
    });
  });
}

describe('a wallet file', () => {
  it('can be read by its owner only', async () => {
    const path = join(folder, 'private', 'wallet.sqlite');
    const store = open(path);
    await store.commit({ phrase: 'p' });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'private')).mode & 0o777, 0o700);
    await store.close();
  });

  it('is open in one place at a time', async () => {
    const path = join(folder, 'busy', 'wallet.sqlite');
    const store = open(path);
    const second = openSqliteWalletStore(path);
    assert.ok(second instanceof Refusal && second.name === 'busy');
    await store.close();
    await open(path).close();
  });

  it('is refused when it is not one of ours, or of another version', async () => {
    const other = join(folder, 'other.sqlite');
    const database = new DatabaseSync(other);
    database.exec('PRAGMA application_id = 7; PRAGMA user_version = 1;');
    database.close();
    assert.ok(openSqliteWalletStore(other) instanceof Refusal);
    const path = join(folder, 'newer.sqlite');
    await open(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 2;');
    newer.close();
    assert.ok(openSqliteWalletStore(path) instanceof Refusal);
    const text = join(folder, 'text.sqlite');
    writeFileSync(text, 'this is no database, but long enough to be looked at as one. '.repeat(20));
    assert.ok(openSqliteWalletStore(text) instanceof Refusal);
    const foreign = join(folder, 'foreign.sqlite');
    const theirs = new DatabaseSync(foreign);
    theirs.exec('CREATE TABLE theirs (a);');
    theirs.close();
    assert.ok(openSqliteWalletStore(foreign) instanceof Refusal);
  });
});
