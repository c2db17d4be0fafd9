import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accepted } from '../base/accepted.test-helper.ts';
import { REFUSALS, refuse } from '../base/refusal.ts';
import type { RefusalName } from '../base/refusal.ts';
import { ok, refusalAnswer, refusalIn } from './answers.ts';
import { decodeResponse, encode } from './codec.ts';

describe('a refusal as an answer', () => {
  for (const name of Object.keys(REFUSALS) as RefusalName[]) {
    it(`is understood on the other side: ${name}`, () => {
      const sent = refuse(name, 'message.blinds[3]: why');
      const answer = accepted(decodeResponse(encode(refusalAnswer(12, sent))));
      assert.equal(answer.message_reference, 12);
      assert.equal(answer.type, sent.temporary ? 'response delay' : 'response error');
      const received = refusalIn(answer);
      assert.equal(received?.name, name);
      if (!sent.temporary) assert.equal(received.details, sent.details);
    });
  }

  it("of another implementation is taken by its code, the draft's own delay included", () => {
    const status = { message_reference: 1, status_description: 'ok' };
    assert.equal(refusalIn({ ...status, status_code: 300, type: 'response delay' })?.name, 'unpaid');
    assert.equal(refusalIn({ ...status, status_code: 399, type: 'response delay' })?.name, 'busy');
    const error = { ...status, details: 'why', type: 'response error' } as const;
    assert.equal(refusalIn({ ...error, status_code: 410 })?.name, 'expired');
    assert.equal(refusalIn({ ...error, status_code: 500 })?.name, 'not possible');
  });

  it('is in no answer that succeeded', () => {
    assert.equal(refusalIn({ ...ok(1), type: 'response fund' }), undefined);
  });
});
