/** Whatever two wallets do and wherever they are cut short, no money appears and none vanishes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { MINUTE } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { SUITES } from '../suites/index.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, checkConserved, must } from './testing.test-helper.ts';
import type { Fault } from './testing.test-helper.ts';
import type { Wallet } from './wallet.ts';

const actor = fc.integer({ min: 0, max: 1 });
const value = fc.integer({ min: 1, max: 40 });
const pick = fc.nat({ max: 100 });
const fault: fc.Arbitrary<Fault | undefined> = fc.option(
  fc.record({
    at: fc.constantFrom('commit', 'exchange'),
    call: fc.integer({ min: 0, max: 4 }),
    when: fc.constantFrom('before', 'after'),
  }),
  { nil: undefined },
);
const step = fc.record({
  actor,
  what: fc.constantFrom('buy', 'send', 'send', 'receive', 'receive', 'takeback', 'redeem', 'resume', 'check'),
  value,
  pick,
  fault,
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The stacks that went round, for anyone to receive, once or more often. */
type Stacks = CoinStack[];

async function act(place: Place, { what, value: wanted, pick: picked }: Step, stacks: Stacks): Promise<void> {
  const { id } = place.issuer;
  const work: Readonly<Record<Step['what'], (wallet: Wallet) => Promise<unknown>>> = {
    buy: (wallet) => wallet.buy(id, amount(wanted), { payTest: true }),
    send: (wallet) => wallet.send(id, amount(wanted), ''),
    receive: async (wallet) => {
      const stack = stacks[picked % Math.max(1, stacks.length)];
      return stack === undefined ? undefined : wallet.receive(stack);
    },
    takeback: (wallet) => wallet.takeback(picked % (wallet.history().length + 1)),
    redeem: (wallet) => wallet.redeem(id, amount(wanted)),
    resume: (wallet) => wallet.resumeAll(),
    check: (wallet) => wallet.checkSent(),
  };
  await place.attempt(work[what]);
  for (const entry of place.wallet.history()) {
    if (entry.kind !== 'send' || entry.state !== 'sent') continue;
    const stack = must(place.wallet.stackOf(entry.number));
    if (!stacks.some((each) => each.coins[0]?.signature === stack.coins[0]?.signature)) stacks.push(stack);
  }
}

/** The default at length; each other suite for as long as its arithmetic allows. */
const RUNS = SUITES.map((suite, index) => {
  if (index === 0) return { suite, numRuns: 25, maxLength: 20, denominations: [1, 2, 4, 8] };
  return {
    suite,
    numRuns: suite.accounts === undefined ? 1 : 2,
    maxLength: 10,
    denominations: [1, 2, 4, 8],
  };
});

for (const { suite, numRuns, maxLength, denominations } of RUNS) {
  describe(`two wallets with ${suite.name}`, () => {
    it('conserve the money through faults of store and network', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength }), async (steps) => {
          const issuer = await TestIssuer.of(suite.name, { denominations });
          const places = [await Place.open(issuer, 'alice'), await Place.open(issuer, 'bob')];
          for (const place of places) must(await place.wallet.add(issuer.url));
          const stacks: Stacks = [];
          for (const each of steps) {
            const place = places[each.actor]!;
            place.plant(each.fault);
            await act(place, each, stacks);
            place.plant(undefined);
            issuer.now += MINUTE;
          }
          for (const place of places) {
            const left = (await place.wallet.resumeAll()).filter(({ entry }) => entry.state === 'pending');
            assert.deepEqual(left, []);
            assert.equal(place.reserved, 0);
          }
          await checkConserved(issuer, places);
          assert.deepEqual(issuer.exposed, [], 'no coin has answered two payments');
          // Everything that is left can be found from the phrases, and be redeemed.
          for (const [index, place] of places.entries()) {
            const restored = await Place.open(issuer, `restored ${index}`);
            must(await restored.wallet.restore(place.wallet.phrase(), [issuer.url]));
            must(await restored.wallet.clearDoubt(issuer.id));
            if (restored.available === 0) continue;
            const redeemed = await restored.wallet.redeem(issuer.id, amount(restored.available));
            assert.ok(!(redeemed instanceof Refusal));
          }
          assert.equal(issuer.float, 0);
        }),
        { numRuns },
      );
    });
  });
}
