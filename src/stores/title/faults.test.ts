/**
 * Each operation on a file fails, having happened, not having happened, or by half; as the end of the process, as a loss of power
 * that takes what was not synced, and as a fault after which the process goes on. Afterwards everything that was answered is
 * there, and of a commit that was not all or nothing.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { MemoryDisk, chances } from './disk.test-helper.ts';
import type { Happened } from './disk.test-helper.ts';
import type { TitleStoreEvent } from './events.ts';
import { openTitleStore } from './files.ts';
import { openMemoryTitleStore } from './memory.ts';
import { commitsOf, history, must, seen } from './steps.test-helper.ts';
import type { Seen } from './steps.test-helper.ts';

const GROUPS = 10;
const RECORDS = history(GROUPS + 1);
const COMMITS = commitsOf(RECORDS.slice(0, GROUPS));

/** So small that the log is emptied twice in these commits. */
const LOG_BYTES = 900;
const OPTIONS = {
  folder: '/own',
  places: ['/one', '/two'],
  logBytes: LOG_BYTES,
  retryMilliseconds: 0,
} as const;

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

/** What a run does to files, one after the other. */
async function operationsOfRun(): Promise<readonly string[]> {
  const disk = new MemoryDisk();
  assert.deepEqual(await run(disk), { answered: GROUPS, inFlight: 0 });
  assert.equal(disk.trace.filter((each) => each === 'rename /own/checkpoint').length, 4);
  return disk.trace;
}

const KINDS: Readonly<Record<string, { readonly isEnd: boolean; readonly losesPower: boolean }>> = {
  'the end of the process': { isEnd: true, losesPower: false },
  'a loss of power': { isEnd: true, losesPower: true },
  'a fault after which it goes on': { isEnd: false, losesPower: false },
};

describe('every operation on a file fails once', () => {
  for (const [kind, { isEnd, losesPower }] of Object.entries(KINDS)) {
    test(kind, { timeout: 60_000 }, async () => {
      for (const [index, operation] of (await operationsOfRun()).entries()) {
        const outcomes: Happened[] = operation.startsWith('write')
          ? ['before', 'half', 'after']
          : ['before', 'after'];
        for (const [turn, happened] of outcomes.entries()) {
          const disk = new MemoryDisk();
          disk.fault = { at: index + 1, happened, isEnd };
          const done = await run(disk);
          const what = `${happened} ${index + 1}: ${disk.trace.at(index) ?? ''}`;
          if (losesPower) disk.losePower(chances(3 * index + turn));
          disk.restart();
          await check(disk, done).catch((error: unknown) => {
            throw new Error(what, { cause: error });
          });
        }
      }
    });
  }
});
