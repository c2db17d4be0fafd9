/** The title server's storage on a real disk: kills, locks, rights, and a hundred million titles. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Refusal } from '../../base/refusal.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { TitleStoreEvent } from './events.ts';
import { openTitleStore } from './files.ts';
import { KILL_GROUPS, killOptions } from './kill.test-helper.ts';
import { openMemoryTitleStore } from './memory.ts';
import { commitsOf, group, groupBytes, history, must, numberOf, seen } from './steps.test-helper.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-title-files-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let folders = 0;
const fresh = () => {
  const at = join(folder, `${folders++}`);
  const events: TitleStoreEvent[] = [];
  return { ...killOptions(at), events, report: (event: TitleStoreEvent) => events.push(event) };
};

describe('a process killed at any moment', () => {
  const KILLS = 12;

  test('has lost nothing that it answered, and nothing of it is by half', { timeout: 60_000 }, async () => {
    const at = join(folder, `${folders++}`);
    const records = history(KILL_GROUPS);
    const events: TitleStoreEvent[] = [];
    let answered = 0;
    for (const [kill, lines] of fc.sample(fc.integer({ min: 1, max: 30 }), KILLS).entries()) {
      answered = Math.max(answered, await runUntil(at, lines));
      if (kill % 3 < 2) continue;
      const store = await must(openTitleStore({ ...killOptions(at), report: (event) => events.push(event) }));
      const { groups } = await store.start();
      assert.ok(groups >= answered && groups <= answered + 3, `${groups} groups, and ${answered} answered`);
      assert.deepEqual(await seen(store), await seen(openMemoryTitleStore(records.slice(0, groups))));
      await store.close();
    }
    assert.ok(answered > KILLS);
    assert.ok(events.every(({ event }) => event === 'title log cut' || event === 'title place mended'));
  });

  /** The last group that was answered. */
  async function runUntil(at: string, lines: number): Promise<number> {
    const helper = fileURLToPath(new URL('./kill.test-helper.ts', import.meta.url));
    const child = spawn(process.execPath, [helper, at], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > lines) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'close')) as [unknown, string];
    assert.equal(signal, 'SIGKILL', 'it ends by nothing else');
    return Number(said.split('\n').at(-2));
  }
});

describe('title files on a real disk', () => {
  test('a second process is refused in words', async () => {
    const options = fresh();
    const store = await must(openTitleStore(options));
    const second = await openTitleStore(options);
    assert.ok(second instanceof Refusal);
    assert.equal(second.name, 'busy');
    assert.match(second.details, /in use by another process/);
    await store.close();
    await (await must(openTitleStore(options))).close();
  });

  test('all files are for their owner alone', async () => {
    const options = fresh();
    const store = await must(openTitleStore(options));
    for (const commit of commitsOf(history(60))) await store.commit(commit);
    for (const each of [options.folder, ...options.places]) {
      assert.equal(statSync(each).mode & 0o777, 0o700);
      for (const name of readdirSync(each))
        assert.equal(statSync(join(each, name)).mode & 0o777, 0o600, name);
    }
    await store.close();
  });

  test('a symbolic link is not followed', async () => {
    const options = fresh();
    await (await must(openTitleStore(options))).close();
    rmSync(join(options.places[0], 'groups'));
    symlinkSync(join(options.places[1], 'groups'), join(options.places[0], 'groups'));
    const store = await must(openTitleStore(options));
    assert.deepEqual(options.events, [
      { event: 'title place failed', place: options.places[0], code: 'ELOOP' },
    ]);
    await store.close();
  });

  test('a hundred million titles take four bytes each in one file, and hardly any of the disk', async () => {
    const options = { ...fresh(), logBytes: 1_000_000 };
    const [titles, last] = [100_000_000, 99_999_999];
    let store = await must(openTitleStore(options));
    await store.commit([group(1, titles)]);
    const cells = [0, last, last - 1_024].map((cell) => ({ cell, sequence: TITLE_LIMITS.sequence }));
    await store.commit([group(2, titles, cells)]);
    for (let round = 0; round < 2; round++) {
      for (const { cell, sequence } of cells) assert.equal(store.sequence(cell), sequence);
      assert.equal(store.sequence(last - 1), 0);
      const page = store.page(Math.floor(last / 1_024));
      assert.equal(page.length, 4 * (titles % 1_024));
      assert.deepEqual([...page.slice(-8)], [0, 0, 0, 0, 255, 255, 255, 255]);
      assert.equal(await store.lastGroup(last, numberOf), 2);
      await store.close();
      store = await must(openTitleStore(options));
    }
    await store.close();
    const { size, blocks } = statSync(join(options.folder, 'sequences'));
    assert.equal(size, 4 * titles);
    assert.ok(512 * blocks < 1_000_000);
  });

  test('the last title that can be counted has its cell', async () => {
    const options = fresh();
    const store = await must(openTitleStore(options));
    const last = TITLE_LIMITS.cells - 1;
    await store.commit([
      group(1, TITLE_LIMITS.cells),
      group(2, TITLE_LIMITS.cells, [{ cell: last, sequence: 7 }]),
    ]);
    await store.close();
    const again = await must(openTitleStore(options));
    assert.equal((await again.start()).titles, TITLE_LIMITS.cells);
    assert.equal(again.sequence(last), 7);
    assert.equal(again.page(Math.floor(last / 1_024)).length, 4 * 1_023);
    assert.deepEqual(await again.groups(2, 1), [groupBytes(2)]);
    assert.equal(await again.lastGroup(last, numberOf), 2);
    await again.close();
  });
});
