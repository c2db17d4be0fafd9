import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import { writeTitleRequest } from '../documents/codec.ts';
import type { TitleRequest } from '../documents/messages.ts';
import { fittingClasses } from './answers.ts';
import type { TitleStore } from './ports.ts';
import {
  answerOf,
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

function datagram(message: TitleRequest): Uint8Array {
  return writeTitleRequest({ reference: 7, message }, 1_200);
}

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
    /** Reads of the log and of pages. */
    work: 0,
    pauses,
    world: await openWorld({
      store: {
        ...bound(store),
        lastGroup: (cell, find) => {
          counted.looks++;
          return store.lastGroup(cell, find);
        },
        groups: (from, most, isIt) => {
          counted.work++;
          return store.groups(from, most, isIt);
        },
        page: (page) => {
          counted.work++;
          return store.page(page);
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
    lastGroup: (cell, find) => store.lastGroup(cell, find),
    groups: (from, most, isIt) => store.groups(from, most, isIt),
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

test('who asks by datagrams keeps nobody waiting who asks over HTTP', async () => {
  const counted = await openCounted();
  for (const serial of [1, 2, 3]) await counted.world.ask(give(serial));
  const look = (serial: number) => ({ type: 'request title', title_class: idOf(shares), serial }) as const;
  const flood = [1, 2].map((serial) => counted.world.server.answer(datagram(look(serial)), 1_200));
  while (counted.looks === 0) await new Promise(setImmediate);
  const asked = counted.world.ask(look(3));
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  assert.equal(counted.looks, 2, 'the second datagram waits, HTTP does not');
  await endPauses(counted.pauses);
  mustBe('response title', await asked);
  for (const each of flood) mustBe('response title', answerOf(await each));
});

test('titles of one group are proven out of one look into the log', async () => {
  const counted = await openCounted();
  await Promise.all([1, 2, 3].map((serial) => counted.world.ask(give(serial))));
  const asked = [1, 2, 3].map((serial) =>
    counted.world.ask({ type: 'request title', title_class: idOf(shares), serial }),
  );
  await endPauses(counted.pauses);
  for (const each of asked) mustBe('response title', await each);
  assert.equal(counted.looks, 1);
});

test('nothing is looked up for an answer that could not fit', async () => {
  const counted = await openCounted();
  await counted.world.ask(give(1));
  const title_class = idOf(shares);
  const before = counted.work;
  for (const message of [
    { type: 'request title', title_class, serial: 1 },
    { type: 'request title groups', from: 1 },
    { type: 'request title root', pages: [] },
    { type: 'request title root', pages: [0] },
  ] as const) {
    const refused = mustBe('response title refusal', await counted.world.ask(message, 150));
    assert.equal(refused.name, 'too large', message.type);
  }
  assert.equal(counted.work, before);
  assert.equal(counted.looks, 0);
  const empty = await counted.world.ask({ type: 'request title groups', from: 9 }, 150);
  assert.deepEqual(mustBe('response title groups', empty).groups, []);
});

test('of classes that do not fit none is written more than once', () => {
  let reads = 0;
  const certificates = Array.from({ length: 16 }, () => {
    const { certificate } = certificateOf(
      Array.from({ length: 256 }, () => ({ denomination: 1, count: 1, holder: anna.publicKey })),
    );
    return {
      ...certificate,
      get title_class() {
        reads++;
        return certificate.title_class;
      },
    };
  });
  const message = { type: 'response title classes', certificates } as const;
  for (let times = 0; times < 3; times++) {
    const answer = answerOf(fittingClasses(7, message, 150));
    assert.equal(mustBe('response title refusal', answer).name, 'too large');
  }
  assert.equal(reads, 1);
  const some = answerOf(fittingClasses(7, message, 50_000));
  const { length } = mustBe('response title classes', some).certificates;
  assert.equal(length, 4);
});
