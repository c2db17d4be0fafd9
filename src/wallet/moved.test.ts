/** A currency that has moved to another address: coins of before say the old one, and come back all the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../base/amount.ts';
import { encode } from '../protocol/codec.ts';
import { SUITES } from '../suites/index.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, must } from './testing.test-helper.ts';

for (const { name, promises } of SUITES) {
  // Where only the mint can tell a coin, nothing but the mint could say which address stands in it.
  if (promises.verifiableBy === 'the mint') continue;
  test(`${name}: a restore after the currency has moved finds what was made before`, async () => {
    const issuer = await TestIssuer.of(name, { denominations: [1, 2], location: 'http://mint.test/old/' });
    issuer.messenger = () => ({
      exchange: (_, message) => Promise.resolve(issuer.handle(message)),
      describe: () => Promise.resolve(encode(issuer.cddc)),
    });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 3);
    issuer.former.set(1, issuer.cddc);
    issuer.cddc = issuer.describe({ cdd_serial: 2, denominations: [1, 2] });
    assert.notEqual(issuer.cddc.cdd.cdd_location, issuer.former.get(1)?.cdd.cdd_location);
    const twin = await Place.open(issuer, 'twin');
    const [restored] = must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    assert.deepEqual([restored?.amount, restored?.refused], [3, 0]);
    if (restored?.doubtful === 0)
      assert.equal(must(await twin.wallet.redeem(issuer.id, amount(3))).state, 'done');
  });
}
