import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { newPhrase } from '../../wallet/phrase.ts';
import { seeded } from '../../wallet/testing.test-helper.ts';
import {
  newMemberKey,
  openByPasskey,
  openByPassword,
  openByPhrase,
  openForSession,
  openIdentity,
  passkeyLock,
  passwordLock,
  phraseLock,
  sealForSession,
  sealIdentity,
} from './locks.ts';
import { OTHER_PASSWORD, PASSWORD, cheapSecrets } from '../members.test-helper.ts';
import type { MemberRow } from '../state.ts';

const parts = { secrets: cheapSecrets, randomness: seeded('locks') };
const ADA = 'a'.repeat(32);
const BEN = 'b'.repeat(32);
const PRF = parts.randomness(32);
const OTHER_PRF = parts.randomness(32);
const PHRASE = newPhrase(parts.randomness);
const OTHER_PHRASE = newPhrase(parts.randomness);

async function locked(id: string): Promise<{ readonly row: MemberRow; readonly key: Uint8Array }> {
  const key = newMemberKey(parts);
  const password = await passwordLock(parts, id, key, PASSWORD);
  assert.ok(password !== undefined);
  const locks = [
    password,
    phraseLock(parts, id, key, PHRASE),
    passkeyLock(parts, id, key, { credential: 'one', prf: PRF }),
  ];
  const row: MemberRow = {
    id,
    name: 'ada',
    handle: 'ada',
    created: 0,
    language: '',
    recipient: '',
    identity: sealIdentity(parts, id, key, 'AGE-SECRET-KEY-1'),
    locks,
    passkeys: [],
    secondFactor: false,
  };
  return { row, key };
}

describe('locks', () => {
  it('open by what they were made with', async () => {
    const { row, key } = await locked(ADA);
    assert.deepEqual(await openByPassword(parts, row, PASSWORD), key);
    assert.deepEqual(openByPhrase(parts, row, PHRASE), key);
    assert.deepEqual(openByPhrase(parts, row, ` ${PHRASE.toUpperCase().replaceAll(' ', '\n')} `), key);
    assert.deepEqual(openByPasskey(parts, row, 'one', PRF), key);
    assert.equal(openIdentity(parts, row, key), 'AGE-SECRET-KEY-1');
  });

  it('open by nothing else', async () => {
    const { row } = await locked(ADA);
    assert.equal(await openByPassword(parts, row, OTHER_PASSWORD), 'wrong');
    assert.equal(await openByPassword(parts, row, ''), 'wrong');
    assert.equal(await openByPassword(parts, row, PHRASE), 'wrong');
    assert.equal(openByPhrase(parts, row, OTHER_PHRASE), undefined);
    assert.equal(openByPhrase(parts, row, ''), undefined);
    assert.equal(openByPasskey(parts, row, 'one', OTHER_PRF), undefined);
    assert.equal(openByPasskey(parts, row, 'two', PRF), undefined);
    assert.equal(openByPasskey(parts, row, 'one', new Uint8Array(0)), undefined);
  });

  it("open nothing once they stand in another member's row", async () => {
    const { row } = await locked(ADA);
    const moved = { ...row, id: BEN };
    assert.equal(await openByPassword(parts, moved, PASSWORD), 'wrong');
    assert.equal(openByPhrase(parts, moved, PHRASE), undefined);
    assert.equal(openByPasskey(parts, moved, 'one', PRF), undefined);
  });

  it('open nothing in the place of a lock of another kind', async () => {
    const { row } = await locked(ADA);
    const [password, phrase, passkey] = row.locks;
    assert.ok(password && phrase && passkey);
    const swapped = { ...row, locks: [{ ...password, sealed: phrase.sealed }] };
    assert.equal(await openByPassword(parts, swapped, PASSWORD), 'wrong');
    assert.equal(
      openByPhrase(parts, { ...row, locks: [{ ...phrase, sealed: passkey.sealed }] }, PHRASE),
      undefined,
    );
    // Nor would it by the very secret of the other kind.
    assert.equal(openForSession(parts, ADA, passkey.sealed, PRF), undefined);
    const renamed = { ...row, locks: [{ ...passkey, credential: 'two' }] };
    assert.equal(openByPasskey(parts, renamed, 'two', PRF), undefined);
  });

  it('are not made with a passkey that gives too little', () => {
    const passkey = { credential: 'one', prf: new Uint8Array(0) };
    assert.throws(() => passkeyLock(parts, ADA, newMemberKey(parts), passkey), RangeError);
  });

  it('are another each time, under another salt', async () => {
    const key = newMemberKey(parts);
    const [one, two] = [
      await passwordLock(parts, ADA, key, PASSWORD),
      await passwordLock(parts, ADA, key, PASSWORD),
    ];
    assert.notEqual(one?.salt, two?.salt);
    assert.notEqual(one?.sealed, two?.sealed);
  });

  it('take a password as every keyboard writes it', async () => {
    const key = newMemberKey(parts);
    const lock = await passwordLock(parts, ADA, key, 'Käse und\u00A0Brot');
    assert.ok(lock !== undefined);
    const { row } = await locked(ADA);
    assert.deepEqual(await openByPassword(parts, { ...row, locks: [lock] }, 'Ka\u0308se und Brot'), key);
    assert.equal(await openByPassword(parts, { ...row, locks: [lock] }, 'käse und brot'), 'wrong');
  });

  it('cost the same for a name that nobody has', async () => {
    const salts: string[] = [];
    const secrets = {
      ...cheapSecrets,
      stretch: (password: string, salt: Uint8Array) => {
        salts.push(bytesToHex(salt));
        return cheapSecrets.stretch(password, salt);
      },
    };
    assert.equal(await openByPassword({ ...parts, secrets }, undefined, PASSWORD), 'wrong');
    assert.deepEqual(
      salts.map(({ length }) => length),
      [32],
    );
  });

  it('say it when too many wait', async () => {
    const secrets = { ...cheapSecrets, stretch: async () => undefined };
    const { row, key } = await locked(ADA);
    assert.equal(await openByPassword({ ...parts, secrets }, row, PASSWORD), 'too many');
    assert.equal(await passwordLock({ ...parts, secrets }, ADA, key, PASSWORD), undefined);
  });

  it("keep a session's key for its secret and its member", async () => {
    const { key } = await locked(ADA);
    const secret = parts.randomness(32);
    const sealed = sealForSession(parts, ADA, key, secret);
    assert.deepEqual(openForSession(parts, ADA, sealed, secret), key);
    assert.equal(openForSession(parts, BEN, sealed, secret), undefined);
    assert.equal(openForSession(parts, ADA, sealed, parts.randomness(32)), undefined);
    // What the row shows of the secret is no way to it.
    assert.equal(openForSession(parts, ADA, sealed, hexToBytes(cheapSecrets.hash(secret))), undefined);
  });

  it('of one member do not open with the key of another', async () => {
    const [ada, ben] = [await locked(ADA), await locked(BEN)];
    assert.throws(() => openIdentity(parts, ada.row, ben.key), /two members/);
  });
});
