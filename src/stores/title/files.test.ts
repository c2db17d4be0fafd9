/** The title server's files: what is lost is mended or said, what is damaged is refused, and nobody gets an old state. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import type { GroupRecord, TitleStore } from '../../title/server/ports.ts';
import { MemoryDisk } from './disk.test-helper.ts';
import type { TitleStoreEvent } from './events.ts';
import { openTitleStore } from './files.ts';
import { frameAt, frameLength } from './frames.ts';
import { openMemoryTitleStore } from './memory.ts';
import { commitsOf, group, groupBytes, history, must, seen } from './steps.test-helper.ts';

const RECORDS = history(40);

interface Bench {
  readonly disk: MemoryDisk;
  readonly events: TitleStoreEvent[];
  readonly open: (logBytes?: number) => Promise<TitleStore | Refusal>;
}

function bench(): Bench {
  const disk = new MemoryDisk();
  const events: TitleStoreEvent[] = [];
  const open = (logBytes = 1_000_000): Promise<TitleStore | Refusal> =>
    openTitleStore({
      disk,
      folder: '/own',
      places: ['/one', '/two'],
      report: (event) => events.push(event),
      logBytes,
      retryMilliseconds: 0,
    });
  return { disk, events, open };
}

/** The same after so many groups, closed. */
async function filled(groups = RECORDS.length): Promise<Bench> {
  const made = bench();
  const store = await must(made.open());
  await commitAll(store, RECORDS.slice(0, groups));
  await store.close();
  return made;
}

async function commitAll(store: TitleStore, records: readonly GroupRecord[]): Promise<void> {
  for (const commit of commitsOf(records)) await store.commit(commit);
}

async function assertShows(store: TitleStore, groups: number): Promise<void> {
  assert.deepEqual(await seen(store), await seen(openMemoryTitleStore(RECORDS.slice(0, groups))));
}

async function assertRefused(opening: Promise<TitleStore | Refusal>, words: RegExp): Promise<void> {
  const refusal = await opening;
  assert.ok(refusal instanceof Refusal, 'it opens');
  assert.match(refusal.details, words);
}

/** Lets what goes on in the background come to its end. */
async function settle(until: () => boolean): Promise<void> {
  for (let turns = 0; !until(); turns++) {
    assert.ok(turns < 10_000, 'it never comes');
    await new Promise(setImmediate);
  }
}

/** What goes on in the background has its turns, as many as it needs here. */
async function someTurns(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
}

describe('places', () => {
  for (const [lost, kept] of [
    ['/one', '/two'],
    ['/two', '/one'],
  ] as const) {
    test(`losing ${lost} loses nothing: it is made again from the other, and that is said`, async () => {
      const { disk, events, open } = await filled();
      disk.wipe(lost);
      const store = await must(open());
      await assertShows(store, RECORDS.length);
      await store.close();
      assert.deepEqual(events, [{ event: 'title place mended', place: lost, groups: RECORDS.length }]);
      assert.deepEqual(disk.bytes(`${lost}/groups`), disk.bytes(`${kept}/groups`));
      disk.wipe(kept);
      await assertShows(await must(open()), RECORDS.length);
    });
  }

  test('losing both loses documents and nothing else: no title’s sequence goes back, and it is said', async () => {
    const { disk, events, open } = await filled(30);
    disk.wipe('/one');
    disk.wipe('/two');
    const store = await must(open());
    assert.deepEqual(events, [{ event: 'title groups lost', groups: 30 }]);
    const model = openMemoryTitleStore(RECORDS.slice(0, 30));
    const [now, before] = [await seen(store), await seen(model)];
    assert.deepEqual(now.start, before.start);
    assert.deepEqual(now.pages, before.pages);
    assert.deepEqual(now.groups, []);
    assert.ok(now.changed.every(([, sequence, last]) => sequence > 0 && last === undefined));
    await commitAll(store, RECORDS.slice(30));
    assert.deepEqual(await store.groups(31, 1), [groupBytes(31)]);
    await store.close();
    const again = await must(open());
    assert.deepEqual(await again.groups(1, 1), []);
    assert.equal((await again.groups(31, 1_000_000)).length, 10);
    await again.close();
  });

  test('a place that was away for a while is brought up to date, and one that came back fills the other', async () => {
    const { disk, events, open } = await filled(12);
    const back = disk.copy('/one');
    disk.wipe('/one');
    disk.wipe('/two');
    let store = await must(open());
    await commitAll(store, RECORDS.slice(12, 30));
    await store.close();
    back();
    events.length = 0;
    store = await must(open());
    await assertShows(store, 30);
    await store.close();
    assert.deepEqual(events, [
      { event: 'title place mended', place: '/one', groups: 18 },
      { event: 'title place mended', place: '/two', groups: 12 },
    ]);
    disk.wipe('/one');
    await assertShows(await must(open()), 30);
  });

  test('another server’s places are refused, and nothing of theirs is changed', async () => {
    const { disk } = await filled(9);
    const mine = disk.copy('/one');
    const before = disk.bytes('/one/groups')?.slice();
    disk.wipe('/own');
    const { open } = {
      open: () => openTitleStore({ disk, folder: '/own', places: ['/one', '/two'], report: () => undefined }),
    };
    await assertRefused(open(), /\/one\/groups belongs to another/);
    assert.deepEqual(disk.bytes('/one/groups'), before);
    mine();
  });

  test('one folder for both places is refused', async () => {
    const disk = new MemoryDisk();
    const opening = openTitleStore({
      disk,
      folder: '/own',
      places: ['/one', '/x/../one'],
      report: () => undefined,
    });
    await assertRefused(opening, /name two folders/);
  });

  test('a damaged group is read from the other place', async () => {
    const { disk, open } = await filled();
    const bytes = disk.bytes('/one/groups')!;
    bytes[bytes.length >> 1]! ^= 1;
    const store = await must(open());
    await assertShows(store, RECORDS.length);
    await store.close();
  });

  test('damage in the middle takes nothing away that stands behind it', async () => {
    const { disk, events, open } = await filled();
    for (const place of ['/one', '/two']) {
      const bytes = disk.bytes(`${place}/groups`)!;
      bytes[bytes.length >> 1]! ^= 1;
      disk.delete(`${place}/derived`);
    }
    const store = await must(open());
    const missing = { event: 'title groups lost', groups: 1 } as const;
    assert.ok(events.some((event) => JSON.stringify(event) === JSON.stringify(missing)));
    assert.deepEqual(await store.groups(40, 1), [groupBytes(40)]);
    assert.deepEqual(await store.groups(1, 1), [groupBytes(1)]);
  });

  test('after a close nothing is left to be synced, and nothing to be derived', async () => {
    for (const lost of ['/one', '/two'] as const) {
      const { disk, events, open } = await filled();
      disk.losePower(() => 0.5);
      disk.wipe(lost);
      await assertShows(await must(open()), RECORDS.length);
      assert.deepEqual(events, [{ event: 'title place mended', place: lost, groups: RECORDS.length }]);
    }
  });

  for (const name of ['derived', 'starts', 'index'])
    test(`${name} lost or cut short: it is derived again`, async () => {
      for (const damage of ['lost', 'short'] as const) {
        const { disk, events, open } = await filled();
        const path = `/one/${name}`;
        if (damage === 'lost') disk.delete(path);
        else disk.put(path, disk.bytes(path)!.slice(0, 9));
        disk.wipe('/two');
        const store = await must(open());
        await assertShows(store, RECORDS.length);
        await store.close();
        assert.deepEqual(events[0], { event: 'title index made again', place: '/one', groups: 40 });
      }
    });
});

describe('a place that fails while the server runs', () => {
  for (const failing of ['/one', '/two'] as const)
    test(`the other goes on without ${failing}, and it is mended by a checkpoint that can`, async () => {
      const { disk, events, open } = bench();
      const store = await must(open(600));
      await commitAll(store, RECORDS.slice(0, 9));
      disk.denies = (operation, path) =>
        path.startsWith(failing) && operation === 'write' ? 'ENOSPC' : undefined;
      await commitAll(store, RECORDS.slice(9, 18));
      assert.ok(events.length > 0);
      assert.ok(events.every(({ event }) => event === 'title place failed'));
      assert.deepEqual(events[0], { event: 'title place failed', place: failing, code: 'ENOSPC' });
      assert.equal(store.obstacle(), undefined);
      disk.denies = () => undefined;
      await commitAll(store, RECORDS.slice(18, 30));
      await store.close();
      assert.equal(events.filter(({ event }) => event === 'title place mended').length, 1);
      disk.wipe(failing === '/one' ? '/two' : '/one');
      events.length = 0;
      await assertShows(await must(open()), 30);
      assert.ok(!events.some(({ event }) => event === 'title groups lost'));
    });

  test('both fail: busy until one can be written again, and what was committed is not lost', async () => {
    const { disk, events, open } = bench();
    const store = await must(open(600));
    await commitAll(store, RECORDS.slice(0, 9));
    disk.denies = (_, path) => (path.startsWith('/own') ? undefined : 'EACCES');
    await store.commit(RECORDS.slice(9, 10));
    assert.equal(store.obstacle()?.name, 'busy');
    assert.equal(store.sequence(9 % 1_200), openMemoryTitleStore(RECORDS.slice(0, 10)).sequence(9 % 1_200));
    await store.commit(RECORDS.slice(10, 20));
    assert.equal(store.obstacle()?.name, 'busy');
    disk.denies = (_, path) => (path.startsWith('/one') ? 'EACCES' : undefined);
    await settle(() => store.obstacle() === undefined);
    await commitAll(store, RECORDS.slice(20, 30));
    disk.denies = () => undefined;
    await store.close();
    for (const place of ['/one', '/two'])
      assert.ok(events.some((each) => each.event === 'title place failed' && each.place === place));
    const again = await must(open());
    await assertShows(again, 30);
    await again.close();
    assert.deepEqual(disk.bytes('/one/groups'), disk.bytes('/two/groups'));
  });

  test('both fail, one of them for longer: the fuller one is mended first, and nothing is missing in either', async () => {
    const { disk, events, open } = bench();
    const store = await must(open(600));
    await commitAll(store, RECORDS.slice(0, 9));
    disk.denies = (_, path) => (path.startsWith('/one') ? 'EIO' : undefined);
    for (const record of RECORDS.slice(9, 24)) {
      await store.commit([record]);
      await someTurns();
    }
    assert.ok(disk.trace.filter((each) => each === 'rename /own/checkpoint').length > 3);
    disk.denies = (_, path) => (path.startsWith('/own') ? undefined : 'EIO');
    await store.commit(RECORDS.slice(24, 25));
    assert.equal(store.obstacle()?.name, 'busy');
    await someTurns();
    disk.denies = () => undefined;
    await settle(() => store.obstacle() === undefined);
    await commitAll(store, RECORDS.slice(25, 33));
    await store.close();
    assert.ok(!events.some(({ event }) => event === 'title groups lost'), JSON.stringify(events));
    disk.wipe('/two');
    await assertShows(await must(open()), 33);
  });

  test('both fail to the end: the next start has everything', async () => {
    const { disk, open } = bench();
    const store = await must(open(600));
    await commitAll(store, RECORDS.slice(0, 9));
    disk.denies = (_, path) => (path.startsWith('/own') ? undefined : 'EIO');
    await commitAll(store, RECORDS.slice(9, 24));
    await store.close();
    await assertRefused(open(), /neither \/one nor \/two can be written/);
    disk.denies = () => undefined;
    await assertShows(await must(open()), 24);
  });

  test('one that cannot be opened at a start is left out, and mended later', async () => {
    const { disk, events, open } = await filled(9);
    disk.denies = (_, path) => (path.startsWith('/one') ? 'ERR_ACCESS_DENIED' : undefined);
    const store = await must(open(600));
    assert.deepEqual(events, [{ event: 'title place failed', place: '/one', code: 'ERR_ACCESS_DENIED' }]);
    await assertShows(store, 9);
    disk.denies = () => undefined;
    await commitAll(store, RECORDS.slice(9, 21));
    await store.close();
    disk.wipe('/two');
    await assertShows(await must(open()), 21);
  });
});

describe('the trusted folder', () => {
  test('one that is full is busy and loses nothing; a commit that cannot be written is rejected', async () => {
    const { disk, open } = bench();
    const store = await must(open(600));
    await commitAll(store, RECORDS.slice(0, 6));
    disk.denies = (operation, path) =>
      operation === 'write' && path.startsWith('/own/sequences') ? 'ENOSPC' : undefined;
    await commitAll(store, RECORDS.slice(6, 18));
    await settle(() => store.obstacle()?.name === 'busy');
    disk.denies = () => undefined;
    await settle(() => store.obstacle() === undefined);
    disk.denies = (operation, path) =>
      operation === 'write' && path.startsWith('/own/log') ? 'ENOSPC' : undefined;
    await assert.rejects(store.commit(RECORDS.slice(18, 19)), /ENOSPC/);
    disk.denies = () => undefined;
    await assert.rejects(store.commit(RECORDS.slice(18, 19)), /open it again/);
    await store.close();
    await assertShows(await must(open()), 18);
  });

  test('an older copy of it is refused: titles could be spent twice', async () => {
    const { disk, open } = await filled(20);
    const back = disk.copy('/own');
    const store = await must(open());
    await commitAll(store, RECORDS.slice(20, 21));
    await store.close();
    back();
    await assertRefused(open(), /holds groups that .* knows nothing of: it ends at group 20/);
    disk.wipe('/one');
    await assertRefused(open(), /\/two holds groups/);
  });

  test('a log torn at any byte of its last commit is cut off there, and nothing else is', async () => {
    const { disk, events, open } = bench();
    const store = await must(open());
    await store.commit(RECORDS.slice(0, 4));
    const whole = disk.bytes('/own/log-1')!.length;
    const places = [disk.copy('/one'), disk.copy('/two')];
    await store.commit(RECORDS.slice(4, 6));
    const own = disk.copy('/own');
    const log = disk.bytes('/own/log-1')!.slice();
    for (let length = whole; length <= log.length; length++) {
      disk.restart();
      own();
      for (const back of places) back();
      disk.put('/own/log-1', log.slice(0, length));
      events.length = 0;
      const reopened = await must(open());
      assert.equal((await reopened.start()).groups, length === log.length ? 6 : 4);
      const cut =
        length === whole || length === log.length ? [] : [{ event: 'title log cut', bytes: length - whole }];
      assert.deepEqual(events, cut);
      await reopened.close();
    }
  });

  test('a log that is damaged before its last commit is refused, whichever byte it is', async () => {
    const { disk, open } = bench();
    const store = await must(open());
    await store.commit(RECORDS.slice(0, 2));
    const first = disk.bytes('/own/log-1')!.length;
    await store.commit(RECORDS.slice(2, 3));
    for (let at = 0; at < first; at++) {
      disk.restart();
      disk.bytes('/own/log-1')![at]! ^= 0x55;
      await assertRefused(open(), /\/own\/log-1 is damaged: .* bring this file back/);
      disk.bytes('/own/log-1')![at]! ^= 0x55;
    }
    await assertShows(await must(open()), 3);
  });

  test('a last commit that was answered and is damaged is noticed by the places', async () => {
    const { disk, open } = bench();
    const store = await must(open());
    await store.commit(RECORDS.slice(0, 2));
    await store.commit(RECORDS.slice(2, 3));
    const log = disk.bytes('/own/log-1')!;
    log[log.length - 1]! ^= 1;
    disk.restart();
    await assertRefused(open(), /its log is damaged/);
  });

  for (const [name, words] of [
    ['sequences', /\/own\/sequences is missing or too short/],
    ['checkpoint', /\/own\/checkpoint is missing/],
    ['log-2', /\/own\/log-2 is damaged/],
  ] as const)
    test(`without ${name} it is refused, and the refusal says which file it is`, async () => {
      const { disk, open } = await filled();
      assert.ok(disk.bytes(`/own/${name}`) !== undefined);
      disk.delete(`/own/${name}`);
      await assertRefused(open(), words);
    });

  test('a damaged checkpoint is refused, whichever byte it is', async () => {
    const { disk, open } = await filled(6);
    const bytes = disk.bytes('/own/checkpoint')!;
    for (let at = 0; at < bytes.length; at++) {
      bytes[at]! ^= 0x55;
      await assertRefused(open(), /damaged|another title server/);
      bytes[at]! ^= 0x55;
    }
    await assertShows(await must(open()), 6);
  });

  test('a checkpoint cut at the end of a piece is refused: titles of the pool would be missing', async () => {
    const { disk, open } = await filled(6);
    const bytes = disk.bytes('/own/checkpoint')!;
    const mark = bytes.subarray(16, 32);
    const ends: number[] = [];
    for (let at = 32; at < bytes.length; at += frameLength(frameAt(mark, bytes, at)!.length)) ends.push(at);
    assert.ok(ends.length > 2);
    for (const end of ends) {
      disk.put('/own/checkpoint', bytes.slice(0, end));
      await assertRefused(open(), /checkpoint is damaged/);
    }
    disk.put('/own/checkpoint', bytes);
    await assertShows(await must(open()), 6);
  });

  test('what a document says is never taken for a piece of the log', async () => {
    const { disk, open } = bench();
    const store = await must(open());
    await store.commit(RECORDS.slice(0, 1));
    // A document that holds a whole piece of this log, as far as anybody outside could know it.
    const piece = disk.bytes('/own/log-1')!.slice(32);
    const forged = {
      ...group(2, 400),
      bytes: Uint8Array.of(...piece.map((byte, at) => (at === 8 ? byte ^ 1 : byte)), 0),
    };
    const places = [disk.copy('/one'), disk.copy('/two')];
    await store.commit([forged]);
    const log = disk.bytes('/own/log-1')!;
    disk.restart();
    for (const back of places) back();
    disk.put('/own/log-1', log.slice(0, log.length - 1));
    const again = await must(open());
    assert.equal((await again.start()).groups, 1);
    await again.close();
  });
});
