/**
 * The fault table: a currency's whole life, and in it every store call once failing before it persisted and once after;
 * the mint is opened anew, or not, and the client asks again. Whatever failed, the end is the same as if nothing had.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, HOUR, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import { coinId } from '../protocol/ids.ts';
import type { ReceiptsWanted } from '../protocol/messages/receipts.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { openLedgerThread } from '../stores/mint/ledger-thread.ts';
import { openMemoryMintStore } from '../stores/mint/memory.ts';
import { openSqliteMintStore } from '../stores/mint/sqlite.ts';
import { assertConserved } from './counters.ts';
import { Client } from './faults.test-helper.ts';
import {
  CASHIER,
  NOW,
  cashierSignature,
  foundTestCurrency,
  fundRequest,
  plainLanes,
  prepareCoin,
} from './mint.test-helper.ts';
import { openMint } from './open.ts';
import { operateRequest, orderOf } from './operators.test-helper.ts';
import {
  audited,
  mintRequest,
  redeemRequest,
  renewRequest,
  resumeRequest,
  testExtras,
} from './place.test-helper.ts';
import type { MintStore } from './ports.ts';

const currency = await foundTestCurrency();

/** The first keyring of the currency: coins are prepared by it without asking the mint. */
async function ringOf() {
  const lanes = plainLanes();
  const store = openMemoryMintStore();
  await store.record(currency.step);
  const { vault, maker } = currency;
  const parts = {
    store,
    signer: lanes,
    loader: lanes,
    maker,
    vault,
    verify: verifyEd25519,
    extras: testExtras(),
  };
  const mint = await openMint({ ...parts, clock: () => NOW + DAY, report: () => undefined });
  assert.ok(!(mint instanceof Refusal));
  return mint.keyring;
}

const ring = await ringOf();

/** Orders of every kind of course: alone, together, refused, and one that is given up. */
const order = (serial: string, action: Parameters<typeof orderOf>[1]) =>
  orderOf(currency.issuerId, action, NOW + DAY, { serial, expires: writeDate(NOW + 20 * DAY) });

function wanted(): ReceiptsWanted {
  const expires = writeDate(NOW + 20 * DAY);
  return { after: 0, cashier: CASHIER, expires, issuer_id: currency.issuerId, type: 'receipts wanted' };
}

/** Buys, renews, redeems, orders, lets time go by; all refusals on the way are the expected ones. Returns what must be so. */
async function life(client: Client): Promise<unknown> {
  const coming = [4, 2, 1].map((value) => prepareCoin(ring, `coin ${value}`, value));
  await client.refused(mintRequest('a1', coming), 'unpaid');
  await client.ask(fundRequest(ring, 'a1', 7), 'response fund');
  const minted = await client.ask(resumeRequest('a1'), 'response mint');
  const [four, two, one] = coming.map((coin) => coin.unblind(minted));
  assert.ok(four !== undefined && two !== undefined && one !== undefined);
  const fresh = [2, 2].map((value, index) => prepareCoin(ring, `fresh ${index}`, value));
  const renewed = await client.ask(renewRequest('b1', [four], fresh), 'response mint');
  const renewedCoins = fresh.map((coin) => coin.unblind(renewed));
  await client.refused(renewRequest('b2', [four], fresh), 'already spent');
  await client.ask(
    operateRequest(order('1', { type: 'raise treasury', amount: 100 }), 'anna'),
    'response operate',
  );
  const lower = order('2', { type: 'lower treasury', amount: 50 });
  await client.ask(operateRequest(lower, 'clara'), 'response operate');
  await client.ask({ message_reference: 1, type: 'request pending orders' }, 'response pending orders');
  await client.ask(operateRequest(lower, 'dora'), 'response operate');
  const all = order('3', { type: 'lower treasury', amount: 1_050 });
  await client.refused(operateRequest(all, 'clara', 'dora'), 'treasury exhausted');
  await client.ask(redeemRequest([two, ...renewedCoins.slice(0, 1)], 'anna'), 'response redeem');
  await client.ask(operateRequest(order('4', { type: 'power off' }), 'anna'), 'response operate');
  await client.refused(redeemRequest([one]), 'switched off');
  await client.ask(operateRequest(order('5', { type: 'power on' }), 'clara', 'dora'), 'response operate');
  await client.ask(operateRequest(order('6', { type: 'backup' }), 'anna'), 'response operate');
  const revoke = { type: 'revoke mint key', mint_key_id: one.payload.mint_key_id } as const;
  const coins_until = writeDate(NOW + 10 * DAY);
  await client.ask(operateRequest(order('7', { ...revoke, coins_until }), 'dora'), 'response operate');
  await client.ask(redeemRequest([one], 'ben'), 'response redeem');
  const listed = wanted();
  const signature = cashierSignature(canonicalBytes(listed));
  await client.ask(
    { message_reference: 2, signature, type: 'request receipts', wanted: listed },
    'response receipts',
  );
  const coins = [four, two, one, ...renewedCoins].map((coin) => coinId(coin.payload));
  await client.ask(
    { coin_ids: coins, message_reference: 4, type: 'request coin status' },
    'response coin status',
  );
  for (const days of [2, 95, 202]) {
    client.now = NOW + days * DAY + HOUR;
    await client.run((mint) => mint.tend());
  }
  await client.run((mint) => mint.tend());
  const float = await client.ask({ message_reference: 5, type: 'request float' }, 'response float');
  return client.run(async (mint, store) => {
    const { authorised, treasury, float: left, sequence, keys } = await store.counters();
    return {
      sums: { authorised, treasury, float: left, sequence, keys: keys.size },
      said: { ...float.signed_statement.statement, journal: undefined },
      journal: (await store.journal(0, 1_000)).map(({ entry: { event } }) =>
        event.type === 'ordered' ? `order ${event.order.order.serial}` : event.type,
      ),
      receipts: await store.receipts(0, 100),
      secrets: (await store.load())?.secrets.size,
      power: mint.charter.power,
    };
  });
}

/**
 * What clients were told. Not compared are the float, with the journal's head in it and keys made on the way, which no two
 * mints have in common; and the signatures under an order that was executed: one that comes again has those it brings.
 */
function told({ answers }: Client): unknown {
  return answers.map((answer) => {
    if (answer instanceof Refusal) return `${answer.name}: ${answer.details}`;
    if (answer.type === 'response float') return answer.type;
    if (answer.type !== 'response operate' || answer.state === 'waiting') return answer;
    return { ...answer, signed_order: answer.signed_order.order };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'specie-faults-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;

async function must(store: MintStore | Refusal): Promise<MintStore> {
  assert.ok(!(store instanceof Refusal));
  return Promise.resolve(store);
}

/** For each store: makes a way to open one and the same books again and again. */
const STORES: Readonly<Record<string, () => () => Promise<MintStore>>> = {
  memory: () => {
    const store = openMemoryMintStore();
    return () => Promise.resolve({ ...store, close: () => Promise.resolve() });
  },
  'SQLite file': () => {
    const path = join(folder, `${files++}.sqlite`);
    return () => must(openSqliteMintStore(path));
  },
  'SQLite in the ledger thread': () => {
    const path = join(folder, `${files++}.sqlite`);
    return async () => must(await openLedgerThread(path));
  },
};

/** What must come of a life, and how many calls and which verbs it takes. */
async function undisturbed(books: () => Promise<MintStore>, restarts: boolean) {
  const client = new Client({ currency, books, restarts });
  const expected = await life(client);
  await client.close();
  return { expected, told: told(client), ...client.counter };
}

/** Lives with faults until none of them is left to happen; each must end as the undisturbed one did. */
async function disturbed(
  books: () => () => Promise<MintStore>,
  { restarts, calls, every = 1 }: { restarts: boolean; calls: number; every?: number | undefined },
): Promise<void> {
  const calm = await undisturbed(books(), restarts);
  for (const verb of [
    'load',
    'journal',
    'record',
    'keepOrder',
    'orders',
    'fund',
    'commit',
    'recall',
    'spent',
  ])
    assert.ok(calm.verbs.has(verb), `${verb} has a row in the table`);
  for (const verb of ['receipts', 'counters', 'sweep']) assert.ok(calm.verbs.has(verb), verb);
  for (let call = 0; call < calm.calls; call += every) {
    for (const when of ['before', 'after'] as const) {
      const open = books();
      const client = new Client({ currency, books: open, plan: { call, when, calls }, restarts });
      const what = `call ${call} failing ${when}, ${calls} at once, ${restarts ? 'with' : 'without'} a restart`;
      assert.deepEqual(await life(client), calm.expected, what);
      assert.deepEqual(told(client), calm.told, what);
      await client.close();
      const store = await open();
      assertConserved(await store.counters());
      // The events are compared above; whether each is signed and allowed takes long to check.
      if (call % 8 === 0) await audited(store);
      await store.close();
    }
  }
}

/** Of the calls every so-manieth has its rows: in memory two tables share them, and files are slow. */
const EVERY: Readonly<Record<string, number>> = {
  memory: 3,
  'SQLite file': 17,
  'SQLite in the ledger thread': 61,
};

for (const [name, books] of Object.entries(STORES)) {
  describe(`fault table: mint on ${name}`, () => {
    test('a call fails, the mint is opened anew, and nothing is lost or made', async () => {
      await disturbed(books, { restarts: true, calls: 1, every: EVERY[name] });
    });
  });
}

describe('fault table: a mint that goes on', () => {
  const books = () => {
    const store = openMemoryMintStore();
    return () => Promise.resolve(store);
  };

  test('a call fails, and nothing is lost or made', async () => {
    await disturbed(books, { restarts: false, calls: 1, every: 4 });
  });

  test('a call and the one that asks what became of it fail, and nothing is lost or made', async () => {
    await disturbed(books, { restarts: false, calls: 2, every: 2 });
  });

  test('three calls fail one after the other, and nothing is lost or made', async () => {
    await disturbed(books, { restarts: false, calls: 3, every: 7 });
  });
});
