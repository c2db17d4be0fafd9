/** Payments that nobody asks the issuer about, and the rule that they stand on: no coin answers two payments. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { HOUR, MINUTE } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import { SUITES } from '../suites/index.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

const OFFLINE = { offline: true } as const;
const NOT_TODAY = refuse('not possible', 'not today');

function refusal(value: unknown): Refusal {
  assert.ok(value instanceof Refusal, 'this is refused');
  return value;
}

/** Nobody reaches the issuer any more, until `back`. */
function away(...places: readonly Place[]): () => void {
  for (const place of places) place.plant({ at: 'exchange', call: 0, when: 'before' });
  return () => {
    for (const place of places) place.plant(undefined);
  };
}

async function settled(place: Place): Promise<void> {
  await place.wallet.close();
  await place.reopen();
}

for (const { name } of SUITES.filter(({ offline }) => offline !== undefined)) {
  /** Alice with 3 in coins of 1 and 2, Bob and Carol who know the currency. */
  const people = async (value = 3): Promise<[TestIssuer, Place, Place, Place]> => {
    const issuer = await TestIssuer.of(name, { denominations: [1, 2] });
    const [alice, bob, carol] = [
      await Place.open(issuer, 'alice'),
      await Place.open(issuer, 'bob'),
      await Place.open(issuer, 'carol'),
    ];
    await bought(alice, value);
    for (const place of [bob, carol]) must(await place.wallet.add(issuer.url));
    return [issuer, alice, bob, carol];
  };
  const paid = async (issuer: TestIssuer, from: Place, to: Place, value: number): Promise<CoinStack> => {
    const payee = must(to.wallet.payee(issuer.id));
    const { stack } = must(await from.wallet.send(issuer.id, amount(value), 'bread', { payee }));
    issuer.witness(stack.coins);
    return stack;
  };

  describe(`an offline payment with ${name}`, () => {
    it('is made and accepted while the issuer is away, and is money once it is back', async () => {
      const [issuer, alice, bob] = await people();
      const back = away(alice, bob);
      const before = issuer.requests.length;
      const stack = await paid(issuer, alice, bob, 3);
      const entry = must(await bob.wallet.receive(stack, OFFLINE));
      assert.deepEqual(
        [entry.kind, entry.state, entry.amount, entry.subject],
        ['receive', 'pending', 3, 'bread'],
      );
      assert.equal(issuer.requests.length, before, 'nobody was asked');
      await bob.reopen();
      assert.equal((await bob.wallet.resumeAll())[0]?.entry.state, 'pending');
      back();
      issuer.now += 3 * HOUR;
      assert.equal((await bob.wallet.resumeAll())[0]?.entry.state, 'done');
      assert.deepEqual([bob.available, alice.available], [3, 0]);
      await checkConserved(issuer, [alice, bob]);
      assert.deepEqual(issuer.exposed, []);
    });

    it('is accepted once, however often it is shown', async () => {
      const [issuer, alice, bob] = await people();
      const stack = await paid(issuer, alice, bob, 3);
      must(await bob.wallet.receive(stack, OFFLINE));
      assert.match(refusal(await bob.wallet.receive(stack, OFFLINE)).details, /accepted this payment before/);
      const part = { ...stack, coins: stack.coins.slice(0, 1) };
      assert.equal(refusal(await bob.wallet.receive(part, OFFLINE)).name, 'already spent');
      await bob.wallet.resumeAll();
      assert.equal(refusal(await bob.wallet.receive(stack, OFFLINE)).name, 'already spent');
      assert.equal(bob.wallet.history().length, 1);
    });

    it('is accepted by its payee alone, now, for its sum, and as it was handed', async () => {
      const [issuer, alice, bob, carol] = await people(4);
      const coins = await alice.coins();
      const stack = await paid(issuer, alice, bob, 3);
      assert.match(refusal(await carol.wallet.receive(stack, OFFLINE)).details, /not handed to this wallet/);
      const [first, ...rest] = stack.coins;
      assert.ok(rest.length > 0);
      assert.equal(refusal(await bob.wallet.receive({ ...stack, coins: rest }, OFFLINE)).name, 'unbalanced');
      const held = coins.find(({ payload }) => coinId(payload) === coinId(first!.payload))!;
      const mixed = { ...stack, coins: [held, ...rest] };
      assert.equal(refusal(await bob.wallet.receive(mixed, OFFLINE)).name, 'bad signature');
      const { payload, signature } = first!;
      const changed = {
        payload,
        signature: `${signature.slice(0, -1)}${signature.endsWith('0') ? '1' : '0'}`,
        type: 'coin' as const,
      };
      const wrong = { ...stack, coins: [changed, ...rest] };
      assert.equal(refusal(await bob.wallet.receive(wrong, OFFLINE)).name, 'bad signature');
      const open = must(await alice.wallet.send(issuer.id, amount(1), '')).stack;
      assert.match(refusal(await bob.wallet.receive(open, OFFLINE)).details, /not handed to this wallet/);
      for (const late of [HOUR + MINUTE, -HOUR - MINUTE]) {
        issuer.now += late;
        assert.equal(refusal(await bob.wallet.receive(stack, OFFLINE)).name, 'expired');
        issuer.now -= late;
      }
      assert.deepEqual(bob.wallet.history(), [], 'nothing of it was kept');
      issuer.now += HOUR;
      must(await bob.wallet.receive(stack, OFFLINE));
    });

    it('belongs to its payee: nobody else brings it, and who paid cannot take it back', async () => {
      const [issuer, alice, bob, carol] = await people();
      const stack = await paid(issuer, alice, bob, 3);
      await settled(alice);
      const { number } = alice.wallet.history().at(-1)!;
      const only = /only the payee can bring them/;
      assert.match(refusal(await alice.wallet.takeback(number)).details, only);
      assert.match(refusal(await alice.wallet.receive(stack)).details, only);
      assert.match(refusal(await carol.wallet.receive(stack)).details, only);
      assert.equal(must(await bob.wallet.receive(stack)).state, 'done');
      assert.deepEqual([alice.available, bob.available, carol.available], [0, 3, 0]);
    });

    it('says so when it was made twice, and tells the issuer by whom', async () => {
      const [issuer, alice, bob, carol] = await people();
      const twin = await Place.open(issuer, 'twin');
      must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
      must(await twin.wallet.clearDoubt(issuer.id));
      const [one, other] = [await paid(issuer, alice, bob, 3), await paid(issuer, twin, carol, 3)];
      must(await bob.wallet.receive(one, OFFLINE));
      must(await carol.wallet.receive(other, OFFLINE));
      await bob.wallet.resumeAll();
      const [late] = await carol.wallet.resumeAll();
      assert.deepEqual([bob.available, carol.available, late?.entry.state], [3, 0, 'refused']);
      assert.match(late?.entry.reason ?? '', /^This money was paid twice/);
      assert.ok(issuer.exposed.includes(must(alice.wallet.payee(issuer.id))));
      assert.equal(refusal(await carol.wallet.receive(other, OFFLINE)).name, 'already spent');
    });

    it('brings what was not paid twice', async () => {
      const [issuer, alice, bob, carol] = await people();
      const twin = await Place.open(issuer, 'twin');
      must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
      must(await twin.wallet.clearDoubt(issuer.id));
      // Of her own she tidies nothing meanwhile.
      away(alice);
      const one = await paid(issuer, alice, bob, 1);
      const spent = await paid(issuer, twin, carol, 3);
      must(await bob.wallet.receive(one));
      must(await carol.wallet.receive(spent, OFFLINE));
      await carol.wallet.resumeAll();
      assert.deepEqual([carol.available, carol.wallet.history()[0]?.amount], [2, 2]);
    });

    it('is not given up for anything that is no fault of its coins', async () => {
      const [issuer, alice, bob] = await people();
      must(await bob.wallet.receive(await paid(issuer, alice, bob, 3), OFFLINE));
      for (const type of ['request registration', 'request commitments', 'request renew'] as const) {
        issuer.deny = (request) => (request.type === type ? NOT_TODAY : undefined);
        const [met] = await bob.wallet.resumeAll();
        assert.deepEqual([met?.entry.state, met?.refusal?.name], ['pending', 'not possible'], type);
      }
      issuer.deny = () => undefined;
      await bob.wallet.resumeAll();
      assert.equal(bob.available, 3);
    });

    it('refuses a payee that is none, and keeps its coins', async () => {
      const [issuer, alice] = await people();
      for (const payee of ['x', '1', 'f'.repeat(66), 'a'.repeat(5_000)])
        refusal(await alice.wallet.send(issuer.id, amount(1), '', { payee }));
      assert.equal(alice.available, 3);
      assert.ok(alice.wallet.history().every(({ kind }) => kind !== 'send'));
    });

    it('may wait in any number', async () => {
      const [issuer, alice, bob] = await people(2);
      const back = away(bob);
      for (const _ of [1, 2]) must(await bob.wallet.receive(await paid(issuer, alice, bob, 1), OFFLINE));
      assert.deepEqual((await bob.store.load())?.counters, [], 'no number is taken before one is needed');
      back();
      await bob.wallet.resumeAll();
      assert.equal(bob.available, 2);
    });
  });

  describe(`a coin of ${name}`, () => {
    it('that the mint refused, and that is available again, never answers a second payment', async () => {
      const [issuer, alice, bob] = await people();
      issuer.deny = ({ type }) =>
        type === 'request redeem' || type === 'request renew' ? NOT_TODAY : undefined;
      for (const value of [3, 2]) {
        issuer.now += MINUTE;
        refusal(await alice.wallet.redeem(issuer.id, amount(value)));
        await alice.reopen();
        assert.deepEqual([alice.available, alice.reserved], [3, 0]);
      }
      assert.ok(issuer.answers.size > 0, 'the mint has seen them');
      const payee = must(bob.wallet.payee(issuer.id));
      issuer.now += MINUTE;
      const said = refusal(await alice.wallet.send(issuer.id, amount(3), '', { payee }));
      assert.equal(said.name, 'not possible', 'they are to be renewed first');
      // They go on as they are to whoever has them.
      issuer.now += MINUTE;
      const open = must(await alice.wallet.send(issuer.id, amount(1), ''));
      issuer.witness(open.stack.coins);
      await settled(alice);
      issuer.deny = () => undefined;
      issuer.now += MINUTE;
      // To a payee they go as other coins.
      must(await bob.wallet.receive(await paid(issuer, alice, bob, 2), OFFLINE));
      await bob.wallet.resumeAll();
      must(await bob.wallet.receive(open.stack));
      assert.equal(bob.available, 3);
      assert.deepEqual(issuer.exposed, []);
      await checkConserved(issuer, [alice, bob]);
    });

    it('that the mint would not renew answers no second payment either', async () => {
      const [issuer, alice, bob] = await people();
      issuer.deny = ({ type }) => (type === 'request renew' ? NOT_TODAY : undefined);
      const open = must(await alice.wallet.send(issuer.id, amount(1), ''));
      await settled(alice);
      assert.ok(issuer.answers.size > 0, 'it would have changed the coin that is left');
      issuer.deny = () => undefined;
      issuer.now += MINUTE;
      must(await alice.wallet.redeem(issuer.id, amount(2)));
      must(await bob.wallet.receive(open.stack));
      assert.deepEqual(issuer.exposed, []);
      await checkConserved(issuer, [alice, bob]);
    });

    it('has its handed form in the store before anybody sees it', async () => {
      const [issuer, alice] = await people();
      const kept: string[] = [];
      issuer.deny = ({ type }) => {
        if (type !== 'request redeem') return undefined;
        void alice.store.load().then((state) => {
          kept.push(...(state?.coins ?? []).map(({ coin }) => coin.signature));
        });
        return refuse('busy', 'later');
      };
      refusal(await alice.wallet.redeem(issuer.id, amount(3)));
      await alice.reopen();
      const redeem = issuer.requests.find((request) => request.type === 'request redeem');
      const shown = redeem?.coins.map(({ signature }) => signature) ?? [];
      assert.ok(shown.length > 0);
      assert.deepEqual(kept.toSorted(), shown.toSorted(), 'held forms are gone for ever');
    });
  });
}

describe('coins that prove nothing offline', () => {
  it('are neither handed to a payee nor accepted offline', async () => {
    const issuer = new TestIssuer();
    const [alice, bob] = [await Place.open(issuer, 'alice'), await Place.open(issuer, 'bob')];
    await bought(alice, 5);
    must(await bob.wallet.add(issuer.url));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(2), ''));
    assert.match(refusal(await bob.wallet.receive(stack, OFFLINE)).details, /prove nothing offline/);
    const to = await alice.wallet.send(issuer.id, amount(2), '', { payee: '2'.repeat(66) });
    assert.equal(refusal(to).name, 'not possible');
    assert.deepEqual(bob.wallet.history(), []);
    must(await bob.wallet.receive(stack));
  });
});
