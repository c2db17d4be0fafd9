/** Suites of two rounds: who is registered, what is kept between the rounds, and what happens when one is lost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalAnswer } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import { openMemoryWalletStore } from '../stores/wallet/memory.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { SUITES } from '../suites/index.ts';
import { makeStatementKey } from './issuer-keys.test-helper.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must, seeded } from './testing.test-helper.ts';
import type { Tamper } from './issuer.test-helper.ts';
import { openWallet } from './wallet.ts';

const TWO_ROUNDS = SUITES.filter(({ accounts }) => accounts !== undefined);

type OfType<Type extends Request['type']> = Extract<Request, { type: Type }>;

function asked<Type extends Request['type']>(issuer: TestIssuer, type: Type): readonly OfType<Type>[] {
  return issuer.requests.filter((request): request is OfType<Type> => request.type === type);
}

function refusal(value: unknown): Refusal {
  assert.ok(value instanceof Refusal, 'this is refused');
  return value;
}

/** Does something to the answers to one kind of request, the first so many times. */
function tampering(type: Request['type'], times: number, change: (answer: Response) => Response): Tamper {
  let left = times;
  return (answer, request) => (request.type === type && left-- > 0 ? change(answer) : undefined);
}

for (const { name, accounts } of TWO_ROUNDS) {
  const newIssuer = () => TestIssuer.of(name, { denominations: [1, 2, 4] });
  const known = async (issuer: TestIssuer, seed = 'alice') => {
    const place = await Place.open(issuer, seed);
    must(await place.wallet.add(issuer.url));
    return place;
  };

  describe(`an identity with ${name}`, () => {
    it('is registered once, before anything is paid, and stays after a crash and a refresh', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      await bought(alice, 1);
      const order = issuer.requests.findIndex(({ type }) => type === 'request order');
      const registered = issuer.requests.findIndex(({ type }) => type === 'request registration');
      assert.ok(registered >= 0 && registered < order);
      await alice.reopen();
      must(await alice.wallet.add(issuer.url));
      await bought(alice, 1);
      assert.equal(asked(issuer, 'request registration').length, 1);
    });

    it('is another in each currency, and the same from the same phrase', async () => {
      const first = await newIssuer();
      const second = await TestIssuer.of(name, {
        denominations: [1],
        location: 'http://other.test/',
        firstKey: 5,
      });
      const [alice, other] = [await known(first), await Place.open(second, 'other')];
      const identity = must(alice.wallet.payee(first.id));
      must(await other.wallet.restore(alice.wallet.phrase(), [second.url]));
      assert.notEqual(must(other.wallet.payee(second.id)), identity);
      const again = await Place.open(first, 'again');
      must(await again.wallet.restore(alice.wallet.phrase(), [first.url]));
      assert.equal(must(again.wallet.payee(first.id)), identity);
      assert.notEqual(must((await known(first, 'bob')).wallet.payee(first.id)), identity);
    });

    it('is not taken from a bank that registers another, or under a signature that is none', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      const wrong = (change: { identity?: string; signature?: string }) =>
        tampering('request registration', 1, (answer) => {
          assert.ok(answer.type === 'response registration');
          const { signed_registration: signed } = answer;
          const { identity = signed.registration.identity, signature = signed.signature } = change;
          return {
            ...answer,
            signed_registration: { ...signed, registration: { ...signed.registration, identity }, signature },
          };
        });
      for (const change of [{ identity: '2'.repeat(66) }, { signature: '0'.repeat(128) }]) {
        issuer.tamper = wrong(change);
        assert.equal(refusal(await alice.wallet.buy(issuer.id, amount(1))).name, 'unreachable');
      }
      assert.equal(asked(issuer, 'request order').length, 0);
      await alice.wallet.resumeAll();
      assert.equal(asked(issuer, 'request order').length, 2, 'both purchases go on');
    });

    it('is registered anew when its cashier is none any more, and nothing goes round in circles', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      await bought(alice, 1);
      issuer.cashier = makeStatementKey();
      await bought(alice, 1);
      assert.equal(asked(issuer, 'request registration').length, 2);
      await bought(alice, 1);
      assert.equal(asked(issuer, 'request registration').length, 2);
      // A bank whose cashier the mint never takes is asked once more, and that is all.
      issuer.tamper = (_, request) =>
        request.type === 'request commitments'
          ? refusalAnswer(request.message_reference, refuse('unauthorised', 'no cashier'))
          : undefined;
      assert.equal(
        refusal(await alice.wallet.buy(issuer.id, amount(1), { payTest: true })).name,
        'unauthorised',
      );
      assert.equal(asked(issuer, 'request registration').length, 3);
      await checkConserved(issuer, [alice]);
    });

    it('is refused by a bank for good before anybody pays', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      issuer.tamper = (_, request) =>
        request.type === 'request registration'
          ? refusalAnswer(request.message_reference, refuse('not possible', 'identity: another has it'))
          : undefined;
      assert.equal(refusal(await alice.wallet.buy(issuer.id, amount(1))).name, 'not possible');
      assert.equal(asked(issuer, 'request order').length, 0);
      assert.equal(alice.wallet.history()[0]?.state, 'refused');
    });
  });

  describe(`a withdrawal with ${name}`, () => {
    it('is sent once more letter by letter when its answer was lost', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      const [bob] = [await known(issuer, 'bob')];
      await bought(alice, 3);
      const { stack } = must(await alice.wallet.send(issuer.id, amount(3), ''));
      issuer.tamper = tampering('request renew', 1, (answer) => ({ ...answer, message_reference: 0 }));
      refusal(await bob.wallet.receive(stack));
      const rounds = asked(issuer, 'request commitments').length;
      issuer.now += 60_000;
      await bob.reopen();
      await bob.wallet.resumeAll();
      assert.equal(bob.available, 3);
      assert.equal(asked(issuer, 'request commitments').length, rounds, 'no other first round');
      const [first, second] = asked(issuer, 'request renew').slice(-2);
      assert.deepEqual({ ...first, message_reference: 0 }, { ...second, message_reference: 0 });
    });

    it('goes on at once where it was cut short in or after its first round, and keeps nobody waiting', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      await bought(alice, 1);
      for (const fault of [
        // The answer is lost; what it says is not kept; it is kept, and the blinds are never sent.
        { at: 'exchange', call: 2, when: 'after' },
        { at: 'commit', call: 3, when: 'before' },
        { at: 'commit', call: 3, when: 'after' },
      ] as const) {
        const before = asked(issuer, 'request mint').length;
        alice.plant(fault);
        await alice.attempt((wallet) => wallet.buy(issuer.id, amount(1), { payTest: true }));
        alice.plant(undefined);
        assert.equal(issuer.requests.at(-1)?.type, 'request commitments');
        await alice.reopen();
        assert.deepEqual(
          (await alice.wallet.resumeAll()).map(({ entry }) => entry.state),
          ['done'],
        );
        assert.equal(asked(issuer, 'request mint').length, before + 1, 'there was no other attempt');
      }
      assert.equal(alice.available, 4);
      await checkConserved(issuer, [alice]);
    });

    it('begins afresh, under other nonces, when the mint knows nothing of it any more', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      const nonces = () =>
        asked(issuer, 'request mint').map(({ blinds }) =>
          blinds.map((blind) => accounts?.nonceOf(blind.blinded_payload_hash)),
        );
      await bought(alice, 1);
      // The blinds never arrive, and the first round is soon over.
      const calls = issuer.requests.length;
      alice.plant({ at: 'exchange', call: 3, when: 'before' });
      refusal(await alice.wallet.buy(issuer.id, amount(2), { payTest: true }));
      assert.equal(issuer.requests.at(-1)?.type, 'request commitments');
      assert.ok(issuer.requests.length > calls);
      alice.plant(undefined);
      issuer.now += 60_000;
      await alice.reopen();
      await alice.wallet.resumeAll();
      assert.equal(alice.available, 3);
      const [, late = [], fresh = []] = nonces();
      assert.equal(late.length, fresh.length);
      assert.ok(late.every((nonce) => nonce !== undefined && !fresh.includes(nonce)));
      await checkConserved(issuer, [alice]);
    });

    it('is found when it was under way while the mint said that it was over', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      const bob = await known(issuer, 'bob');
      await bought(alice, 2);
      const { stack } = must(await alice.wallet.send(issuer.id, amount(2), ''));
      let isUnderWay = true;
      issuer.tamper = (_, request) => {
        if (!isUnderWay || (request.type !== 'request renew' && request.type !== 'request resume'))
          return undefined;
        const said = request.type === 'request renew' ? 'first round over' : 'unknown';
        isUnderWay = request.type === 'request renew';
        return refusalAnswer(request.message_reference, refuse(said, ''));
      };
      assert.equal(must(await bob.wallet.receive(stack)).state, 'done');
      assert.equal(bob.available, 2);
      await checkConserved(issuer, [alice, bob]);
    });

    it('waits where another of the account is open', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      issuer.tamper = tampering('request commitments', Infinity, (answer) => ({
        ...answer,
        message_reference: 0,
      }));
      refusal(await alice.wallet.buy(issuer.id, amount(2), { payTest: true }));
      issuer.tamper = () => undefined;
      const twin = await Place.open(issuer, 'twin');
      must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
      const busy = refusal(await twin.wallet.buy(issuer.id, amount(3), { payTest: true }));
      assert.deepEqual([busy.name, twin.wallet.history().at(-1)?.state], ['busy', 'pending']);
      issuer.now += 60_000;
      await twin.wallet.resumeAll();
      assert.equal(twin.available, 5, 'both purchases of the one phrase');
    });

    it('takes no commitments that are none, and goes on once the mint has some', async () => {
      const issuer = await newIssuer();
      const alice = await known(issuer);
      await bought(alice, 1);
      const [mint] = asked(issuer, 'request mint');
      const blind = mint!.blinds[0]!.blinded_payload_hash;
      const bad: readonly ((texts: readonly string[]) => string[])[] = [
        (texts) => texts.slice(1),
        (texts) => [...texts, texts[0]!],
        ([first, , ...rest]) => [first!, first!, ...rest],
        ([, ...rest]) => ['1', ...rest],
        ([, ...rest]) => [blind, ...rest],
        ([first, ...rest]) => [`${first!.slice(0, -64)}${'f'.repeat(64)}`, ...rest],
      ];
      for (const change of bad) {
        issuer.tamper = tampering('request commitments', 1, (answer) => {
          assert.ok(answer.type === 'response commitments');
          return { ...answer, commitments: change(answer.commitments) };
        });
        const said = refusal(await alice.wallet.buy(issuer.id, amount(3), { payTest: true }));
        assert.equal(said.name, 'unreachable');
        issuer.now += 60_000;
        await alice.wallet.resumeAll();
      }
      assert.equal(alice.available, 1 + 3 * bad.length);
      await checkConserved(issuer, [alice]);
    });

    it('never asks for more coins of a kind than may be open, whatever has to be exchanged', async () => {
      const issuer = await TestIssuer.of(name, { denominations: [1, 2] });
      const [alice, bob] = [await known(issuer), await known(issuer, 'bob')];
      assert.equal(refusal(await alice.wallet.buy(issuer.id, amount(13))).name, 'too large');
      assert.deepEqual(alice.wallet.history(), []);
      for (const value of [12, 2]) await bought(alice, value);
      assert.equal(refusal(await alice.wallet.send(issuer.id, amount(13), '')).name, 'too large');
      for (const value of [8, 5]) {
        const { stack } = must(await alice.wallet.send(issuer.id, amount(value), ''));
        must(await bob.wallet.receive(stack));
      }
      assert.deepEqual([alice.available, bob.available], [1, 13]);
      await alice.wallet.resumeAll();
      await bob.wallet.resumeAll();
      must(await bob.wallet.redeem(issuer.id, amount(13)));
      for (const { mint_key_ids: ids } of asked(issuer, 'request commitments'))
        for (const id of ids) assert.ok(ids.filter((other) => other === id).length <= 4);
      assert.deepEqual(issuer.exposed, []);
    });
  });
}

describe('a currency of one round', () => {
  it('is never asked for a first, nor for an account', async () => {
    const issuer = new TestIssuer();
    const wallet = await openWallet({
      store: openMemoryWalletStore(),
      messenger: issuer.messenger(),
      clock: () => NOON,
      randomness: seeded('one'),
      verifyEd25519,
    });
    must(await wallet.add(issuer.url));
    must(await wallet.buy(issuer.id, amount(3), { payTest: true }));
    const types = new Set(issuer.requests.map(({ type }) => type));
    for (const type of ['request commitments', 'request registration', 'request account'] as const)
      assert.ok(!types.has(type), type);
    assert.equal(refusal(wallet.payee(issuer.id)).name, 'not possible');
    await wallet.close();
  });
});
