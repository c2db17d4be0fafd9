/** Whatever the ledger acknowledged is there, however its process ended. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Refusal } from '../../base/refusal.ts';
import type { MintStore } from '../../mint/ports.ts';
import { openLedgerThread } from './ledger-thread.ts';
import { dump } from './dump.test-helper.ts';
import { openSqliteMintStore } from './sqlite.ts';
import { coin } from './steps.test-helper.ts';
import { replaySecondPlace } from './second-place-replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-kill-'));
after(() => {
  rmSync(folder, { recursive: true });
});

async function must(opening: Promise<MintStore | Refusal> | MintStore | Refusal): Promise<MintStore> {
  const store = await opening;
  assert.ok(!(store instanceof Refusal), store instanceof Refusal ? store.details : '');
  return store;
}

describe('a process killed at any moment', () => {
  const KILLS = 20;

  test('has lost nothing that it acknowledged', { timeout: 60_000 }, async () => {
    const path = join(folder, 'mint.sqlite');
    const second = join(folder, 'second');
    const acknowledged: string[] = [];
    const moments = fc.sample(fc.integer({ min: 0, max: 25 }), KILLS);
    for (const [run, moment] of moments.entries()) {
      const lines = await runUntil(path, second, `k${run}`, moment);
      for (const line of lines) {
        const [name = '', ...outcomes] = line.split(' ');
        assert.deepEqual(outcomes, ['committed', 'committed']);
        acknowledged.push(name);
      }
    }
    assert.ok(acknowledged.length > KILLS);
    const store = await must(openLedgerThread(path, { second }));
    const books = await store.load();
    assert.ok((await store.spent(acknowledged.map(coin))).every(Boolean));
    for (const name of acknowledged) assert.equal((await store.recall(name))?.state, 'committed');
    const receipts = await store.receipts(0, 100_000);
    const redeemed = new Set(receipts.map((each) => each.redemption));
    assert.ok(acknowledged.every((name) => redeemed.has(coin(name))));
    await store.close();
    await replaySecondPlace(`${path}.anew`, second);
    const anew = await must(openSqliteMintStore(`${path}.anew`));
    assert.deepEqual(await anew.load(), books);
    await anew.close();
    assert.deepEqual(dump(`${path}.anew`), dump(path));
  });

  async function runUntil(path: string, second: string, run: string, moment: number): Promise<string[]> {
    const helper = fileURLToPath(new URL('./ledger-thread-kill.test-helper.ts', import.meta.url));
    const child = spawn(process.execPath, [helper, path, second, run], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > moment) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'close')) as [unknown, string];
    assert.equal(signal, 'SIGKILL', 'it ends by nothing else');
    return said.split('\n').slice(0, -1);
  }
});
