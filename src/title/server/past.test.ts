import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryTitleStore } from '../../stores/title-memory.ts';
import type { TitleStore } from './ports.ts';
import {
  certificateOf,
  fresh,
  idOf,
  mustBe,
  openWorld,
  receiptBytesOf,
  signed,
  somebody,
  to,
  transferOf,
} from './world.test-helper.ts';

const anna = somebody('Anna');
const shares = certificateOf([{ denomination: 1, count: 100, holder: anna.publicKey }]);

function give(serial: number) {
  const title = fresh(idOf(shares), serial, 1, anna);
  return signed(transferOf([{ title, to: to(somebody('Ben')) }]), [anna]);
}

/** A world whose looks into the log are counted, and whose pauses end when they are told to. */
async function openCounted() {
  const store = openMemoryTitleStore([]);
  const pauses: { readonly milliseconds: number; readonly end: () => void }[] = [];
  const counted = {
    looks: 0,
    pauses,
    world: await openWorld({
      store: {
        ...bound(store),
        lastGroup: (cell) => {
          counted.looks++;
          return store.lastGroup(cell);
        },
      },
      pause: (milliseconds) => new Promise((end) => pauses.push({ milliseconds, end: () => end() })),
    }),
  };
  // Registering a class goes through a lane of its own.
  mustBe('response title class', await counted.world.ask(shares));
  for (const { end } of pauses.splice(0)) end();
  return counted;
}

/** Ends pauses until no more come; how many of them took time. */
async function endPauses(
  pauses: { readonly milliseconds: number; readonly end: () => void }[],
): Promise<number> {
  let slow = 0;
  for (let quiet = 0; quiet < 10; quiet++) {
    for (const { milliseconds, end } of pauses.splice(0)) {
      if (milliseconds > 0) slow++;
      quiet = 0;
      end();
    }
    await new Promise(setImmediate);
  }
  return slow;
}

function bound(store: TitleStore): TitleStore {
  return {
    start: () => store.start(),
    sequence: (cell) => store.sequence(cell),
    commit: (groups) => store.commit(groups),
    obstacle: () => store.obstacle(),
    lastGroup: (cell) => store.lastGroup(cell),
    groups: (from, most) => store.groups(from, most),
    page: (page) => store.page(page),
    close: () => store.close(),
  };
}

test('transfers of one group that come again are looked up in the log once', async () => {
  const counted = await openCounted();
  const transfers = [1, 2, 3].map(give);
  const ask = async () =>
    (await Promise.all(transfers.map((each) => counted.world.ask(each)))).map((answer) =>
      receiptBytesOf(mustBe('response title transfer', answer)),
    );
  const first = await ask();
  assert.equal(counted.looks, 0);
  const again = ask();
  const slow = await endPauses(counted.pauses);
  assert.deepEqual(await again, first);
  assert.equal(slow, 1, 'and only that takes its time');
  assert.equal(counted.looks, 1);
  assert.deepEqual(await ask(), first);
  assert.equal(counted.looks, 1);
});

test('groups are grown again one at a time, with time for everything else between', async () => {
  const counted = await openCounted();
  for (const serial of [1, 2]) await counted.world.ask(give(serial));
  const asked = [1, 2].map((serial) => counted.world.ask(give(serial)));
  while (counted.pauses.length === 0) await new Promise(setImmediate);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  assert.equal(counted.looks, 1, 'the second waits');
  assert.deepEqual(
    counted.pauses.map(({ milliseconds }) => milliseconds > 0),
    [true],
  );
  mustBe('response title transfer', await counted.world.ask(give(3)));
  assert.equal(await endPauses(counted.pauses), 2);
  for (const each of asked) mustBe('response title transfer', await each);
  assert.equal(counted.looks, 2);
});
