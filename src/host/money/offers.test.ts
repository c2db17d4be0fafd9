import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal, refuse } from '../../base/refusal.ts';
import { ok } from '../../protocol/answers.ts';
import { decodeRequest, encode } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import { NOON, TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { Offers } from './offers.ts';

const OWN = 'http://mint.test/';
const issuer = new TestIssuer({ location: OWN, denominations: [1] });
const beside = new TestIssuer({ location: 'http://mint.test/beside/', denominations: [1], firstKey: 2 });
const elsewhere = new TestIssuer({ location: 'http://elsewhere.test/', denominations: [1], firstKey: 4 });

/** A host at this issuer, which lists what `lists` holds and answers while `isThere`. */
function place(lists: readonly Cddc[]) {
  const state = { now: NOON, isThere: true, asked: 0, lists };
  const offers = new Offers({
    clock: () => state.now,
    currencies: [OWN],
    messenger: {
      describe: async (url) => {
        const found = state.lists.find(({ cdd }) => cdd.cdd_location === url);
        return found === undefined ? refuse('unreachable', 'nobody is there') : encode(found);
      },
      exchange: async (_url, message) => {
        state.asked++;
        const request = decodeRequest(message);
        assert.ok(!(request instanceof Refusal) && request.type === 'request currencies');
        return state.isThere
          ? encode({ ...ok(0), currencies: [...state.lists], type: 'response currencies' })
          : refuse('unreachable', 'nobody is there');
      },
    },
  });
  return { offers, state };
}

describe('the currencies that a host offers', () => {
  it('are those that its issuers list at their own place, and are signed', async () => {
    const forged = { ...beside.cddc, cdd: { ...beside.cddc.cdd, currency_name: 'Gold' } };
    const { offers } = place([elsewhere.cddc, issuer.cddc, forged]);
    await offers.keepUp();
    assert.deepEqual(
      offers.offered().map(({ id }) => id),
      [issuer.id],
    );
    const whole = place([beside.cddc, issuer.cddc]);
    await whole.offers.keepUp();
    assert.deepEqual(
      whole.offers.offered().map(({ location }) => location),
      [OWN, 'http://mint.test/beside/'],
    );
  });

  it('are asked for once a minute, and stay while the issuer is away', async () => {
    const { offers, state } = place([issuer.cddc]);
    assert.deepEqual(offers.offered(), [], 'nobody waits for an issuer');
    await offers.keepUp();
    await offers.keepUp();
    assert.equal(state.asked, 1);
    state.isThere = false;
    state.now += 60_000;
    await offers.keepUp();
    assert.deepEqual([state.asked, offers.offered().length], [2, 1]);
  });

  it('can be read by their addresses, where what is there is signed', async () => {
    const { offers } = place([elsewhere.cddc, { ...beside.cddc, signature: issuer.cddc.signature }]);
    const found = await offers.describe(elsewhere.url);
    assert.ok(!(found instanceof Refusal) && found.id === elsewhere.id);
    const refused = [beside.url, 'http://nobody.test/', 'javascript:alert(1)', 'file:///etc/passwd'].map(
      async (url) => (await offers.describe(url)) instanceof Refusal,
    );
    assert.deepEqual(await Promise.all(refused), [true, true, true, true]);
  });
});
