import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMITS } from './limits.ts';
import { REFUSALS, outsideName, refuse } from './refusal.ts';
import type { RefusalName } from './refusal.ts';

describe('the table of refusals', () => {
  for (const name of Object.keys(REFUSALS) as RefusalName[]) {
    it(`says what to do next: ${name}`, () => {
      const refusal = refuse(name, 'details');
      assert.ok(Number.isInteger(refusal.code) && refusal.code >= 300 && refusal.code <= 499);
      assert.equal(refusal.temporary, refusal.code < 400);
      assert.match(refusal.next, /^[A-Z][ -~]*\.$/);
      assert.ok(refusal.next.length <= LIMITS.shortText, 'travels as status_description');
      assert.equal(refusal.toString(), `details. ${refusal.next}`);
    });
  }

  it('says each thing once: the sentence tells refusals of one code apart', () => {
    const sentences = Object.values(REFUSALS).map(({ next }) => next);
    assert.equal(new Set(sentences).size, sentences.length);
  });

  it('holds the codes of the protocol', () => {
    const codes = {
      unpaid: 300,
      malformed: 400,
      unauthorised: 401,
      'treasury exhausted': 402,
      unknown: 404,
    } as const;
    const more = {
      'already spent': 409,
      'reference reused': 409,
      expired: 410,
      'too large': 413,
      unbalanced: 422,
    } as const;
    for (const [name, code] of Object.entries({ ...codes, ...more, 'bad signature': 422 })) {
      assert.equal(refuse(name as RefusalName, '').code, code, name);
    }
  });
});

describe('a name from outside', () => {
  it('is cut short and has nothing in it but printable ASCII', () => {
    assert.equal(outsideName('plain name'), 'plain name');
    assert.equal(outsideName('a\nb\u001b[2J\u202eé😀'), 'a?b?[2J????');
    assert.equal(outsideName('x'.repeat(1_000)).length, 80);
  });
});
