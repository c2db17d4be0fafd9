import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import type { MintRequest } from '../../mint/mint.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { Reserve } from '../../protocol/governance.ts';
import { coinId } from '../../protocol/ids.ts';
import { openLanes } from '../../signers/lanes.ts';
import type { Lanes } from '../../signers/lanes.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import {
  ask,
  assertBacked,
  back,
  crashedCopy,
  depositRequest,
  forget,
  freshStack,
  makeCurrency,
  must,
  openIssuer,
  openWorld,
  opened,
  ordered,
  payeeKeys,
  releaseOf,
  somebody,
} from './reserve.test-helper.ts';
import type { Issuer, Made, World } from './reserve.test-helper.ts';

let lanes: Lanes;
let goldMade: Made;
let townMade: Made;

before(async () => {
  lanes = await openLanes(2);
  [goldMade, townMade] = await Promise.all([
    makeCurrency(lanes, 'http://gold.example/', [1, 2, 4, 8, 16], 1_000_000),
    makeCurrency(lanes, 'http://town.example/', [1], 50),
  ]);
});
after(() => lanes.close());

/** Everything at once: the two mints, and the gold that people have in hand. */
interface Game {
  readonly world: World;
  readonly gold: Issuer;
  town: Issuer;
  readonly terms: Reserve;
  readonly payee: Wallet;
  /** Stacks that somebody has, whether or not their coins are still good. */
  readonly inHand: CoinStack[];
  /** Orders to release, by serial: sent again until they are executed. */
  readonly orders: Map<string, MintRequest>;
}

const KINDS = ['deposit', 'deposit again', 'release', 'set aside', 'order again', 'take'] as const;
const TROUBLES = ['tend', 'crash', 'lose the file'] as const;

const step = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...KINDS) },
    { weight: 2, arbitrary: fc.constantFrom(...TROUBLES) },
  ),
  value: fc.integer({ min: 1, max: 40 }),
  /** For each message that is carried in this step what becomes of it; the rest arrive. */
  faults: fc.array(fc.constantFrom('before', 'after', undefined, undefined), { maxLength: 6 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function play(game: Game, { what, value }: Step): Promise<void> {
  const { world, gold, town, terms, inHand, orders } = game;
  const some = <Value>(values: readonly Value[]): Value | undefined => values[value % values.length];
  switch (what) {
    case 'deposit':
      inHand.push(await freshStack(world, gold, value));
      await town.mint.answer(depositRequest(inHand.at(-1)!));
      return;
    case 'deposit again': {
      const stack = some(inHand);
      if (stack !== undefined) await town.mint.answer(depositRequest(stack));
      return;
    }
    case 'release':
    case 'set aside': {
      const serial = (orders.size + 1).toString(16);
      orders.set(serial, ordered(world, town, releaseOf(value), { serial }));
      if (what === 'set aside') await town.purse.release(terms, serial, amount(value), payeeKeys.recipient);
      else await orderAgain(game, serial);
      return;
    }
    case 'order again': {
      const serial = some([...orders.keys()]);
      if (serial !== undefined) await orderAgain(game, serial);
      return;
    }
    case 'take': {
      const stack = some(inHand);
      if (stack !== undefined) await game.payee.receive(stack);
      return;
    }
    default:
      return trouble(game, what);
  }
}

async function trouble(game: Game, what: (typeof TROUBLES)[number]): Promise<void> {
  const { world, town } = game;
  if (what !== 'tend') {
    const path = crashedCopy(world, town);
    if (what === 'lose the file') forget(path);
    await town.purse.close();
    game.town = await openIssuer(world, townMade, { store: town.store, path });
  }
  await game.town.mint.tend();
}

/** An order that was executed is done with; any other may be sent again. */
async function orderAgain({ town, orders, inHand }: Game, serial: string): Promise<void> {
  const order = orders.get(serial);
  if (order === undefined || town.mint.charter.executed.has(serial)) return;
  const answer = await town.mint.answer(order);
  if (!(answer instanceof Refusal) && answer.type === 'response operate' && answer.sealed_stack !== undefined)
    inHand.push(await opened(answer.sealed_stack));
}

/** What of the gold that was ever issued is in nobody's hands but the box's. */
async function inTheBox({ gold, payee, inHand }: Game): Promise<number> {
  const coins = new Map(
    inHand.flatMap((each) => each.coins).map(({ payload }) => [coinId(payload), payload]),
  );
  const ids = [...coins.keys()];
  const { float } = await gold.store.counters();
  const unspent: string[] = [];
  for (let from = 0; from < ids.length; from += 256) {
    const coin_ids = ids.slice(from, from + 256);
    const { spent } = await ask(
      gold,
      { coin_ids, message_reference: 1, type: 'request coin status' },
      'response coin status',
    );
    unspent.push(...coin_ids.filter((_, index) => spent[index] !== true));
  }
  const held = payee.balance().reduce((left, { available, reserved }) => left + available + reserved, 0);
  return unspent.reduce((left, id) => left - (coins.get(id)?.denomination ?? 0), float - held);
}

test('whatever fails, the treasury never holds more than what the box has is worth', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const world = openWorld(lanes);
      const gold = await openIssuer(world, goldMade);
      const town = await openIssuer(world, townMade);
      const terms = await back(world, town, goldMade, 5, 7);
      const payee = await somebody(world, goldMade);
      const game: Game = { world, gold, town, terms, payee, inHand: [], orders: new Map() };
      for (const each of steps) {
        const faults = [...each.faults];
        world.fault = () => faults.shift();
        await play(game, each);
        await assertBacked(game.town, await inTheBox(game));
      }
      world.fault = () => undefined;
      for (const stack of [...game.inHand]) await game.town.mint.answer(depositRequest(stack));
      await game.town.mint.tend();
      const box = await inTheBox(game);
      await assertBacked(game.town, box);
      const { reserve } = game.town.mint.charter;
      assert.ok(
        (reserve?.held ?? 0) >= (await game.town.purse.held(terms)),
        'all that is held counts in the end',
      );
      must(await game.payee.receive(await freshStack(world, gold, 1)));
      await game.town.purse.close();
      await gold.purse.close();
      rmSync(world.folder, { recursive: true, force: true });
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
