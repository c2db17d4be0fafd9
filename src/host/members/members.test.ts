import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { readPhrase } from '../../wallet/phrase.ts';
import { fromBase64url } from '../../base/base64url.ts';
import type { HostContext } from '../context.ts';
import { HOST_LIMITS, HOST_TIMES } from '../limits.ts';
import { openByPassword, openByPhrase, openIdentity } from './locks.ts';
import { enrol, recover, signInByPassword } from './members.ts';
import type { Unlocked } from './members.ts';
import {
  Killed,
  OTHER_PASSWORD,
  PASSWORD,
  TestPlace,
  agreed,
  assertObjected,
  cheapSecrets,
  killingStore,
} from '../members.test-helper.ts';
import { handleOf } from './names.ts';
import { Objection } from '../objections.ts';
import { keyOfSession, shownSession } from './sessions.ts';
import type { MemberRow } from '../state.ts';

const ADA = { name: 'Ada', password: PASSWORD, phrase: '' };
const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

async function stored(place: TestPlace, name: string): Promise<MemberRow> {
  const row = await place.store.memberNamed(handleOf(name));
  assert.ok(row !== undefined, `${name} is a member`);
  return row;
}

/** The phrase in the wallet's file, opened by the key. */
async function phraseInWallet(place: TestPlace, { row, key }: Unlocked): Promise<string | undefined> {
  const store = place.wallets.open(row.id, key);
  assert.ok('load' in store, 'the key opens the wallet');
  const state = await store.load();
  await store.close();
  return state?.phrase;
}

async function joined(
  place: TestPlace,
  context: HostContext,
  input = ADA,
): Promise<Unlocked & { phrase: string }> {
  const enrolled = agreed(await enrol(context, input));
  assert.deepEqual(await stored(place, input.name), enrolled.row);
  return enrolled;
}

describe('signing up', () => {
  it('makes a member, whose key is behind the password and behind the words, and a wallet on these words', async () => {
    const place = new TestPlace('sign up');
    const context = place.context();
    const { row, key, phrase } = await joined(place, context);
    assert.equal(readPhrase(phrase), phrase);
    assert.deepEqual(await openByPassword(context.parts, row, PASSWORD), key);
    assert.deepEqual(openByPhrase(context.parts, row, phrase), key);
    assert.equal(await phraseInWallet(place, { row, key }), phrase);
    const sealed = await cheapSecrets.sealTo(row.recipient, new Uint8Array([1, 2]));
    const identity = openIdentity(context.parts, row, key);
    assert.deepEqual(await cheapSecrets.openWith(identity, sealed), new Uint8Array([1, 2]));
  });

  it('takes the words that somebody brings along, as they are typed', async () => {
    const place = new TestPlace('brought');
    const typed = ` ${PHRASE.toUpperCase()}\n`;
    const enrolled = await joined(place, place.context(), { ...ADA, phrase: typed });
    assert.equal(enrolled.phrase, PHRASE);
    assert.equal(await phraseInWallet(place, enrolled), PHRASE);
  });

  const refused = [
    [{ ...ADA, name: 'a' }, 'bad name'],
    [{ ...ADA, name: 'ada lovelace' }, 'bad name'],
    [{ ...ADA, password: 'short' }, 'weak password'],
    [{ ...ADA, password: 'aaaaaaaaaaaaaaaa' }, 'weak password'],
    [{ ...ADA, password: 'x'.repeat(HOST_LIMITS.password + 1) }, 'weak password'],
    [{ ...ADA, name: 'AdaLovelace', password: 'adalovelace' }, 'weak password'],
    [{ ...ADA, phrase: 'legal winner' }, 'malformed'],
    [{ ...ADA, phrase: PHRASE.replace('yellow', 'thank') }, 'malformed'],
  ] as const;
  for (const [input, name] of refused) {
    it(`objects to ${JSON.stringify(input).slice(0, 60)}: ${name}`, async () => {
      const place = new TestPlace('refused');
      assertObjected(await enrol(place.context(), input), name);
      assert.equal(await place.store.members(), 0);
      assert.equal(place.wallets.files.size, 0);
    });
  }

  it('objects when so many are members already, or too many wait', async () => {
    const place = new TestPlace('full');
    const store = { ...place.store, members: async () => HOST_LIMITS.members };
    assertObjected(await enrol(place.context({ store }), ADA), 'full');
    const secrets = { ...cheapSecrets, stretch: async () => undefined };
    assertObjected(await enrol(place.context({ secrets }), ADA), 'too many');
    assert.equal(place.wallets.files.size, 0);
  });

  it('gives a name to one alone, however many ask at once and however they write it', async () => {
    const place = new TestPlace('collision');
    const context = place.context();
    const names = ['Ada', 'ada', 'ADA', 'ａｄａ', ' ada '];
    const all = await Promise.all(names.map((name) => enrol(context, { ...ADA, name })));
    const members = all.flatMap((each) => (each instanceof Objection ? [] : [each]));
    assert.equal(members.length, 1);
    for (const each of all) if (each instanceof Objection) assert.equal(each.name, 'name taken');
    assert.equal(await place.store.members(), 1);
    assert.deepEqual(
      [...place.wallets.files.keys()],
      members.map(({ row }) => row.id),
      'no wallet is left over',
    );
    assertObjected(await enrol(context, ADA), 'name taken');
  });

  it('leaves no wallet open', async () => {
    const place = new TestPlace('closed');
    await joined(place, place.context());
    assert.equal(place.wallets.held.size, 0);
  });
});

describe('signing up, killed between', () => {
  for (const when of ['before', 'after'] as const) {
    it(`${when} the row is stored, can be done again or was done`, async () => {
      const place = new TestPlace(`killed ${when}`);
      const { store, met } = killingStore(place.store, { call: 0, when });
      await assert.rejects(enrol(place.context({ store }), ADA), Killed);
      assert.ok(met());
      const context = place.context();
      const again = await enrol(context, ADA);
      if (when === 'after') assertObjected(again, 'name taken');
      else agreed(again);
      const session = agreed(await signInByPassword(context, ADA, ''));
      const shown = await shownSession(context.parts, session.secret);
      assert.ok(shown !== undefined);
      const unlocked = { row: await stored(place, 'ada'), key: keyOfSession(context.parts, shown) };
      const phrase = await phraseInWallet(place, unlocked);
      assert.ok(phrase !== undefined, 'the wallet is there');
      assert.deepEqual(openByPhrase(context.parts, unlocked.row, phrase), unlocked.key);
      assert.equal(await place.store.members(), 1);
    });
  }

  for (const when of ['before', 'after'] as const) {
    it(`${when} the wallet's words are stored, leaves the name free`, async () => {
      const place = new TestPlace(`wallet ${when}`);
      const { wallets } = place;
      const killing = {
        open: (member: string, key: Uint8Array) => {
          const store = wallets.open(member, key);
          if (!('load' in store)) return store;
          const commit = async (change: Parameters<typeof store.commit>[0]): Promise<void> => {
            if (when === 'after') await store.commit(change);
            throw new Killed();
          };
          return { ...store, commit };
        },
        remove: () => Promise.reject(new Killed()),
      };
      await assert.rejects(enrol(place.context({ wallets: killing }), ADA), Killed);
      assert.equal(await place.store.memberNamed('ada'), undefined);
      await joined(place, place.context());
    });
  }
});

describe('signing in', () => {
  it('begins a session by name and password, in any way of writing the name', async () => {
    const place = new TestPlace('sign in');
    const context = place.context();
    const { key } = await joined(place, context);
    for (const name of ['Ada', 'ada', ' ADA']) {
      const { secret, needsPasskey } = agreed(await signInByPassword(context, { ...ADA, name }, 'Firefox'));
      assert.equal(needsPasskey, false);
      const shown = await shownSession(context.parts, secret);
      assert.ok(shown !== undefined);
      assert.equal(shown.row.label, 'Firefox');
      assert.equal(shown.row.kind, 'page');
      assert.deepEqual(keyOfSession(context.parts, shown), key);
    }
  });

  it('says the same of a wrong password as of an unknown name', async () => {
    const place = new TestPlace('wrong');
    const context = place.context();
    await joined(place, context);
    const known = await signInByPassword(context, { name: 'ada', password: OTHER_PASSWORD }, '');
    const unknown = await signInByPassword(context, { name: 'ben', password: OTHER_PASSWORD }, '');
    assertObjected(known, 'wrong password');
    assert.deepEqual(known, unknown);
    assert.equal((await place.store.sessionsOf((await stored(place, 'ada')).id)).length, 0);
  });

  it('says it when too many wait, known or not', async () => {
    const place = new TestPlace('too many');
    await joined(place, place.context());
    const context = place.context({ secrets: { ...cheapSecrets, stretch: async () => undefined } });
    for (const name of ['ada', 'ben']) {
      assertObjected(await signInByPassword(context, { name, password: PASSWORD }, ''), 'too many');
    }
  });

  it('begins no session by a password that was changed while it was looked at', async () => {
    const place = new TestPlace('overtaken');
    const context = place.context();
    const { phrase, row } = await joined(place, context);
    let recovered = false;
    const secrets = {
      ...cheapSecrets,
      stretch: async (password: string, salt: Uint8Array) => {
        const key = await cheapSecrets.stretch(password, salt);
        if (!recovered) {
          recovered = true;
          agreed(await recover(context, { name: 'ada', phrase, password: OTHER_PASSWORD }, 'own'));
        }
        return key;
      },
    };
    const slow = { ...context, parts: { ...context.parts, secrets } };
    assertObjected(await signInByPassword(slow, ADA, 'thief'), 'wrong password');
    const labels = (await place.store.sessionsOf(row.id)).map(({ label }) => label);
    assert.deepEqual(labels, ['own']);
  });
});

describe('recovering', () => {
  it('sets a new password, and turns out whoever else was in', async () => {
    const place = new TestPlace('recover');
    const context = place.context();
    const { phrase, key, row } = await joined(place, context);
    const thief = agreed(await signInByPassword(context, ADA, 'thief'));
    const passkey = {
      credential: 'thief',
      publicKey: '',
      counter: 0,
      transports: [],
      name: '',
      created: 0,
    };
    const lock = { kind: 'passkey', credential: 'thief', sealed: '' } as const;
    await place.store.putMember({
      ...row,
      secondFactor: true,
      passkeys: [passkey],
      locks: [...row.locks, lock],
    });

    const own = agreed(await recover(context, { name: 'ADA', phrase, password: OTHER_PASSWORD }, 'own'));
    assert.equal(await shownSession(context.parts, thief.secret), undefined);
    const shown = await shownSession(context.parts, own.secret);
    assert.ok(shown !== undefined);
    assert.deepEqual(keyOfSession(context.parts, shown), key);
    assertObjected(await signInByPassword(context, ADA, ''), 'wrong password');
    const now = await stored(place, 'ada');
    assert.deepEqual([now.passkeys, now.secondFactor], [[], false]);
    assert.deepEqual(
      now.locks.map(({ kind }) => kind),
      ['password', 'phrase'],
    );
    const again = await signInByPassword(context, { name: 'ada', password: OTHER_PASSWORD }, '');
    assert.equal(agreed(again).needsPasskey, false);
    agreed(await recover(context, { name: 'ada', phrase, password: PASSWORD }, 'once more'));
  });

  it('objects to other words, other names and weak passwords, and changes nothing then', async () => {
    const place = new TestPlace('not recovered');
    const context = place.context();
    const { phrase, row } = await joined(place, context);
    const { secret } = agreed(await signInByPassword(context, ADA, ''));
    const wrong = await recover(context, { name: 'ada', phrase: PHRASE, password: OTHER_PASSWORD }, '');
    assertObjected(wrong, 'wrong phrase');
    assert.deepEqual(await recover(context, { name: 'ben', phrase, password: OTHER_PASSWORD }, ''), wrong);
    assert.deepEqual(
      await recover(context, { name: 'ada', phrase: 'x', password: OTHER_PASSWORD }, ''),
      wrong,
    );
    assertObjected(await recover(context, { name: 'ada', phrase, password: 'short' }, ''), 'weak password');
    assert.deepEqual(await stored(place, 'ada'), row);
    assert.ok((await shownSession(context.parts, secret)) !== undefined);
  });

  it('is the one or the other when it is killed between any two writes, and can be done again', async () => {
    let kills = 0;
    for (let call = 0; ; call++) {
      let wasMet = false;
      for (const when of ['before', 'after'] as const) {
        const place = new TestPlace(`recover ${call} ${when}`);
        const context = place.context();
        const { phrase, key } = await joined(place, context);
        agreed(await signInByPassword(context, ADA, 'thief'));
        const { store, met } = killingStore(place.store, { call, when });
        const input = { name: 'ada', phrase, password: OTHER_PASSWORD };
        const dying = recover(place.context({ store }), input, 'own');
        await dying.catch((error: unknown) => assert.ok(error instanceof Killed));
        wasMet ||= met();
        const after = await place.store.sessionsOf((await stored(place, 'ada')).id);
        const isNew = !((await signInByPassword(context, input, 'new')) instanceof Objection);
        const isOld = !((await signInByPassword(context, ADA, 'old')) instanceof Objection);
        assert.notEqual(isNew, isOld, 'one password opens');
        if (isNew) assert.ok(!after.some(({ label }) => label === 'thief'), 'nobody else is in any more');
        const { secret } = agreed(await recover(context, input, 'own'));
        const shown = await shownSession(context.parts, secret);
        assert.ok(shown !== undefined);
        assert.deepEqual(keyOfSession(context.parts, shown), key);
        if (met()) kills++;
      }
      if (!wasMet) break;
    }
    assert.equal(kills, 6, 'three writes: sessions, row, session');
  });
});

describe('stolen rows', () => {
  it('hold no key, no words, no password and no secret', async () => {
    const place = new TestPlace('stolen');
    const context = place.context();
    const { row, key, phrase } = await joined(place, context);
    const { secret } = agreed(await signInByPassword(context, ADA, 'Firefox'));
    const rows = await place.stolen(row.id);
    assert.ok(rows.includes('Firefox') && rows.includes(row.identity), 'rows and sessions are searched');
    const identity = openIdentity(context.parts, row, key);
    const bytes = fromBase64url(secret);
    assert.ok(bytes !== undefined);
    const texts = [PASSWORD, phrase, identity, ...phrase.split(' ').map((word) => `"${word}"`)];
    for (const text of texts) assert.ok(!rows.includes(text), 'a secret stands in a row');
    for (const each of [key, bytes]) assertHidden(rows, each);
    assert.throws(() => assertHidden(`${rows}${bytesToHex(key)}`, key), 'the search finds what is there');
  });

  it('open nothing by what stands in them', async () => {
    const place = new TestPlace('keys in rows');
    const context = place.context();
    const { row } = await joined(place, context);
    agreed(await signInByPassword(context, ADA, 'Firefox'));
    const rows = await place.stolen(row.id);
    const [session] = await place.store.sessionsOf(row.id);
    assert.ok(session !== undefined);
    const found = [...rows.matchAll(/[0-9a-f]{32,}/g)].map(([text]) => text);
    assert.ok(found.length > 5);
    const { secrets } = context.parts;
    const sealed = [row.identity, session.sealed, ...row.locks.map((lock) => lock.sealed)];
    const names = ['identity', 'session', 'password', 'phrase'].map((kind) => `member ${row.id} ${kind}`);
    for (const candidate of found.map((text) => hexToBytes(text.slice(0, 64))))
      for (const each of sealed)
        for (const name of names) assert.equal(secrets.open(candidate, name, hexToBytes(each)), undefined);
  });
});

function assertHidden(text: string, secret: Uint8Array): void {
  for (const encoding of ['hex', 'base64', 'base64url'] as const) {
    const written = Buffer.from(secret).toString(encoding).replace(/=+$/, '');
    assert.ok(!text.includes(written), 'a secret stands in a row');
  }
  assert.ok(!text.includes([...secret].join(',')), 'a secret stands in a row');
}

describe('sessions', () => {
  it('end when their time is over, half ones soon', async () => {
    const place = new TestPlace('expiry');
    const context = place.context();
    const { row } = await joined(place, context);
    const whole = agreed(await signInByPassword(context, ADA, '')).secret;
    await place.store.putMember({ ...row, secondFactor: true });
    const half = agreed(await signInByPassword(context, ADA, ''));
    assert.equal(half.needsPasskey, true);
    assert.equal((await shownSession(context.parts, half.secret))?.row.kind, 'half');
    place.now += HOST_TIMES.half;
    assert.equal(await shownSession(context.parts, half.secret), undefined);
    assert.ok((await shownSession(context.parts, whole)) !== undefined);
    place.now += HOST_TIMES.page;
    assert.equal(await shownSession(context.parts, whole), undefined);
  });

  it('are so many at most, and the oldest of a kind goes', async () => {
    const place = new TestPlace('many');
    const context = place.context();
    const { row } = await joined(place, context);
    const first = agreed(await signInByPassword(context, ADA, 'first')).secret;
    await place.store.putMember({ ...row, secondFactor: true });
    for (let count = 0; count <= HOST_LIMITS.sessions; count++) {
      place.now += 1;
      agreed(await signInByPassword(context, ADA, `half ${count}`));
    }
    const sessions = await place.store.sessionsOf(row.id);
    assert.equal(sessions.filter(({ kind }) => kind === 'half').length, HOST_LIMITS.sessions);
    assert.ok(!sessions.some(({ label }) => label === 'half 0'), 'the oldest goes');
    assert.ok((await shownSession(context.parts, first)) !== undefined, 'who is in stays in');
  });

  it('are not found by what is no secret', async () => {
    const place = new TestPlace('no secret');
    const context = place.context();
    const { row } = await joined(place, context);
    const { secret } = agreed(await signInByPassword(context, ADA, ''));
    const [session] = await place.store.sessionsOf(row.id);
    for (const text of ['', 'x', session?.hash ?? '', `${secret}A`, `${secret}=`, secret.slice(1)])
      assert.equal(await shownSession(context.parts, text), undefined);
  });
});
