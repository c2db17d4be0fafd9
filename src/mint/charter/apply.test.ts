import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY, SECOND, writeDate } from '../../base/dates.ts';
import type { Action } from '../../protocol/governance.ts';
import type { JournalEvent } from '../../protocol/journal.ts';
import { applyEntry, authorisedBy } from './apply.ts';
import { descriptionOf, windowOf } from './charter.ts';
import type { Charter } from './charter.ts';
import {
  COINS_LIVE,
  EVERYONE,
  FOUNDING,
  KEYS_SIGN,
  POLICY,
  RECIPIENT,
  START,
  eventfulIssuer,
  foundTestIssuer,
} from './charter.test-helper.ts';
import type { TestIssuer } from './charter.test-helper.ts';

const GOLD = {
  cdd_location: 'https://gold.example/',
  gives: 3,
  issuer_id: 'ab'.repeat(32),
  most: 9_000,
  units: 2,
};

function withKey(): { readonly issuer: TestIssuer; readonly id: string } {
  const issuer = foundTestIssuer();
  const certificate = issuer.mintKey(1, START);
  issuer.write({ type: 'mint key', certificate });
  return { issuer, id: certificate.mint_key.id };
}

function stateOf({ charter }: TestIssuer, id: string) {
  const key = charter.keys.get(id);
  assert.ok(key !== undefined);
  return { state: key.state, ...windowOf(key) };
}

describe('each event', () => {
  test('founded: the charter is what the founding says', () => {
    const { charter, entries } = foundTestIssuer();
    assert.equal(charter.authorised, FOUNDING.treasury);
    assert.deepEqual(charter.policy, POLICY);
    assert.deepEqual(charter.schedule, FOUNDING.key_schedule);
    assert.equal(charter.cashiers.get('ca'.repeat(32))?.limitPerDay, 5_000);
    assert.equal(charter.cashiers.get('ca'.repeat(32))?.limitPerOperation, 500);
    assert.equal(charter.power, 'on');
    assert.equal(charter.head.entries, 1);
    assert.equal(authorisedBy(undefined, entries[0]!.entry.event), FOUNDING.treasury);
  });

  test('a currency is not founded twice, and nothing comes before its founding', () => {
    const { charter, entries } = eventfulIssuer();
    assert.throws(() => applyEntry(charter, entries[0]!.entry));
    assert.throws(() => applyEntry(undefined, entries[1]!.entry));
  });

  test('treasury: up and down, and no other action moves it', () => {
    const { issuer } = withKey();
    issuer.ordered({ type: 'raise treasury', amount: 1_000 }, ['anna']);
    assert.equal(issuer.charter.authorised, 11_000);
    issuer.ordered({ type: 'lower treasury', amount: 11_000 }, ['clara']);
    assert.equal(issuer.charter.authorised, 0);
    assert.throws(() => issuer.ordered({ type: 'lower treasury', amount: 1 }, ['clara']));
  });

  test('power off and on', () => {
    const { issuer } = withKey();
    issuer.ordered({ type: 'power off' }, ['anna']);
    assert.equal(issuer.charter.power, 'off');
    issuer.ordered({ type: 'power on' }, ['clara', 'dora']);
    assert.equal(issuer.charter.power, 'on');
  });

  test('cashier limits: new, other, and gone when both are 0', () => {
    const { issuer } = withKey();
    const cashier = 'cb'.repeat(32);
    const set = (limit_per_operation: number, limit_per_day: number) => {
      const limits = { cashier, limit_per_operation, limit_per_day };
      issuer.ordered({ type: 'cashier limits', limits }, ['clara', 'dora']);
      return issuer.charter.cashiers.get(cashier);
    };
    assert.equal(set(1, 2)?.limitPerDay, 2);
    assert.equal(set(0, 3)?.limitPerDay, 3);
    assert.equal(set(0, 0), undefined);
    assert.equal(issuer.charter.cashiers.size, 1);
  });

  test('a new description is in force when it stands there, not when it is ordered; the old one is kept', () => {
    const { issuer } = withKey();
    const description = { ...FOUNDING.description, currency_name: 'Renamed' };
    issuer.ordered({ type: 'new description', description }, ['clara', 'dora']);
    assert.equal(descriptionOf(issuer.charter).currency_name, 'Test');
    assert.equal(issuer.charter.due.length, 1);
    issuer.write({ type: 'description', cddc: issuer.description(description) });
    assert.equal(descriptionOf(issuer.charter).currency_name, 'Renamed');
    assert.equal(issuer.charter.cddcs.length, 2);
    assert.equal(issuer.charter.due.length, 0);
  });

  test('a revoked key signs no more, and its coins are taken until the day that was said', () => {
    const { issuer, id } = withKey();
    const until = START + 20 * DAY;
    issuer.ordered({ type: 'revoke mint key', mint_key_id: id, coins_until: writeDate(until) }, ['clara']);
    assert.equal(stateOf(issuer, id).state, 'live');
    issuer.write({ type: 'mint key revoked', certificate: issuer.revocation(id, until) });
    assert.deepEqual(stateOf(issuer, id), {
      state: 'revoked',
      signsFrom: START,
      signsUntil: Number.NEGATIVE_INFINITY,
      coinsUntil: until,
      // Its coins are still in people's hands.
      closesAfter: START + COINS_LIVE,
    });
  });

  test('a revocation does not let coins live longer than their key said', () => {
    const { issuer, id } = withKey();
    const certificate = issuer.revocation(id, START + COINS_LIVE + DAY);
    issuer.write({ type: 'mint key revoked', certificate });
    assert.equal(stateOf(issuer, id).coinsUntil, START + COINS_LIVE);
  });

  test('after a restore that lost something no key that was live signs or takes coins again', () => {
    const { issuer, id } = withKey();
    issuer.write({ type: 'restored', complete: true });
    assert.equal(stateOf(issuer, id).state, 'live');
    assert.equal(stateOf(issuer, id).signsUntil, START + KEYS_SIGN);
    issuer.write({ type: 'restored', complete: false });
    const { state, signsUntil, coinsUntil, closesAfter } = stateOf(issuer, id);
    assert.deepEqual([state, signsUntil, coinsUntil], ['retired', -Infinity, -Infinity]);
    assert.equal(issuer.charter.keys.get(id)?.retired, START);
    issuer.write({ type: 'restored', complete: false }, START + DAY);
    assert.equal(issuer.charter.keys.get(id)?.retired, START, 'it is retired once');
    // The float says what people hold until it would have expired.
    assert.equal(closesAfter, START + COINS_LIVE);
  });

  test('an expired key leaves, and its id is remembered', () => {
    const { issuer, id } = withKey();
    issuer.write({ type: 'totals', totals: [{ issued: 5, mint_key_id: id, redeemed: 2 }] });
    assert.deepEqual(issuer.charter.lastTotals.get(id), { issued: 5, redeemed: 2 });
    const before = issuer.charter.authorised;
    const totals = { issued: 5, mint_key_id: id, redeemed: 2 };
    issuer.write({ type: 'mint key expired', totals }, START + COINS_LIVE + DAY);
    assert.equal(issuer.charter.keys.has(id), false);
    assert.equal(issuer.charter.lastTotals.has(id), false);
    assert.equal(issuer.charter.formerKeys.has(id), true);
    assert.equal(issuer.charter.authorised, before);
  });

  test('a policy that changes begins with fresh days', () => {
    const { issuer } = withKey();
    issuer.ordered({ type: 'raise treasury', amount: 1_000 }, ['anna']);
    assert.equal(issuer.charter.permitted.get(0)?.amount, 1_000);
    issuer.ordered({ type: 'change policy', policy: POLICY }, ['clara', 'dora', 'emil']);
    assert.equal(issuer.charter.permitted.size, 0);
  });

  test('what a rule permitted is summed by day, for the rule that counted', () => {
    const { issuer } = withKey();
    issuer.ordered({ type: 'raise treasury', amount: 1_000 }, ['anna']);
    issuer.ordered({ type: 'raise treasury', amount: 900 }, ['anna']);
    issuer.ordered({ type: 'raise treasury', amount: 900 }, ['clara', 'dora']);
    assert.equal(issuer.charter.permitted.get(0)?.amount, 1_900);
    assert.equal(issuer.charter.permitted.get(1)?.amount, 900);
    issuer.ordered({ type: 'raise treasury', amount: 3 }, ['anna'], START + DAY);
    assert.equal(issuer.charter.permitted.get(0)?.amount, 3);
  });

  test('an executed order is remembered until it expires, no longer', () => {
    const { issuer } = withKey();
    const { entry } = issuer.ordered({ type: 'power off' }, ['anna']);
    assert.ok(entry.event.type === 'ordered');
    const { serial } = entry.event.order.order;
    issuer.ordered({ type: 'power off' }, ['anna'], START + DAY);
    assert.ok(issuer.charter.executed.has(serial));
    issuer.ordered({ type: 'power off' }, ['anna'], START + DAY + SECOND);
    assert.ok(!issuer.charter.executed.has(serial));
  });

  test('a reserve is worth what its terms say, rounded down, whatever way it moves', () => {
    const { issuer } = withKey();
    const worthOfReserve = () => issuer.charter.authorised - FOUNDING.treasury;
    issuer.ordered({ type: 'reserve', reserve: GOLD }, ['clara', 'dora']);
    assert.equal(worthOfReserve(), 0);
    issuer.write({ type: 'reserve held', amount: 1 });
    assert.equal(worthOfReserve(), 1);
    issuer.write({ type: 'reserve held', amount: 1_001 });
    assert.equal(worthOfReserve(), 1_501);
    issuer.ordered({ type: 'release reserve', amount: 500, recipient: RECIPIENT }, ['clara', 'dora']);
    assert.equal(worthOfReserve(), 751);
    // Other terms for the same coins: they are worth something else from then on.
    issuer.ordered({ type: 'reserve', reserve: { ...GOLD, gives: 1 } }, ['clara', 'dora']);
    assert.equal(worthOfReserve(), 250);
    // However much is held: no more than what the terms let it add.
    issuer.write({ type: 'reserve held', amount: Number.MAX_SAFE_INTEGER });
    assert.equal(worthOfReserve(), GOLD.most);
    issuer.write({ type: 'reserve held', amount: 0 });
    assert.equal(worthOfReserve(), 0);
  });
});

describe('random sequences', () => {
  /** A model in plain numbers of what the charter says of money and power. */
  interface Model {
    treasuryMoves: number;
    held: number;
    gives: number | undefined;
    power: string;
  }
  type Step = (issuer: TestIssuer, model: Model) => void;
  const act = (issuer: TestIssuer, action: Action) => void issuer.ordered(action, EVERYONE);
  const amounts = fc.integer({ min: 1, max: 900 });
  const steps: fc.Arbitrary<Step> = fc.oneof(
    amounts.map((amount): Step => (issuer, model) => {
      act(issuer, { type: 'raise treasury', amount });
      model.treasuryMoves += amount;
    }),
    amounts.map((amount): Step => (issuer, model) => {
      act(issuer, { type: 'lower treasury', amount });
      model.treasuryMoves -= amount;
    }),
    fc.integer({ min: 1, max: 5 }).map((gives): Step => (issuer, model) => {
      act(issuer, { type: 'reserve', reserve: { ...GOLD, gives } });
      model.gives = gives;
    }),
    fc.integer({ min: 0, max: 5_000 }).map((held): Step => (issuer, model) => {
      if (model.gives === undefined) return;
      issuer.write({ type: 'reserve held', amount: held });
      model.held = held;
    }),
    fc.integer({ min: 1, max: 500 }).map((amount): Step => (issuer, model) => {
      if (amount > model.held) return;
      act(issuer, { type: 'release reserve', amount, recipient: RECIPIENT });
      model.held -= amount;
    }),
    fc.constantFrom('power off' as const, 'power on' as const).map((type): Step => (issuer, model) => {
      act(issuer, { type });
      model.power = type.slice('power '.length);
    }),
    fc.boolean().map(
      (complete): Step =>
        (issuer) =>
          void issuer.write({ type: 'restored', complete }),
    ),
  );
  test('add up to what a simple model says', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), (sequence) => {
        const issuer = foundTestIssuer({ ...FOUNDING, treasury: 1_000_000 });
        const model: Model = { treasuryMoves: 1_000_000, held: 0, gives: undefined, power: 'on' };
        for (const step of sequence) step(issuer, model);
        const { charter } = issuer;
        const reserve = Math.min(Math.floor((model.held * (model.gives ?? 0)) / GOLD.units), GOLD.most);
        assert.equal(charter.authorised, model.treasuryMoves + reserve);
        assert.equal(charter.power, model.power);
        assert.equal(charter.reserve?.held ?? 0, model.held);
        assert.equal(charter.head.entries, issuer.entries.length);
      }),
      { numRuns: 60 },
    );
  });

  test('the sum of what each entry authorises is what is authorised in the end', () => {
    const { entries, charter } = eventfulIssuer();
    let before: Charter | undefined;
    let total = 0;
    for (const { entry } of entries) {
      total += authorisedBy(before, entry.event);
      before = applyEntry(before, entry);
    }
    assert.equal(total, charter.authorised);
    assert.deepEqual(before, charter);
  });

  test('the eventful journal of these tests holds every event there is', () => {
    const types = new Set(eventfulIssuer().entries.map(({ entry }) => entry.event.type));
    const all: Record<JournalEvent['type'], true> = {
      founded: true,
      ordered: true,
      description: true,
      'mint key': true,
      'mint key revoked': true,
      'mint key expired': true,
      totals: true,
      backup: true,
      restored: true,
      'currency founded': true,
      'reserve held': true,
    };
    assert.deepEqual([...types].toSorted(), Object.keys(all).toSorted());
  });
});
