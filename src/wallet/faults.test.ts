/**
 * The table of faults: for each operation, every call of the store and every exchange with the issuer fails once,
 * before it took effect and after. The wallet is opened again and takes up what it finds: no coin is lost, none is
 * there twice.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { SUITES } from '../suites/index.ts';
import { ONE_FORM } from '../suites/suite.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';
import type { Fault } from './testing.test-helper.ts';
import type { Wallet } from './wallet.ts';

/** The places of a scenario, what is done at the place under test, and what must be true in the end. */
interface Scene {
  readonly issuer: TestIssuer;
  /** Where the faults are planted. */
  readonly place: Place;
  readonly others: readonly Place[];
  readonly work: (wallet: Wallet) => Promise<unknown>;
  /** What a person does who was cut short: looks, and where it was not done does it again. */
  readonly again: (wallet: Wallet) => Promise<unknown>;
  readonly isRestore?: true;
  readonly end: () => Promise<void> | void;
}

async function people(issuer: TestIssuer): Promise<[Place, Place]> {
  return [await Place.open(issuer, 'alice'), await Place.open(issuer, 'bob')];
}

async function stackFrom(place: Place, value: number): Promise<CoinStack> {
  const sent = must(await place.wallet.send(place.issuer.id, amount(value), ''));
  await place.wallet.close();
  await place.reopen();
  return sent.stack;
}

const last = (wallet: Wallet) => wallet.history().at(-1);

/** An issuer to play a scene with: what a purse has in it, and how much of that is paid. */
interface Stage {
  readonly issuer: TestIssuer;
  readonly all: number;
  readonly some: number;
}

type Build = (stage: Stage) => Promise<Scene>;

/** Scenes that every suite plays. */
const SCENES: Readonly<Record<string, Build>> = {
  async buy({ issuer, some }) {
    const [place] = await people(issuer);
    must(await place.wallet.add(issuer.url));
    const work = (wallet: Wallet) => wallet.buy(issuer.id, amount(some), { payTest: true });
    const again = async (wallet: Wallet) => (last(wallet) === undefined ? work(wallet) : undefined);
    const end = () => assert.equal(place.available, some);
    return { issuer, place, others: [], work, again, end };
  },

  async 'buy with a payment in between'({ issuer, some }) {
    const [place] = await people(issuer);
    must(await place.wallet.add(issuer.url));
    const pay = () => [...issuer.orders.keys()].forEach((reference) => issuer.pay(reference));
    const work = async (wallet: Wallet) => {
      await wallet.buy(issuer.id, amount(some));
      pay();
      return wallet.resumeAll();
    };
    const again = async (wallet: Wallet) => {
      if (last(wallet) === undefined) await wallet.buy(issuer.id, amount(some));
      pay();
      return wallet.resumeAll();
    };
    const end = () => assert.equal(place.available, some);
    return { issuer, place, others: [], work, again, end };
  },

  async send({ issuer, all, some }) {
    const [place, bob] = await people(issuer);
    await bought(place, all);
    must(await bob.wallet.add(issuer.url));
    const work = (wallet: Wallet) => wallet.send(issuer.id, amount(some), 'subject');
    const again = async (wallet: Wallet) => (last(wallet)?.kind === 'send' ? undefined : work(wallet));
    const end = async () => {
      assert.equal(place.available, all - some);
      // The stack outlived the crash: it is in the history, and good.
      const stack = must(place.wallet.stackOf(last(place.wallet)!.number));
      must(await bob.wallet.receive(stack));
      assert.equal(bob.available, some);
    };
    return { issuer, place, others: [bob], work, again, end };
  },

  async receive({ issuer, all, some }) {
    const [alice, place] = await people(issuer);
    await bought(alice, all);
    must(await place.wallet.add(issuer.url));
    const stack = await stackFrom(alice, some);
    const work = (wallet: Wallet) => wallet.receive(stack);
    const again = async (wallet: Wallet) => {
      const twice = await wallet.receive(stack);
      if (twice instanceof Refusal) assert.match(twice.details, /has taken these coins before/);
    };
    const end = () => assert.equal(place.available, some);
    return { issuer, place, others: [alice], work, again, end };
  },

  async takeback({ issuer, all, some }) {
    const [place] = await people(issuer);
    await bought(place, all);
    await stackFrom(place, some);
    const { number } = last(place.wallet)!;
    const work = (wallet: Wallet) => wallet.takeback(number);
    const end = () => {
      assert.equal(place.available, all);
      assert.equal(place.wallet.history().find((entry) => entry.number === number)?.state, 'taken back');
    };
    return { issuer, place, others: [], work, again: work, end };
  },

  async 'takeback of what was taken'({ issuer, all, some }) {
    const [place, bob] = await people(issuer);
    await bought(place, all);
    const stack = await stackFrom(place, some);
    const { number } = last(place.wallet)!;
    must(await bob.wallet.add(issuer.url));
    must(await bob.wallet.receive(stack));
    const work = (wallet: Wallet) => wallet.takeback(number);
    const end = () => {
      assert.equal(place.available, all - some);
      assert.equal(place.wallet.history().find((entry) => entry.number === number)?.state, 'taken');
    };
    return { issuer, place, others: [bob], work, again: work, end };
  },

  async redeem({ issuer, all, some }) {
    const [place] = await people(issuer);
    await bought(place, all);
    const work = (wallet: Wallet) => wallet.redeem(issuer.id, amount(some));
    const again = async (wallet: Wallet) => (last(wallet)?.kind === 'redeem' ? undefined : work(wallet));
    const end = () => {
      assert.equal(place.available, all - some);
      assert.equal(issuer.float, all - some);
    };
    return { issuer, place, others: [], work, again, end };
  },
};

/** Scenes that turn on coins of many denominations, or on many questions: one suite shows it. */
const LONG_SCENES: Readonly<Record<string, Build>> = {
  async 'send with change to be made'() {
    const issuer = new TestIssuer({ denominations: [1, 8] });
    const [place] = await people(issuer);
    await bought(place, 16);
    // Killed before the purse was tidied: a coin of 1 and one of 8 are left, and 5 cannot be paid.
    place.plant({ at: 'commit', call: 1, when: 'before' });
    await place.attempt((wallet) => wallet.send(issuer.id, amount(7), ''));
    assert.deepEqual((await place.coins()).map(({ payload }) => payload.denomination).sort(), [1, 8]);
    const work = (wallet: Wallet) => wallet.send(issuer.id, amount(5), '');
    const again = async (wallet: Wallet) => (last(wallet)?.amount === 5 ? undefined : work(wallet));
    const end = () => assert.equal(place.available, 4);
    return { issuer, place, others: [], work, again, end };
  },

  async restore({ issuer }) {
    const [lost] = await people(issuer);
    await bought(lost, 7);
    must(await lost.wallet.redeem(issuer.id, amount(2)));
    await lost.wallet.close();
    await lost.reopen();
    must(await lost.wallet.buy(issuer.id, amount(3)));
    const place = await Place.open(issuer, 'restored');
    const work = (wallet: Wallet) => wallet.restore(lost.wallet.phrase(), [issuer.url]);
    const end = async () => {
      assert.equal(place.available, 5);
      for (const reference of issuer.orders.keys()) issuer.pay(reference);
      await place.wallet.resumeAll();
      assert.equal(place.available, 8);
    };
    return { issuer, place, others: [], work, again: work, isRestore: true, end };
  },
};

/** Scenes of suites whose coins can be accepted offline. */
const OFFLINE_SCENES: Readonly<Record<string, Build>> = {
  async 'pay a payee'({ issuer, all, some }) {
    const [place, bob] = await people(issuer);
    await bought(place, all);
    must(await bob.wallet.add(issuer.url));
    const payee = must(bob.wallet.payee(issuer.id));
    const work = (wallet: Wallet) => wallet.send(issuer.id, amount(some), '', { payee });
    const again = async (wallet: Wallet) => (last(wallet)?.kind === 'send' ? undefined : work(wallet));
    const end = async () => {
      const stack = must(place.wallet.stackOf(last(place.wallet)!.number));
      must(await bob.wallet.receive(stack, { offline: true }));
      await bob.wallet.resumeAll();
      assert.deepEqual([place.available, bob.available], [all - some, some]);
    };
    return { issuer, place, others: [bob], work, again, end };
  },

  async 'receive offline, and renew'({ issuer, all, some }) {
    const [alice, place] = await people(issuer);
    await bought(alice, all);
    must(await place.wallet.add(issuer.url));
    const payee = must(place.wallet.payee(issuer.id));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(some), '', { payee }));
    await alice.wallet.close();
    await alice.reopen();
    const work = async (wallet: Wallet) => {
      must(await wallet.receive(stack, { offline: true }));
      return wallet.resumeAll();
    };
    const again = async (wallet: Wallet) => {
      const twice = await wallet.receive(stack, { offline: true });
      if (twice instanceof Refusal) assert.equal(twice.name, 'already spent');
    };
    const end = () => assert.equal(place.available, some);
    return { issuer, place, others: [alice], work, again, end };
  },

  async 'clear the doubt about what came back'({ issuer, all }) {
    const [lost, place] = await people(issuer);
    await bought(lost, all);
    must(await place.wallet.restore(lost.wallet.phrase(), [issuer.url]));
    assert.equal(place.available, 0);
    const work = (wallet: Wallet) => wallet.clearDoubt(issuer.id);
    const end = () => assert.equal(place.available, all);
    return { issuer, place, others: [], work, again: work, end };
  },
};

async function run(build: () => Promise<Scene>, fault: Fault | undefined): Promise<Place> {
  const scene = await build();
  const { issuer, place, others, work, again, end } = scene;
  place.plant(fault);
  await place.attempt(work);
  const calls = { ...place.calls };
  place.plant(undefined);
  // Whatever is asked for once more is asked for at another time.
  issuer.now += 1_000;
  await place.wallet.resumeAll();
  // What a restore has not found yet is at the mint; everything else is found by now.
  if (!scene.isRestore) await checkConserved(issuer, [place, ...others]);
  await again(place.wallet);
  await place.wallet.resumeAll();
  await checkConserved(issuer, [place, ...others]);
  await end();
  assert.equal(place.reserved, 0, 'no coin stays reserved');
  await checkConserved(issuer, [place, ...others]);
  assert.deepEqual(issuer.exposed, [], 'no coin answers twice');
  Object.assign(place.calls, calls);
  return place;
}

/** Every call of a scene fails once, before it took effect and after. */
function table(name: string, build: () => Promise<Scene>): void {
  describe(`${name}, cut short`, () => {
    it('loses nothing and doubles nothing, wherever', async () => {
      const { calls } = await run(build, undefined);
      assert.ok(calls.commit + calls.exchange > 0);
      for (const at of ['commit', 'exchange'] as const) {
        for (let call = 0; call < calls[at]; call++) {
          // The many unknown numbers after which a restore ends are all alike.
          if (call > 9 && call < calls[at] - 3 && call % 12 !== 0) continue;
          for (const when of ['before', 'after'] as const) {
            await run(build, { at, call, when }).catch((error: unknown) => {
              throw new Error(`${at} ${call}, ${when}`, { cause: error });
            });
          }
        }
      }
    });
  });
}

for (const [name, build] of Object.entries({ ...SCENES, ...LONG_SCENES }))
  table(name, async () => build({ issuer: new TestIssuer({ denominations: [1, 2, 4] }), all: 7, some: 5 }));

/** What the other suites play, with as few coins as it takes: what their coins' forms and rounds can change. */
const ELSEWHERE = {
  forms: ['receive', 'redeem'],
  rounds: ['buy', 'redeem'],
  plain: ['receive'],
} as const;

for (const suite of SUITES.slice(1)) {
  const { accounts, offline } = suite;
  const hasForms = Object.entries(ONE_FORM).some(([name, own]) => suite[name as 'show'] !== own);
  const names = ELSEWHERE[accounts !== undefined ? 'rounds' : hasForms ? 'forms' : 'plain'];
  const scenes = names.map((name) => [name, SCENES[name]!] as const);
  const offlineScenes = offline === undefined ? [] : Object.entries(OFFLINE_SCENES);
  for (const [name, build] of [...scenes, ...offlineScenes]) {
    table(`${suite.name}: ${name}`, async () => {
      const issuer = await TestIssuer.of(suite.name, { denominations: [1] });
      return build({ issuer, all: 1, some: 1 });
    });
  }
}
