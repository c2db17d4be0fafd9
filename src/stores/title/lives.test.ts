import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { live } from '../../title/server/lives.test-helper.ts';
import type { TitleStore } from '../../title/server/ports.ts';
import { openTitleStore } from './files.ts';

/** TITLE_FILE_LIVES=1000 lives that many; TITLE_SEED begins elsewhere. */
const LIVES = Number(process.env['TITLE_FILE_LIVES'] ?? 3);
const SEED = Number(process.env['TITLE_SEED'] ?? 1);

describe('random lives of a title server on files', () => {
  it('are as those in memory, though every other end is a kill', async () => {
    let transfers = 0;
    for (let seed = SEED; seed < SEED + LIVES; seed++) {
      const root = await mkdtemp(join(tmpdir(), 'specie-title-lives-'));
      try {
        transfers += await live(seed, 30, storesIn(root));
      } catch (error) {
        throw new Error(`life ${seed}`, { cause: error });
      } finally {
        await rm(root, { recursive: true });
      }
    }
    assert.ok(transfers > LIVES * 5, `${transfers} transfers in ${LIVES} lives`);
  });
});

/** Opens the store in a folder again and again; each time but every second one on what a kill would have left there. */
function storesIn(root: string): () => Promise<TitleStore> {
  let number = 0;
  return async () => {
    const home = join(root, String(number));
    const places = [join(home, 'one'), join(home, 'two')] as const;
    const store = await openTitleStore({
      folder: join(home, 'trusted'),
      places,
      report: () => undefined,
      logBytes: 20_000,
    });
    if (store instanceof Refusal) throw new Error(store.toString());
    const close = store.close.bind(store);
    store.close = async () => {
      const isKilled = number % 2 === 0;
      if (isKilled) await cp(home, join(root, String(number + 1)), { recursive: true });
      await close();
      if (!isKilled) await cp(home, join(root, String(number + 1)), { recursive: true });
      number++;
    };
    return store;
  };
}
