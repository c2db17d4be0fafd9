import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { DAY } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { JournalStep, MintStore } from '../../mint/ports.ts';
import { encode } from '../../protocol/codec.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { Reserve } from '../../protocol/governance.ts';
import { openLanes } from '../../signers/lanes.ts';
import type { Lanes } from '../../signers/lanes.ts';
import { openText } from '../../stores/mint/sealed-text.ts';
import { makeAgeIdentity } from '../../stores/mint/snapshot.ts';
import { openReservePurse } from './reserve-purse.ts';
import {
  KEYS_SIGN,
  COINS_LIVE,
  START,
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
  openPurse,
  openWorld,
  opened,
  ordered,
  payeeKeys,
  releaseOf,
  somebody,
  stackOf,
} from './reserve.test-helper.ts';
import type { Issuer, Made, World } from './reserve.test-helper.ts';

const TREASURY = 50;
let lanes: Lanes;
let goldMade: Made;
let silverMade: Made;
let otherGoldMade: Made;
let townMade: Made;

before(async () => {
  lanes = await openLanes(2);
  [goldMade, silverMade, otherGoldMade, townMade] = await Promise.all([
    makeCurrency(lanes, 'http://gold.example/', [1, 2, 4, 8, 16, 32], 1_000_000),
    makeCurrency(lanes, 'http://silver.example/', [1], 1_000),
    makeCurrency(lanes, 'http://gold.example/', [1], 1_000),
    makeCurrency(lanes, 'http://town.example/', [1], TREASURY),
  ]);
});
after(() => lanes.close());

let world: World;
let gold: Issuer;
let town: Issuer;
let terms: Reserve;

beforeEach(async (context) => {
  world = openWorld(lanes);
  gold = await openIssuer(world, goldMade);
  town = await openIssuer(world, townMade);
  terms = await back(world, town, goldMade, 2, 3);
  const { folder } = world;
  if ('after' in context) context.after(() => rmSync(folder, { recursive: true, force: true }));
});

const treasury = async () => (await town.store.counters()).treasury;

async function refusedDeposit(stack: CoinStack): Promise<Refusal> {
  const answer = await town.mint.answer(depositRequest(stack));
  assert.ok(answer instanceof Refusal, 'the deposit was not refused');
  return answer;
}

const releaseOrder = (amount: number, serial?: string) =>
  ordered(world, town, releaseOf(amount), serial === undefined ? {} : { serial });

async function paidOut(amount: number, serial?: string): Promise<CoinStack> {
  return handedOut(releaseOrder(amount, serial));
}

/** What the recipient finds in the answer to an order. */
async function handedOut(order: ReturnType<typeof releaseOrder>): Promise<CoinStack> {
  return opened((await ask(town, order, 'response operate')).sealed_stack);
}

const worthOf = ({ coins }: CoinStack) => coins.reduce((left, { payload }) => left + payload.denomination, 0);

/** The town's mint and purse again, after a crash; the purse's file as it was then, or as `path` has it. */
async function restart(path = crashedCopy(world, town)): Promise<void> {
  await town.purse.close();
  town = await openIssuer(world, townMade, { store: town.store, path });
}

/** The front brings no answer to messages of this kind, as often as is said. */
function failing(type: string, fault: 'before' | 'after', times = Number.POSITIVE_INFINITY): void {
  let left = times;
  world.fault = (each) => (each === type && left-- > 0 ? fault : undefined);
}

const working = () => (world.fault = () => undefined);

describe('a deposit', () => {
  test('is none in a currency whose coins take two rounds to make: a purse has no account', async () => {
    const made = await makeCurrency(lanes, 'http://two.example/', [1], 1_000, 'P256-BRANDS');
    await openIssuer(world, made);
    const refused = await town.purse.know({ ...terms, cdd_location: made.url, issuer_id: made.issuerId });
    assert.ok(refused instanceof Refusal);
    assert.match(
      `${refused.name}: ${refused.details}`,
      /^not possible: reserve.issuer_id: coins that take two/,
    );
    assert.equal(await treasury(), TREASURY);
  });

  test('raises the treasury by what all that is held is worth, rounded down, and no further', async () => {
    const first = await deposit(town, await freshStack(world, gold, 10));
    assert.equal(first.held, 10);
    assert.equal(first.treasury, TREASURY + 6);
    const second = await deposit(town, await freshStack(world, gold, 1));
    assert.equal(second.held, 11);
    assert.equal(second.treasury, TREASURY + 7);
    await assertBacked(town, 11);
  });

  test('of the same stack again is answered as before, and is no second deposit', async () => {
    const stack = await freshStack(world, gold, 9);
    await deposit(town, stack);
    const again = await deposit(town, stackOf(stack.coins.toReversed(), 'said otherwise'));
    assert.equal(again.held, 9);
    assert.equal(again.treasury, TREASURY + 6);
    await restart();
    assert.equal((await deposit(town, stack)).treasury, TREASURY + 6);
    await assertBacked(town, 9);
  });

  test('of coins that are another currency’s, forged, spent, or in it twice is refused', async () => {
    const good = await freshStack(world, gold, 3);
    const silver = await openIssuer(world, silverMade);
    const foreign = await freshStack(world, silver, 2);
    const other = await freshStack(world, gold, 3);
    const forged = stackOf([{ ...good.coins[0]!, signature: good.coins[1]!.signature }]);
    const spent = await freshStack(world, gold, 4);
    must(await (await somebody(world, goldMade)).receive(spent));
    const cases: readonly (readonly [CoinStack, string])[] = [
      [foreign, 'not possible'],
      [stackOf([...good.coins, ...foreign.coins]), 'not possible'],
      [forged, 'bad signature'],
      [spent, 'already spent'],
      [stackOf([...other.coins, ...spent.coins]), 'already spent'],
      [stackOf([good.coins[0]!, good.coins[0]!]), 'bad signature'],
    ];
    for (const [stack, name] of cases) assert.equal((await refusedDeposit(stack)).name, name);
    assert.equal(await treasury(), TREASURY);
    await deposit(town, good);
    const overlapping = stackOf([...good.coins, ...(await freshStack(world, gold, 1)).coins]);
    assert.equal((await refusedDeposit(overlapping)).name, 'already spent');
    assert.equal((await deposit(town, other)).held, 6);
    await silver.purse.close();
  });

  test('that would be worth more than the terms let it add is refused, and the reserve goes on', async () => {
    terms = await back(world, town, goldMade, Number.MAX_SAFE_INTEGER, 5);
    assert.equal((await refusedDeposit(await freshStack(world, gold, 6))).name, 'too large');
    assert.equal(await treasury(), TREASURY);
    terms = await back(world, town, goldMade, 2, 3, 10);
    const [stack, more] = [await freshStack(world, gold, 15), await freshStack(world, gold, 2)];
    assert.equal((await deposit(town, stack)).treasury, TREASURY + 10);
    assert.equal((await refusedDeposit(more)).name, 'too large');
    assert.equal((await deposit(town, stack)).treasury, TREASURY + 10, 'what counted is no new deposit');
    must(await (await somebody(world, goldMade)).receive(more));
  });

  for (const fault of ['before', 'after'] as const) {
    test(`whose renewal met silence ${fault} it arrived counts once when the issuer is back`, async () => {
      const stack = await freshStack(world, gold, 12);
      failing('request renew', fault);
      for (let times = 0; times < 3; times++) {
        const refusal = await refusedDeposit(stack);
        assert.equal(refusal.name, 'unreachable');
        assert.match(refusal.details, /are kept/);
        assert.equal(await treasury(), TREASURY);
      }
      await restart();
      await town.mint.tend();
      assert.equal(await treasury(), TREASURY);
      working();
      await town.mint.tend();
      assert.equal(await treasury(), TREASURY + 8);
      assert.equal((await deposit(town, stack)).treasury, TREASURY + 8);
      await assertBacked(town, 12);
    });
  }

  test('is taken up by the same deposit again', async () => {
    const stack = await freshStack(world, gold, 12);
    failing('request renew', 'after', 1);
    assert.equal((await refusedDeposit(stack)).name, 'unreachable');
    assert.equal((await deposit(town, stack)).held, 12);
    assert.equal((await deposit(town, stack)).held, 12);
  });

  test('is not held up by those before it once the issuer is back', async () => {
    failing('request renew', 'before');
    let kept = 0;
    for (; ; kept++) {
      const { name, details } = await refusedDeposit(await freshStack(world, gold, 1));
      assert.equal(name, 'unreachable');
      if (details.includes('nothing was taken')) break;
    }
    assert.ok(kept > 3);
    working();
    assert.equal((await deposit(town, await freshStack(world, gold, 2))).held, kept + 2);
    await assertBacked(town, kept + 2);
  });

  test('that was renewed and never written counts at the next start or minute, once', async () => {
    const stack = await freshStack(world, gold, 7);
    assert.equal(await town.purse.receive(terms, stack), undefined);
    assert.equal(await treasury(), TREASURY);
    await restart();
    await town.mint.tend();
    await town.mint.tend();
    assert.equal(await treasury(), TREASURY + 4);
    assert.equal((await deposit(town, stack)).treasury, TREASURY + 4);
  });

  test('whose journal entry failed counts when it is sent again', async () => {
    await town.purse.close();
    let failures = 0;
    const wrap = (books: MintStore): MintStore =>
      new Proxy(books, {
        get: (_, name: keyof MintStore) =>
          name === 'record'
            ? (step: JournalStep) =>
                step.entries.some(({ entry }) => entry.event.type === 'reserve held') && failures++ === 0
                  ? Promise.reject(new Error('planted'))
                  : books.record(step)
            : books[name].bind(books),
      });
    town = await openIssuer(world, townMade, { store: town.store, path: town.path, wrap });
    const stack = await freshStack(world, gold, 7);
    await assert.rejects(() => deposit(town, stack), /planted/);
    assert.equal(await treasury(), TREASURY);
    assert.equal((await deposit(town, stack)).treasury, TREASURY + 4);
  });

  test('survives a file that cannot be written at any one step', async () => {
    let writes = 0;
    let failAt = Number.POSITIVE_INFINITY;
    const vault = {
      ...townMade.vault,
      seal: (name: string, secret: Uint8Array) => {
        if (++writes === failAt) throw new Error('planted');
        return townMade.vault.seal(name, secret);
      },
    };
    const planted = (error: unknown) => {
      assert.match(String(error), /planted/);
      return error as Error;
    };
    await town.purse.close();
    town = await openIssuer(world, townMade, { store: town.store, path: town.path, vault });
    let held = 0;
    for (let step = 1; ; step++) {
      const stack = await freshStack(world, gold, 5);
      [writes, failAt] = [0, step];
      const answer = await town.mint.answer(depositRequest(stack)).catch(planted);
      await town.mint.tend().catch(planted);
      failAt = Number.POSITIVE_INFINITY;
      held += 5;
      assert.equal((await deposit(town, stack)).held, held, `after a failure at step ${step}`);
      await assertBacked(town, held);
      if (!(answer instanceof Error) && writes < step) {
        assert.ok(step > 5, 'nothing was written');
        break;
      }
    }
  });
});

describe('a release', () => {
  test('lowers the treasury and gives coins that anybody can take, the same as long as nobody has', async () => {
    await deposit(town, await freshStack(world, gold, 30));
    const order = releaseOrder(13);
    const first = await handedOut(order);
    assert.equal(await treasury(), TREASURY + 11);
    assert.equal(worthOf(first), 13);
    assert.deepEqual(await handedOut(order), first);
    await restart();
    failing('request coin status', 'before');
    assert.deepEqual(await handedOut(order), first);
    working();
    const payee = await somebody(world, goldMade);
    assert.equal(must(await payee.receive(first)).amount, 13);
    const late = await town.mint.answer(order);
    assert.ok(late instanceof Refusal);
    assert.equal(late.name, 'not possible');
    assert.match(late.details, /already paid out/);
    assert.equal(await treasury(), TREASURY + 11);
    assert.equal(await town.purse.held(terms), 17);
    await assertBacked(town, 17);
  });

  test('reaches nobody but its recipient, whoever sends the order and reads the answer', async () => {
    await deposit(town, await freshStack(world, gold, 30));
    const stranger = await makeAgeIdentity();
    const order = releaseOrder(13);
    for (let times = 0; times < 2; times++) {
      const answer = await ask(town, order, 'response operate');
      const { coins } = await opened(answer.sealed_stack);
      const [bytes, sealed] = [Buffer.from(encode(answer)), Buffer.from(answer.sealed_stack!, 'base64')];
      for (const { payload, signature } of coins)
        for (const secret of [payload.serial, signature])
          assert.ok(!bytes.includes(secret) && !sealed.includes(secret), 'a coin stands in the answer');
      const other = await openText(stranger.identity, answer.sealed_stack!);
      assert.ok(other instanceof Refusal);
      assert.equal(other.name, 'unauthorised');
    }
    const journal = JSON.stringify(await town.store.journal(0, 1_000));
    for (const { signature } of (await handedOut(order)).coins) assert.ok(!journal.includes(signature));
  });

  test('to a recipient that is none sets nothing aside', async () => {
    await deposit(town, await freshStack(world, gold, 30));
    const { head } = await town.store.counters();
    const wrong = `age1${'q'.repeat(58)}`;
    // The point of order one as a recipient: well written, and every secret with it is zero.
    const zero = 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z';
    for (const recipient of [wrong, zero]) {
      const refused = await town.mint.answer(ordered(world, town, releaseOf(13, recipient)));
      assert.ok(refused instanceof Refusal);
      assert.equal(refused.name, 'malformed');
    }
    assert.deepEqual((await town.store.counters()).head, head);
    assert.equal(await town.purse.held(terms), 30);
  });

  test('of more than is held is refused and changes nothing', async () => {
    await deposit(town, await freshStack(world, gold, 5));
    for (const refused of [
      await town.mint.answer(releaseOrder(6)),
      await town.purse.release(terms, 'abc', 6 as never, payeeKeys.recipient),
    ])
      assert.ok(refused instanceof Refusal);
    assert.equal(await treasury(), TREASURY + 3);
    assert.equal(await town.purse.held(terms), 5);
  });

  test('that crashed before the journal had it finds its coins again', async () => {
    await deposit(town, await freshStack(world, gold, 20));
    const aside = await opened(must(await town.purse.release(terms, 'fee', 6 as never, payeeKeys.recipient)));
    await assertBacked(town, 20);
    await restart();
    await town.mint.tend();
    assert.equal(await treasury(), TREASURY + 13, 'what was set aside and is not ordered away still backs');
    assert.deepEqual(await paidOut(6, 'fee'), aside);
    assert.equal(await treasury(), TREASURY + 9);
    assert.equal(await town.purse.held(terms), 14);
  });

  test('of coins against which everything was issued is refused until that comes back', async () => {
    await deposit(town, await freshStack(world, gold, 12));
    const issued = await freshStack(world, town, TREASURY + 8);
    const order = releaseOrder(6);
    for (let times = 0; times < 2; times++) {
      const refused = await town.mint.answer(order);
      assert.ok(refused instanceof Refusal);
      assert.equal(refused.name, 'treasury exhausted');
      await assertBacked(town, 12);
    }
    const coins = issued.coins.slice(0, 4);
    await ask(town, { coins, message_reference: 1, type: 'request redeem' }, 'response redeem');
    assert.equal(worthOf(await handedOut(order)), 6);
    assert.equal(await treasury(), 0);
    assert.equal(await town.purse.held(terms), 6);
    await assertBacked(town, 6);
  });

  test('that needs change waits for the other issuer', async () => {
    await deposit(town, await freshStack(world, gold, 32));
    await deposit(town, await freshStack(world, gold, 32));
    failing('request renew', 'after', 1);
    const order = releaseOrder(33);
    const refused = await town.mint.answer(order);
    assert.ok(refused instanceof Refusal || refused.type === 'response operate');
    working();
    assert.equal(worthOf(await handedOut(order)), 33);
    await town.mint.tend();
    assert.equal(await town.purse.held(terms), 31);
    await assertBacked(town, 31);
  });

  test('that is deposited again counts again, once', async () => {
    await deposit(town, await freshStack(world, gold, 12));
    const stack = await paidOut(6, 'b');
    assert.equal(await treasury(), TREASURY + 4);
    failing('request renew', 'after');
    assert.match((await refusedDeposit(stack)).details, /are kept/);
    const meanwhile = await town.mint.answer(releaseOrder(6, 'b'));
    assert.ok(meanwhile instanceof Refusal);
    working();
    for (let times = 0; times < 2; times++) assert.equal((await deposit(town, stack)).held, 12);
    assert.equal(await treasury(), TREASURY + 8);
    await assertBacked(town, 12);
  });

  test('is told apart by its serial from another of the same amount', async () => {
    await deposit(town, await freshStack(world, gold, 12));
    const [first, second] = [await paidOut(3, 'c'), await paidOut(3, 'd')];
    assert.notDeepEqual(first.coins, second.coins);
    const otherAmount = await town.purse.release(terms, 'c', 4 as never, payeeKeys.recipient);
    assert.ok(otherAmount instanceof Refusal);
    assert.equal(otherAmount.name, 'reference reused');
    const unheard = await town.purse.released(terms, 'e', payeeKeys.recipient);
    assert.ok(unheard instanceof Refusal);
    assert.deepEqual(
      (await opened(must(await town.purse.released(terms, 'c', payeeKeys.recipient)))).coins,
      first.coins,
    );
  });
});

describe('the purse', () => {
  test('has no file before there is a reserve', async () => {
    const plain = await openIssuer(world, silverMade);
    await plain.mint.tend();
    assert.deepEqual(
      readdirSync(world.folder).filter((name) => plain.path.endsWith(name)),
      [],
    );
    assert.ok(existsSync(town.path) || existsSync(`${town.path}.searching`));
    await plain.purse.close();
  });

  test('knows only the currency that the terms name, and never its own', async () => {
    const purse = await openPurse(world, townMade, `${world.folder}/other.sqlite`);
    const other = await openIssuer(world, otherGoldMade);
    assert.equal((await purse.know(terms))?.name, 'distrusted');
    world.reachable.set(goldMade.url, gold.mint);
    assert.equal(await purse.know(terms), undefined, 'the wrong one has left nothing behind');
    const own = await purse.know({ ...terms, cdd_location: townMade.url, issuer_id: townMade.issuerId });
    assert.equal(own?.name, 'not possible');
    const nobody = await purse.know({ ...terms, cdd_location: 'http://nobody.example/' });
    assert.equal(nobody?.name, 'unreachable');
    await purse.close();
    await other.purse.close();
  });

  test('opens for its own currency alone, and in one process alone', async () => {
    await deposit(town, await freshStack(world, gold, 3));
    const parts = { path: town.path, vault: townMade.vault, clock: () => world.now, carry: world.carry };
    const twice = await openReservePurse({ ...parts, issuerId: townMade.issuerId });
    assert.ok(twice instanceof Refusal);
    assert.equal(twice.name, 'busy');
    await town.purse.close();
    const other = await openReservePurse({ ...parts, issuerId: silverMade.issuerId });
    assert.ok(other instanceof Refusal);
    assert.equal(other.name, 'unauthorised');
  });

  test('asks an issuer that is silent only once, however much waits for it', async () => {
    const stacks = await Promise.all([1, 2, 3].map((value) => freshStack(world, gold, value)));
    failing('request renew', 'before');
    for (const stack of stacks) await refusedDeposit(stack);
    let asked = 0;
    world.fault = () => {
      asked++;
      return 'before';
    };
    await town.purse.held(terms);
    assert.equal(asked, 1);
    working();
    assert.equal(await town.purse.held(terms), 6);
  });

  test('renews its coins before they expire', async () => {
    await deposit(town, await freshStack(world, gold, 21));
    for (let day = START + 10 * DAY; day < START + 2 * COINS_LIVE; day += KEYS_SIGN / 2) {
      world.now = day;
      await gold.mint.tend();
      await town.mint.tend();
      assert.equal(await town.purse.held(terms), 21);
    }
    await paidOut(21);
    assert.equal(await treasury(), TREASURY);
  });
});

describe('a purse whose file is lost', () => {
  test('finds all its coins by the vault’s data key alone, and counts nothing before', async () => {
    await deposit(town, await freshStack(world, gold, 20));
    must(await (await somebody(world, goldMade)).receive(await paidOut(5)));
    const lostPath = town.path;
    await town.purse.close();
    forget(lostPath);
    town = await openIssuer(world, townMade, { store: town.store, path: lostPath });
    failing('request resume', 'before');
    await town.mint.tend();
    assert.equal(await town.purse.held(terms), 0);
    failing('request renew', 'after', 1);
    assert.equal(await town.purse.held(terms), 0);
    await restart();
    working();
    assert.equal(await town.purse.held(terms), 15);
    await town.mint.tend();
    await assertBacked(town, 15);
    assert.equal(await treasury(), TREASURY + 10);
    assert.deepEqual([existsSync(town.path), existsSync(`${town.path}.searching`)], [true, false]);
    assert.equal((await deposit(town, await freshStack(world, gold, 3))).held, 18);
  });

  test('takes back what was released and not yet taken, so that no coin counts that another has', async () => {
    await deposit(town, await freshStack(world, gold, 20));
    const stack = await paidOut(5, 'f');
    const lostPath = town.path;
    await town.purse.close();
    forget(lostPath);
    town = await openIssuer(world, townMade, { store: town.store, path: lostPath });
    await town.mint.tend();
    assert.equal(await town.purse.held(terms), 20);
    assert.equal(await treasury(), TREASURY + 13);
    const late = await (await somebody(world, goldMade)).receive(stack);
    assert.ok(late instanceof Refusal);
    assert.equal(late.name, 'already spent');
    const forgotten = await town.purse.released(terms, 'f', payeeKeys.recipient);
    assert.ok(forgotten instanceof Refusal, 'it was paid out twice');
    await assertBacked(town, 20);
  });

  test('is not fooled by an old copy of the file that is to be searched', async () => {
    await deposit(town, await freshStack(world, gold, 20));
    const old = crashedCopy(world, town);
    must(await (await somebody(world, goldMade)).receive(await paidOut(7)));
    await deposit(town, await freshStack(world, gold, 2));
    await town.purse.close();
    for (const ending of ['', '-wal'])
      if (existsSync(old + ending)) renameSync(old + ending, `${old}.searching${ending}`);
    town = await openIssuer(world, townMade, { store: town.store, path: old });
    assert.equal(await town.purse.held(terms), 15);
    await town.mint.tend();
    await assertBacked(town, 15);
  });
});
