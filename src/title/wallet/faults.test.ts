import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuse } from '../../base/refusal.ts';
import { openMemoryTitleWalletStore } from '../../stores/title/wallet-memory.test-helper.ts';
import type { TitleRequest } from '../documents/messages.ts';
import type { TitleName } from './facade.ts';
import type { TitleWalletStore } from './ports.ts';
import {
  LOST,
  SERVER_ID,
  issue,
  must,
  openKnowing,
  openWallet,
  openWay,
  refusalOf,
  serialsOf,
} from './world.test-helper.ts';
import type { Opened, Way } from './world.test-helper.ts';

/** The same numbers in each run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class Killed extends Error {}

/** A store whose process ends at some commits: before they are kept, or after. */
function mortal(inner: TitleWalletStore, draw: () => number, share: () => number): TitleWalletStore {
  return {
    load: () => inner.load(),
    commit: async (change) => {
      const fate = draw();
      if (fate < share()) throw new Killed();
      await inner.commit(change);
      if (fate > 1 - share()) throw new Killed();
    },
    close: () => Promise.resolve(),
  };
}

describe('a wallet of titles whose way and store fail', () => {
  it('loses nothing and makes nothing, whenever it is killed and whatever is lost', async () => {
    for (const seed of [1, 2, 3]) await trade(seed);
  });
});

interface Person {
  readonly name: string;
  readonly inner: TitleWalletStore;
  opened: Opened;
}

async function trade(seed: number): Promise<void> {
  const draw = chance(seed);
  let trouble = 0;
  const way = await openWay();
  const people: Person[] = [];
  for (const name of ['Ann', 'Bob', 'Cid']) {
    const inner = openMemoryTitleWalletStore();
    const opened = await openWallet(way, name, inner);
    must(await opened.wallet.add('http://titles.example/title'));
    people.push({ name, inner, opened });
  }
  const { id } = await issue(way, people[0]!.opened.wallet, [
    [10, 6],
    [5, 6],
    [2, 10],
    [1, 20],
  ]);
  const total = 60 + 30 + 20 + 20;
  const pooled = [1, 7, 13, 14, 15, 23, 24, 25, 26, 27, 28, 29];
  must(await people[0]!.opened.wallet.fillPool(pooled.map((serial) => ({ titleClass: id, serial }))));
  const sent: TitleRequest[] = [];
  way.before = (request) => {
    if (request.type === 'request title transfer') sent.push(request);
    return draw() < trouble ? LOST : undefined;
  };
  way.after = (_, answer) => (draw() < trouble ? LOST : answer);
  for (const person of people) await reopen(person);
  const handovers: string[] = [];

  for (let step = 0; step < 120; step++) {
    trouble = step < 100 ? 0.15 : 0;
    // A copy of anything may come late.
    if (draw() < 2 * trouble && sent.length > 0) await way.world.ask(sent[Math.floor(draw() * sent.length)]!);
    const person = people[Math.floor(draw() * people.length)]!;
    const other = people[Math.floor(draw() * people.length)]!;
    await survive(person, () => act(person, other));
    if (handovers.length > 0)
      await survive(other, async () => {
        await other.opened.wallet.receive(handovers[Math.floor(draw() * handovers.length)]!);
      });
  }
  trouble = 0;
  // What came late is found by asking, too.
  for (const { opened } of people) must(await opened.wallet.check());
  for (const { opened } of people) {
    for (const { number } of opened.wallet.operations()) {
      const handover = opened.wallet.handover(number);
      if (typeof handover === 'string') handovers.push(handover);
    }
  }
  for (const handover of handovers) for (const { opened } of people) await opened.wallet.receive(handover);
  await assertWhole(people, id, total);

  async function reopen(person: Person): Promise<void> {
    const store = mortal(person.inner, draw, () => trouble / 3);
    for (;;) {
      const opened = await openWallet(way, person.name, store).catch((error: unknown) => died(error));
      if (opened === undefined) continue;
      person.opened = opened;
      return;
    }
  }

  async function survive(person: Person, work: () => Promise<void>): Promise<void> {
    await work().catch(async (error: unknown) => {
      died(error);
      await reopen(person);
    });
  }

  async function act(person: Person, other: Person): Promise<void> {
    const { wallet } = person.opened;
    const kind = draw();
    if (kind < 0.2) return wallet.resumeAll();
    const to = await other.opened.wallet.address(SERVER_ID).catch(async (error: unknown) => {
      died(error);
      await reopen(other);
      return undefined;
    });
    if (typeof to !== 'string') return;
    const held = wallet.titles().filter(({ state }) => state === 'held');
    const any = held[Math.floor(draw() * held.length)];
    if (kind < 0.4 && any !== undefined) {
      const given = await wallet.give({ titles: [{ titleClass: id, serial: any.serial }], to });
      if ('handover' in given && given.handover !== '') handovers.push(given.handover);
    } else if (kind < 0.9) {
      const paid = await wallet.pay(id, 1 + Math.floor(draw() * 15), to);
      if ('handover' in paid && paid.handover !== '') handovers.push(paid.handover);
    } else if (any?.denomination === 5) {
      await wallet.split([{ titleClass: id, serial: any.serial }], [2, 2, 1]);
    }
  }
}

function died(error: unknown): undefined {
  if (error instanceof Killed) return undefined;
  // A wallet whose store failed says so to whoever uses it on.
  if (error instanceof Error && error.message.startsWith('the store failed before')) return undefined;
  throw error;
}

/** Every title is held once, by a wallet or by the pool, as the server has it. */
async function assertWhole(people: readonly Person[], id: string, total: number): Promise<void> {
  const serials: number[] = [];
  let worth = 0;
  for (const { opened } of people) {
    assert.deepEqual(must(await opened.wallet.check()), []);
    assert.ok(opened.wallet.operations().every(({ state }) => state !== 'pending'));
    for (const { serial, denomination, state } of opened.wallet.titles()) {
      assert.equal(state, 'held');
      serials.push(serial);
      worth += denomination;
    }
  }
  assert.equal(new Set(serials).size, serials.length, 'no title is held twice');
  const pool = must(await people[0]!.opened.wallet.pool(id));
  for (const [denomination, count] of pool) worth += denomination * count;
  assert.equal(worth, total);
}

const title = (titleClass: string, serial: number): TitleName => ({ titleClass, serial });

/** Loses the answer to the next transfer. */
function loseAnswer(way: Way): void {
  way.after = (request, answer) => (request.type === 'request title transfer' ? LOST : answer);
}

describe('a transfer that was not answered', () => {
  it('stays pending, and is done once when it is taken up', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[1, 2]]);
    const to = must(await bob.wallet.address(SERVER_ID));
    loseAnswer(way);
    const given = must(await ann.wallet.give({ titles: [title(id, 1)], to, reference: 'a letter' }));
    assert.equal(given.operation.state, 'pending');
    assert.equal(given.handover, '');
    assert.deepEqual(
      ann.wallet.titles().map(({ state }) => state),
      ['leaving', 'held'],
    );
    assert.equal(refusalOf(await ann.wallet.give({ titles: [title(id, 1)], to })).name, 'busy');
    way.after = undefined;
    const again = await openWallet(way, 'Ann', ann.store);
    const asked = must(await again.wallet.give({ titles: [title(id, 1)], to, reference: 'a letter' }));
    assert.equal(asked.operation.number, given.operation.number);
    assert.equal(asked.operation.state, 'done');
    assert.equal(must(await bob.wallet.receive(asked.handover))[0]?.sequence, 1);
    assert.deepEqual(serialsOf(again), [2]);
    const twice = must(await again.wallet.give({ titles: [title(id, 1)], to, reference: 'a letter' }));
    assert.equal(twice.handover, asked.handover);
    assert.equal(again.wallet.operations().length, 1);
  });

  it('is known to be done even when its titles have moved on since', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id, ranges } = await issue(way, ann.wallet, [
      [2, 1],
      [1, 2],
    ]);
    must(await ann.wallet.fillPool([title(id, 2), title(id, 3)]));
    await issue(way, bob.wallet, [[1, 2]], ranges);
    loseAnswer(way);
    const paid = must(await ann.wallet.pay(id, 1, must(await bob.wallet.address(SERVER_ID))));
    assert.equal(paid.operation.state, 'pending');
    way.after = undefined;
    must(await bob.wallet.split([title(id, 4), title(id, 5)], [2]));
    assert.deepEqual(serialsOf(bob), [1], "Bob has out of the pool what was Ann's");
    await ann.wallet.resumeAll();
    const [operation] = ann.wallet.operations();
    assert.equal(operation?.state, 'done');
    assert.equal(ann.wallet.titles().length, 1, 'the change is there');
    must(await bob.wallet.receive(must(ann.wallet.handover(operation.number))));
    assert.equal(bob.wallet.titles().length, 2);
  });

  it('is refused where another copy of the wallet was first, and what the copy holds is held', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const copy = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[1, 3]]);
    must(await copy.wallet.address(SERVER_ID));
    must(await copy.wallet.classes(SERVER_ID));
    assert.deepEqual(serialsOf(copy), [1, 2, 3]);
    const to = must(await bob.wallet.address(SERVER_ID));
    must(await copy.wallet.give({ titles: [title(id, 1)], to }));
    const own = must(await copy.wallet.address(SERVER_ID));
    must(await copy.wallet.give({ titles: [title(id, 2)], to: own }));
    assert.equal(
      refusalOf(await ann.wallet.give({ titles: [title(id, 1), title(id, 2)], to })).name,
      'outdated proof',
    );
    assert.deepEqual(
      ann.wallet.titles().map(({ serial, sequence, state }) => [serial, sequence, state]),
      [
        [2, 1, 'held'],
        [3, 0, 'held'],
      ],
    );
    assert.equal(ann.wallet.operations()[0]?.state, 'refused');
    must(await ann.wallet.give({ titles: [title(id, 2), title(id, 3)], to }));
  });

  it('stays pending while the server is busy', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[1, 1]]);
    way.before = (request) =>
      request.type === 'request title transfer' ? refuse('busy', 'just now') : undefined;
    const to = must(await bob.wallet.address(SERVER_ID));
    assert.equal(must(await ann.wallet.give({ titles: [title(id, 1)], to })).operation.state, 'pending');
    way.before = undefined;
    assert.deepEqual(must(await ann.wallet.check()), []);
    assert.equal(ann.wallet.operations()[0]?.state, 'done');
  });
});
