import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, HOUR, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import type { ReceiptsWanted, RequestReceipts } from '../protocol/messages/receipts.ts';
import { signEd25519, verifyEd25519 } from '../signers/ed25519.ts';
import { CASHIER, FOUNDING, NOW, cashierSignature } from './mint.test-helper.ts';
import { signatory } from './operators.test-helper.ts';
import { bought, openPlace, redeemRequest } from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';

function receiptsRequest(
  place: Place,
  after: number,
  changes: Partial<ReceiptsWanted> = {},
): RequestReceipts {
  const wanted: ReceiptsWanted = {
    after,
    cashier: CASHIER,
    expires: writeDate(place.now + HOUR),
    issuer_id: place.currency.issuerId,
    type: 'receipts wanted',
    ...changes,
  };
  return {
    message_reference: 2,
    signature: cashierSignature(canonicalBytes(wanted)),
    type: 'request receipts',
    wanted,
  };
}

describe('receipts', () => {
  test('are what was redeemed, page by page, for a cashier', async () => {
    const place = await openPlace({
      cashiers: [{ cashier: CASHIER, limit_per_day: 5_000, limit_per_operation: 5_000 }],
    });
    const coins = await bought(place, 'a1', ...Array.from({ length: 256 }, () => 1));
    const more = await bought(place, 'a2', ...Array.from({ length: 10 }, () => 2));
    const given: unknown[] = [];
    for (const coin of [...coins, ...more]) {
      const answer = await place.ask(redeemRequest([coin], 'anna'), 'response redeem');
      given.push(answer.signed_receipt);
    }
    const listed: unknown[] = [];
    const pages: number[] = [];
    for (;;) {
      const page = await place.ask(receiptsRequest(place, listed.length), 'response receipts');
      const { public_key: key } = page.statement_key.statement_key;
      for (const { receipt, signature } of page.receipts.slice(0, 5))
        assert.ok(verifyEd25519(key, canonicalBytes(receipt), signature));
      pages.push(page.receipts.length);
      if (page.receipts.length === 0) break;
      listed.push(...page.receipts);
    }
    assert.deepEqual(listed, given);
    assert.deepEqual(pages, [LIMITS.receiptsPage, 10, 0]);
  });

  test('are told to nobody else', async () => {
    const place = await openPlace();
    const stranger = signatory(77);
    const good = receiptsRequest(place, 0);
    const strangers = receiptsRequest(place, 0, { cashier: stranger.publicKey });
    const cases: readonly (readonly [RequestReceipts, RegExp])[] = [
      [
        { ...strangers, signature: signEd25519(stranger.secret, canonicalBytes(strangers.wanted)) },
        /^unauthorised/,
      ],
      [{ ...good, signature: signEd25519(stranger.secret, canonicalBytes(good.wanted)) }, /^bad signature/],
      [{ ...good, wanted: { ...good.wanted, after: 1 } }, /^bad signature/],
      [receiptsRequest(place, 0, { expires: writeDate(place.now - 1) }), /^expired/],
      [receiptsRequest(place, 0, { issuer_id: 'a'.repeat(64) }), /^unknown/],
    ];
    for (const [request, expected] of cases) assert.match(await place.refused(request), expected);
    await place.ask(good, 'response receipts');
    place.now += HOUR + 1;
    assert.match(await place.refused(good), /^expired/, 'who overheard it cannot use it later');
  });

  test('are no more told to a cashier who was dismissed', async () => {
    const place = await openPlace();
    const [limits] = FOUNDING.cashiers;
    assert.ok(limits !== undefined);
    await place.done({
      type: 'cashier limits',
      limits: { ...limits, limit_per_day: 0, limit_per_operation: 0 },
    });
    assert.match(await place.refused(receiptsRequest(place, 0)), /^unauthorised/);
  });

  test('are kept after the keys of their coins are closed, and are told while the mint is off', async () => {
    const place = await openPlace();
    const [coin] = await bought(place, 'a1', 4);
    assert.ok(coin !== undefined);
    const { signed_receipt: receipt } = await place.ask(redeemRequest([coin]), 'response redeem');
    assert.ok(receipt !== undefined);
    place.now = NOW + 250 * DAY;
    await place.mint.tend();
    await place.done({ type: 'power off' });
    const { receipts } = await place.ask(receiptsRequest(place, 0), 'response receipts');
    assert.deepEqual(receipts, [receipt]);
    assert.equal(receipt.receipt.payee, '');
  });
});
