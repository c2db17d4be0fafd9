import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { titleServerKey } from './key.ts';
import { verifyTitleSignature } from './signature.ts';

const SECRET = new Uint8Array(32).map((_, index) => index);

test('a secret gives one key, and another secret another', () => {
  const key = titleServerKey(SECRET);
  const again = titleServerKey(SECRET);
  assert.deepEqual(again.publicKey, key.publicKey);
  assert.deepEqual(again.seal(utf8('a')), key.seal(utf8('a')));
  assert.equal(
    Buffer.from(key.publicKey).toString('hex'),
    'c6609e6e61c36f090fb61a3758e7bbcae5788e0df24d261b1c9ed405c3b5f2f2',
    'whoever opens a vault later finds the same key',
  );
  const other = titleServerKey(SECRET.map((byte) => byte ^ 1));
  assert.notDeepEqual(other.publicKey, key.publicKey);
  assert.notDeepEqual(other.seal(utf8('a')), key.seal(utf8('a')));
  assert.throws(() => titleServerKey(SECRET.subarray(1)), RangeError);
});

test('its signatures verify, and its seals are HMAC of every length, one after the other', () => {
  const key = titleServerKey(SECRET);
  const said = utf8('a head');
  assert.equal(verifyTitleSignature(key.publicKey, said, key.sign(said)), true);
  const seals = new Set<string>();
  for (let round = 0; round < 3; round++)
    for (let length = 0; length < 200; length += 7) {
      const bytes = new Uint8Array(length).fill(round);
      const seal = key.seal(bytes);
      assert.equal(seal.length, 16);
      assert.deepEqual(key.seal(bytes), seal);
      if (length > 0) seals.add(Buffer.from(seal).toString('hex'));
    }
  assert.equal(seals.size, 3 * 28);
  assert.notDeepEqual(
    key.seal(utf8('a')),
    new Uint8Array(createHmac('sha256', SECRET).update('a').digest()).subarray(0, 16),
  );
});
