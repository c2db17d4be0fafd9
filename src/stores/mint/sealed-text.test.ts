import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { openText, recipientOf, sealText } from './sealed-text.ts';
import { makeAgeIdentity } from './snapshot.ts';

const SECRET = utf8('what nobody else may read');
const ada = await makeAgeIdentity();
const bert = await makeAgeIdentity();

async function sealed(bytes = SECRET): Promise<string> {
  const text = await sealText(ada.recipient, bytes);
  assert.ok(!(text instanceof Refusal));
  return text;
}

async function assertRefused(result: Promise<unknown>, name: string): Promise<void> {
  const refusal = await result;
  assert.ok(refusal instanceof Refusal, 'it was not refused');
  assert.equal(refusal.name, name);
  for (const { identity } of [ada, bert]) assert.ok(!refusal.details.includes(identity.slice(16)));
}

test('a sealed text opens for its recipient alone, to the same bytes, and is another each time', async () => {
  for (const bytes of [SECRET, new Uint8Array(0), new Uint8Array(200_000).fill(7)]) {
    const text = await sealed(bytes);
    assert.match(text, /^[A-Za-z0-9+/]+={0,2}$/);
    assert.ok(!Buffer.from(text, 'base64').includes('what nobody'));
    assert.deepEqual(await openText(`${ada.identity}\n`, text), bytes);
    await assertRefused(openText(bert.identity, text), 'unauthorised');
    assert.notEqual(await sealed(bytes), text);
  }
  assert.equal(await recipientOf(ada.identity), ada.recipient);
});

test('a text that was cut, altered or never sealed does not open', async () => {
  const text = await sealed();
  const bytes = Buffer.from(text, 'base64');
  const altered = Buffer.from(bytes);
  altered[altered.length - 1]! ^= 1;
  for (const each of [
    bytes.subarray(0, -1),
    altered,
    bytes.subarray(0, 40),
    Buffer.from('coins'),
    Buffer.of(),
  ])
    await assertRefused(openText(ada.identity, each.toString('base64')), 'unauthorised');
});

test('nothing is sealed to what is no recipient, nor opened with what is no identity', async () => {
  // The point of order one as a recipient: well written, and every secret with it is zero.
  const zero = 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z';
  for (const wrong of ['', 'age1', ada.identity, ada.recipient.slice(0, -1), zero])
    await assertRefused(sealText(wrong, SECRET), 'malformed');
  for (const wrong of ['', ada.recipient, bert.identity.slice(0, -1)])
    await assertRefused(openText(wrong, await sealed()), 'malformed');
});
