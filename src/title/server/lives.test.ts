import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import type { TitleMemory } from '../../stores/title/memory.ts';
import { live } from './lives.test-helper.ts';

/** TITLE_LIVES=20000 lives that many; TITLE_SEED begins elsewhere. */
const LIVES = Number(process.env['TITLE_LIVES'] ?? 150);
const SEED = Number(process.env['TITLE_SEED'] ?? 1);
const STEPS = 30;

describe('random lives of a title server', () => {
  it('never give a title two holders, make none appear or vanish, and count every transfer', async () => {
    let transfers = 0;
    for (let seed = SEED; seed < SEED + LIVES; seed++) {
      const memory: TitleMemory = [];
      try {
        transfers += await live(seed, STEPS, async () => openMemoryTitleStore(memory));
      } catch (error) {
        throw new Error(`life ${seed}`, { cause: error });
      }
    }
    assert.ok(transfers > LIVES * 10, `${transfers} transfers in ${LIVES} lives`);
  });
});
