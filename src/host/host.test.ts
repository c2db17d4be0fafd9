import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { HOUR } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import { TestIssuer } from '../wallet/issuer.test-helper.ts';
import { Place, bought } from '../wallet/testing.test-helper.ts';
import { Host } from './host.ts';
import { HOST_TIMES } from './limits.ts';
import {
  Killed,
  OTHER_PASSWORD,
  PASSWORD,
  TestPlace,
  agreed,
  assertObjected,
  killingStore,
} from './members.test-helper.ts';
import { Objection } from './objections.ts';
import type { OpenMember } from './open-member.ts';
import type { HostParts, HostStore } from './ports.ts';
import type { SessionRow } from './state.ts';

const ADA = { name: 'ada', password: PASSWORD, phrase: '' };
const PRF = new Uint8Array(32).fill(9);
const PASSKEY = { credential: 'one', publicKey: '', counter: 0, transports: [], name: '', created: 0 };

interface Scene {
  readonly place: TestPlace;
  readonly issuer: TestIssuer;
  readonly host: Host;
}

async function scene(seed: string, changed?: (place: TestPlace) => Partial<HostParts>): Promise<Scene> {
  const issuer = new TestIssuer();
  const place = new TestPlace(seed, issuer.messenger(), [issuer.url]);
  return { place, issuer, host: await Host.open(place.parts(changed?.(place))) };
}

async function member(host: Host, secret: string): Promise<OpenMember> {
  const session = await host.session(secret);
  assert.ok(session?.member !== undefined, 'somebody is signed in');
  return session.member;
}

/** A store that counts how often sessions are written. */
function counting(store: HostStore): { readonly store: HostStore; readonly written: SessionRow[] } {
  const written: SessionRow[] = [];
  const putSession = (row: SessionRow): Promise<void> => {
    written.push(row);
    return store.putSession(row);
  };
  return { store: { ...store, putSession }, written };
}

/** Upkeep, and all that it began. */
async function keepUp(host: Host): Promise<void> {
  await host.upkeep();
  await host.rested();
}

describe('a host: signing up', () => {
  it("makes a wallet that knows the host's currencies, on words that are shown", async () => {
    const { host, issuer, place } = await scene('sign up');
    const { secret, phrase } = agreed(await host.signUp(ADA, 'Firefox'));
    const ada = await member(host, secret);
    assert.deepEqual(
      ada.currencies().map(({ id }) => id),
      [issuer.id],
    );
    assert.equal(agreed(await ada.phrase(PASSWORD)), phrase);
    assertObjected(await ada.phrase(OTHER_PASSWORD), 'wrong password');
    assert.equal(place.wallets.held.size, 1);
    await host.close();
    assert.equal(place.wallets.held.size, 0);
  });

  it('finds the coins of words that are brought along', async () => {
    const { host, issuer } = await scene('brought');
    const before = await Place.open(issuer, 'a wallet elsewhere');
    await bought(before, 21);
    const input = { ...ADA, phrase: before.wallet.phrase() };
    const ada = await member(host, agreed(await host.signUp(input, '')).secret);
    assert.deepEqual(
      ada.purses().map(({ available }) => available),
      [21],
    );
    await host.close();
  });

  it('is done where an issuer cannot be reached, and its currency comes later', async () => {
    let isAway = true;
    const { host, place } = await scene('away', ({ messenger }) => ({
      messenger: {
        ...messenger,
        describe: async (url) =>
          isAway ? refuse('unreachable', 'nobody is there') : messenger.describe(url),
      },
    }));
    const ada = await member(host, agreed(await host.signUp(ADA, '')).secret);
    assert.deepEqual(ada.currencies(), []);
    isAway = false;
    place.now += HOST_TIMES.upkeep;
    await keepUp(host);
    assert.equal(ada.currencies().length, 1);
    assert.deepEqual(place.bugs, []);
    await host.close();
  });

  it('killed at any write leaves the name free, or a member with the password and words that were given', async () => {
    let kills = 0;
    for (let call = 0, wasMet = true; wasMet; call++) {
      wasMet = false;
      for (const when of ['before', 'after'] as const) {
        const { place, issuer } = await scene(`killed ${call} ${when}`);
        const { store, met } = killingStore(place.store, { call, when });
        const dying = await Host.open(place.parts({ store }));
        const done = dying
          .signUp(ADA, '')
          .then(agreed, (error: unknown) => assert.ok(error instanceof Killed));
        await done;
        // A program that is dead holds no file.
        place.wallets.held.clear();
        const host = await Host.open(place.parts());
        const again = await host.signUp(ADA, '');
        if (again instanceof Objection) assertObjected(again, 'name taken');
        const { secret } = agreed(await host.signIn(ADA, ''));
        const ada = await member(host, secret);
        const phrase = agreed(await ada.phrase(PASSWORD));
        place.now += HOST_TIMES.upkeep;
        await keepUp(host);
        assert.deepEqual(
          ada.currencies().map(({ id }) => id),
          [issuer.id],
        );
        agreed(await host.recover({ name: 'ada', phrase, password: OTHER_PASSWORD }, ''));
        assert.equal(await place.store.members(), 1);
        assert.deepEqual(place.bugs, []);
        await host.close();
        wasMet ||= met();
        if (met()) kills++;
      }
    }
    assert.equal(kills, 4, 'two writes: the row, the session');
  });
});

describe('a host: sessions', () => {
  it('of several browsers have one wallet, opened once by requests that come at once', async () => {
    const { host, place } = await scene('several');
    const first = agreed(await host.signUp(ADA, 'one')).secret;
    const second = agreed(await host.signIn(ADA, 'two')).secret;
    await host.close();
    const again = await Host.open(place.parts());
    const members = await Promise.all([first, second, first, second].map((each) => member(again, each)));
    assert.equal(new Set(members).size, 1);
    await again.close();
  });

  it('are nobody’s for an unknown secret, and after signing out', async () => {
    const { host } = await scene('unknown');
    const { secret } = agreed(await host.signUp(ADA, ''));
    assert.equal(await host.session('unknown'), undefined);
    await host.signOut('unknown');
    await member(host, secret);
    await host.signOut(secret);
    assert.equal(await host.session(secret), undefined);
    await host.signOut(secret);
    await host.close();
  });

  it('live on while they are used, which is written down once an hour', async () => {
    const writes: { written: SessionRow[] } = { written: [] };
    const { host, place } = await scene('seen', (at) => {
      const { store, written } = counting(at.store);
      writes.written = written;
      return { store };
    });
    const { secret } = agreed(await host.signUp(ADA, ''));
    assert.equal(writes.written.length, 1);
    place.now += HOUR - 1;
    await member(host, secret);
    assert.equal(writes.written.length, 1);
    place.now += 1;
    await Promise.all([member(host, secret), member(host, secret)]);
    await member(host, secret);
    const [first, last] = [writes.written[0], writes.written.at(-1)];
    assert.equal(writes.written.length, 2);
    assert.equal(last?.expires, (first?.expires ?? 0) + HOUR);
    for (let days = 0; days < 60; days += 10) {
      place.now += 10 * 24 * HOUR;
      await member(host, secret);
    }
    place.now += HOST_TIMES.page;
    assert.equal(await host.session(secret), undefined);
    place.now += 1;
    await keepUp(host);
    assert.deepEqual(await place.store.sessionsOf(first?.member ?? ''), []);
    await host.close();
  });

  it('that end while it is written down that they are used stay ended', async () => {
    const begun = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    const { host, place } = await scene('ended', ({ store }) => ({
      store: {
        ...store,
        putSession: async (row) => {
          if (row.seen !== row.created) {
            begun.resolve(undefined);
            await released.promise;
          }
          return store.putSession(row);
        },
      },
    }));
    const { secret } = agreed(await host.signUp(ADA, ''));
    place.now += HOUR;
    const used = host.session(secret);
    await begun.promise;
    const ended = host.signOut(secret);
    // Whatever signing out does before its turn comes, it has done.
    await new Promise((resolve) => setImmediate(resolve));
    released.resolve(undefined);
    await Promise.all([used, ended]);
    assert.equal(await host.session(secret), undefined);
    await host.close();
  });

  it('open no wallet of a member who is gone meanwhile', async () => {
    const { host, place } = await scene('gone');
    const { secret } = agreed(await host.signUp(ADA, ''));
    await host.close();
    const { store } = place;
    const session = async (hash: string): Promise<SessionRow | undefined> => {
      const row = await store.session(hash);
      if (row !== undefined) {
        await store.removeMember(row.member);
        await place.wallets.remove(row.member);
      }
      return row;
    };
    const again = await Host.open(place.parts({ store: { ...store, session } }));
    assert.equal(await again.session(secret), undefined);
    assert.equal(place.wallets.files.size, 0, 'no wallet is made for nobody');
    await again.close();
  });

  it('that are half ones open no wallet', async () => {
    const { host, place } = await scene('half');
    const ada = await member(host, agreed(await host.signUp(ADA, '')).secret);
    agreed(await ada.addPasskey(PASSKEY, undefined));
    agreed(await ada.setSecondFactor(true, PASSWORD));
    await host.close();
    const again = await Host.open(place.parts());
    const { secret, needsPasskey } = agreed(await again.signIn(ADA, ''));
    assert.ok(needsPasskey);
    const session = await again.session(secret);
    assert.ok(session !== undefined && session.member === undefined);
    assert.equal(session.who.name, 'ada');
    assert.equal(place.wallets.held.size, 0);
    const whole = agreed(await again.completeHalf(secret, 'one', 0, ''));
    await member(again, whole.secret);
    assert.equal(await again.session(secret), undefined);
    await again.close();
  });

  it('begin by a passkey alone, where it gives what opens', async () => {
    const { host } = await scene('passkey');
    const ada = await member(host, agreed(await host.signUp(ADA, '')).secret);
    agreed(await ada.addPasskey(PASSKEY, PRF));
    assert.equal((await host.memberWithPasskey('one'))?.name, 'ada');
    assert.equal(await host.memberWithPasskey('two'), undefined);
    const { secret } = agreed(await host.signInByPasskey('one', 1, PRF, 'phone'));
    assert.equal(await member(host, secret), ada);
    agreed(await ada.setLanguage('de'));
    assertObjected(await host.signInByPasskey('one', 1, PRF, ''), 'wrong passkey');
    await host.close();
  });

  it('reject where the wallet is damaged, and say nothing secret', async () => {
    const { host, place } = await scene('damaged');
    const { secret } = agreed(await host.signUp(ADA, ''));
    await host.close();
    for (const [id, file] of place.wallets.files) {
      place.wallets.files.set(id, { ...file, key: new Uint8Array(32) });
    }
    const again = await Host.open(place.parts());
    await assert.rejects(again.session(secret), /a wallet does not open: unauthorised/);
    await again.close();
  });
});

describe('a host: wallets that are open', () => {
  it('are closed when nobody uses them, and opened again by a session', async () => {
    const { host, place } = await scene('idle');
    const { secret } = agreed(await host.signUp(ADA, ''));
    const ada = await member(host, secret);
    const off = ada.news.on(() => undefined);
    place.now += HOST_TIMES.idle;
    await keepUp(host);
    assert.equal(place.wallets.held.size, 1, 'somebody listens');
    off();
    await keepUp(host);
    assert.equal(place.wallets.held.size, 0);
    const again = await member(host, secret);
    assert.notEqual(again, ada);
    assert.equal(place.wallets.held.size, 1);
    await host.close();
  });

  it('keep their money from one opening to the next', async () => {
    const { host, place, issuer } = await scene('kept');
    const { secret } = agreed(await host.signUp(ADA, ''));
    const buying = { currency: issuer.id, amount: amount(11), rail: 'test', voucher: '' };
    agreed(await (await member(host, secret)).buy(buying));
    await host.close();
    const again = await Host.open(place.parts());
    const [purse] = (await member(again, secret)).purses();
    assert.equal(purse?.available, 11);
    await again.close();
  });

  it('do not fail with one another: upkeep tells of the one and goes on', async () => {
    const { host, place } = await scene('one fails');
    const ada = await member(host, agreed(await host.signUp(ADA, '')).secret);
    const second = agreed(await host.signUp({ ...ADA, name: 'ben' }, '')).secret;
    const ben = await member(host, second);
    ada.upkeep = () => Promise.reject(new Error('the disk is full'));
    let kept = 0;
    const upkeep = ben.upkeep.bind(ben);
    ben.upkeep = () => {
      kept++;
      return upkeep();
    };
    await Promise.all([host.upkeep(), host.upkeep()]);
    await host.rested();
    assert.equal(kept, 1, 'it runs once for whoever calls it at once');
    assert.deepEqual(
      place.bugs.map(({ message }) => message),
      ['the disk is full'],
    );
    assert.deepEqual([...place.wallets.held], [ben.id], 'the one that failed is closed, to be opened afresh');
    await host.close();
  });

  it('end with the membership', async () => {
    const { host, place } = await scene('membership');
    const { secret } = agreed(await host.signUp(ADA, ''));
    const ada = await member(host, secret);
    agreed(await ada.closeAccount(PASSWORD, false));
    assert.equal(await host.session(secret), undefined);
    assert.equal(place.wallets.files.size, 0);
    assert.equal(place.wallets.held.size, 0);
    agreed(await host.signUp(ADA, ''));
    await host.close();
    assert.deepEqual(place.bugs, []);
  });

  it('stay closed to who is signed out by a recovery, and open to who recovers', async () => {
    const { host } = await scene('recovery');
    const { secret, phrase } = agreed(await host.signUp(ADA, 'thief'));
    const ada = await member(host, secret);
    const token = agreed(await ada.newToken('program', PASSWORD));
    const own = agreed(await host.recover({ name: 'ada', phrase, password: OTHER_PASSWORD }, ''));
    assert.equal(await host.session(secret), undefined);
    assert.equal(await host.session(token), undefined);
    assert.equal(await member(host, own.secret), ada);
    agreed(await ada.changePassword(OTHER_PASSWORD, PASSWORD, ''));
    await host.close();
  });
});

describe('a host that is closed', () => {
  it('opens nothing any more', async () => {
    const { host } = await scene('closed');
    const { secret } = agreed(await host.signUp(ADA, ''));
    await host.close();
    await assert.rejects(host.session(secret), /closed/);
  });
});
