import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex, sameBytes, utf8 } from './bytes.ts';

it('bytes are the same when every one of them is', () => {
  assert.ok(sameBytes(utf8(''), utf8('')));
  assert.ok(sameBytes(utf8('aé'), Uint8Array.of(0x61, 0xc3, 0xa9)));
  assert.ok(!sameBytes(utf8('a'), utf8('ab')));
  assert.ok(!sameBytes(utf8('ab'), utf8('a')));
  assert.ok(!sameBytes(utf8('ab'), utf8('aB')));
});

it('hexadecimal is lower case', () => {
  assert.equal(bytesToHex(Uint8Array.of(0, 0xab)), '00ab');
});
