import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64url, gaveSecret, secretOf, toBase64url, withInput, withoutSecret } from './prf.ts';

const SECRET = Uint8Array.from({ length: 32 }, (_, index) => 255 - index * 8);
const given = {
  id: 'x',
  clientExtensionResults: { prf: { results: { first: SECRET.buffer } }, credProps: {} },
};

test('base64url there and back, for all lengths and bytes', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 89 + length) % 256);
    assert.equal(toBase64url(bytes), Buffer.from(bytes).toString('base64url'));
    assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes);
  }
});

test('the input becomes bytes; options without it stay as they are', () => {
  const options = {
    challenge: 'c',
    extensions: { credProps: true, prf: { eval: { first: toBase64url(SECRET) } } },
  };
  assert.deepEqual(withInput(options), {
    challenge: 'c',
    extensions: { credProps: true, prf: { eval: { first: SECRET } } },
  });
  const without = { challenge: 'c' };
  assert.equal(withInput(without), without);
});

test('the secret is read, and never goes with what is verified', () => {
  assert.equal(secretOf(given), toBase64url(SECRET));
  assert.deepEqual(withoutSecret(given), { id: 'x', clientExtensionResults: { credProps: {} } });
  assert.equal(secretOf({ clientExtensionResults: {} }), undefined);
  assert.equal(secretOf({ clientExtensionResults: { prf: { enabled: true } } }), undefined);
});

test('a passkey that gives its secret only when it is shown', () => {
  const made = { id: 'x', clientExtensionResults: { prf: { enabled: true } } };
  assert.equal(secretOf(gaveSecret(made, given)), toBase64url(SECRET));
  assert.equal(secretOf(gaveSecret(made, { clientExtensionResults: {} })), undefined);
});
