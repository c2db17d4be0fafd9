import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fromBase64url, toBase64url } from './base64url.ts';

it('base64url is written as Node writes it, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      assert.equal(toBase64url(bytes), text);
      assert.deepEqual(fromBase64url(text), bytes);
    }),
  );
});

it('base64url that is written otherwise is not read', () => {
  for (const text of ['=', 'AA==', 'A', 'AB', 'AA+', 'AA/A', 'AA A', 'ÄA', '💰'])
    assert.equal(fromBase64url(text), undefined, text);
});
