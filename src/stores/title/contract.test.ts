/** The contract of `TitleStore`, on every store there is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { GroupRecord, TitleStore } from '../../title/server/ports.ts';
import { MemoryDisk } from './disk.test-helper.ts';
import { openTitleStore } from './files.ts';
import { openMemoryTitleStore } from './memory.ts';
import { commitsOf, group, groupBytes, history, must, numberOf, pooled, seen } from './steps.test-helper.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-titles-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let stores = 0;
const onFiles = (at: string, disk?: MemoryDisk, logBytes?: number): Promise<TitleStore> =>
  must(
    openTitleStore({
      folder: join(at, 'own'),
      places: [join(at, 'one'), join(at, 'two')],
      report: (event) => assert.fail(JSON.stringify(event)),
      ...(disk === undefined ? {} : { disk }),
      ...(logBytes === undefined ? {} : { logBytes }),
    }),
  );

/** Each gives a way to open one and the same store again and again. */
const STORES: Readonly<Record<string, () => () => Promise<TitleStore>>> = {
  memory: () => {
    const memory: GroupRecord[] = [];
    return async () => openMemoryTitleStore(memory);
  },
  files: () => {
    const at = join(folder, `${stores++}`);
    return () => onFiles(at);
  },
  'files whose log is emptied all the time': () => {
    const disk = new MemoryDisk();
    return () => onFiles('/titles', disk, 300);
  },
};

for (const [name, fresh] of Object.entries(STORES)) {
  describe(`title store: ${name}`, () => {
    test('begins with nothing', async () => {
      const store = await fresh()();
      assert.deepEqual(await store.start(), {
        groups: 0,
        head: new Uint8Array(32),
        time: 0,
        titles: 0,
        classes: [],
        pool: [],
      });
      assert.equal(store.sequence(0), 0);
      assert.equal(await store.lastGroup(0, numberOf), undefined);
      assert.deepEqual(await store.groups(1, 1_000), []);
      assert.equal(store.page(0).length, 0);
      assert.equal(store.obstacle(), undefined);
      await store.close();
    });

    test('what was committed is seen at once, and after every reopening', async () => {
      const open = fresh();
      const records = history(24);
      let done = 0;
      for (const commit of commitsOf(records)) {
        const store = await open();
        await store.start();
        await store.commit(commit);
        done += commit.length;
        for (const { cell } of commit.flatMap(({ cells }) => cells)) {
          const last = records
            .slice(0, done)
            .findLast(({ cells }) => cells.some((each) => each.cell === cell));
          const sequence = last?.cells.find((each) => each.cell === cell)?.sequence;
          assert.equal(store.sequence(cell), sequence);
          assert.equal(await store.lastGroup(cell, numberOf), last?.number);
        }
        await store.close();
      }
      const model = openMemoryTitleStore([...records]);
      const store = await open();
      assert.deepEqual(await seen(store), await seen(model));
      await store.close();
    });

    test('many commits without a reopening come to the same', async () => {
      const open = fresh();
      const records = history(300);
      let store = await open();
      for (const commit of commitsOf(records)) await store.commit(commit);
      const { start, ...expected } = await seen(openMemoryTitleStore([...records]));
      const { start: _, ...rest } = await seen(store, start.titles);
      assert.deepEqual(rest, expected);
      await store.close();
      store = await open();
      assert.deepEqual(await seen(store), { start, ...expected });
      await store.close();
    });

    test('nothing of a commit is seen before it is answered', async () => {
      const store = await fresh()();
      await store.commit([group(1, 2_000)]);
      const committing = store.commit([group(2, 2_000, [{ cell: 1_500, sequence: 1 }])]);
      assert.equal(store.sequence(1_500), 0);
      assert.ok(store.page(1).every((byte) => byte === 0));
      await committing;
      assert.equal(store.sequence(1_500), 1);
      assert.equal(store.page(1).at(4 * (1_500 - 1_024) + 3), 1);
      await store.close();
    });

    test('pages have four bytes a title, up to the last', async () => {
      const store = await fresh()();
      await store.commit([group(1, TITLE_LIMITS.pageCells + 3)]);
      const most = TITLE_LIMITS.sequence;
      await store.commit([group(2, TITLE_LIMITS.pageCells + 3, [{ cell: 1_026, sequence: most }])]);
      assert.equal(store.page(0).length, 4_096);
      assert.deepEqual([...store.page(1)], [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]);
      assert.equal(store.page(2).length, 0);
      assert.equal(store.sequence(1_026), most);
      await store.close();
    });

    test('groups come in order, as many as fit, and never none where there is one', async () => {
      const store = await fresh()();
      const records = Array.from({ length: 9 }, (_, at) => group(at + 1, 10));
      await store.commit(records);
      const length = groupBytes(1).length;
      assert.deepEqual(await store.groups(4, 3 * length), [4, 5, 6].map(groupBytes));
      assert.deepEqual(await store.groups(4, 3 * length - 1), [4, 5].map(groupBytes));
      assert.deepEqual(await store.groups(9, 1), [groupBytes(9)]);
      assert.deepEqual(await store.groups(10, 1_000), []);
      await store.close();
    });

    test('titles enter the pool and leave it', async () => {
      const open = fresh();
      let store = await open();
      const change = (number: number, sequence: number): GroupRecord =>
        group(number, 9, [{ cell: 4, sequence }]);
      await store.commit([group(1, 9), { ...change(2, 1), pooled: [pooled(4, 1), pooled(5, 0)] }]);
      await store.close();
      store = await open();
      assert.deepEqual((await store.start()).pool, [pooled(4, 1), pooled(5, 0)]);
      await store.commit([{ ...change(3, 2), unpooled: [4] }]);
      await store.close();
      store = await open();
      assert.deepEqual((await store.start()).pool, [pooled(5, 0)]);
      await store.close();
    });

    test('a group that does not follow, or changes what is not there, is a bug and changes nothing', async () => {
      const store = await fresh()();
      await store.commit([group(1, 9)]);
      await assert.rejects(store.commit([group(3, 9)]), /does not follow/);
      await assert.rejects(store.commit([group(2, 8)]), /takes titles away/);
      await assert.rejects(store.commit([group(2, 9, [{ cell: 9, sequence: 1 }])]), /does not exist/);
      await store.commit([group(2, 10, [{ cell: 9, sequence: 1 }])]);
      assert.equal((await store.groups(1, 10_000)).length, 2);
      await store.close();
    });
  });
}
