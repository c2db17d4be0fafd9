import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyIn } from './link.ts';

const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex').toString('base64url');

test('a link’s key is recognised', () => {
  assert.equal(keyIn(`https://host.example/receive#${KEY}`), KEY);
  assert.equal(keyIn(`http://localhost:8081/receive?done=x#${KEY}`), KEY);
  for (let byte = 0; byte < 256; byte++) {
    const key = Buffer.alloc(16, byte).toString('base64url');
    assert.equal(keyIn(`https://host.example/receive#${key}`), key);
  }
});

test('what is no key is left in the address', () => {
  for (const fragment of [
    '',
    '#',
    '#main',
    `#${KEY}A`,
    `#${KEY.slice(1)}`,
    `#${KEY.slice(0, -1)}B`,
    `#${KEY}#x`,
  ])
    assert.equal(keyIn(`https://host.example/receive${fragment}`), undefined, fragment);
});
