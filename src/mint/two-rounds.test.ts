/** Suites of two rounds: a nonce answers one challenge, whoever asks, whenever, and whatever fails in between. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY, SECOND } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import { SUITES } from '../suites/index.ts';
import type { MintRequest } from './mint.ts';
import {
  CASHIER,
  commitmentsRequest,
  fundRequest,
  keyFor,
  plainLanes,
  registrationOf,
} from './mint.test-helper.ts';
import type { ComingCoin } from './mint.test-helper.ts';
import {
  assertSound,
  bought,
  boughtOne,
  mintRequest,
  openPlace,
  prepared,
  preparedWith,
  redeemRequest,
  renewRequest,
  resumeRequest,
} from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';
import type { MintStore, Signer } from './ports.ts';

/** The place's request for a first round, now. */
const firstRound = (place: Place, wallet: string, reference: string, ...denominations: number[]) =>
  commitmentsRequest(place.mint.keyring, wallet, reference, denominations, place.now);

/** The same coin with another challenge on its nonce. */
function challengedOtherwise(coin: ComingCoin): ComingCoin {
  const { blinded_payload_hash: blind } = coin.blind;
  const changed = blind.slice(0, -1) + (blind.endsWith('1') ? '2' : '1');
  return { ...coin, blind: { ...coin.blind, blinded_payload_hash: changed } };
}

async function funded(place: Place, reference: string, value: number): Promise<void> {
  await place.ask(fundRequest(place.mint.keyring, reference, value), 'response fund');
}

for (const { name: suite, accounts } of SUITES) {
  if (accounts === undefined) {
    describe(`one round: ${suite}`, () => {
      test('has no first round', async () => {
        const place = await openPlace({ issuer_cipher_suite: suite });
        const request: MintRequest = {
          message_reference: 1,
          mint_key_ids: [...place.mint.keyring.keys.keys()].slice(0, 1),
          proof: 'abc',
          signed_registration: {
            registration: {
              cashier: CASHIER,
              currency: place.currency.issuerId,
              identity: 'abc',
              type: 'registration',
            },
            signature: 'ab'.repeat(64),
            type: 'signed registration',
          },
          transaction_reference: 'a1',
          type: 'request commitments',
        };
        assert.match(await place.refused(request), /^not possible/);
      });
    });
    continue;
  }

  /** A place whose signer says when it was to answer a nonce twice, in another way. */
  const open = async (wrap?: (store: MintStore) => MintStore) => {
    const place = await openPlace({ issuer_cipher_suite: suite }, wrap);
    const answered = new Map<string, string>();
    const reopen = async (changes: Partial<Signer> = {}) => {
      const lanes = { ...plainLanes(), ...changes };
      const signer: Signer = {
        ...lanes,
        sign: (blinds) => {
          for (const { keyId, blind } of blinds) {
            const nonce = [keyId, accounts.nonceOf(blind)].join(' ');
            assert.equal(answered.get(nonce) ?? blind, blind, 'a nonce answered two challenges');
            answered.set(nonce, blind);
          }
          return lanes.sign(blinds);
        },
      };
      assert.ok(!((await place.reopen({ signer, loader: lanes })) instanceof Refusal));
    };
    await reopen();
    return { place, reopen, answered };
  };

  describe(`two rounds: ${suite}`, () => {
    test('a first round whose answer was lost is answered again, the same', async () => {
      const { place } = await open();
      const request = firstRound(place, 'alice', 'a1', 4, 2);
      const both = await Promise.all([1, 2].map(() => place.ask(request, 'response commitments')));
      assert.deepEqual(both[0], both[1]);
      assert.deepEqual(await place.ask(request, 'response commitments'), both[0]);
      const coming = preparedWith(
        place,
        { reference: 'a1', coins: { x: 4, y: 2 } },
        both[0]?.commitments ?? [],
      );
      await funded(place, 'a1', 6);
      await place.ask(mintRequest('a1', coming), 'response mint');
      await assertSound(place);
    });

    test('an account has one withdrawal at a time, for ten seconds', async () => {
      const { place } = await open();
      const first = await place.ask(firstRound(place, 'alice', 'a1', 4), 'response commitments');
      assert.match(await place.refused(firstRound(place, 'alice', 'a2', 4)), /^busy/);
      assert.match(await place.refused(firstRound(place, 'alice', 'a1', 4, 2)), /^busy/);
      await place.ask(firstRound(place, 'bob', 'a1', 4), 'response commitments');
      place.now += 10 * SECOND + 1;
      const second = await place.ask(firstRound(place, 'alice', 'a1', 4), 'response commitments');
      assert.notDeepEqual(second.commitments, first.commitments, 'a nonce opens once');
      const late = preparedWith(place, { reference: 'a1', coins: { x: 4 } }, first.commitments);
      assert.match(await place.refused(mintRequest('a1', late)), /^first round over/);
    });

    test('blinds come in time or not at all', async () => {
      const { place } = await open();
      await funded(place, 'a1', 4);
      const late = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      place.now += 10 * SECOND + 1;
      assert.match(await place.refused(mintRequest('a1', late)), /^first round over/);
      const timely = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      place.now += 10 * SECOND;
      await place.ask(mintRequest('a1', timely), 'response mint');
    });

    test('a second round sent again has its coins again, and no others', async () => {
      const { place } = await open();
      const [x, y] = await prepared(place, { reference: 'a1', coins: { x: 4, y: 2 } });
      assert.ok(x !== undefined && y !== undefined);
      await funded(place, 'a1', 6);
      const request = mintRequest('a1', [x, y]);
      const answers = await Promise.all([1, 2, 3].map(() => place.ask(request, 'response mint')));
      for (const each of answers) assert.deepEqual(each, answers[0]);
      assert.deepEqual(await place.ask(request, 'response mint'), answers[0]);
      const others = [[x], [y, x], [challengedOtherwise(x), y], [x, challengedOtherwise(x)]];
      for (const coming of others)
        for (const reference of ['a1', 'a2'])
          assert.match(await place.refused(mintRequest(reference, coming)), /^(first round over|malformed)/);
      assert.match(await place.refused(mintRequest('a2', [x, y])), /^first round over/);
      assert.equal((await place.mint.counters()).float, 6);
    });

    test('fewer coins than were opened are made, and the others never', async () => {
      const { place } = await open();
      const [x, y] = await prepared(place, { reference: 'a1', coins: { x: 4, y: 2 } });
      assert.ok(x !== undefined && y !== undefined);
      await funded(place, 'a1', 4);
      await place.ask(mintRequest('a1', [x]), 'response mint');
      assert.match(await place.refused(mintRequest('a2', [y])), /^first round over/);
    });

    test('of two requests at once for one nonce one is answered', async () => {
      const { place, answered } = await open();
      const coming = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      await funded(place, 'a1', 4);
      const rivals = [coming, coming.map(challengedOtherwise), coming].map((each) =>
        place.mint.answer(mintRequest('a1', each)),
      );
      const kinds = (await Promise.all(rivals)).map((each) =>
        each instanceof Refusal ? each.name : each.type,
      );
      assert.deepEqual(kinds, ['response mint', 'first round over', 'response mint']);
      assert.equal(answered.size, 1);
    });

    test('takes no nonce of another account’s, of another key’s, or twice', async () => {
      const { place } = await open();
      const mine = await prepared(place, { reference: 'a1', coins: { x: 4, y: 4 } });
      const theirs = await prepared(place, { reference: 'a1', wallet: 'bob', coins: { z: 4 } });
      const [x, y] = mine;
      assert.ok(x !== undefined && y !== undefined);
      const twoId = keyFor(place.mint.keyring, 2).id;
      const ofAnotherKey = { ...x, blind: { ...x.blind, mint_key_id: twoId } };
      const twice = { ...y, blind: { ...x.blind, reference: 'y' } };
      const otherwise = {
        ...challengedOtherwise(x),
        blind: { ...challengedOtherwise(x).blind, reference: 'y' },
      };
      const hostile = [
        [x, ...theirs],
        [...theirs, x],
        [ofAnotherKey, y],
        [x, twice],
        [x, otherwise],
      ];
      for (const coming of hostile)
        assert.match(await place.refused(mintRequest('a1', coming)), /^first round over/);
      await funded(place, 'a1', 8);
      await place.ask(mintRequest('a1', mine), 'response mint');
      await assertSound(place);
    });

    test('after a restart no first round is open', async () => {
      const { place, reopen } = await open();
      const coming = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      await funded(place, 'a1', 4);
      await reopen();
      assert.match(await place.refused(mintRequest('a1', coming)), /^first round over/);
      assert.match(await place.refused(resumeRequest('a1')), /^unknown/);
      const fresh = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      await place.ask(mintRequest('a1', fresh), 'response mint');
      await assertSound(place);
    });

    test('a crash between commit and answer: the same answer after it, to the same request only', async () => {
      const { place, reopen } = await open();
      const coming = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      await funded(place, 'a1', 4);
      await reopen({ sign: () => Promise.reject(new Error('crash')) });
      // The withdrawal went with the first mint; this one dies with its own.
      const again = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      await assert.rejects(place.mint.answer(mintRequest('a1', again)), /crash/);
      await reopen();
      assert.match(await place.refused(mintRequest('a1', coming)), /^first round over/);
      assert.match(
        await place.refused(mintRequest('a1', again.map(challengedOtherwise))),
        /^first round over/,
      );
      const answer = await place.ask(mintRequest('a1', again), 'response mint');
      assert.deepEqual(
        await place.ask({ ...resumeRequest('a1'), message_reference: 4 }, 'response mint'),
        answer,
      );
      const [coin] = again.map((each) => each.unblind(answer));
      assert.ok(coin !== undefined);
      await place.ask(redeemRequest([coin]), 'response redeem');
      await assertSound(place);
    });

    test('a commit that failed unheard was made or not, and is answered or begun anew', async () => {
      for (const persisted of [true, false]) {
        let fails = true;
        const { place } = await open((store) => ({
          ...store,
          commit: async (intent, now) => {
            if (!fails || persisted) await store.commit(intent, now);
            if (!fails) return store.commit(intent, now);
            fails = false;
            throw new Error('unheard');
          },
        }));
        await funded(place, 'a1', 4);
        const coming = await prepared(place, { reference: 'a1', coins: { x: 4 } });
        await assert.rejects(place.mint.answer(mintRequest('a1', coming)), /unheard/);
        if (persisted) await place.ask(mintRequest('a1', coming), 'response mint');
        else assert.match(await place.refused(mintRequest('a1', coming)), /^first round over/);
        const fresh = await prepared(place, { reference: 'a1', coins: { y: 4 } });
        if (persisted) assert.match(await place.refused(mintRequest('a1', fresh)), /^reference reused/);
        else await place.ask(mintRequest('a1', fresh), 'response mint');
        assert.equal((await place.mint.counters()).float, 4);
      }
    });

    test('a request that waits for its payment is signed when it came, after a restart too, and never another', async () => {
      const { place, reopen } = await open();
      const coming = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      assert.match(await place.refused(mintRequest('a1', coming)), /^unpaid/);
      assert.match(await place.refused(mintRequest('a1', coming)), /^unpaid/);
      assert.match(
        await place.refused(mintRequest('a1', coming.map(challengedOtherwise))),
        /^first round over/,
      );
      place.now += DAY;
      await reopen();
      await funded(place, 'a1', 4);
      assert.match(
        await place.refused(mintRequest('a1', coming.map(challengedOtherwise))),
        /^first round over/,
      );
      await place.ask(mintRequest('a1', coming), 'response mint');
      await assertSound(place);
    });

    test('what was refused took its withdrawal along', async () => {
      const { place } = await open();
      const [spent, good] = await bought(place, 'a1', 4, 4);
      assert.ok(spent !== undefined && good !== undefined);
      await place.ask(redeemRequest([spent]), 'response redeem');
      const fresh = await prepared(place, { reference: 'b1', coins: { x: 4 } });
      assert.match(await place.refused(renewRequest('b1', [spent], fresh)), /^already spent/);
      assert.match(await place.refused(renewRequest('b1', [good], fresh)), /^first round over/);
      assert.equal((await place.mint.counters()).float, 4, 'the good coin is not spent');
      await place.ask(redeemRequest([good]), 'response redeem');
    });

    test('opens few commitments of one key at once, for everybody together', async () => {
      const { place } = await open();
      assert.match(
        await place.refused(firstRound(place, 'alice', 'a1', 4, 4, 4, 4, 4)),
        /^too large: mint_key_ids: at most 4/,
      );
      await place.ask(firstRound(place, 'alice', 'a1', 4, 4, 4, 4), 'response commitments');
      await place.ask(firstRound(place, 'bob', 'b1', 4, 4), 'response commitments');
      assert.match(await place.refused(firstRound(place, 'carol', 'c1', 4, 4)), /^busy: mint_key_ids/);
      const last = await place.ask(firstRound(place, 'carol', 'c1', 4, 2, 2), 'response commitments');
      assert.match(await place.refused(firstRound(place, 'dave', 'd1', 2, 4)), /^busy: mint_key_ids/);
      await place.ask(firstRound(place, 'dave', 'd1', 2), 'response commitments');
      const coming = preparedWith(
        place,
        { reference: 'c1', wallet: 'carol', coins: { x: 4, y: 2, z: 2 } },
        last.commitments,
      );
      await place.refused(mintRequest('c1', coming));
      await place.ask(firstRound(place, 'erin', 'e1', 4), 'response commitments');
      place.now += 10 * SECOND + 1;
      await place.ask(firstRound(place, 'dave', 'd1', 4, 4, 4, 4), 'response commitments');
    });

    test('a first round that fails takes no place', async () => {
      const { place, reopen } = await open();
      await reopen({ commit: () => Promise.reject(new Error('lane')) });
      for (const reference of ['a1', 'a2'])
        await assert.rejects(place.mint.answer(firstRound(place, 'alice', reference, 4, 4, 4, 4)), /lane/);
    });

    test('opens for nobody but whom a cashier registered, and who knows the identity’s secret', async () => {
      const { place } = await open();
      const { keyring } = place.mint;
      const good = firstRound(place, 'alice', 'a1', 4);
      const changed = (change: Parameters<typeof registrationOf>[2]) => ({
        ...good,
        signed_registration: registrationOf(keyring, 'alice', change),
      });
      const { registration } = good.signed_registration;
      const bob = accounts.identity((_, length) => new Uint8Array(length).fill(7));
      const cases: readonly (readonly [MintRequest, RegExp])[] = [
        [changed({ currency: 'a'.repeat(64) }), /^unknown: signed_registration.registration.currency/],
        [changed({ cashier: 'ab'.repeat(32) }), /^unauthorised: signed_registration.registration.cashier/],
        [changed({ identity: bob }), /^bad signature: proof/],
        [
          {
            ...good,
            signed_registration: {
              ...good.signed_registration,
              registration: { ...registration, identity: bob },
            },
          },
          /^bad signature: signed_registration.signature/,
        ],
        [{ ...good, transaction_reference: 'a2' }, /^bad signature: proof/],
        [{ ...good, mint_key_ids: [...good.mint_key_ids, ...good.mint_key_ids] }, /^bad signature: proof/],
        [{ ...good, proof: 'abc' }, /^bad signature: proof/],
        [{ ...good, mint_key_ids: ['a'.repeat(64)] }, /^unknown: mint_key_ids\[0\]/],
      ];
      for (const [request, expected] of cases) assert.match(await place.refused(request), expected);
      await place.done({ type: 'power off' });
      assert.match(await place.refused(good), /^switched off/);
      await place.done({ type: 'power on' });
      place.now += 150 * DAY;
      assert.match(await place.refused(good), /^expired: mint_key_ids\[0\]/);
    });

    test('what was paid to an account is renewed by it alone, and redeemed by nobody', async () => {
      const { place } = await open();
      const [coming] = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      assert.ok(coming !== undefined);
      await funded(place, 'a1', 4);
      const answer = await place.ask(mintRequest('a1', [coming]), 'response mint');
      const { identity } = registrationOf(place.mint.keyring, 'bob').registration;
      const coin = coming.paid(answer, { payee: identity, time: place.now, amount: 4 });
      assert.match(await place.refused(redeemRequest([coin], 'anna')), /^not possible: .*renew them first/);
      const mallory = await prepared(place, { reference: 'm1', wallet: 'mallory', coins: { m: 4 } });
      assert.match(await place.refused(renewRequest('m1', [coin], mallory)), /^unauthorised: coins/);
      assert.match(await place.refused(renewRequest('m1', [coin], mallory)), /^first round over/);
      const bobs = await prepared(place, { reference: 'b1', wallet: 'bob', coins: { b: 4 } });
      const renewed = await place.ask(renewRequest('b1', [coin], bobs), 'response mint');
      assert.deepEqual(await place.ask(renewRequest('b1', [coin], bobs), 'response mint'), renewed);
      const [fresh] = bobs.map((each) => each.unblind(renewed));
      assert.ok(fresh !== undefined);
      await place.ask(redeemRequest([fresh], 'anna'), 'response redeem');
      await assertSound(place);
    });

    test('whatever is asked in whatever order, a nonce answers once, and the money is conserved', async () => {
      const step = fc.record({
        what: fc.constantFrom(
          'open',
          'open',
          'mint',
          'mint',
          'mint',
          'changed',
          'fund',
          'resume',
          'reopen',
          'wait',
        ),
        wallet: fc.constantFrom('alice', 'bob'),
        reference: fc.constantFrom('a1', 'a2', 'a3'),
        pick: fc.nat(7),
      });
      const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 30 }), async (steps) => {
        const { place, reopen } = await open();
        for (const reference of ['a1', 'a2']) await funded(place, reference, 4);
        const known: ComingCoin[] = [];
        for (const { what, wallet, reference, pick } of steps) {
          const picked = known.slice(-1 - (pick % 3)).slice(0, 1 + (pick % 2));
          if (what === 'open') {
            const round = await place.mint.answer(firstRound(place, wallet, reference, 4, 4));
            const coins = { [`x${known.length}`]: 4, [`y${known.length}`]: 4 };
            if (!(round instanceof Refusal) && round.type === 'response commitments')
              known.push(...preparedWith(place, { reference, wallet, coins }, round.commitments));
          } else if (what === 'mint' || what === 'changed') {
            const coming = what === 'mint' ? picked : picked.map(challengedOtherwise);
            if (coming.length > 0) await place.mint.answer(mintRequest(reference, coming));
          } else if (what === 'fund')
            await place.mint.answer(fundRequest(place.mint.keyring, reference, 4 + (pick % 2) * 4));
          else if (what === 'resume') await place.mint.answer(resumeRequest(reference));
          else if (what === 'reopen') await reopen();
          else place.now += 11 * SECOND;
        }
        await assertSound(place);
      });
      await fc.assert(property, { numRuns: 5, seed: 5, endOnFailure: true });
    });

    test('a key that is revoked between the rounds signs nothing', async () => {
      const { place } = await open();
      await boughtOne(place, 'a0', 4);
      const coming = await prepared(place, { reference: 'a1', coins: { x: 4 } });
      await funded(place, 'a1', 4);
      const bobs = firstRound(place, 'bob', 'b1', 4);
      const [mint_key_id = ''] = coming.map(({ payload }) => payload.mint_key_id);
      const coins_until = new Date(place.now + 10 * DAY).toISOString().slice(0, 19);
      await place.done({ type: 'revoke mint key', mint_key_id, coins_until });
      assert.match(await place.refused(mintRequest('a1', coming)), /^expired/);
      assert.match(await place.refused(bobs), /^expired: mint_key_ids/);
    });
  });
}
