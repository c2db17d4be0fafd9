/** Closing an account: no money that is somebody's goes with it unsaid, whenever it comes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuse } from '../../base/refusal.ts';
import { handover } from '../../transports/handover.ts';
import { TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { Host } from '../host.ts';
import { HOST_TIMES } from '../limits.ts';
import { PASSWORD, TestPlace, agreed, assertObjected, cheapSecrets } from '../members.test-helper.ts';
import { available } from '../money.test-helper.ts';
import { Objection } from '../objections.ts';
import type { OpenMember } from '../open-member.ts';

/** Alice with 21 and Ben with nothing; what is done when the password was looked at, and when the row is to go. */
async function people(seed: string) {
  const issuer = new TestIssuer();
  const place = new TestPlace(seed, issuer.messenger(), [issuer.url]);
  const at: { stretch?: () => Promise<void>; remove?: () => Promise<void>; isAway: boolean } = {
    isAway: false,
  };
  const host = await Host.open(
    place.parts({
      handover,
      messenger: {
        ...place.messenger,
        exchange: async (url, message) =>
          at.isAway ? refuse('unreachable', 'nobody is there') : place.messenger.exchange(url, message),
      },
      secrets: {
        ...cheapSecrets,
        stretch: async (password, salt) => {
          await at.stretch?.();
          return cheapSecrets.stretch(password, salt);
        },
      },
      store: {
        ...place.store,
        removeMember: async (id) => {
          await at.remove?.();
          return place.store.removeMember(id);
        },
      },
    }),
  );
  const enter = async (name: string): Promise<OpenMember> => {
    const { secret } = agreed(await host.signUp({ name, password: PASSWORD, phrase: '' }, ''));
    return (await host.session(secret))!.member!;
  };
  const [alice, ben] = [await enter('alice'), await enter('ben')];
  agreed(await alice.buy({ currency: issuer.id, amount: 21, rail: 'test', voucher: '' }));
  const keepUp = async () => {
    // What the first round brings is taken in the second at the latest.
    for (let round = 0; round < 2; round++) {
      place.now += HOST_TIMES.upkeep;
      await host.upkeep();
      await host.rested();
    }
  };
  const pay = (from: OpenMember, to: string, amount = 13) =>
    from.pay({ to, currency: issuer.id, amount, subject: '', text: '' });
  return { issuer, place, host, at, alice, ben, keepUp, pay };
}

describe('closing an account', () => {
  it('asks first where the money is in a link, and leaves the link to whom it was given', async () => {
    const { alice, ben, pay, host, place } = await people('link');
    const { link } = agreed(await pay(alice, '', 21));
    assert.ok(alice.hasMoney());
    assertObjected(await alice.closeAccount(PASSWORD, false), 'money left');
    agreed(await alice.closeAccount(PASSWORD, true));
    assert.equal(agreed(await ben.receive({ text: link, accept: false })).state, 'taken');
    assert.equal(available(ben), 21);
    await host.close();
    assert.deepEqual(place.bugs, []);
  });

  it('asks first while a take-back, or anything, is not finished', async () => {
    const { alice, at, pay, host } = await people('unfinished');
    const { id } = agreed(await pay(alice, '', 21));
    at.isAway = true;
    const pending = await alice.takeBack(id);
    assert.ok(pending instanceof Objection);
    assert.deepEqual(
      alice.purses().map(({ available: rest, reserved, ordered }) => rest + reserved + ordered),
      [0],
    );
    assert.ok(alice.hasMoney());
    assertObjected(await alice.closeAccount(PASSWORD, false), 'money left');
    await host.close();
  });

  it('asks for nothing once all that was sent has arrived', async () => {
    const { alice, pay, host } = await people('arrived');
    agreed(await pay(alice, 'ben', 21));
    assert.equal(alice.hasMoney(), false);
    agreed(await alice.closeAccount(PASSWORD, false));
    await host.close();
  });

  it('is not done where a payment comes while the password is looked at', async () => {
    const { alice, ben, at, pay, host } = await people('meanwhile');
    at.stretch = async () => {
      delete at.stretch;
      assert.equal(agreed(await pay(alice, 'ben')).state, 'arrived');
    };
    assertObjected(await ben.closeAccount(PASSWORD, false), 'money left');
    assert.equal(available(ben), 13);
    await host.close();
  });

  it('is not done while a payment is on its way', async () => {
    const { alice, ben, at, pay, keepUp, host } = await people('on its way');
    at.isAway = true;
    assert.equal(agreed(await pay(alice, 'ben')).state, 'arriving');
    assertObjected(await ben.closeAccount(PASSWORD, true), 'busy');
    at.isAway = false;
    await keepUp();
    assert.equal(available(ben), 13);
    await host.close();
  });

  it('lets nothing be lost that comes when it is done: it is the sender’s again', async () => {
    const { alice, ben, at, pay, host, place } = await people('too late');
    at.remove = async () => {
      assertObjected(await pay(alice, 'ben'), 'no such member');
    };
    agreed(await ben.closeAccount(PASSWORD, false));
    assertObjected(await pay(alice, 'ben'), 'no such member');
    assert.equal(available(alice), 21);
    assert.ok(alice.sent().every(({ state }) => state === 'taken back'));
    await host.close();
    assert.deepEqual(place.bugs, []);
  });

  it('loses nothing, at whatever moment of it somebody pays', async () => {
    for (let moment = 0; moment < 12; moment++) {
      const { alice, ben, pay, keepUp, host, place } = await people(`moment ${moment}`);
      const paid = (async () => {
        for (let tick = 0; tick < moment; tick++) await new Promise((resolve) => setImmediate(resolve));
        return pay(alice, 'ben');
      })();
      const [closed, letter] = await Promise.all([ben.closeAccount(PASSWORD, false), paid]);
      await keepUp();
      if (closed === undefined) {
        assert.ok(letter instanceof Objection, 'nobody was told that it arrived');
        assert.equal(available(alice), 21);
      } else assert.equal(available(ben) + available(alice), 21);
      await host.close();
      assert.deepEqual(place.bugs, []);
    }
  });
});
