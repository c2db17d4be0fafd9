import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Said } from '../documents/messages.ts';
import {
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  SERVER,
  signed,
  somebody,
  to,
  transferOf,
} from './world.test-helper.ts';
import type { Held, Somebody, World } from './world.test-helper.ts';

const [anna, ben] = [somebody('Anna'), somebody('Ben')];
const people = [anna, ben];
const most = Number.MAX_SAFE_INTEGER;
const shares = certificateOf(
  [
    { denomination: 1, count: 100, holder: anna.publicKey },
    { denomination: 2, count: 100, holder: anna.publicKey },
    { denomination: 4, count: 100, holder: anna.publicKey },
    { denomination: most, count: 10, holder: anna.publicKey },
    { denomination: most - 1, count: 10, holder: anna.publicKey },
  ],
  { denominations: [1, 2, 4, most, most - 1] },
);
const id = idOf(shares);
const FIRST: Readonly<Record<number, number>> = { 1: 1, 2: 101, 4: 201, [most]: 301, [most - 1]: 311 };

/** Anna’s title number `at` of a denomination. */
function annas(denomination: number, at = 0): Held {
  return fresh(id, FIRST[denomination]! + at, denomination, anna);
}

/** A world with titles in the pool. */
async function openPool(...filled: readonly Held[]): Promise<World> {
  const world = await openWorld();
  mustBe('response title class', await world.ask(shares));
  if (filled.length === 0) return world;
  const transfer = transferOf(filled.map((title) => ({ title, to: to(SERVER) })));
  mustBe('response title transfer', await world.ask(signed(transfer, people)));
  return world;
}

/** What the pool holds: how many of each denomination there is any of. */
async function stockOf(world: World): Promise<Record<number, number>> {
  const { stock } = mustBe(
    'response title pool',
    await world.ask({ type: 'request title pool', title_class: id }),
  );
  return Object.fromEntries(
    stock.filter(({ count }) => count > 0).map(({ denomination, count }) => [denomination, count]),
  );
}

/** Titles for the pool, others for Ben, and change for Anna. */
function pay(
  pooled: readonly Held[],
  given: readonly Held[],
  change: readonly (readonly [number, Somebody])[],
): Said<'request title transfer'> {
  const transfer = transferOf(
    [
      ...given.map((title) => ({ title, to: to(ben) })),
      ...pooled.map((title) => ({ title, to: to(SERVER) })),
    ],
    change.map(([denomination, whose]) => ({ denomination, to: to(whose) })),
  );
  return signed(transfer, people);
}

describe('the pool', () => {
  it('gives change: five out of four and two', async () => {
    const world = await openPool(annas(1, 50), annas(1, 51));
    const request = pay(
      [annas(2)],
      [annas(4)],
      [
        [1, ben],
        [1, anna],
      ],
    );
    const receipt = mustBe('response title transfer', await world.ask(request));
    const held = heldAfter(request, receipt, [4, 2], people);
    assert.deepEqual(
      held.map(({ holder, denomination, sequence }) => [holder, denomination, sequence]),
      [
        [ben, 4, 1],
        [SERVER, 2, 1],
        [ben, 1, 2],
        [anna, 1, 2],
      ],
    );
    assert.deepEqual(await stockOf(world), { 2: 1 });
    const [, , bens] = held;
    const next = signed(transferOf([{ title: bens!, to: to(anna) }]), people);
    mustBe('response title transfer', await world.ask(next));
    await world.restart();
    assert.deepEqual(await stockOf(world), { 2: 1 });
  });

  it('is filled by gifts: what goes in without change asks for nothing', async () => {
    const world = await openPool(annas(4, 1), annas(1, 1), annas(1, 2));
    assert.deepEqual(await stockOf(world), { 1: 2, 4: 1 });
  });

  it('that is empty refuses, and what it refused has no effect', async () => {
    const world = await openPool();
    const request = pay(
      [annas(2)],
      [],
      [
        [1, anna],
        [1, anna],
      ],
    );
    const refusal = mustBe('response title refusal', await world.ask(request));
    assert.equal(refusal.name, 'empty pool');
    assert.match(refusal.details, /holds nothing/);
    mustBe('response title transfer', await world.ask(pay([annas(1), annas(1, 1)], [], [])));
    mustBe('response title transfer', await world.ask(request));
    assert.deepEqual(await stockOf(world), { 2: 1 });
  });

  it('gives no title of what comes in with the same transfer', async () => {
    const world = await openPool();
    const refusal = mustBe('response title refusal', await world.ask(pay([annas(1)], [], [[1, anna]])));
    assert.equal(refusal.name, 'empty pool');
  });

  it('gives nothing twice where many ask at once, and says so to those who come too late', async () => {
    const world = await openPool(annas(1, 50), annas(1, 51), annas(1, 52));
    const asked = Array.from({ length: 5 }, (_, at) => pay([annas(4, at)], [], [[4, anna]]));
    const wants = Array.from({ length: 5 }, (_, at) =>
      pay(
        [annas(2, at)],
        [],
        [
          [1, anna],
          [1, anna],
        ],
      ),
    );
    const [answers, fours] = await Promise.all([
      Promise.all(wants.map((request) => world.ask(request))),
      Promise.all(asked.map((request) => world.ask(request))),
    ]);
    assert.deepEqual(
      answers.map((answer) => answer.type === 'response title refusal' && answer.name),
      [false, 'empty pool', 'empty pool', 'empty pool', 'empty pool'],
    );
    assert.match(mustBe('response title refusal', answers[4]!).details, /holds 1 of 1, 1 of 2$/);
    assert.equal(mustBe('response title refusal', fours[0]!).name, 'empty pool');
    assert.deepEqual(await stockOf(world), { 1: 1, 2: 1 });
  });

  it('gives on in the same commit what just came in, in a group behind it', async () => {
    const world = await openPool(annas(1, 50));
    const chain = Array.from({ length: 6 }, (_, at) => pay([annas(1, at)], [], [[1, ben]]));
    const before = mustBe('response title server', await world.ask({ type: 'request title server' })).groups;
    const answers = await Promise.all(chain.map((request) => world.ask(request)));
    const serials = answers.map((answer, at) => {
      const receipt = mustBe('response title transfer', answer);
      const [, change] = heldAfter(chain[at]!, receipt, [1], people);
      return [receipt.signed_head.head.number - before, change?.serial, change?.sequence];
    });
    assert.deepEqual(serials, [
      [1, 51, 2],
      [2, 1, 2],
      [3, 2, 2],
      [4, 3, 2],
      [5, 4, 2],
      [6, 5, 2],
    ]);
    assert.deepEqual(await stockOf(world), { 1: 1 });
    for (const [at, request] of chain.entries()) assert.deepEqual(await world.ask(request), answers[at]);
  });

  it('counts exactly, however large the denominations', async () => {
    const world = await openPool(annas(most, 1), annas(most, 2), annas(1, 50), annas(1, 51));
    // Both sums are the same number of a float.
    const wrong = pay(
      [annas(most), annas(most, 3)],
      [],
      [
        [most, anna],
        [most - 1, anna],
      ],
    );
    assert.equal(mustBe('response title refusal', await world.ask(wrong)).name, 'unbalanced');
    const close = pay(
      [annas(most), annas(most, 3), annas(1, 1)],
      [],
      [
        [most, anna],
        [most, anna],
      ],
    );
    assert.equal(mustBe('response title refusal', await world.ask(close)).name, 'unbalanced');
    const exact = pay(
      [annas(most), annas(most - 1), annas(1, 1)],
      [],
      [
        [most, anna],
        [most, anna],
      ],
    );
    mustBe('response title transfer', await world.ask(exact));
  });

  it('of another class has nothing to do with it', async () => {
    const world = await openPool(annas(1, 50));
    const others = certificateOf([{ denomination: 1, count: 3, holder: anna.publicKey }], { name: 'Others' });
    mustBe('response title class', await world.ask(others));
    const title = fresh(idOf(others), 1, 1, anna);
    const transfer = transferOf([{ title, to: to(SERVER) }], [{ denomination: 1, to: to(anna) }]);
    assert.equal(
      mustBe('response title refusal', await world.ask(signed(transfer, people))).name,
      'empty pool',
    );
  });

  it('goes on giving in their order, many times over', async () => {
    const world = await openPool(...[0, 1, 2].map((at) => annas(1, 50 + at)));
    let own = [annas(1, 0), annas(1, 1)];
    const seen: number[] = [];
    for (let round = 0; round < 1_200; round++) {
      const [first, second] = own;
      const request = pay([first!], [], [[1, anna]]);
      const receipt = mustBe('response title transfer', await world.ask(request));
      const [, change] = heldAfter(request, receipt, [1], people);
      seen.push(change!.serial);
      own = [second!, change!];
    }
    assert.deepEqual(seen.slice(0, 8), [51, 52, 53, 1, 2, 51, 52, 53]);
    assert.deepEqual(seen.slice(-5).toSorted(), seen.slice(0, 5).toSorted());
    assert.deepEqual(await stockOf(world), { 1: 3 });
  });
});
