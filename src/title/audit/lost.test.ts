/** A server whose documents were lost goes on from its trusted folder; an audit says so, and checks what is left. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Dice } from '../../../test/fuzz/dice.ts';
import { Refusal } from '../../base/refusal.ts';
import { openTitleStore } from '../../stores/title/files.ts';
import type { TitleStore } from '../server/ports.ts';
import { openWorld, sha256, verify } from '../server/world.test-helper.ts';
import type { World } from '../server/world.test-helper.ts';
import { auditTitles } from './audit.ts';
import type { TitleFindings } from './audit.ts';
import { readKept, writeKept } from './keep.ts';
import type { Kept } from './keep.ts';
import { beginLife } from './lives.test-helper.ts';
import type { Life } from './lives.test-helper.ts';

const PARTS = { verify, sha256 };
const STEPS = 40;
const root = mkdtempSync(join(tmpdir(), 'specie-title-lost-'));
after(() => {
  rmSync(root, { recursive: true });
});
const places = [join(root, 'one'), join(root, 'two')] as const;

async function openStore(): Promise<TitleStore> {
  const store = await openTitleStore({ folder: join(root, 'trusted'), places, report: () => undefined });
  if (store instanceof Refusal) assert.fail(store.details);
  return store;
}

/** What an audit of the world finds, with all that somebody holds there. */
async function look(world: World, life: Life, kept?: Kept): Promise<TitleFindings> {
  const own = [...life.held.values()].map(({ holder, ...title }) => ({
    ...title,
    holder: holder.publicKey,
    isLeaving: false,
  }));
  const options = { kept, others: [], own, now: world.now, progress: () => undefined };
  const findings = await auditTitles((request) => world.server.answer(request, Infinity), options, PARTS);
  if (findings instanceof Refusal) assert.fail(findings.details);
  return findings;
}

describe('an audit of a server that has lost both places', () => {
  it('says which groups cannot be checked, and finds no fault in the rest', async () => {
    const world = await openWorld({ store: await openStore() });
    const life = beginLife(world, new Dice(5));
    for (let step = 0; step < STEPS; step++) await life.step();
    const before = await look(world, life);
    assert.deepEqual([before.faults, before.unchecked], [[], []]);
    await world.server.close();
    for (const place of places) rmSync(place, { recursive: true });
    const again = await openWorld({ store: await openStore() });
    again.now = world.now;
    world.server = again.server;
    for (let step = 0; step < STEPS; step++) await life.step();
    const { groups } = before.signedRoot.statement;
    const findings = await look(world, life);
    assert.deepEqual(findings.faults, []);
    assert.match(findings.unchecked.join(), new RegExp(`lost groups 1 to ${groups} of its log`));
    assert.ok(findings.past.transfers > STEPS / 4);
    // Whoever had audited it before has lost nothing.
    const kept = readKept(writeKept(before, PARTS), PARTS);
    if (kept instanceof Refusal) assert.fail(kept.details);
    const further = await look(world, life, kept);
    assert.deepEqual([further.faults, further.unchecked, further.past.isWhole], [[], [], true]);
    await world.server.close();
  });
});
