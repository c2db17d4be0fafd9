/** The bank on each store: an order is placed once, paid once, and what was paid stays paid whatever the mint says. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { openMemoryBankStore } from '../stores/bank-memory.ts';
import { openSqliteBankStore } from '../stores/bank-sqlite.ts';
import { openBank } from './bank.ts';
import type { Bank, BankRequest } from './bank.ts';
import type { BankStore } from './ports.ts';

const NOW = Date.UTC(2026, 0, 1);
const CURRENCY = 'a'.repeat(64);
const folder = mkdtempSync(join(tmpdir(), 'specie-bank-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A bank whose clock, treasury and mint a test sets. */
async function openTestBank(store: BankStore) {
  if ((await store.load()) === undefined) {
    await store.found({ publicKey: 'c'.repeat(64), secret: new Uint8Array([1]) });
  }
  const world = {
    now: NOW,
    treasury: 1_000,
    mintRefuses: undefined as Refusal | undefined,
    told: [] as string[],
  };
  const bank = await openBank({
    store,
    clock: () => world.now,
    currency: CURRENCY,
    sign: () => Promise.resolve('f'.repeat(128)),
    tellMint: (request) => {
      world.told.push(JSON.stringify(request));
      return Promise.resolve(world.mintRefuses);
    },
    askTreasury: () => Promise.resolve(world.treasury),
    orderMost: amount(500),
  });
  return { bank, world };
}

const order = (reference: string, value: number, changed: object = {}) =>
  ({
    amount: value,
    currency: CURRENCY,
    message_reference: 1,
    rail: 'test',
    transaction_reference: reference,
    type: 'request order',
    ...changed,
  }) as const;
const pay = (transaction_reference: string) =>
  ({ message_reference: 2, transaction_reference, type: 'request test payment' }) as const;
const status = (transaction_reference: string) =>
  ({ message_reference: 3, transaction_reference, type: 'request order status' }) as const;

async function outcome(bank: Bank, request: BankRequest): Promise<string> {
  const answer = await bank.answer(request);
  return answer instanceof Refusal ? answer.name : answer.order.state;
}

let files = 0;
const STORES: Readonly<Record<string, () => BankStore | Refusal>> = {
  memory: openMemoryBankStore,
  'a SQLite file': () => openSqliteBankStore(join(folder, `${files++}.sqlite`)),
};

for (const [name, open] of Object.entries(STORES)) {
  const fresh = async () => {
    const store = open();
    assert.ok(!(store instanceof Refusal));
    return { store, ...(await openTestBank(store)) };
  };

  describe(`bank on ${name}`, () => {
    test('places an order once, for what is sold here', async () => {
      const { bank, store } = await fresh();
      assert.equal(await outcome(bank, order('a1', 5)), 'unpaid');
      assert.equal(await outcome(bank, order('a1', 5)), 'unpaid');
      assert.equal(await outcome(bank, order('a1', 6)), 'reference reused');
      assert.equal(await outcome(bank, order('a2', 5, { rail: 'gold' })), 'unknown');
      assert.equal(await outcome(bank, order('a2', 5, { currency: 'b'.repeat(64) })), 'unknown');
      assert.equal(await outcome(bank, order('a2', 501)), 'unauthorised');
      assert.equal(await outcome(bank, status('a2')), 'unknown');
      await store.close();
    });

    test('sells no more than the treasury holds, and asks again when it is paid', async () => {
      const { bank, world, store } = await fresh();
      world.treasury = 100;
      assert.equal(await outcome(bank, order('a1', 101)), 'treasury exhausted');
      assert.equal(await outcome(bank, order('a1', 60)), 'unpaid');
      world.treasury = 40;
      assert.equal(await outcome(bank, pay('a1')), 'busy');
      assert.equal(await outcome(bank, status('a1')), 'unpaid');
      world.treasury = 60;
      assert.equal(await outcome(bank, pay('a1')), 'funded');
      await store.close();
    });

    test('what was paid stays paid when the mint does not take it yet, and is told again', async () => {
      const { bank, world, store } = await fresh();
      await bank.answer(order('a1', 5));
      world.mintRefuses = refuse('busy', 'over the day limit');
      assert.equal(await outcome(bank, pay('a1')), 'paid');
      assert.equal(await outcome(bank, status('a1')), 'paid');
      assert.deepEqual(
        (await bank.settle()).map((refusal) => refusal.name),
        ['busy'],
      );
      world.now += 30 * DAY;
      assert.equal(await outcome(bank, pay('a1')), 'paid');
      world.mintRefuses = undefined;
      assert.deepEqual(await bank.settle(), []);
      assert.equal(await outcome(bank, status('a1')), 'funded');
      assert.equal(new Set(world.told).size, 1, 'the mint is told the very same each time');
      await store.close();
    });

    test('an order that is not paid in time is over, and its place is free', async () => {
      const { bank, world, store } = await fresh();
      await bank.answer(order('a1', 5));
      world.now += DAY;
      assert.equal(await outcome(bank, pay('a1')), 'expired');
      await bank.answer(order('a2', 5));
      assert.equal(await outcome(bank, status('a1')), 'unknown');
      assert.equal(await outcome(bank, pay('a2')), 'funded');
      await store.close();
    });
  });
}
