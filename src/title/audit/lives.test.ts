/** Whatever an honest title server does, an audit of it finds no fault. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dice } from '../../../test/fuzz/dice.ts';
import { Refusal } from '../../base/refusal.ts';
import { openWorld, sha256, verify } from '../server/world.test-helper.ts';
import { auditTitles } from './audit.ts';
import type { TitleFindings } from './audit.ts';
import { readKept, writeKept } from './keep.ts';
import type { Kept } from './keep.ts';
import { beginLife } from './lives.test-helper.ts';

const LIVES = 30;
const STEPS = 60;
const PARTS = { verify, sha256 };

describe('an audit', () => {
  it(`of ${LIVES} random lives of a title server finds no fault, at whatever time it goes on`, async () => {
    let transfers = 0;
    for (let seed = 1; seed <= LIVES; seed++) {
      const dice = new Dice(seed);
      const world = await openWorld();
      const life = beginLife(world, dice);
      let kept: Kept | undefined;
      const look = async (before: Kept | undefined): Promise<TitleFindings> => {
        const own = [...life.held.values()].map(({ holder, ...title }) => ({
          ...title,
          holder: holder.publicKey,
          isLeaving: false,
        }));
        const options = { kept: before, others: [], own, now: world.now, progress: () => undefined };
        const findings = await auditTitles(
          (request) => world.server.answer(request, Infinity),
          options,
          PARTS,
        );
        if (findings instanceof Refusal) assert.fail(findings.details);
        assert.deepEqual([findings.faults, findings.unchecked], [[], []], `life ${seed}`);
        return findings;
      };
      for (let step = 0; step < STEPS; step++) {
        await life.step();
        if (dice.below(12) > 0) continue;
        const read = readKept(writeKept(await look(kept), PARTS), PARTS);
        if (read instanceof Refusal) assert.fail(read.details);
        kept = read;
      }
      const [whole, further] = [await look(undefined), await look(kept)];
      assert.deepEqual(writeKept(whole, PARTS), writeKept(further, PARTS));
      const pooled = whole.classes.reduce((sum, each) => sum + (each.pooled ?? 0n), 0n);
      assert.equal(pooled, await poolOf(world, life.asked));
      transfers += whole.past.transfers;
      await world.server.close();
    }
    assert.ok(transfers > (LIVES * STEPS) / 2, `${transfers} transfers`);
  });
});

/** What lies in the pools of all classes, as the server says it. */
async function poolOf(
  world: Awaited<ReturnType<typeof openWorld>>,
  asked: ReturnType<typeof beginLife>['asked'],
): Promise<bigint> {
  const classes = await world.ask({ type: 'request title classes', from: 0 });
  assert.equal(classes.type, 'response title classes');
  assert.ok(asked.length > 0);
  let total = 0n;
  const ids = new Set(
    asked.flatMap((each) =>
      'transfer' in each ? [Buffer.from(each.transfer.title_class).toString('hex')] : [],
    ),
  );
  for (const id of ids) {
    const answer = await world.ask({
      type: 'request title pool',
      title_class: new Uint8Array(Buffer.from(id, 'hex')),
    });
    if (answer.type !== 'response title pool') assert.fail(answer.type);
    for (const { denomination, count } of answer.stock) total += BigInt(denomination * count);
  }
  return total;
}
