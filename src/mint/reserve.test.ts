import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Action } from '../protocol/governance.ts';
import { RECIPIENT, bought, assertSound, openPlace, sealedFor, stackOf } from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';
import { operateRequest } from './operators.test-helper.ts';
import type { MintStore } from './ports.ts';

const GOLD = 'ab'.repeat(32);
const reserve = (gives = 3, units = 2, issuer_id = GOLD, most = 1_000_000): Action => ({
  type: 'reserve',
  reserve: { cdd_location: 'https://gold.example/', gives, issuer_id, most, units },
});
const release = (amount: number): Action => ({
  type: 'release reserve',
  amount,
  recipient: RECIPIENT,
});

const depositRequest = (subject: string) =>
  ({ message_reference: 5, stack: stackOf(subject), type: 'request reserve deposit' }) as const;

async function sums(place: Place): Promise<readonly number[]> {
  const { authorised, treasury, float } = await place.mint.counters();
  return [authorised, treasury, float];
}

class Crash extends Error {}

/** A store whose next step of the journal fails, not having persisted or having. */
function fragile(): { wrap: (store: MintStore) => MintStore; next: 'before' | 'after' | undefined } {
  const fault = {
    next: undefined as 'before' | 'after' | undefined,
    wrap: (store: MintStore): MintStore => ({
      ...store,
      record: async (step) => {
        const when = fault.next;
        fault.next = undefined;
        if (when === 'before') throw new Crash();
        const outcome = await store.record(step);
        if (when === 'after') throw new Crash();
        return outcome;
      },
    }),
  };
  return fault;
}

describe('a reserve', () => {
  test('raises the treasury by what its coins are worth, rounded down, and once for each stack', async () => {
    const place = await openPlace();
    assert.match(await place.refused(depositRequest('5')), /^not possible: this currency has no reserve/);
    await place.done(reserve());
    assert.deepEqual(place.extras.calls, ['know abab']);
    assert.deepEqual(await sums(place), [1_000, 1_000, 0]);
    const first = await place.ask(depositRequest('101'), 'response reserve deposit');
    assert.deepEqual([first.held, first.treasury], [101, 1_151]);
    assert.deepEqual(await place.ask(depositRequest('101'), 'response reserve deposit'), first);
    const second = await place.ask(depositRequest('1 more'), 'response reserve deposit');
    assert.deepEqual([second.held, second.treasury], [102, 1_153], 'no half is lost for good');
    await place.reopen();
    await place.mint.tend();
    assert.deepEqual(await sums(place), [1_153, 1_153, 0]);
    await assertSound(place);
  });

  test('that the purse refuses changes nothing', async () => {
    const place = await openPlace();
    place.extras.refusal = refuse('unknown', 'another currency lives there');
    assert.match(await place.refused(operateRequest(place.order(reserve()), 'clara', 'dora')), /^unknown/);
    assert.equal(place.mint.charter.reserve, null);
    place.extras.refusal = undefined;
    await place.done(reserve());
    place.extras.refusal = refuse('already spent', 'coins: spent before');
    assert.match(await place.refused(depositRequest('9')), /^already spent/);
    assert.deepEqual(await sums(place), [1_000, 1_000, 0]);
    await assertSound(place);
  });

  test('is released in coins, the same ones however often the order comes', async () => {
    const place = await openPlace();
    await place.done(reserve());
    await place.ask(depositRequest('100'), 'response reserve deposit');
    const order = place.order(release(40));
    const waiting = await place.ask(operateRequest(order, 'clara'), 'response operate');
    assert.equal('sealed_stack' in waiting, false, 'nothing is paid out before the policy is met');
    const done = await place.ask(operateRequest(order, 'dora'), 'response operate');
    assert.deepEqual(done.sealed_stack, sealedFor(RECIPIENT, `40 for ${order.serial}`));
    assert.deepEqual(await sums(place), [1_090, 1_090, 0]);
    await place.reopen();
    const again = await place.ask(operateRequest(order, 'dora'), 'response operate');
    assert.deepEqual(again.sealed_stack, done.sealed_stack);
    assert.deepEqual(await sums(place), [1_090, 1_090, 0]);
    assert.equal(place.mint.charter.reserve?.held, 60);
    assert.equal(place.extras.held, 60);
    await place.mint.tend();
    await assertSound(place);
  });

  test('is never released as far as what it backs is in circulation', async () => {
    const place = await openPlace({ treasury: 0 });
    await place.done(reserve(1, 1));
    await place.ask(depositRequest('10'), 'response reserve deposit');
    await bought(place, 'a1', 4, 4);
    place.extras.calls.length = 0;
    assert.match(
      await place.refused(operateRequest(place.order(release(3)), 'clara', 'dora')),
      /^treasury exhausted/,
    );
    assert.match(
      await place.refused(operateRequest(place.order(release(11)), 'clara', 'dora')),
      /^not possible: the reserve holds only 10/,
    );
    assert.deepEqual(place.extras.calls, [], 'no coin was set aside');
    await place.done(release(2));
    assert.deepEqual(await sums(place), [8, 0, 8]);
    await assertSound(place);
  });

  test('never adds more than its terms say, whatever it holds, and the policy limits the terms', async () => {
    const place = await openPlace();
    await place.done(reserve(3, 2, GOLD, 100));
    const answer = await place.ask(depositRequest('101'), 'response reserve deposit');
    assert.deepEqual([answer.held, answer.treasury], [101, 1_100]);
    await place.done(release(30));
    assert.deepEqual(await sums(place), [1_100, 1_100, 0], 'what is left is still worth more');
    await place.done(release(11));
    assert.deepEqual(await sums(place), [1_090, 1_090, 0]);
    await place.done(reserve(3, 2, GOLD, 50));
    assert.deepEqual(await sums(place), [1_050, 1_050, 0]);
    const tooMuch = place.order(reserve(3, 2, GOLD, 1_000_001));
    assert.match(
      await place.refused(operateRequest(tooMuch, 'clara', 'dora')),
      /^unauthorised: reserve: at most/,
    );
    assert.deepEqual(await sums(place), [1_050, 1_050, 0]);
    await assertSound(place);
  });

  test('that is worth less on new terms lowers the treasury, as far as it reaches', async () => {
    const place = await openPlace({ treasury: 0 });
    await place.done(reserve(1, 1));
    await place.ask(depositRequest('10'), 'response reserve deposit');
    await bought(place, 'a1', 4);
    assert.match(
      await place.refused(operateRequest(place.order(reserve(1, 3)), 'clara', 'dora')),
      /^treasury exhausted/,
    );
    await place.done(reserve(1, 2));
    assert.deepEqual(await sums(place), [5, 1, 4]);
    const other = operateRequest(place.order(reserve(1, 1, 'cd'.repeat(32))), 'clara', 'dora');
    assert.match(await place.refused(other), /^not possible/);
    await assertSound(place);
  });
});

for (const when of ['before', 'after'] as const) {
  describe(`a crash ${when} the journal knows`, () => {
    test('of a deposit is made up for, and counts it once', async () => {
      const fault = fragile();
      const place = await openPlace({}, fault.wrap);
      await place.done(reserve(1, 1));
      fault.next = when;
      await place.mint.answer(depositRequest('50')).then(
        () => assert.equal(when, 'after', 'what was recorded is found recorded'),
        (error: unknown) => assert.ok(when === 'before' && error instanceof Crash),
      );
      await place.reopen();
      await place.mint.tend();
      assert.deepEqual(await sums(place), [1_050, 1_050, 0]);
      const again = await place.ask(depositRequest('50'), 'response reserve deposit');
      assert.deepEqual([again.held, again.treasury], [50, 1_050]);
      await assertSound(place);
    });

    test('of a release pays out the same coins when the order comes again, and never counts them as held', async () => {
      const fault = fragile();
      const place = await openPlace({}, fault.wrap);
      await place.done(reserve(1, 1));
      await place.ask(depositRequest('50'), 'response reserve deposit');
      fault.next = when;
      const order = place.order(release(20));
      await place.mint.answer(operateRequest(order, 'clara', 'dora')).catch((error: unknown) => {
        assert.ok(error instanceof Crash);
      });
      await place.reopen();
      await place.mint.tend();
      const { authorised } = await place.mint.counters();
      assert.equal(authorised, when === 'before' ? 1_050 : 1_030);
      place.now += DAY / 2;
      const answer = await place.ask(operateRequest(order, 'clara', 'dora'), 'response operate');
      assert.deepEqual(answer.sealed_stack, sealedFor(RECIPIENT, `20 for ${order.serial}`));
      assert.deepEqual(await sums(place), [1_030, 1_030, 0]);
      assert.equal(place.extras.held, 30);
      await assertSound(place);
    });
  });
}
