/** A currency backed by coins of another suite: whatever is deposited counts, comes out again, and is taken by its payee. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { openLanes } from '../../signers/lanes.ts';
import type { Lanes } from '../../signers/lanes.ts';
import { SUITES } from '../../suites/index.ts';
import {
  ask,
  assertBacked,
  back,
  crashedCopy,
  deposit,
  depositRequest,
  forget,
  freshStack,
  makeCurrency,
  must,
  openIssuer,
  openWorld,
  opened,
  ordered,
  releaseOf,
  somebody,
} from './reserve.test-helper.ts';

const TREASURY = 50;
let lanes: Lanes;
before(async () => {
  lanes = await openLanes(1);
});
after(() => lanes.close());

/** The town has the first suite that makes its keys quickly: which one, nothing here hangs on. */
const OWN = SUITES.find(({ name, accounts }) => accounts === undefined && !name.startsWith('RSA-'));

for (const suite of SUITES) {
  describe(`a reserve of ${suite.name}`, () => {
    if (suite.accounts !== undefined) {
      test('is refused when it is ordered, before anybody gives coins: its purse has no account', async () => {
        const world = openWorld(lanes);
        const [goldMade, townMade] = [
          await makeCurrency(lanes, 'http://gold.example/', [1, 2], 1_000, suite.name),
          await makeCurrency(lanes, 'http://town.example/', [1], TREASURY, OWN?.name),
        ];
        await openIssuer(world, goldMade);
        const town = await openIssuer(world, townMade);
        const { url: cdd_location, issuerId: issuer_id } = goldMade;
        const reserve = { cdd_location, gives: 2, issuer_id, most: 1_000, units: 3 };
        const refused = await town.mint.answer(ordered(world, town, { type: 'reserve', reserve }));
        assert.ok(refused instanceof Refusal && refused.name === 'not possible');
        assert.match(refused.details, /two rounds/);
        assert.equal(town.mint.charter.reserve, null);
        rmSync(world.folder, { recursive: true });
      });
      return;
    }

    test('raises the treasury, survives a lost file, and is paid out to its payee alone', async () => {
      const world = openWorld(lanes);
      const [goldMade, townMade] = [
        await makeCurrency(lanes, 'http://gold.example/', [1, 2, 4, 8], 1_000, suite.name),
        await makeCurrency(lanes, 'http://town.example/', [1], TREASURY, OWN?.name),
      ];
      const gold = await openIssuer(world, goldMade);
      let town = await openIssuer(world, townMade);
      await back(world, town, goldMade, 2, 3);
      const stack = await freshStack(world, gold, 9);
      assert.equal((await deposit(town, stack)).treasury, TREASURY + 6);
      assert.equal((await deposit(town, stack)).treasury, TREASURY + 6, 'the same stack counts once');
      const thief = await somebody(world, goldMade);
      assert.ok((await thief.receive(stack)) instanceof Refusal, 'who deposited has it no more');
      const [coin] = stack.coins;
      assert.ok(coin !== undefined);
      const altered = { ...coin, payload: { ...coin.payload, serial: 'abc' } };
      const forged = await town.mint.answer(depositRequest({ ...stack, coins: [altered] }));
      assert.ok(forged instanceof Refusal, 'what is no coin is no deposit');
      const path = crashedCopy(world, town);
      forget(path);
      await town.purse.close();
      town = await openIssuer(world, townMade, { store: town.store, path });
      await assertBacked(town, 9);
      const { sealed_stack } = await ask(town, ordered(world, town, releaseOf(3)), 'response operate');
      const payee = await somebody(world, goldMade);
      assert.equal(must(await payee.receive(await opened(sealed_stack))).amount, 3);
      await assertBacked(town, 6);
      assert.equal((await town.store.counters()).treasury, TREASURY + 4);
      await town.purse.close();
      await gold.purse.close();
      rmSync(world.folder, { recursive: true });
    });
  });
}
