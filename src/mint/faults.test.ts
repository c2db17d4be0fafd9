/**
 * The fault table: a coin's whole life, and in it every store call once failing before it persisted and once after;
 * the store is reopened and the client asks again. Whatever failed, the end is the same as if nothing had.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { DAY } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Response } from '../protocol/catalogue.ts';
import { coinId } from '../protocol/ids.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { openLedgerThread } from '../stores/ledger-thread.ts';
import { openMemoryMintStore } from '../stores/mint-memory.ts';
import { openSqliteMintStore } from '../stores/mint-sqlite.ts';
import { openMint } from './mint.ts';
import type { Mint, MintRequest } from './mint.ts';
import { NOW, foundTestCurrency, fundRequest, prepareCoin } from './mint.test-helper.ts';
import type { MintStore } from './ports.ts';

const { currency, signer } = await foundTestCurrency();

class Fault extends Error {}

interface FaultPlan {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** A store in which one call fails: not having persisted, or having. */
function faulty(store: MintStore, counter: { calls: number }, plan: FaultPlan | undefined): MintStore {
  const wrap =
    <Args extends readonly unknown[], Result>(verb: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const fault = counter.calls++ === plan?.call ? plan.when : undefined;
      if (fault === 'before') throw new Fault();
      const result = await verb(...args);
      if (fault === 'after') throw new Fault();
      return result;
    };
  return {
    load: wrap(() => store.load()),
    found: wrap((founded) => store.found(founded)),
    fund: wrap((funding, now) => store.fund(funding, now)),
    commit: wrap((intent, now) => store.commit(intent, now)),
    recall: wrap((reference) => store.recall(reference)),
    spent: wrap((coins) => store.spent(coins)),
    counters: wrap(() => store.counters()),
    close: () => store.close(),
  };
}

/** A client of a mint that fails: on a fault everything is reopened, and the same request sent again. */
class Client {
  readonly answers: (Response | Refusal)[] = [];
  faults = 0;
  private readonly reopen: () => Promise<MintStore>;
  private readonly counter = { calls: 0 };
  private readonly plan: FaultPlan | undefined;
  private store: MintStore | undefined;
  private mint: Mint | undefined;

  constructor(reopen: () => Promise<MintStore>, plan: FaultPlan | undefined) {
    this.reopen = reopen;
    this.plan = plan;
  }

  get calls(): number {
    return this.counter.calls;
  }

  async run<Result>(work: (mint: Mint, store: MintStore) => Promise<Result>): Promise<Result> {
    try {
      this.store ??= faulty(await this.reopen(), this.counter, this.plan);
      if ((await this.store.load()) === undefined) await this.store.found(currency);
      this.mint ??= await openMint({
        store: this.store,
        signer,
        clock: () => NOW + DAY,
        report: () => undefined,
      });
      return await work(this.mint, this.store);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.faults++;
      await this.close();
      return this.run(work);
    }
  }

  async ask(request: MintRequest): Promise<ResponseMint> {
    const answer = await this.run((mint) => mint.answer(request));
    this.answers.push(answer);
    return answer as ResponseMint;
  }

  async close(): Promise<void> {
    await this.store?.close();
    this.store = undefined;
    this.mint = undefined;
  }
}

/** Buys 7, renews a 4, redeems a part; all refusals on the way are the expected ones. Returns what must be so. */
async function life(client: Client): Promise<unknown> {
  const ring = await client.run((mint) => Promise.resolve(mint.keyring));
  const coming = [4, 2, 1].map((value) => prepareCoin(ring, `coin ${value}`, value));
  const blinds = coming.map((coin) => coin.blind);
  const mint = { blinds, message_reference: 1, transaction_reference: 'a1', type: 'request mint' } as const;
  await client.ask(mint); // unpaid
  await client.ask(fundRequest(ring, 'a1', 7));
  const minted = await client.ask({
    message_reference: 1,
    transaction_reference: 'a1',
    type: 'request resume',
  });
  const [four, two, one] = coming.map((coin) => coin.unblind(minted));
  assert.ok(four !== undefined && two !== undefined && one !== undefined);
  const fresh = [2, 2].map((value, index) => prepareCoin(ring, `fresh ${index}`, value));
  const renewal = {
    blinds: fresh.map((coin) => coin.blind),
    coins: [four],
    message_reference: 2,
    transaction_reference: 'b1',
    type: 'request renew',
  } as const;
  const renewed = await client.ask(renewal);
  const renewedCoins = fresh.map((coin) => coin.unblind(renewed));
  await client.ask({ ...renewal, transaction_reference: 'b2' }); // already spent
  await client.ask({
    coins: [two, ...renewedCoins.slice(0, 1)],
    message_reference: 3,
    type: 'request redeem',
  });
  const coins = [four, two, one, ...renewedCoins].map((coin) => coinId(coin.payload));
  await client.ask({ coin_ids: coins, message_reference: 4, type: 'request coin status' });
  const counters = await client.run((_, store) => store.counters());
  await client.close();
  return { answers: client.answers, counters };
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

for (const [name, books] of Object.entries(STORES)) {
  describe(`fault table: mint on ${name}`, () => {
    test('every call fails once before it persisted and once after, and nothing is lost or made', async () => {
      const undisturbed = new Client(books(), undefined);
      const expected = await life(undisturbed);
      assert.ok(undisturbed.calls >= 12, 'the table has a row for each call');
      for (let call = 0; call < undisturbed.calls; call++) {
        for (const when of ['before', 'after'] as const) {
          const client = new Client(books(), { call, when });
          assert.deepEqual(await life(client), expected, `call ${call} failing ${when}`);
          assert.equal(client.faults, 1, `call ${call} did fail ${when}`);
        }
      }
    });
  });
}
