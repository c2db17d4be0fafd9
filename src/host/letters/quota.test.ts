import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryHostStore } from '../../stores/host/memory.test-helper.ts';
import { letter, member } from '../../stores/host/rows.test-helper.ts';
import { HOST_LIMITS } from '../limits.ts';
import { Quota } from './quota.ts';

describe('what one member brings to another', () => {
  it('is so many letters that were not opened; each that is opened makes room, and others have their own', async () => {
    const store = openMemoryHostStore();
    await store.addMember(member(1));
    const to = member(1).id;
    const quota = new Quota(store);
    for (let number = 0; number < HOST_LIMITS.unopened; number++) {
      assert.ok(await quota.hasRoom('mallory', to));
      await store.putLetter(letter(number, 1));
      quota.count('mallory', to, letter(number, 1).id, 1_000);
    }
    for (let again = 0; again < 20; again++) assert.equal(await quota.hasRoom('mallory', to), false);
    assert.ok(await quota.hasRoom('alice', to));
    assert.ok(await quota.hasRoom('mallory', member(2).id));
    await store.putLetter(letter(7, 1, { sealedTo: 'key' }));
    await store.removeLetter(to, letter(150, 1).id);
    let isFree = false;
    for (let again = 0; again < HOST_LIMITS.unopened; again++) isFree ||= await quota.hasRoom('mallory', to);
    assert.ok(isFree);
  });

  it('is so many bytes', async () => {
    const store = openMemoryHostStore();
    await store.addMember(member(1));
    const to = member(1).id;
    const quota = new Quota(store);
    await store.putLetter(letter(1, 1));
    quota.count('mallory', to, letter(1, 1).id, HOST_LIMITS.unopenedBytes);
    assert.equal(await quota.hasRoom('mallory', to), false);
    await store.removeLetter(to, letter(1, 1).id);
    assert.ok(await quota.hasRoom('mallory', to));
  });
});
