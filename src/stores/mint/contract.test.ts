/** The contract of `MintStore`, on every store there is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { ZERO, amount } from '../../base/amount.ts';
import { DAY } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Intent, MintStore } from '../../mint/ports.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import { openLedgerThread } from './ledger-thread.ts';
import { openMemoryMintStore } from './memory.ts';
import { openSqliteMintStore } from './sqlite.ts';
import {
  CASHIER,
  NOTHING,
  NOW,
  OPERATORS,
  TREASURY,
  answering,
  circulate,
  coin,
  entriesAfter,
  found,
  founding,
  funding,
  intent,
  issue,
  keyOf,
  mint,
  order,
  record,
  redeem,
  redemption,
  renew,
  step,
  totalsOf,
} from './steps.test-helper.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-stores-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const EACH = LIMITS.pendingOrdersEach;

let files = 0;
const freshPath = () => join(folder, `mint-${files++}.sqlite`);

async function must(store: Promise<MintStore | Refusal> | MintStore | Refusal): Promise<MintStore> {
  const opened = await store;
  assert.ok(!(opened instanceof Refusal), opened instanceof Refusal ? opened.details : '');
  return opened;
}

const STORES: Readonly<Record<string, (path: string) => Promise<MintStore>>> = {
  memory: () => must(openMemoryMintStore()),
  'SQLite file': (path) => must(openSqliteMintStore(path)),
  'SQLite in the ledger thread': (path) => must(openLedgerThread(path)),
  'ledger thread with a second place': (path) => must(openLedgerThread(path, { second: `${path}.second` })),
};

async function sweepAll(store: MintStore, now: number): Promise<number> {
  let calls = 1;
  while (await store.sweep(now)) calls++;
  return calls;
}

for (const [name, open] of Object.entries(STORES)) {
  const founded = async () => {
    const store = await open(freshPath());
    await found(store);
    return store;
  };

  describe(`mint store: ${name}`, () => {
    test('is empty before its first step, which founds it', async () => {
      const store = await open(freshPath());
      assert.equal(await store.load(), undefined);
      const first = founding();
      assert.deepEqual(await store.record(first), { kind: 'recorded' });
      const books = await store.load();
      assert.deepEqual(
        books?.secrets,
        new Map(first.secrets.map((each) => [each.name, each.sealed] as const)),
      );
      assert.equal(books.latest, NOW);
      assert.deepEqual(books.counters, await store.counters());
      const { authorised, treasury, float, sequence, keys, head } = books.counters;
      assert.deepEqual([authorised, treasury, float, sequence], [TREASURY, TREASURY, 0, 0]);
      assert.deepEqual([...keys.keys()], first.opens);
      assert.equal(head.entries, 1);
      assert.deepEqual(await store.journal(0, 9), first.entries);
      await store.close();
    });

    test('records a step once, after the head it names, and gives the journal in pages', async () => {
      const store = await founded();
      assert.deepEqual(await store.record(founding()), { kind: 'head moved' });
      const { head } = await store.counters();
      const entries = entriesAfter(head, [
        { type: 'backup', sha256: '1'.repeat(64) },
        { type: 'restored', complete: true },
      ]);
      const [first, second] = entries;
      assert.ok(first !== undefined && second !== undefined);
      const hostile = [
        [],
        [second],
        [first, first],
        [second, first],
        [first, { ...second, entry: first.entry }],
      ];
      for (const each of hostile)
        assert.equal((await store.record(step(head, { entries: each, authorised: 5 }))).kind, 'head moved');
      assert.equal((await store.counters()).authorised, TREASURY);
      assert.equal((await store.record(step(head, { entries, authorised: 5 }))).kind, 'recorded');
      assert.equal((await store.record(step(head, { entries, authorised: 5 }))).kind, 'head moved');
      assert.equal((await store.counters()).authorised, TREASURY + 5);
      assert.deepEqual(await store.journal(1, 1), [first]);
      assert.deepEqual(await store.journal(2, 9), [second]);
      assert.deepEqual(await store.journal(3, 9), []);
      assert.ok((await store.load()) !== undefined);
      await store.close();
    });

    test('lowers the treasury only by what is in it', async () => {
      const store = await founded();
      await circulate(store, 'a1', 20);
      assert.equal(await record(store, { authorised: -TREASURY }), 'treasury exhausted');
      assert.equal(await record(store, { authorised: -(TREASURY - 100) }), 'recorded');
      const { authorised, treasury, float, head } = await store.counters();
      assert.deepEqual([authorised, treasury, float, head.entries], [100, 0, 100, 2]);
      await store.close();
    });

    test('keeps the newest of a secret, and opens a key once', async () => {
      const store = await founded();
      const sealed = new Uint8Array([7]);
      await record(store, { secrets: [{ name: 'master', sealed }], opens: [keyOf(1, 1)] });
      assert.deepEqual((await store.load())?.secrets.get('master'), sealed);
      const before = await store.counters();
      await assert.rejects(record(store, { opens: [keyOf(1, 1)] }), /opened once/);
      await assert.rejects(record(store, { opens: [keyOf(2, 1), keyOf(2, 1)] }), /opened once/);
      assert.deepEqual(await store.counters(), before);
      await store.close();
    });

    test('issues nothing more of a key that was stopped, and takes its coins back', async () => {
      const store = await founded();
      await circulate(store, 'a1', 2);
      await store.fund(funding('a2', 5), CASHIER, NOW);
      await record(store, { stops: [keyOf(5)] });
      assert.equal((await store.counters()).keys.get(keyOf(5))?.stopped, true);
      assert.equal((await store.commit(mint('a2', 5), NOW)).kind, 'lapsed');
      assert.equal((await store.commit(renew('b1', 'x'), NOW)).kind, 'lapsed');
      assert.equal((await store.commit(redemption('r1', 'x'), NOW)).kind, 'committed');
      await store.close();
    });

    test('closes a key: what is left goes to the treasury, its coins read as spent, and are dropped', async () => {
      const store = await founded();
      await circulate(store, 'a1', 3);
      await store.commit(redemption('r1', 'x'), NOW);
      const totals = await totalsOf(store, keyOf(5));
      await assert.rejects(
        record(store, { closes: [{ ...totals, issued: totals.issued + 5 }] }),
        /other totals/,
      );
      assert.equal(await record(store, { closes: [totals] }), 'recorded');
      const { treasury, float, keys } = await store.counters();
      assert.deepEqual([treasury, float, keys.has(keyOf(5))], [TREASURY, 0, false]);
      for (const each of ['x', 'never spent'])
        assert.deepEqual(await store.commit(redemption(`r ${each}`, each), NOW), {
          kind: 'spent',
          coinIds: [coin(each)],
          twice: [],
        });
      await assert.rejects(record(store, { opens: [keyOf(5)] }), /opened once/);
      assert.deepEqual(await store.spent([coin('x')]), [true]);
      await sweepAll(store, NOW);
      assert.deepEqual(await store.spent([coin('x')]), [false]);
      assert.equal((await store.commit(redemption('r2', 'x'), NOW)).kind, 'spent');
      assert.equal((await store.commit(redemption('r1', 'x'), NOW)).kind, 'repeated');
      assert.ok((await store.load()) !== undefined);
      await store.close();
    });

    test('keeps orders until they are settled or expire, and not too many', async () => {
      const store = await founded();
      const keep = (each: SignedOrder, now = NOW) => store.keepOrder(each, OPERATORS, now);
      const waiting = async () => (await store.orders()).map((each) => each.order.serial);
      const serials = Array.from({ length: LIMITS.pendingOrders }, (_, index) => `a${index}`);
      for (const [index, serial] of serials.entries())
        assert.equal(await keep(order(serial, NOW + DAY, [Math.floor(index / EACH)])), 'kept');
      assert.equal(await keep(order('b', NOW + 2 * DAY, [9])), 'too many');
      assert.equal(await keep(order('a1', NOW + 2 * DAY, [0, 9])), 'kept');
      assert.deepEqual(await waiting(), serials);
      assert.deepEqual((await store.orders())[1], order('a1', NOW + 2 * DAY, [0, 9]));
      await record(store, { settles: 'a0' });
      assert.equal((await store.orders()).length, serials.length - 1);
      assert.equal(await keep(order('b', NOW + 3 * DAY), NOW + DAY + 1), 'kept');
      assert.deepEqual(await waiting(), ['a1', 'b']);
      await store.close();
    });

    test('gives nobody more places for orders than some, whoever signs them later', async () => {
      const store = await founded();
      const keep = (each: SignedOrder, operators = OPERATORS) => store.keepOrder(each, operators, NOW);
      for (let count = 0; count < EACH; count++)
        assert.equal(await keep(order(`a${count}`, NOW + DAY, count === 1 ? [3, 4] : [3])), 'kept');
      assert.equal(await keep(order('a9', NOW + DAY, [3])), 'too many');
      assert.equal(await keep(order('a9', NOW + DAY, [3, 5])), 'too many');
      assert.equal(await keep(order('a0', NOW + DAY, [3, 5])), 'kept', 'one that waits already gathers more');
      assert.equal(await keep(order('b', NOW + DAY, [4, 3])), 'kept', 'another’s places are free');
      await store.close();
    });

    test('forgets orders that nobody of the policy has signed, and counts them for nobody', async () => {
      const store = await founded();
      for (let count = 0; count < EACH; count++)
        await store.keepOrder(order(`a${count}`, NOW + DAY, count === 0 ? [3, 4] : [3]), OPERATORS, NOW);
      const without = OPERATORS.filter((_, number) => number !== 3);
      assert.equal(await store.keepOrder(order('b', NOW + DAY, [5]), without, NOW), 'kept');
      assert.deepEqual(
        (await store.orders()).map((each) => each.order.serial),
        ['a0', 'b'],
      );
      assert.ok((await store.load()) !== undefined);
      await store.close();
    });

    test('records a funding once, and within the day', async () => {
      const store = await founded();
      const fund = async (reference: string, value: number, now = NOW) =>
        (await store.fund(funding(reference, value), CASHIER, now)).kind;
      assert.equal(await fund('a1', 400), 'recorded');
      assert.equal(await fund('a1', 400), 'repeated');
      assert.equal(await fund('a1', 401), 'reference reused');
      assert.equal(await fund('a2', 201), 'over the day limit');
      assert.equal(await fund('a2', 200), 'recorded');
      assert.equal(await fund('a3', 201, NOW + DAY), 'recorded');
      await store.close();
    });

    test('holds the day limit though fundings expire and are swept', async () => {
      const store = await founded();
      await store.fund(funding('a1', 600, NOW + 1), CASHIER, NOW);
      await sweepAll(store, NOW + 1_000);
      assert.equal((await store.fund(funding('a2', 1), CASHIER, NOW + 1_000)).kind, 'over the day limit');
      await sweepAll(store, NOW + 3 * DAY);
      assert.equal((await store.fund(funding('a2', 600), CASHIER, NOW + 3 * DAY)).kind, 'recorded');
      await store.close();
    });

    test('keeps an unpaid mint, and commits it once it is funded', async () => {
      const store = await founded();
      const asked = mint('a1', 1, 2, 2);
      assert.equal((await store.commit(asked, NOW)).kind, 'unpaid');
      assert.equal((await store.commit(asked, NOW)).kind, 'unpaid');
      assert.deepEqual(await store.recall('a1'), { ...asked, state: 'waiting' });
      assert.equal((await store.counters()).float, 0);
      await store.fund(funding('a1', 5), CASHIER, NOW);
      assert.equal((await store.commit(mint('a1', 5), NOW)).kind, 'reference reused');
      assert.equal((await store.commit(asked, NOW)).kind, 'committed');
      assert.equal((await store.commit(asked, NOW)).kind, 'repeated');
      assert.deepEqual(await store.recall('a1'), { ...asked, state: 'committed' });
      const counters = await store.counters();
      assert.deepEqual([counters.treasury, counters.float, counters.sequence], [TREASURY - 5, 5, 1]);
      assert.deepEqual(counters.keys.get(keyOf(2)), { issued: 4, redeemed: 0, stopped: false });
      await store.close();
    });

    test('issues exactly what was funded, while the funding lives', async () => {
      const store = await founded();
      await store.fund(funding('a1', 5), CASHIER, NOW);
      assert.deepEqual(await store.commit(mint('a1', 5, 1), NOW), { kind: 'funding differs', funded: 5 });
      assert.deepEqual(await store.commit(mint('a1', 2), NOW), { kind: 'funding differs', funded: 5 });
      assert.equal((await store.commit(mint('a1', 5), NOW + 2 * DAY)).kind, 'funding expired');
      assert.equal(await store.recall('a1'), undefined);
      assert.equal((await store.counters()).float, 0);
      await store.close();
    });

    test('never issues twice on one funding, though what was issued is swept', async () => {
      const store = await founded();
      const until = NOW + 90 * DAY;
      await store.fund(funding('a1', 5, until), CASHIER, NOW);
      await store.commit(mint('a1', 5), NOW);
      const later = NOW + 40 * DAY;
      await sweepAll(store, later);
      const anew = { ...mint('a1', 1, 2, 2), expires: later + 60 * DAY, lapses: later + 60 * DAY };
      assert.equal((await store.commit(anew, later)).kind, 'reference reused');
      await sweepAll(store, until + 1);
      assert.equal(await store.recall('a1'), undefined);
      assert.equal((await store.commit(anew, until + 1)).kind, 'unpaid');
      assert.equal((await store.counters()).float, 5);
      await store.close();
    });

    test('lets what waited too long lapse, and its reference be used for other blinds', async () => {
      const store = await founded();
      const waited = mint('a1', 1, 2, 2);
      assert.equal((await store.commit(waited, NOW)).kind, 'unpaid');
      await store.fund(funding('a1', 5, NOW + 90 * DAY), CASHIER, NOW);
      const later = NOW + 21 * DAY;
      assert.equal((await store.commit(waited, later)).kind, 'lapsed');
      const anew = { ...mint('a1', 5), expires: later + 30 * DAY, lapses: later + 20 * DAY };
      assert.equal((await store.commit(anew, NOW)).kind, 'reference reused');
      assert.equal((await store.commit(anew, later)).kind, 'committed');
      assert.equal((await store.commit(anew, later + 25 * DAY)).kind, 'repeated');
      assert.deepEqual(await store.recall('a1'), { ...anew, state: 'committed' });
      assert.equal((await store.counters()).float, 5);
      await store.close();
    });

    test('spends a coin once, all or nothing', async () => {
      const store = await founded();
      await circulate(store, 'a1', 1);
      const first = renew('b1', 'x');
      assert.equal((await store.commit(first, NOW)).kind, 'committed');
      assert.equal((await store.commit(first, NOW)).kind, 'repeated');
      const books = await store.counters();
      const second = intent('renew', 'b2', ['y', 'x'], [redeem(5), issue(5)]);
      assert.deepEqual(await store.commit(second, NOW), { kind: 'spent', coinIds: [coin('x')], twice: [] });
      assert.deepEqual(await store.spent([coin('x'), coin('y')]), [true, false]);
      assert.equal(await store.recall('b2'), undefined);
      assert.deepEqual(await store.counters(), books);
      await store.close();
    });

    test('spends no coin twice within one intent', async () => {
      const store = await founded();
      await circulate(store, 'a1', 2);
      const books = await store.counters();
      await assert.rejects(store.commit(renew('b1', 'x', 'x'), NOW), /stands twice/);
      assert.deepEqual(await store.spent([coin('x')]), [false]);
      assert.deepEqual(await store.counters(), books);
      await store.close();
    });

    test('of many requests at once for one coin exactly one gets it', async () => {
      const store = await founded();
      await circulate(store, 'a1', 1);
      const rivals = Array.from({ length: 50 }, (_, index) => store.commit(renew(`c${index}`, 'x'), NOW));
      const kinds = (await Promise.all(rivals)).map((outcome) => outcome.kind);
      assert.equal(kinds.filter((kind) => kind === 'committed').length, 1);
      assert.equal(kinds.filter((kind) => kind === 'spent').length, 49);
      await store.close();
    });

    test('redeems back into the treasury, once, with receipts in a row', async () => {
      const store = await founded();
      await circulate(store, 'a1', 3);
      const receipts = ['r1', 'r2'].map((each, index) => ({
        sequence: index + 1,
        redemption: coin(each),
        amount: 5,
        payee: 'alice',
        time: NOW + index,
      }));
      const [first, second] = receipts;
      assert.deepEqual(await store.commit(redemption('r1', 'x'), NOW), { kind: 'committed', receipt: first });
      assert.equal((await store.commit(redemption('forged', 'x'), NOW)).kind, 'spent');
      assert.deepEqual(await store.commit(redemption('r2', 'y'), NOW + 1), {
        kind: 'committed',
        receipt: second,
      });
      assert.deepEqual(await store.commit(redemption('r1', 'x'), NOW + 2), {
        kind: 'repeated',
        receipt: first,
      });
      const counters = await store.counters();
      assert.deepEqual([counters.treasury, counters.float], [TREASURY - 5, 5]);
      assert.deepEqual(await store.receipts(0, 9), receipts);
      assert.deepEqual(await store.receipts(0, 1), [first]);
      assert.deepEqual(await store.receipts(1, 9), [second]);
      assert.equal((await store.load())?.latest, NOW + 1);
      await store.close();
    });

    test('keeps both answers of a coin that was handed over twice, once, numbered from 1', async () => {
      const store = await founded();
      await circulate(store, 'a1', 3);
      const bob = answering(redemption('r1', 'x'), 'to bob');
      const carol = answering(redemption('r1', 'x'), 'to carol');
      assert.equal((await store.commit(bob, NOW)).kind, 'committed');
      const books = await store.counters();
      const found = { number: 1, keyId: keyOf(5), coinId: coin('x'), first: 'to bob', second: 'to carol' };
      const expected = { kind: 'spent', coinIds: [coin('x')], twice: [found] };
      assert.deepEqual(
        await store.commit(carol, NOW),
        expected,
        'the same redemption, but for what it answers',
      );
      assert.deepEqual(await store.commit(carol, NOW), expected);
      const dave = answering(renew('b1', 'y', 'x'), 'to dave');
      assert.deepEqual(await store.commit(dave, NOW), expected, 'a third says no more than two');
      assert.equal((await store.commit(bob, NOW)).kind, 'repeated', 'the first has what he had');
      assert.equal(
        (await store.commit(answering(redemption('r1', 'x'), 'to bob', '!'), NOW)).kind,
        'repeated',
      );
      assert.equal((await store.commit(redemption('r1', 'x'), NOW)).kind, 'repeated', 'it answers nothing');
      assert.deepEqual(await store.spent([coin('y')]), [false]);
      assert.equal(await store.recall('b1'), undefined);
      await store.commit(answering(renew('b2', 'y', 'z'), 'to bob'), NOW);
      const both = await store.commit(answering(renew('b2', 'y', 'z'), 'to carol'), NOW);
      assert.ok(both.kind === 'spent');
      assert.deepEqual(
        both.twice.map(({ number, coinId }) => [number, coinId]),
        [
          [2, coin('y')],
          [3, coin('z')],
        ],
      );
      assert.deepEqual(await store.doublePayments(0, 9), [found, ...both.twice]);
      assert.deepEqual(await store.doublePayments(1, 1), both.twice.slice(0, 1));
      assert.deepEqual(await store.doublePayments(3, 9), []);
      const { authorised, treasury, float } = await store.counters();
      assert.deepEqual([authorised, treasury, float], [books.authorised, books.treasury, books.float]);
      await store.close();
    });

    test('drops what coins answered with their key, and never what was found', async () => {
      const store = await founded();
      await circulate(store, 'a1', 2);
      await store.commit(answering(redemption('r1', 'x'), 'to bob'), NOW);
      await store.commit(answering(redemption('r2', 'y'), 'to bob'), NOW);
      await store.commit(answering(redemption('r1', 'x'), 'to carol'), NOW);
      await record(store, { closes: [await totalsOf(store, keyOf(5))] });
      await sweepAll(store, NOW);
      const late = await store.commit(answering(redemption('r3', 'y'), 'to carol'), NOW);
      assert.ok(late.kind === 'spent' && late.twice.length === 0);
      assert.deepEqual(
        (await store.doublePayments(0, 9)).map(({ first, second }) => [first, second]),
        [['to bob', 'to carol']],
      );
      assert.equal(await store.sweep(NOW), false);
      await store.close();
    });

    test('issues no more than the treasury holds', async () => {
      const store = await founded();
      const fives = Array.from({ length: 100 }, () => 5);
      for (const [day, reference] of ['a1', 'a2', 'a3'].entries())
        await store.fund(funding(reference, 500, NOW + 9 * DAY), CASHIER, NOW + day * DAY);
      assert.equal((await store.commit(mint('a1', ...fives), NOW)).kind, 'committed');
      assert.equal((await store.commit(mint('a2', ...fives), NOW)).kind, 'committed');
      assert.equal((await store.commit(mint('a3', ...fives), NOW)).kind, 'treasury exhausted');
      assert.equal((await store.counters()).treasury, 0);
      await store.close();
    });

    test('takes back no more of a key than was issued', async () => {
      const store = await founded();
      await circulate(store, 'a1', 1);
      await store.commit(redemption('r1', 'x'), NOW);
      const forged = redemption('r2', 'forged');
      assert.deepEqual(await store.commit(forged, NOW), { kind: 'overdrawn', keyId: keyOf(5) });
      assert.deepEqual(await store.spent([coin('forged')]), [false]);
      assert.equal((await store.receipts(0, 9)).length, 1);
      await store.close();
    });

    // Ten thousand syncs, one for each call; in the ledger's thread the same statements share them.
    const skip = name === 'SQLite file';
    test('forgets the oldest of too many that wait, and never one that was committed', { skip }, async () => {
      const store = await founded();
      await store.fund(funding('paid', 5), CASHIER, NOW);
      await store.commit(mint('paid', 5), NOW);
      const references = Array.from({ length: LIMITS.waitingRequests + 1 }, (_, index) => index.toString(16));
      await Promise.all(references.map((reference) => store.commit(mint(reference, 1), NOW)));
      assert.equal(await store.recall('0'), undefined);
      assert.equal((await store.recall('1'))?.state, 'waiting');
      assert.equal((await store.recall('paid'))?.state, 'committed');
      await store.close();
    });

    test('sweeps what expired and nothing else, a bounded number at a time', async () => {
      const store = await founded();
      await circulate(store, 'a1', 3);
      await store.commit(renew('b1', 'x'), NOW);
      await store.commit(redemption('r1', 'y'), NOW);
      const waiting = Array.from({ length: LIMITS.waitingRequests }, (_, index) => `w${index}`);
      await Promise.all(waiting.map((reference) => store.commit(mint(reference, 1), NOW)));
      const soon = NOW + 30 * DAY;
      await sweepAll(store, soon);
      for (const reference of ['a1', 'b1', redemption('r1').reference])
        assert.equal((await store.recall(reference))?.state, 'committed');
      assert.equal((await store.recall('w7'))?.state, 'waiting');
      assert.equal((await store.commit(renew('b1', 'x'), soon)).kind, 'repeated');
      assert.ok((await sweepAll(store, soon + 1)) > 3, 'all at once would keep others waiting');
      for (const reference of ['a1', 'b1', 'w7', redemption('r1').reference])
        assert.equal(await store.recall(reference), undefined);
      assert.deepEqual(await store.spent([coin('x'), coin('y')]), [true, true]);
      assert.equal((await store.receipts(0, 9)).length, 1);
      assert.equal((await store.commit(renew('b1', 'x'), NOW)).kind, 'spent');
      assert.equal(await store.sweep(soon + 1), false);
      const counters = await store.counters();
      assert.deepEqual((await store.load())?.counters, counters);
      await store.close();
    });

    test('writes a copy that opens, to a new file only', async () => {
      const store = await founded();
      await circulate(store, 'a1', 2);
      await store.commit(answering(redemption('r1', 'x'), 'to bob'), NOW);
      await store.commit(answering(redemption('r1', 'x'), 'to carol'), NOW);
      const path = freshPath();
      await store.snapshot(path);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      await assert.rejects(store.snapshot(path), /EEXIST/);
      const copy = await must(openSqliteMintStore(path));
      assert.deepEqual(await copy.load(), await store.load());
      assert.deepEqual(await copy.spent([coin('x'), coin('y')]), [true, false]);
      assert.deepEqual(await copy.receipts(0, 9), await store.receipts(0, 9));
      assert.deepEqual(await copy.doublePayments(0, 9), await store.doublePayments(0, 9));
      const third = await copy.commit(answering(redemption('r2', 'x'), 'to dave'), NOW);
      assert.ok(third.kind === 'spent' && third.twice[0]?.second === 'to carol');
      await copy.close();
      await store.close();
    });

    test('conserves the money through any sequence', async () => {
      const action = fc.record({
        kind: fc.constantFrom<Intent['kind']>('mint', 'renew', 'redeem'),
        reference: fc.integer({ min: 0, max: 9 }),
        denominations: fc.array(fc.constantFrom(1, 2, 5), { minLength: 1, maxLength: 4 }),
        coins: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
        funded: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
          const store = await founded();
          for (const each of actions) {
            const total = each.denominations.reduce((sum, value) => sum + value, 0);
            const reference =
              each.kind === 'redeem'
                ? redemption(String(each.reference)).reference
                : `${each.kind}${each.reference}`;
            if (each.funded) await store.fund(funding(reference, total), CASHIER, NOW);
            const back = each.kind === 'mint' ? [] : each.denominations.map(redeem);
            const out = each.kind === 'redeem' ? [] : each.denominations.map(issue);
            const names = each.kind === 'mint' ? [] : each.coins.map(String);
            await store.commit(intent(each.kind, reference, names, [...back, ...out]), NOW);
            const { authorised, treasury, float, keys } = await store.counters();
            assert.equal(treasury + float, authorised);
            const shares = [...keys.values()].map((key) => key.issued - key.redeemed);
            assert.equal(
              shares.reduce((sum, share) => sum + share, 0),
              float,
            );
            assert.ok(shares.every((share) => share >= 0));
          }
          await store.close();
        }),
        { numRuns: 10 },
      );
    });
  });
}

describe('mint store on a file', () => {
  test('has everything again after it was closed', async () => {
    const path = freshPath();
    const store = await must(openLedgerThread(path));
    await found(store);
    await circulate(store, 'a1', 2);
    await store.commit(mint('a2', 1), NOW);
    await store.commit(answering(redemption('r1', 'x'), 'to bob'), NOW + 5);
    await store.commit(answering(redemption('r2', 'x'), 'to carol'), NOW + 5);
    await store.keepOrder(order('a'), OPERATORS, NOW);
    await record(store, { stops: [keyOf(1)] });
    const all = async (each: MintStore) => [
      await each.load(),
      await each.orders(),
      await each.receipts(0, 9),
      await each.doublePayments(0, 9),
    ];
    const before = await all(store);
    await store.close();
    const again = await must(openSqliteMintStore(path));
    assert.deepEqual(await all(again), before);
    assert.equal((await again.doublePayments(0, 9)).length, 1);
    assert.equal((await again.recall('a1'))?.state, 'committed');
    assert.equal((await again.recall('a2'))?.state, 'waiting');
    assert.deepEqual(await again.spent([coin('x'), coin('y')]), [true, false]);
    await again.close();
  });

  test('opens books of the version before, with all that is in them', async () => {
    const path = freshPath();
    const store = await must(openSqliteMintStore(path));
    await found(store);
    await circulate(store, 'a1', 2);
    await store.commit(redemption('r1', 'x'), NOW);
    const before = await store.load();
    await store.close();
    const file = new DatabaseSync(path);
    file.exec(
      'DROP TABLE answer; DROP TABLE double_payment; ALTER TABLE ledger DROP COLUMN last_double_payment',
    );
    file.exec('PRAGMA user_version = 3');
    file.close();
    const again = await must(openSqliteMintStore(path));
    assert.deepEqual(await again.load(), before);
    assert.equal((await again.commit(answering(redemption('r2', 'x'), 'to bob'), NOW)).kind, 'spent');
    assert.equal((await again.commit(answering(redemption('r2', 'y'), 'to bob'), NOW)).kind, 'committed');
    assert.equal((await again.commit(answering(redemption('r2', 'y'), 'to carol'), NOW)).kind, 'spent');
    assert.equal((await again.doublePayments(0, 9)).length, 1);
    await again.close();
  });

  test('opens no books in which a double payment is missing', async () => {
    const path = freshPath();
    const store = await must(openSqliteMintStore(path));
    await found(store);
    await circulate(store, 'a1', 1);
    await store.commit(answering(redemption('r1', 'x'), 'to bob'), NOW);
    await store.commit(answering(redemption('r1', 'x'), 'to carol'), NOW);
    await store.close();
    const file = new DatabaseSync(path);
    file.exec('DELETE FROM double_payment');
    file.close();
    const again = await must(openSqliteMintStore(path));
    await assert.rejects(again.load(), /double payments are missing/);
    await again.close();
  });

  test('is kept by one process at a time', async () => {
    const path = freshPath();
    const store = await must(openLedgerThread(path));
    const second = openSqliteMintStore(path);
    assert.ok(second instanceof Refusal && second.name === 'busy');
    const third = await openLedgerThread(path);
    assert.ok(third instanceof Refusal && third.name === 'busy');
    await store.close();
    await (await must(openSqliteMintStore(path))).close();
  });

  test('a batch with a bad call fails that call alone', async () => {
    const path = freshPath();
    const store = await must(openLedgerThread(path, { second: `${path}.second` }));
    await found(store);
    const bad: Intent = {
      ...mint('a9', 1),
      moves: [{ keyId: 'no such key', issued: amount(1), redeemed: ZERO }],
    };
    await store.fund(funding('a9', 1), CASHIER, NOW);
    await store.fund(funding('a1', 5), CASHIER, NOW);
    const [failed, committed] = await Promise.allSettled([
      store.commit(bad, NOW),
      store.commit(mint('a1', 5), NOW),
    ]);
    assert.equal(failed.status, 'rejected');
    assert.deepEqual(committed.status === 'fulfilled' && committed.value, { kind: 'committed' });
    await store.close();
    await (await must(openLedgerThread(path, { second: `${path}.second` }))).close();
  });

  test('the first step follows nothing', async () => {
    const store = await must(openSqliteMintStore(freshPath()));
    const late = step({ ...NOTHING, entries: 1 });
    assert.equal((await store.record(late)).kind, 'head moved');
    assert.equal(await store.load(), undefined);
    await store.close();
  });
});
