import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  account,
  addPasskey,
  changePassword,
  checkPassword,
  closeAccount,
  endSession,
  newToken,
  removePasskey,
  setLanguage,
  setSecondFactor,
} from './account.ts';
import type { AccountDesk } from './account.ts';
import type { HostContext } from '../context.ts';
import { HOST_LIMITS } from '../limits.ts';
import { enrol, recover, signInByPassword } from './members.ts';
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
import { Objection, object } from '../objections.ts';
import { completeHalf, signInByPasskey } from './passkeys.ts';
import type { HostStore } from '../ports.ts';
import { beginSession, keyOfSession, shownSession } from './sessions.ts';
import type { MemberRow, Passkey } from '../state.ts';

const ADA = { name: 'ada', password: PASSWORD, phrase: '' };
const PRF = new Uint8Array(32).fill(9);

function passkey(credential: string, counter = 0): Passkey {
  return { credential, publicKey: 'public', counter, transports: [], name: credential, created: 0 };
}

interface Scene {
  readonly place: TestPlace;
  readonly context: HostContext;
  readonly desk: AccountDesk;
  readonly phrase: string;
  readonly key: Uint8Array;
  readonly id: string;
  /** The session that asks, its secret and its hash. */
  readonly own: { readonly secret: string; readonly hash: string };
}

async function scene(seed: string, name = 'ada', place = new TestPlace(seed)): Promise<Scene> {
  const context = place.context();
  const { row, key, phrase } = agreed(await enrol(context, { ...ADA, name }));
  const secret = await beginSession(context.parts, key, { member: row.id, kind: 'page', label: 'own' });
  const hash = (await shownSession(context.parts, secret))?.row.hash ?? '';
  const desk = deskOf(context, row, key);
  return { place, context, desk, phrase, key, id: row.id, own: { secret, hash } };
}

/** As an open member has one: its row is what it saw last. */
function deskOf(context: HostContext, first: MemberRow, key: Uint8Array): AccountDesk {
  let row = first;
  const setRow = async (next: MemberRow): Promise<void> => {
    await context.parts.store.putMember(next);
    row = next;
  };
  return { context, row: () => row, setRow, key };
}

/** The desk, over a store that kills. */
function overStore(of: Scene, store: HostStore): AccountDesk {
  return deskOf(of.place.context({ store }), of.desk.row(), of.key);
}

async function rowOf({ place, id }: Scene): Promise<MemberRow> {
  const row = await place.store.member(id);
  assert.ok(row !== undefined);
  return row;
}

async function labels({ place, id }: Scene): Promise<readonly string[]> {
  return (await place.store.sessionsOf(id)).map(({ label }) => label).sort();
}

describe('changing the password', () => {
  it('locks the key anew, and signs out other browsers but no program', async () => {
    const ada = await scene('change');
    agreed(await signInByPassword(ada.context, ADA, 'other'));
    const token = agreed(await newToken(ada.desk, 'program', PASSWORD));
    agreed(await changePassword(ada.desk, PASSWORD, OTHER_PASSWORD, ada.own.hash));
    assert.deepEqual(await labels(ada), ['own', 'program']);
    assert.ok((await shownSession(ada.context.parts, token)) !== undefined);
    assertObjected(await signInByPassword(ada.context, ADA, ''), 'wrong password');
    const { secret } = agreed(await signInByPassword(ada.context, { ...ADA, password: OTHER_PASSWORD }, ''));
    const shown = await shownSession(ada.context.parts, secret);
    assert.ok(shown !== undefined);
    assert.deepEqual(keyOfSession(ada.context.parts, shown), ada.key);
    agreed(await recover(ada.context, { ...ADA, phrase: ada.phrase }, ''));
  });

  it('ends programs’ tokens too where that is wanted: a thief’s would stay good', async () => {
    const ada = await scene('change all');
    const token = agreed(await newToken(ada.desk, 'program', PASSWORD));
    assertObjected(
      await changePassword(ada.desk, 'not the password', OTHER_PASSWORD, ada.own.hash, true),
      'wrong password',
    );
    assert.ok((await shownSession(ada.context.parts, token)) !== undefined, 'not before it is changed');
    agreed(await changePassword(ada.desk, PASSWORD, OTHER_PASSWORD, ada.own.hash, true));
    assert.deepEqual(await labels(ada), ['own']);
    assert.equal(await shownSession(ada.context.parts, token), undefined);
  });

  it('needs the old one, and a good new one', async () => {
    const ada = await scene('not changed');
    const before = await rowOf(ada);
    const { hash } = ada.own;
    assertObjected(await changePassword(ada.desk, OTHER_PASSWORD, OTHER_PASSWORD, hash), 'wrong password');
    assertObjected(await changePassword(ada.desk, PASSWORD, 'short', hash), 'weak password');
    assertObjected(await changePassword(ada.desk, PASSWORD, 'ada', hash), 'weak password');
    assert.deepEqual(await rowOf(ada), before);
    assertObjected(await checkPassword(ada.desk, OTHER_PASSWORD), 'wrong password');
    assert.equal(await checkPassword(ada.desk, PASSWORD), undefined);
  });

  it('twice at once, with the same old one, is done once', async () => {
    const ada = await scene('twice');
    const results = await Promise.all(
      ['new password one', 'new password two'].map((after) =>
        changePassword(ada.desk, PASSWORD, after, ada.own.hash),
      ),
    );
    assert.equal(results.filter((each) => each instanceof Objection).length, 1);
  });

  it('is the one or the other when it is killed between any two writes', async () => {
    let kills = 0;
    for (let call = 0, wasMet = true; wasMet; call++) {
      wasMet = false;
      for (const when of ['before', 'after'] as const) {
        const ada = await scene(`killed ${call} ${when}`);
        agreed(await signInByPassword(ada.context, ADA, 'thief'));
        const { store, met } = killingStore(ada.place.store, { call, when });
        const dying = changePassword(overStore(ada, store), PASSWORD, OTHER_PASSWORD, ada.own.hash);
        await dying.catch((error: unknown) => assert.ok(error instanceof Killed));
        const isThiefIn = (await labels(ada)).includes('thief');
        const isOld = !((await signInByPassword(ada.context, ADA, '')) instanceof Objection);
        const input = { ...ADA, password: OTHER_PASSWORD };
        const isNew = !((await signInByPassword(ada.context, input, '')) instanceof Objection);
        assert.notEqual(isOld, isNew, 'one password opens');
        assert.ok(!isNew || !isThiefIn, 'with a new password nobody else is in');
        wasMet ||= met();
        if (met()) kills++;
      }
    }
    assert.equal(kills, 4, 'two writes: the session, the row');
  });
});

describe('passkeys', () => {
  it('that give a secret open the member key, again and again', async () => {
    const ada = await scene('prf');
    agreed(await addPasskey(ada.desk, passkey('one', 4), PRF));
    for (const counter of [5, 9]) {
      const shown = { credential: 'one', counter };
      const { secret } = agreed(await signInByPasskey(ada.context, shown, PRF, 'phone'));
      const session = await shownSession(ada.context.parts, secret);
      assert.equal(session?.row.kind, 'page');
      assert.deepEqual(keyOfSession(ada.context.parts, session), ada.key);
    }
    assert.equal((await rowOf(ada)).passkeys[0]?.counter, 9);
    assert.ok(!(await ada.place.stolen(ada.id)).includes(Buffer.from(PRF).toString('hex')));
  });

  it('open nothing by another secret, unknown, without a secret, or with a counter that stands still', async () => {
    const ada = await scene('wrong passkey');
    agreed(await addPasskey(ada.desk, passkey('one', 4), PRF));
    agreed(await addPasskey(ada.desk, passkey('plain'), undefined));
    const tries = [
      [{ credential: 'one', counter: 5 }, PRF.with(0, 1)],
      [{ credential: 'one', counter: 5 }, new Uint8Array(0)],
      [{ credential: 'two', counter: 5 }, PRF],
      [{ credential: 'plain', counter: 0 }, PRF],
      [{ credential: 'one', counter: 4 }, PRF],
      [{ credential: 'one', counter: 0 }, PRF],
    ] as const;
    for (const [shown, prf] of tries)
      assertObjected(await signInByPasskey(ada.context, shown, prf, ''), 'wrong passkey');
    assert.deepEqual(await labels(ada), ['own']);
    assert.equal((await rowOf(ada)).passkeys[0]?.counter, 4);
  });

  it('that count nothing go on counting nothing', async () => {
    const ada = await scene('no counter');
    agreed(await addPasskey(ada.desk, passkey('one'), PRF));
    agreed(await signInByPasskey(ada.context, { credential: 'one', counter: 0 }, PRF, ''));
    agreed(await signInByPasskey(ada.context, { credential: 'one', counter: 0 }, PRF, ''));
  });

  it('sign in once where one signature is shown twice', async () => {
    const ada = await scene('replayed');
    agreed(await addPasskey(ada.desk, passkey('one', 1), PRF));
    const shown = { credential: 'one', counter: 2 };
    const results = await Promise.all([1, 2].map(() => signInByPasskey(ada.context, shown, PRF, '')));
    assert.equal(results.filter((each) => each instanceof Objection).length, 1);
  });

  it('are added once each, ten at most, and never the passkey of somebody else', async () => {
    const ada = await scene('add');
    const ben = await scene('add ben', 'ben', ada.place);
    agreed(await addPasskey(ada.desk, passkey('one'), undefined));
    agreed(await addPasskey(ada.desk, passkey('one'), PRF));
    assert.deepEqual(
      (await account(ada.desk, ada.own.hash).then(agreed)).passkeys.map(({ opens }) => opens),
      [true],
    );
    assertObjected(await addPasskey(ben.desk, passkey('one'), PRF), 'not possible');
    assertObjected(await addPasskey(ada.desk, passkey('two'), new Uint8Array(31)), 'wrong passkey');
    for (let count = 1; count < HOST_LIMITS.passkeys; count++)
      agreed(await addPasskey(ada.desk, passkey(`more ${count}`), undefined));
    assertObjected(await addPasskey(ada.desk, passkey('too many'), undefined), 'full');
    agreed(await addPasskey(ada.desk, passkey('one'), PRF));
  });

  it('added at once are all kept', async () => {
    const ada = await scene('at once');
    const credentials = ['one', 'two', 'three', 'four'];
    await Promise.all(credentials.map((each) => addPasskey(ada.desk, passkey(each), PRF)));
    assert.deepEqual(
      (await rowOf(ada)).passkeys.map(({ credential }) => credential),
      credentials,
    );
  });

  it('that are removed open nothing any more', async () => {
    const ada = await scene('remove');
    agreed(await addPasskey(ada.desk, passkey('one'), PRF));
    assertObjected(await removePasskey(ada.desk, 'one', OTHER_PASSWORD), 'wrong password');
    agreed(await removePasskey(ada.desk, 'one', PASSWORD));
    assertObjected(
      await signInByPasskey(ada.context, { credential: 'one', counter: 1 }, PRF, ''),
      'wrong passkey',
    );
    assert.ok(!(await rowOf(ada)).locks.some(({ kind }) => kind === 'passkey'));
  });
});

describe('the second factor', () => {
  async function withFactor(seed: string): Promise<Scene & { readonly half: string }> {
    const ada = await scene(seed);
    agreed(await addPasskey(ada.desk, passkey('one', 1), undefined));
    agreed(await setSecondFactor(ada.desk, true, PASSWORD));
    const { secret, needsPasskey } = agreed(await signInByPassword(ada.context, ADA, 'new'));
    assert.equal(needsPasskey, true);
    return { ...ada, half: secret };
  }

  it('makes a whole session of half of one, and ends the half', async () => {
    const ada = await withFactor('whole');
    const shown = { credential: 'one', counter: 2 };
    const { secret } = agreed(await completeHalf(ada.context, ada.half, shown, 'new'));
    assert.notEqual(secret, ada.half);
    const session = await shownSession(ada.context.parts, secret);
    assert.equal(session?.row.kind, 'page');
    assert.deepEqual(keyOfSession(ada.context.parts, session), ada.key);
    assertObjected(await completeHalf(ada.context, ada.half, { ...shown, counter: 3 }, ''), 'signed out');
  });

  it('is no whole session by any other passkey, nor by a session that is whole already', async () => {
    const ada = await withFactor('other');
    const ben = await scene('other ben', 'ben', ada.place);
    agreed(await addPasskey(ben.desk, passkey('ben'), undefined));
    assertObjected(
      await completeHalf(ada.context, ada.half, { credential: 'ben', counter: 2 }, ''),
      'wrong passkey',
    );
    assertObjected(
      await completeHalf(ada.context, ada.half, { credential: 'one', counter: 1 }, ''),
      'wrong passkey',
    );
    const shown = { credential: 'one', counter: 2 };
    assertObjected(await completeHalf(ada.context, ada.own.secret, shown, ''), 'signed out');
    assertObjected(await completeHalf(ada.context, 'unknown', shown, ''), 'signed out');
    assert.equal((await shownSession(ada.context.parts, ada.half))?.row.kind, 'half');
  });

  it('makes one whole session of one half, however often it is asked at once', async () => {
    const ada = await scene('half at once');
    agreed(await addPasskey(ada.desk, passkey('one'), undefined));
    agreed(await setSecondFactor(ada.desk, true, PASSWORD));
    const { secret } = agreed(await signInByPassword(ada.context, ADA, ''));
    const shown = { credential: 'one', counter: 0 };
    const results = await Promise.all([1, 2].map(() => completeHalf(ada.context, secret, shown, '')));
    assert.equal(results.filter((each) => each instanceof Objection).length, 1);
  });

  it('ends when a new password is set, and so does every half session', async () => {
    const ada = await withFactor('recovered');
    agreed(await changePassword(ada.desk, PASSWORD, OTHER_PASSWORD, ada.own.hash));
    const shown = { credential: 'one', counter: 2 };
    assertObjected(await completeHalf(ada.context, ada.half, shown, ''), 'signed out');
  });

  it('is asked for only where there is a passkey', async () => {
    const ada = await scene('none');
    assertObjected(await setSecondFactor(ada.desk, true, PASSWORD), 'not possible');
    agreed(await addPasskey(ada.desk, passkey('one'), undefined));
    assertObjected(await setSecondFactor(ada.desk, true, OTHER_PASSWORD), 'wrong password');
    agreed(await setSecondFactor(ada.desk, true, PASSWORD));
    agreed(await removePasskey(ada.desk, 'one', PASSWORD));
    assert.equal(agreed(await signInByPassword(ada.context, ADA, '')).needsPasskey, false);
  });
});

describe('sessions and tokens', () => {
  it('are shown as they are, without what opens anything', async () => {
    const ada = await scene('shown');
    const token = agreed(await newToken(ada.desk, 'program', PASSWORD));
    agreed(await setLanguage(ada.desk, 'de'));
    const view = agreed(await account(ada.desk, ada.own.hash));
    assert.equal(view.name, 'ada');
    assert.equal(view.language, 'de');
    assert.deepEqual(
      view.sessions.map(({ kind, label, isThis }) => [kind, label, isThis]),
      [
        ['page', 'own', true],
        ['token', 'program', false],
      ],
    );
    assert.ok(!JSON.stringify(view).includes(token));
  });

  it('are ended by their member alone', async () => {
    const ada = await scene('end');
    const ben = await scene('end ben', 'ben', ada.place);
    agreed(await endSession(ben.desk, ada.own.hash));
    assert.deepEqual(await labels(ada), ['own']);
    agreed(await endSession(ada.desk, ada.own.hash));
    agreed(await endSession(ada.desk, ada.own.hash));
    assert.deepEqual(await labels(ada), []);
  });

  it('of programs need the password, and are so many at most', async () => {
    const ada = await scene('tokens');
    assertObjected(await newToken(ada.desk, 'program', OTHER_PASSWORD), 'wrong password');
    for (let count = 0; count < HOST_LIMITS.sessions; count++)
      agreed(await newToken(ada.desk, `program ${count}`, PASSWORD));
    assertObjected(await newToken(ada.desk, 'one more', PASSWORD), 'full');
    agreed(await signInByPassword(ada.context, ADA, ''));
  });
});

describe('the language', () => {
  it('is two letters, or none', async () => {
    const ada = await scene('language');
    for (const language of ['de', 'en', '']) agreed(await setLanguage(ada.desk, language));
    for (const language of ['DE', 'd', 'deu', '<b']) {
      assertObjected(await setLanguage(ada.desk, language), 'unreadable');
    }
  });
});

function removing({ place, id }: { place: TestPlace; id: string }): () => Promise<undefined> {
  return async () => {
    await place.store.removeMember(id);
    return undefined;
  };
}

describe('closing', () => {
  it('leaves neither row nor session nor wallet, and the name free', async () => {
    const ada = await scene('close');
    const forgotten: string[] = [];
    const context = {
      ...ada.context,
      forget: async (id: string) => {
        assert.equal(await ada.place.store.member(id), undefined, 'nobody signs in any more');
        assert.ok(ada.place.wallets.files.has(id), 'it is closed before it is removed');
        forgotten.push(id);
      },
    };
    agreed(await closeAccount({ ...ada.desk, context }, PASSWORD, removing(ada)));
    assert.deepEqual(forgotten, [ada.id]);
    assert.equal(ada.place.wallets.files.size, 0);
    assert.equal(await shownSession(ada.context.parts, ada.own.secret), undefined);
    assertObjected(await signInByPassword(ada.context, ADA, ''), 'wrong password');
    assertObjected(await account(ada.desk, ada.own.hash), 'signed out');
    assertObjected(await setLanguage(ada.desk, 'de'), 'signed out');
    assertObjected(await newToken(ada.desk, '', PASSWORD), 'wrong password');
    agreed(await enrol(ada.context, ADA));
  });

  it('needs the password, and word that what is in the purses may go', async () => {
    const ada = await scene('not closed');
    assertObjected(await closeAccount(ada.desk, OTHER_PASSWORD, removing(ada)), 'wrong password');
    assertObjected(await closeAccount(ada.desk, PASSWORD, async () => object('money left')), 'money left');
    assert.equal(await ada.place.store.members(), 1);
    assert.ok(ada.place.wallets.files.has(ada.id));
  });

  it('is not done by a password that was changed while it was looked at', async () => {
    const ada = await scene('overtaken');
    let isChanged = false;
    const secrets = {
      ...cheapSecrets,
      stretch: async (password: string, salt: Uint8Array) => {
        const key = await cheapSecrets.stretch(password, salt);
        if (!isChanged) {
          isChanged = true;
          agreed(await changePassword(ada.desk, PASSWORD, OTHER_PASSWORD, ''));
        }
        return key;
      },
    };
    const context = { ...ada.context, parts: { ...ada.context.parts, secrets } };
    assertObjected(await closeAccount({ ...ada.desk, context }, PASSWORD, removing(ada)), 'wrong password');
    assert.equal(await ada.place.store.members(), 1);
  });

  it('says it when too many wait', async () => {
    const ada = await scene('busy');
    const context = ada.place.context({ secrets: { ...cheapSecrets, stretch: async () => undefined } });
    assertObjected(await closeAccount({ ...ada.desk, context }, PASSWORD, removing(ada)), 'too many');
  });
});
