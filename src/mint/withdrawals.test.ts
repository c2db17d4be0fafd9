import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import { Withdrawals } from './withdrawals.ts';

const SECOND = 1_000;

function open() {
  const place = { now: 0, made: 0 };
  const withdrawals = new Withdrawals(() => place.now);
  const begin = async (identity: string, reference: string, keyIds: readonly string[] = ['key']) => {
    const opened = withdrawals.open(
      { identity, reference, keyIds },
      {
        commit: () => Promise.resolve(keyIds.map(() => `nonce ${place.made++}`)),
        nonceOf: (commitment) => commitment,
      },
    );
    return opened instanceof Refusal ? opened.details : await opened;
  };
  return { place, withdrawals, begin };
}

test('who lets withdrawals lapse waits longer each time, and who claims one no more', async () => {
  const { place, withdrawals, begin } = open();
  const lapse = async (reference: string) => {
    assert.ok(Array.isArray(await begin('alice', reference)), reference);
    place.now += 11 * SECOND;
  };
  for (const free of ['the first', 'the second', 'the third']) await lapse(`${free} costs nothing`);
  await lapse('the fourth');
  assert.match(String(await begin('alice', 'too soon')), /lapse/);
  assert.ok(Array.isArray(await begin('bob', 'nobody else waits')));
  place.now += 10 * SECOND;
  await lapse('the fifth');
  place.now += 10 * SECOND;
  assert.match(String(await begin('alice', 'still too soon')), /lapse/);
  place.now += 10 * SECOND;
  const [nonce] = (await begin('alice', 'claimed')) as string[];
  assert.equal(withdrawals.claim('claimed', [{ keyId: 'key', nonce }]), 'alice');
  await lapse('the next one may begin at once');
  assert.match(String(await begin('alice', 'and waits as after the fifth')), /lapse/);
});

test('a withdrawal that was claimed, or is over, is never claimed again', async () => {
  const { place, withdrawals, begin } = open();
  const [nonce] = (await begin('alice', 'a')) as string[];
  const blinds = [{ keyId: 'key', nonce }];
  assert.equal(withdrawals.claim('b', blinds), undefined, 'another reference');
  assert.equal(withdrawals.claim('a', [{ keyId: 'other', nonce }]), undefined, 'another key');
  assert.equal(withdrawals.claim('a', [...blinds, ...blinds]), undefined, 'twice');
  assert.equal(withdrawals.claim('a', blinds), 'alice');
  assert.equal(withdrawals.claim('a', blinds), undefined);
  const [late] = (await begin('alice', 'a')) as string[];
  place.now += 11 * SECOND;
  assert.equal(withdrawals.claim('a', [{ keyId: 'key', nonce: late }]), undefined);
});
