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
import { Place, TestIssuer, bought, checkConserved, must } from './testing.test-helper.ts';
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

let count = 0;

async function people(issuer: TestIssuer): Promise<[Place, Place]> {
  count++;
  return [await Place.open(issuer, `alice ${count}`), await Place.open(issuer, `bob ${count}`)];
}

async function stackFrom(place: Place, value: number): Promise<CoinStack> {
  const sent = must(await place.wallet.send(place.issuer.id, amount(value), ''));
  await place.wallet.close();
  await place.reopen();
  return sent.stack;
}

const last = (wallet: Wallet) => wallet.history().at(-1);

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  async buy() {
    const issuer = new TestIssuer();
    const [place] = await people(issuer);
    must(await place.wallet.add(issuer.url));
    const work = (wallet: Wallet) => wallet.buy(issuer.id, amount(11), { payTest: true });
    const again = async (wallet: Wallet) => (last(wallet) === undefined ? work(wallet) : undefined);
    const end = () => assert.equal(place.available, 11);
    return { issuer, place, others: [], work, again, end };
  },

  async 'buy with a payment in between'() {
    const issuer = new TestIssuer();
    const [place] = await people(issuer);
    must(await place.wallet.add(issuer.url));
    const pay = () => [...issuer.orders.keys()].forEach((reference) => issuer.pay(reference));
    const work = async (wallet: Wallet) => {
      await wallet.buy(issuer.id, amount(11));
      pay();
      return wallet.resumeAll();
    };
    const again = async (wallet: Wallet) => {
      if (last(wallet) === undefined) await wallet.buy(issuer.id, amount(11));
      pay();
      return wallet.resumeAll();
    };
    const end = () => assert.equal(place.available, 11);
    return { issuer, place, others: [], work, again, end };
  },

  async send() {
    const issuer = new TestIssuer();
    const [place, bob] = await people(issuer);
    await bought(place, 21);
    must(await bob.wallet.add(issuer.url));
    const work = (wallet: Wallet) => wallet.send(issuer.id, amount(13), 'subject');
    const again = async (wallet: Wallet) => (last(wallet)?.kind === 'send' ? undefined : work(wallet));
    const end = async () => {
      assert.equal(place.available, 8);
      // The stack outlived the crash: it is in the history, and good.
      const stack = must(place.wallet.stackOf(last(place.wallet)!.number));
      must(await bob.wallet.receive(stack));
      assert.equal(bob.available, 13);
    };
    return { issuer, place, others: [bob], work, again, end };
  },

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

  async receive() {
    const issuer = new TestIssuer();
    const [alice, place] = await people(issuer);
    await bought(alice, 21);
    must(await place.wallet.add(issuer.url));
    const stack = await stackFrom(alice, 13);
    const work = (wallet: Wallet) => wallet.receive(stack);
    const again = async (wallet: Wallet) => {
      const twice = await wallet.receive(stack);
      if (twice instanceof Refusal) assert.match(twice.details, /has taken these coins before/);
    };
    const end = () => assert.equal(place.available, 13);
    return { issuer, place, others: [alice], work, again, end };
  },

  async takeback() {
    const issuer = new TestIssuer();
    const [place] = await people(issuer);
    await bought(place, 21);
    await stackFrom(place, 13);
    const { number } = last(place.wallet)!;
    const work = (wallet: Wallet) => wallet.takeback(number);
    const end = () => {
      assert.equal(place.available, 21);
      assert.equal(place.wallet.history().find((entry) => entry.number === number)?.state, 'taken back');
    };
    return { issuer, place, others: [], work, again: work, end };
  },

  async 'takeback of what was taken'() {
    const issuer = new TestIssuer();
    const [place, bob] = await people(issuer);
    await bought(place, 21);
    const stack = await stackFrom(place, 13);
    const { number } = last(place.wallet)!;
    must(await bob.wallet.add(issuer.url));
    must(await bob.wallet.receive(stack));
    const work = (wallet: Wallet) => wallet.takeback(number);
    const end = () => {
      assert.equal(place.available, 8);
      assert.equal(place.wallet.history().find((entry) => entry.number === number)?.state, 'taken');
    };
    return { issuer, place, others: [bob], work, again: work, end };
  },

  async redeem() {
    const issuer = new TestIssuer();
    const [place] = await people(issuer);
    await bought(place, 21);
    const work = (wallet: Wallet) => wallet.redeem(issuer.id, amount(13));
    const again = async (wallet: Wallet) => (last(wallet)?.kind === 'redeem' ? undefined : work(wallet));
    const end = () => {
      assert.equal(place.available, 8);
      assert.equal(issuer.float, 8);
    };
    return { issuer, place, others: [], work, again, end };
  },

  async restore() {
    const issuer = new TestIssuer();
    const [lost] = await people(issuer);
    await bought(lost, 21);
    must(await lost.wallet.redeem(issuer.id, amount(4)));
    await lost.wallet.close();
    await lost.reopen();
    must(await lost.wallet.buy(issuer.id, amount(9)));
    const place = await Place.open(issuer, `restored ${count}`);
    const work = (wallet: Wallet) => wallet.restore(lost.wallet.phrase(), [issuer.url]);
    const end = async () => {
      assert.equal(place.available, 17);
      for (const reference of issuer.orders.keys()) issuer.pay(reference);
      await place.wallet.resumeAll();
      assert.equal(place.available, 26);
    };
    return { issuer, place, others: [], work, again: work, isRestore: true, end };
  },
};

async function run(build: () => Promise<Scene>, fault: Fault | undefined): Promise<Place> {
  const scene = await build();
  const { issuer, place, others, work, again, end } = scene;
  place.plant(fault);
  await place.attempt(work);
  const calls = { ...place.calls };
  place.plant(undefined);
  await place.wallet.resumeAll();
  // What a restore has not found yet is at the mint; everything else is found by now.
  if (!scene.isRestore) await checkConserved(issuer, [place, ...others]);
  await again(place.wallet);
  await place.wallet.resumeAll();
  await checkConserved(issuer, [place, ...others]);
  await end();
  assert.equal(place.reserved, 0, 'no coin stays reserved');
  await checkConserved(issuer, [place, ...others]);
  Object.assign(place.calls, calls);
  return place;
}

for (const [name, build] of Object.entries(SCENES)) {
  describe(`${name}, cut short`, () => {
    it('loses nothing and doubles nothing, wherever', async () => {
      const { calls } = await run(build, undefined);
      assert.ok(calls.exchange > 0);
      for (const at of ['commit', 'exchange'] as const) {
        for (let call = 0; call < calls[at]; call++) {
          // The many unknown numbers after which a restore ends are all alike.
          if (call > 12 && call < calls[at] - 3 && call % 6 !== 0) continue;
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
