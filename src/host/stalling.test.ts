/** An issuer that accepts requests and never answers holds up nobody but whoever has to do with it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal, refuse } from '../base/refusal.ts';
import { NOON, TestIssuer } from '../wallet/issuer.test-helper.ts';
import { Host } from './host.ts';
import { Issuers } from './money/issuers.ts';
import { HOST_TIMES } from './limits.ts';
import { PASSWORD, TestPlace, agreed } from './members.test-helper.ts';
import type { OpenMember } from './open-member.ts';

const AWAY = refuse('unreachable', 'nobody is there');

/** Two issuers; the other one can be away, or hang until it is let go. */
function places(seed: string) {
  const issuer = new TestIssuer();
  const other = new TestIssuer({ location: 'http://other.test/', firstKey: 6 });
  const gate = Promise.withResolvers<undefined>();
  const at: { mode: 'there' | 'away' | 'hanging'; away: boolean; hung: number } = {
    ...{ mode: 'there', away: false, hung: 0 },
  };
  const ask = async <Result>(url: string, run: (of: TestIssuer) => Promise<Result>) => {
    if (!url.startsWith(other.url)) return at.away ? AWAY : run(issuer);
    if (at.mode === 'there') return run(other);
    if (at.mode === 'hanging') {
      at.hung++;
      await gate.promise;
    }
    return AWAY;
  };
  const messenger = {
    describe: (url: string) => ask(url, (of) => of.messenger().describe(url)),
    exchange: (url: string, message: Uint8Array) => ask(url, (of) => of.messenger().exchange(url, message)),
  };
  const place = new TestPlace(seed, messenger, [issuer.url]);
  return { issuer, other, place, at, letGo: () => gate.resolve(undefined) };
}

/** One issuer at its own address and at every other, who is asked for it, and what a host knows of it. */
function everywhere(seed: string) {
  const { issuer, place } = places(seed);
  const at = { asked: 0, now: NOON };
  const describeIt = () => {
    at.asked++;
    return place.messenger.describe(issuer.url);
  };
  const messenger = { ...place.messenger, describe: describeIt };
  return { issuer, at, issuers: new Issuers(place.parts({ clock: () => at.now, messenger })) };
}

describe('an issuer that does not answer', () => {
  it('keeps no upkeep from bringing others’ payments, from sweeping and from closing who is idle', async () => {
    const { issuer, other, place, at, letGo } = places('stall');
    const host = await Host.open(place.parts());
    const enter = async (name: string): Promise<OpenMember> => {
      const { secret } = agreed(await host.signUp({ name, password: PASSWORD, phrase: '' }, ''));
      return (await host.session(secret))!.member!;
    };
    const [mallory, alice, bob, idle] = [
      await enter('mallory'),
      await enter('alice'),
      await enter('bob'),
      await enter('idle'),
    ];
    agreed(await mallory.addCurrency({ url: other.url, acceptKeys: false }));
    const buying = { amount: 9, rail: 'test', voucher: '' };
    agreed(await mallory.buy({ ...buying, currency: other.id }));
    agreed(await alice.buy({ ...buying, currency: issuer.id }));
    // Both payments are on their way; then the one issuer comes back, and the other hangs.
    at.mode = 'away';
    at.away = true;
    const order = { to: 'bob', amount: 9, subject: '', text: '' };
    assert.equal(agreed(await mallory.pay({ ...order, currency: other.id })).state, 'arriving');
    assert.equal(agreed(await alice.pay({ ...order, currency: issuer.id })).state, 'arriving');
    at.away = false;
    at.mode = 'hanging';
    const arrived = Promise.withResolvers<undefined>();
    bob.news.on((event) => {
      if (event.kind === 'letter' && event.letter.state === 'taken') arrived.resolve(undefined);
    });
    for (const each of [alice, mallory]) each.news.on(() => undefined);
    let swept = 0;
    const sweep = place.store.removeExpired.bind(place.store);
    place.store.removeExpired = async (now) => {
      swept++;
      return sweep(now);
    };
    const closed = Promise.withResolvers<undefined>();
    const close = idle.close.bind(idle);
    idle.close = async () => {
      await close();
      closed.resolve(undefined);
    };
    place.now += HOST_TIMES.idle;
    await host.upkeep();
    await Promise.all([arrived.promise, closed.promise]);
    assert.ok(at.hung > 0, 'it does hang');
    place.now += HOST_TIMES.idle;
    const hung = at.hung;
    await host.upkeep();
    assert.equal(swept, 2);
    assert.equal(at.hung, hung, 'what runs still is not begun again');
    letGo();
    await host.close();
    assert.deepEqual(place.bugs, []);
  });

  it('keeps nobody from a currency whose id it wrote into coins', async () => {
    const { issuer, other, place, at, letGo } = places('captured');
    const issuers = new Issuers(place.parts());
    at.mode = 'hanging';
    const captured = issuers.describe(issuer.id, other.url);
    const info = await issuers.describe(issuer.id, issuer.url);
    assert.ok('name' in info && 'divisor' in info, 'it is known meanwhile');
    letGo();
    assert.ok('details' in (await captured));
    // Another's id at an address makes neither known.
    at.mode = 'there';
    const wrong = await issuers.describe(issuer.id, other.url);
    assert.ok('details' in wrong && wrong.name === 'distrusted');
  });

  it('pushes the host’s own currencies out of nobody’s memory, however many others are asked for', async () => {
    const { issuer, issuers, at } = everywhere('pinned');
    await issuers.describe(issuer.id, issuer.url);
    for (let number = 0; number < 60; number++) {
      await issuers.describe(issuer.id, `http://stranger-${number}.test/`);
      at.now += 4_000;
    }
    const before = at.asked;
    await issuers.describe(issuer.id, issuer.url);
    assert.equal(at.asked, before);
    await issuers.describe(issuer.id, 'http://stranger-0.test/');
    assert.ok(at.asked > before, 'others are forgotten');
  });

  it('learns so many strangers’ currencies in a minute and no more, and makes no mistake twice', async () => {
    const { issuer, issuers, at } = everywhere('sparing');
    const refusedAt = async (id: string, location: string) => {
      const outcome = await issuers.describe(id, location);
      return outcome instanceof Refusal ? outcome.name : 'described';
    };
    const other = '0'.repeat(64);
    assert.equal(await refusedAt(other, 'http://liar.test/'), 'distrusted');
    const once = at.asked;
    assert.equal(await refusedAt(other, 'http://liar.test/'), 'distrusted');
    assert.equal(at.asked, once, 'the same lie is not asked for again');
    for (let number = 1; number < 20; number++) await refusedAt(issuer.id, `http://stranger-${number}.test/`);
    assert.equal(await refusedAt(issuer.id, 'http://one-too-many.test/'), 'busy');
    assert.equal(await refusedAt(issuer.id, issuer.url), 'described', 'the host’s own is always learned');
    at.now += 61_000;
    assert.equal(await refusedAt(issuer.id, 'http://one-too-many.test/'), 'described');
    assert.equal(await refusedAt(other, 'http://liar.test/'), 'distrusted');
  });
});
