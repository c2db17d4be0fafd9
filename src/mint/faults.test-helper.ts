/** A client of a mint whose store fails as planned: what is unheard is asked again. */
import assert from 'node:assert/strict';
import { DAY } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Response } from '../protocol/catalogue.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { chaum86 } from '../suites/chaum86.ts';
import type { Mint, MintRequest } from './mint.ts';
import { FOUNDING, NOW, plainLanes, testMaker } from './mint.test-helper.ts';
import type { TestCurrency } from './mint.test-helper.ts';
import { openMint } from './open.ts';
import { testExtras } from './place.test-helper.ts';
import type { Answer } from './place.test-helper.ts';
import type { KeyMaker, MintStore } from './ports.ts';

/** What a store throws when a test says so. */
export class Fault extends Error {}

/** From a call on, so many fail. */
export interface FaultPlan {
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly calls: number;
}

interface Counter {
  calls: number;
  readonly verbs: Set<string>;
}

/** A store in which calls fail: not having persisted, or having. */
function faulty(store: MintStore, counter: Counter, plan: FaultPlan | undefined): MintStore {
  const wrap =
    <Args extends readonly unknown[], Result>(name: string, verb: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const number = counter.calls++;
      counter.verbs.add(name);
      const fails = plan !== undefined && number >= plan.call && number < plan.call + plan.calls;
      if (fails && plan.when === 'before') throw new Fault(name);
      const result = await verb(...args);
      if (fails) throw new Fault(name);
      return result;
    };
  return {
    load: wrap('load', () => store.load()),
    journal: wrap('journal', (from, most) => store.journal(from, most)),
    record: wrap('record', (step) => store.record(step)),
    keepOrder: wrap('keepOrder', (order, operators, now) => store.keepOrder(order, operators, now)),
    orders: wrap('orders', () => store.orders()),
    fund: wrap('fund', (funding, cashier, now) => store.fund(funding, cashier, now)),
    commit: wrap('commit', (intent, now) => store.commit(intent, now)),
    recall: wrap('recall', (reference) => store.recall(reference)),
    spent: wrap('spent', (coins) => store.spent(coins)),
    receipts: wrap('receipts', (from, most) => store.receipts(from, most)),
    doublePayments: wrap('doublePayments', (from, most) => store.doublePayments(from, most)),
    counters: wrap('counters', () => store.counters()),
    sweep: wrap('sweep', (now) => store.sweep(now)),
    snapshot: (path) => store.snapshot(path),
    close: () => store.close(),
  };
}

/** A maker that goes on where the one that founded the currency stopped. */
async function laterMaker(): Promise<KeyMaker> {
  const maker = testMaker();
  const made = 1 + FOUNDING.description.denominations.length;
  for (let count = 0; count < made; count++) await maker.make(chaum86.name, 'mint');
  return maker;
}

export interface World {
  readonly currency: TestCurrency;
  readonly books: () => Promise<MintStore>;
  readonly plan?: FaultPlan;
  /** Whether a fault ends the program, or the request only. */
  readonly restarts: boolean;
}

/** A client of a mint that fails: on a fault the same is asked again. */
export class Client {
  readonly answers: (Response | Refusal)[] = [];
  readonly counter: Counter = { calls: 0, verbs: new Set() };
  readonly extras = testExtras();
  faults = 0;
  now = NOW + DAY;
  private readonly world: World;
  private maker: KeyMaker | undefined;
  private store: MintStore | undefined;
  private mint: Mint | undefined;

  constructor(world: World) {
    this.world = world;
  }

  async run<Result>(work: (mint: Mint, store: MintStore) => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        this.store ??= faulty(await this.world.books(), this.counter, this.world.plan);
        this.mint ??= await this.open(this.store);
        return await work(this.mint, this.store);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.faults++;
        if (this.world.restarts) await this.close();
      }
    }
  }

  async ask<Type extends Response['type']>(request: MintRequest, type: Type): Promise<Answer<Type>> {
    const answer = await this.run((mint) => mint.answer(request));
    this.answers.push(answer);
    assert.ok(
      !(answer instanceof Refusal) && answer.type === type,
      `${request.type}: ${JSON.stringify(answer)}`,
    );
    return answer as Answer<Type>;
  }

  async refused(request: MintRequest, name: Refusal['name']): Promise<void> {
    const answer = await this.run((mint) => mint.answer(request));
    this.answers.push(answer);
    assert.ok(
      answer instanceof Refusal && answer.name === name,
      `${request.type}: ${JSON.stringify(answer)}`,
    );
  }

  async close(): Promise<void> {
    await this.store?.close();
    this.store = undefined;
    this.mint = undefined;
  }

  private async open(store: MintStore): Promise<Mint> {
    if ((await store.load()) === undefined) await store.record(this.world.currency.step);
    const lanes = plainLanes();
    this.maker ??= await laterMaker();
    const mint = await openMint({
      store,
      signer: lanes,
      loader: lanes,
      maker: this.maker,
      vault: this.world.currency.vault,
      verify: verifyEd25519,
      extras: this.extras,
      clock: () => this.now,
      report: () => undefined,
    });
    assert.ok(!(mint instanceof Refusal));
    return mint;
  }
}
