/**
 * Each operation on a file fails, having happened, not having happened, or by half; as the end of the process, as a loss of power
 * that takes what was not synced, and as a fault after which the process goes on. Afterwards everything that was answered is
 * there, and of a commit that was not all or nothing.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import { MemoryDisk, chances } from './title-disk.test-helper.ts';
import type { Happened } from './title-disk.test-helper.ts';
import type { TitleStoreEvent } from './title-events.ts';
import { openTitleStore } from './title-files.ts';
import { openMemoryTitleStore } from './title-memory.ts';
import { commitsOf, history, must, seen } from './title-steps.test-helper.ts';
import type { Seen } from './title-steps.test-helper.ts';

const RECORDS = history(17);
const COMMITS = commitsOf(RECORDS.slice(0, 16));

/** So small that the log is emptied twice in these commits. */
const LOG_BYTES = 1_500;
const OPTIONS = { folder: '/own', places: ['/one', '/two'], logBytes: LOG_BYTES, retryMilliseconds: 0 } as const;

interface Run {
  /** Groups whose commit was answered. */
  answered: number;
  /** Groups of the commit that failed. */
  inFlight: number;
}

/** Opens, commits and closes, up to the first thing that fails. */
async function run(disk: MemoryDisk): Promise<Run> {
  const done = { answered: 0, inFlight: 0 };
  const store = await openTitleStore({ ...OPTIONS, disk, report: () => undefined });
  if (store instanceof Refusal) return done;
  const before = await store.start();
  done.answered = before.groups;
  for (const commit of COMMITS) {
    done.inFlight = commit.length;
    const result = await store.commit(commit).catch((error: unknown) => error);
    if (result !== undefined) return done;
    done.answered += commit.length;
    done.inFlight = 0;
  }
  await store.close();
  return done;
}

const models = new Map<number, Promise<Seen>>();

/** What a store shows that has so many groups. */
function model(groups: number): Promise<Seen> {
  const known = models.get(groups) ?? seen(openMemoryTitleStore(RECORDS.slice(0, groups)));
  models.set(groups, known);
  return known;
}

/** Opens what is left: nothing that was answered is gone, and it goes on. */
async function check(disk: MemoryDisk, { answered, inFlight }: Run): Promise<void> {
  const events: TitleStoreEvent[] = [];
  const report = (event: TitleStoreEvent): number => events.push(event);
  const store = await must(openTitleStore({ ...OPTIONS, disk, report }));
  const { groups } = await store.start();
  assert.ok([answered, answered + inFlight].includes(groups), `${groups} of ${answered} and ${inFlight}`);
  assert.deepEqual(await seen(store), await model(groups));
  assert.ok(
    events.every(({ event }) => event !== 'title groups lost' && event !== 'title place failed'),
    JSON.stringify(events),
  );
  await store.commit(RECORDS.slice(groups, groups + 1));
  await store.close();
  const again = await must(openTitleStore({ ...OPTIONS, disk, report }));
  assert.deepEqual(await seen(again), await model(groups + 1));
  await again.close();
}

async function operationsOfRun(): Promise<number> {
  const disk = new MemoryDisk();
  const { answered } = await run(disk);
  assert.equal(answered, 16);
  return disk.operations;
}

const KINDS: Readonly<Record<string, (disk: MemoryDisk, seed: number) => void>> = {
  'the end of the process': () => undefined,
  'a loss of power': (disk, seed) => disk.losePower(chances(seed)),
  'a fault after which it goes on': () => undefined,
};

describe('every operation on a file fails once', () => {
  for (const [kind, strike] of Object.entries(KINDS)) {
    test(kind, { timeout: 60_000 }, async () => {
      const operations = await operationsOfRun();
      assert.ok(operations > 100);
      const isEnd = kind !== 'a fault after which it goes on';
      for (let at = 1; at <= operations; at++) {
        for (const happened of ['before', 'half', 'after'] satisfies Happened[]) {
          const disk = new MemoryDisk();
          disk.fault = { at, happened, isEnd };
          const done = await run(disk);
          const what = `${happened} ${at}: ${disk.trace.at(at - 1) ?? ''}`;
          strike(disk, at);
          disk.restart();
          await check(disk, done).catch((error: unknown) => {
            throw new Error(what, { cause: error });
          });
        }
      }
    });
  }

  test('power is lost at every operation, whatever of it was written', { timeout: 60_000 }, async () => {
    const operations = await operationsOfRun();
    for (let at = 1; at <= operations; at++) {
      for (const seed of [1_000 + at, 2_000 + at, 3_000 + at]) {
        const disk = new MemoryDisk();
        disk.fault = { at, happened: 'before', isEnd: true };
        const done = await run(disk);
        const what = `before ${at}, seed ${seed}: ${disk.trace.at(at - 1) ?? ''}`;
        disk.losePower(chances(seed));
        disk.restart();
        await check(disk, done).catch((error: unknown) => {
          throw new Error(what, { cause: error });
        });
      }
    }
  });
});
