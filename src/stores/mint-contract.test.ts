/** The contract of `MintStore`, on every store there is. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { ZERO, amount } from '../base/amount.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import type { Currency, Intent, MintStore, Move } from '../mint/ports.ts';
import type { Cddc, MintKeyCertificate } from '../protocol/documents.ts';
import { idOf } from '../protocol/ids.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import { utf8 } from '../base/bytes.ts';
import { openLedgerThread } from './ledger-thread.ts';
import { openMemoryMintStore } from './mint-memory.ts';
import { openSqliteMintStore } from './mint-sqlite.ts';

const NOW = Date.UTC(2026, 0, 1);
const CASHIER = 'c'.repeat(64);
const TREASURY = 1_000;

const example = <Document>(name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../spec/vectors/opencoin-draft/${name}.json`, import.meta.url), 'utf8'),
  ) as Document;

const certificates = ['mkc_1', 'mkc_2', 'mkc_5'].map((name) => example<MintKeyCertificate>(name));
const KEYS = new Map(certificates.map(({ mint_key: key }) => [key.denomination, key.id]));

const currency: Currency = {
  cddc: example<Cddc>('cddc'),
  masterSecret: new Uint8Array([1, 2, 3]),
  keys: certificates
    .map((certificate) => ({ certificate, secret: new Uint8Array([4, 5]) }))
    .sort((left, right) => (left.certificate.mint_key.id < right.certificate.mint_key.id ? -1 : 1)),
  cashiers: [{ publicKey: CASHIER, limitPerOperation: amount(500), limitPerDay: amount(600) }],
  treasury: amount(TREASURY),
};

function keyOf(denomination: number): string {
  const id = KEYS.get(denomination);
  assert.ok(id !== undefined);
  return id;
}

const coin = (name: string) => idOf(utf8(name));

function funding(reference: string, value: number, expires = NOW + DAY): Funding {
  return {
    amount: value,
    cashier: CASHIER,
    currency: currency.cddc.cdd.id,
    expires: writeDate(expires),
    transaction_reference: reference,
    type: 'funding',
  };
}

const issue = (denomination: number): Move => ({
  keyId: keyOf(denomination),
  issued: amount(denomination),
  redeemed: ZERO,
});

const redeem = (denomination: number): Move => ({
  keyId: keyOf(denomination),
  issued: ZERO,
  redeemed: amount(denomination),
});

function intent(
  kind: Intent['kind'],
  reference: string,
  coins: readonly string[],
  moves: readonly Move[],
): Intent {
  const issues = moves.filter((move) => move.issued > 0);
  return {
    kind,
    reference,
    blinds: issues.map((move, index) => ({ keyId: move.keyId, reference: `b${index}`, blind: 'abc' })),
    spends: coins.map((name) => ({ keyId: keyOf(5), coinId: coin(name) })),
    moves: mergeMoves(moves),
    expires: NOW + 30 * DAY,
    lapses: NOW + 20 * DAY,
  };
}

function mergeMoves(moves: readonly Move[]): readonly Move[] {
  const ids = [...new Set(moves.map((move) => move.keyId))];
  return ids.map((keyId) => {
    const own = moves.filter((move) => move.keyId === keyId);
    return {
      keyId,
      issued: amount(own.reduce((total, move) => total + move.issued, 0)),
      redeemed: amount(own.reduce((total, move) => total + move.redeemed, 0)),
    };
  });
}

const mint = (reference: string, ...denominations: number[]) =>
  intent('mint', reference, [], denominations.map(issue));

const folder = mkdtempSync(join(tmpdir(), 'specie-stores-'));
after(() => {
  rmSync(folder, { recursive: true });
});

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
};

for (const [name, open] of Object.entries(STORES)) {
  const founded = async () => {
    const store = await open(freshPath());
    await store.found(currency);
    return store;
  };

  describe(`mint store: ${name}`, () => {
    test('is empty before it is founded, and founded once', async () => {
      const store = await open(freshPath());
      assert.equal(await store.load(), undefined);
      await store.found(currency);
      assert.deepEqual(await store.load(), currency);
      await assert.rejects(store.found(currency), /founded here before/);
      const counters = await store.counters();
      assert.deepEqual([counters.authorised, counters.treasury, counters.float], [TREASURY, TREASURY, 0]);
      await store.close();
    });

    test('records a funding once, and within the day', async () => {
      const store = await founded();
      assert.equal((await store.fund(funding('a1', 400), NOW)).kind, 'recorded');
      assert.equal((await store.fund(funding('a1', 400), NOW)).kind, 'repeated');
      assert.equal((await store.fund(funding('a1', 401), NOW)).kind, 'reference reused');
      assert.equal((await store.fund(funding('a2', 201), NOW)).kind, 'over the day limit');
      assert.equal((await store.fund(funding('a2', 200), NOW)).kind, 'recorded');
      assert.equal((await store.fund(funding('a3', 201), NOW + DAY)).kind, 'recorded');
      await store.close();
    });

    test('keeps an unpaid mint, and commits it once it is funded', async () => {
      const store = await founded();
      const asked = mint('a1', 1, 2, 2);
      assert.equal((await store.commit(asked, NOW)).kind, 'unpaid');
      assert.equal((await store.commit(asked, NOW)).kind, 'unpaid');
      assert.deepEqual(await store.recall('a1'), { ...asked, state: 'waiting' });
      assert.equal((await store.counters()).float, 0);
      await store.fund(funding('a1', 5), NOW);
      assert.equal((await store.commit(mint('a1', 5), NOW)).kind, 'reference reused');
      assert.equal((await store.commit(asked, NOW)).kind, 'committed');
      assert.equal((await store.commit(asked, NOW)).kind, 'repeated');
      assert.deepEqual(await store.recall('a1'), { ...asked, state: 'committed' });
      const counters = await store.counters();
      assert.deepEqual([counters.treasury, counters.float], [TREASURY - 5, 5]);
      assert.deepEqual(counters.keys.get(keyOf(2)), { issued: 4, redeemed: 0 });
      await store.close();
    });

    test('issues exactly what was funded, while the funding lives', async () => {
      const store = await founded();
      await store.fund(funding('a1', 5), NOW);
      assert.deepEqual(await store.commit(mint('a1', 5, 1), NOW), { kind: 'funding differs', funded: 5 });
      assert.deepEqual(await store.commit(mint('a1', 2), NOW), { kind: 'funding differs', funded: 5 });
      assert.equal((await store.commit(mint('a1', 5), NOW + 2 * DAY)).kind, 'funding expired');
      assert.equal(await store.recall('a1'), undefined);
      assert.equal((await store.counters()).float, 0);
      await store.close();
    });

    test('lets what waited too long lapse, and its reference be used for other blinds', async () => {
      const store = await founded();
      const waited = mint('a1', 1, 2, 2);
      assert.equal((await store.commit(waited, NOW)).kind, 'unpaid');
      await store.fund(funding('a1', 5, NOW + 90 * DAY), NOW);
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
      await store.fund(funding('a1', 5), NOW);
      await store.commit(mint('a1', 5), NOW);
      const first = intent('renew', 'b1', ['x'], [redeem(5), issue(5)]);
      assert.equal((await store.commit(first, NOW)).kind, 'committed');
      assert.equal((await store.commit(first, NOW)).kind, 'repeated');
      const books = await store.counters();
      const second = intent('renew', 'b2', ['y', 'x'], [redeem(5), issue(5)]);
      assert.deepEqual(await store.commit(second, NOW), { kind: 'spent', coinIds: [coin('x')] });
      assert.deepEqual(await store.spent([coin('x'), coin('y')]), [true, false]);
      assert.equal(await store.recall('b2'), undefined);
      assert.deepEqual(await store.counters(), books);
      await store.close();
    });

    test('of many requests at once for one coin exactly one gets it', async () => {
      const store = await founded();
      await store.fund(funding('a1', 5), NOW);
      await store.commit(mint('a1', 5), NOW);
      const rivals = Array.from({ length: 50 }, (_, index) =>
        store.commit(intent('renew', `c${index}`, ['x'], [redeem(5), issue(5)]), NOW),
      );
      const kinds = (await Promise.all(rivals)).map((outcome) => outcome.kind);
      assert.equal(kinds.filter((kind) => kind === 'committed').length, 1);
      assert.equal(kinds.filter((kind) => kind === 'spent').length, 49);
      await store.close();
    });

    test('redeems back into the treasury, once', async () => {
      const store = await founded();
      await store.fund(funding('a1', 7), NOW);
      await store.commit(mint('a1', 5, 2), NOW);
      const back = intent('redeem', 'redeem:1', ['x'], [redeem(5)]);
      assert.equal((await store.commit(back, NOW)).kind, 'committed');
      assert.equal((await store.commit(back, NOW)).kind, 'repeated');
      const counters = await store.counters();
      assert.deepEqual([counters.treasury, counters.float], [TREASURY - 2, 2]);
      await store.close();
    });

    test('issues no more than the treasury holds', async () => {
      const store = await founded();
      const fives = Array.from({ length: 100 }, () => 5);
      for (const [day, reference] of ['a1', 'a2', 'a3'].entries()) {
        await store.fund(funding(reference, 500, NOW + 9 * DAY), NOW + day * DAY);
      }
      assert.equal((await store.commit(mint('a1', ...fives), NOW)).kind, 'committed');
      assert.equal((await store.commit(mint('a2', ...fives), NOW)).kind, 'committed');
      assert.equal((await store.commit(mint('a3', ...fives), NOW)).kind, 'treasury exhausted');
      assert.equal((await store.counters()).treasury, 0);
      await store.close();
    });

    test('takes back no more of a key than was issued', async () => {
      const store = await founded();
      await store.fund(funding('a1', 5), NOW);
      await store.commit(mint('a1', 5), NOW);
      await store.commit(intent('redeem', 'redeem:1', ['x'], [redeem(5)]), NOW);
      const forged = intent('redeem', 'redeem:2', ['forged'], [redeem(5)]);
      assert.deepEqual(await store.commit(forged, NOW), { kind: 'overdrawn', keyId: keyOf(5) });
      assert.deepEqual(await store.spent([coin('forged')]), [false]);
      await store.close();
    });

    test('forgets the oldest of too many that wait, and never one that was committed', async () => {
      const store = await founded();
      await store.fund(funding('paid', 5), NOW);
      await store.commit(mint('paid', 5), NOW);
      const references = Array.from({ length: LIMITS.waitingRequests + 1 }, (_, index) => index.toString(16));
      await Promise.all(references.map((reference) => store.commit(mint(reference, 1), NOW)));
      assert.equal(await store.recall('0'), undefined);
      assert.equal((await store.recall('1'))?.state, 'waiting');
      assert.equal((await store.recall('paid'))?.state, 'committed');
      await store.close();
    });

    test('conserves the money through any sequence', async () => {
      const step = fc.record({
        kind: fc.constantFrom<Intent['kind']>('mint', 'renew', 'redeem'),
        reference: fc.integer({ min: 0, max: 9 }),
        denominations: fc.array(fc.constantFrom(1, 2, 5), { minLength: 1, maxLength: 4 }),
        coins: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
        funded: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const store = await founded();
          for (const each of steps) {
            const total = each.denominations.reduce((sum, value) => sum + value, 0);
            const reference = `${each.kind}${each.reference}`;
            if (each.funded) await store.fund(funding(reference, total), NOW);
            const back = each.kind === 'mint' ? [] : each.denominations.map(redeem);
            const out = each.kind === 'redeem' ? [] : each.denominations.map(issue);
            const names = each.kind === 'mint' ? [] : [...new Set(each.coins)].map(String);
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
        { numRuns: 15 },
      );
    });
  });
}

describe('mint store on a file', () => {
  test('has everything again after it was closed', async () => {
    const path = freshPath();
    const store = await must(openLedgerThread(path));
    await store.found(currency);
    await store.fund(funding('a1', 5), NOW);
    await store.commit(mint('a1', 5), NOW);
    await store.commit(mint('a2', 1), NOW);
    const before = await store.counters();
    await store.close();
    const again = await must(openSqliteMintStore(path));
    assert.deepEqual(await again.load(), currency);
    assert.deepEqual(await again.counters(), before);
    assert.equal((await again.recall('a1'))?.state, 'committed');
    assert.equal((await again.recall('a2'))?.state, 'waiting');
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
    const store = await must(openLedgerThread(freshPath()));
    await store.found(currency);
    const bad: Intent = {
      ...mint('a9', 1),
      moves: [{ keyId: 'no such key', issued: amount(1), redeemed: ZERO }],
    };
    await store.fund(funding('a9', 1), NOW);
    await store.fund(funding('a1', 5), NOW);
    const [failed, committed] = await Promise.allSettled([
      store.commit(bad, NOW),
      store.commit(mint('a1', 5), NOW),
    ]);
    assert.equal(failed.status, 'rejected');
    assert.deepEqual(committed.status === 'fulfilled' && committed.value, { kind: 'committed' });
    await store.close();
  });
});
