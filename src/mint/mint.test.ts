import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { SignedReceipt } from '../protocol/attestations.ts';
import type { Coin } from '../protocol/documents.ts';
import { coinId, hashOf } from '../protocol/ids.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import type { MintRequest } from './mint.ts';
import { NOW, fundRequest, prepareCoin } from './mint.test-helper.ts';
import {
  bought,
  boughtOne,
  mintRequest,
  openPlace,
  redeemRequest,
  renewRequest,
  resumeRequest,
} from './place.test-helper.ts';

describe('mint', () => {
  test('mints once it is funded; until then the request waits and resumes', async () => {
    const place = await openPlace();
    const { mint } = place;
    const coming = [4, 2, 1].map((value) => prepareCoin(mint.keyring, `a${value}`, value));
    const request = mintRequest('a1', coming);
    assert.match(await place.refused(request), /^unpaid/);
    assert.match(await place.refused(resumeRequest('a1')), /^unpaid/);
    await mint.answer(fundRequest(mint.keyring, 'a1', 7));
    const answer = await place.ask(resumeRequest('a1'), 'response mint');
    assert.deepEqual(await place.ask({ ...request, message_reference: 6 }, 'response mint'), answer);
    for (const coin of coming) coin.unblind(answer);
    const { treasury, float } = await mint.counters();
    assert.deepEqual([treasury, float], [993, 7]);
  });

  test('answers the same request the same, and refuses its reference for another', async () => {
    const place = await openPlace();
    const { mint } = place;
    const coin = await boughtOne(place, 'a1', 4);
    const renewal = renewRequest('b1', [coin], [prepareCoin(mint.keyring, 'x', 4)]);
    const answer = await place.ask(renewal, 'response mint');
    assert.deepEqual(await place.ask(renewal, 'response mint'), answer);
    assert.deepEqual(
      await place.ask({ ...resumeRequest('b1'), message_reference: 4 }, 'response mint'),
      answer,
    );
    const other = renewRequest('b1', [coin], [prepareCoin(mint.keyring, 'y', 4)]);
    assert.match(await place.refused(other), /^reference reused/);
    assert.match(
      await place.refused(
        renewRequest(
          'b2',
          [coin],
          other.blinds.map(() => prepareCoin(mint.keyring, 'y', 4)),
        ),
      ),
      /^already spent/,
    );
  });

  test('redeems a set of coins once, in any order, and no part of it again', async () => {
    const place = await openPlace();
    const [four, two] = await bought(place, 'a1', 4, 2);
    assert.ok(four !== undefined && two !== undefined);
    const done = await place.ask(redeemRequest([four, two]), 'response redeem');
    assert.deepEqual(await place.ask(redeemRequest([two, four]), 'response redeem'), done);
    assert.match(await place.refused(redeemRequest([four])), /^already spent/);
    const { treasury, float } = await place.mint.counters();
    assert.deepEqual([treasury, float], [1_000, 0]);
  });

  test('gives a signed receipt for each redemption, numbered from 1 without a gap', async () => {
    const place = await openPlace();
    const coins = await bought(place, 'a1', 4, 2, 1);
    const receipts: SignedReceipt[] = [];
    for (const coin of coins) {
      const request = redeemRequest([coin], 'anna');
      const { signed_receipt: signed, statement_key } = await place.ask(request, 'response redeem');
      assert.ok(signed !== undefined && statement_key !== undefined);
      assert.deepEqual(statement_key, place.mint.charter.statementKey);
      const { public_key: key } = statement_key.statement_key;
      assert.ok(verifyEd25519(key, canonicalBytes(signed.receipt), signed.signature));
      assert.deepEqual(signed.receipt, {
        amount: coin.payload.denomination,
        issuer_id: place.currency.issuerId,
        payee: 'anna',
        redemption: hashOf([coinId(coin.payload)]),
        sequence: receipts.length + 1,
        time: writeDate(place.now),
        type: 'receipt',
      });
      receipts.push(signed);
      // What is refused in between takes no number.
      assert.match(await place.refused(redeemRequest([coin, coin])), /^already spent/);
    }
    place.now += DAY;
    await place.reopen();
    for (const [index, coin] of coins.entries()) {
      const again = await place.ask(redeemRequest([coin], 'anna'), 'response redeem');
      assert.deepEqual(again.signed_receipt, receipts[index]);
    }
  });

  test('pays a redemption to nobody but the payee that it first named', async () => {
    const place = await openPlace();
    const coin = await boughtOne(place, 'a1', 4);
    await place.ask(redeemRequest([coin], 'anna'), 'response redeem');
    assert.match(await place.refused(redeemRequest([coin], 'ben')), /^reference reused/);
    assert.match(await place.refused(redeemRequest([coin])), /^reference reused/);
    assert.equal((await place.store.receipts(0, 10)).length, 1);
  });

  test('takes no coin twice in one request', async () => {
    const place = await openPlace();
    const coin = await boughtOne(place, 'a1', 4);
    assert.match(await place.refused(redeemRequest([coin, coin])), /^already spent: coins\[1\]/);
    // The same payload under a signature that differs is the same coin.
    const twin = { ...coin, signature: coin.signature + '0' };
    assert.match(await place.refused(redeemRequest([coin, twin])), /^already spent/);
  });

  test('refuses what does not balance, verify or belong', async () => {
    const place = await openPlace();
    const { mint } = place;
    const coin = await boughtOne(place, 'a1', 4);
    const fresh = (value: number) => [prepareCoin(mint.keyring, 'z', value)];
    const changed = (payload: Partial<Coin['payload']>) => ({
      ...coin,
      payload: { ...coin.payload, ...payload },
    });
    const key = (value: number) => prepareCoin(mint.keyring, 'k', value).blind.mint_key_id;
    const cases: readonly (readonly [MintRequest, RegExp])[] = [
      [renewRequest('c1', [coin], fresh(2)), /^unbalanced: the coins sum to 4, the blinds to 2/],
      [renewRequest('c2', [coin], [...fresh(4), prepareCoin(mint.keyring, 'w', 1)]), /^unbalanced/],
      [redeemRequest([changed({ serial: 'abc' })]), /^bad signature: coins\[0\].signature/],
      [redeemRequest([changed({ denomination: 2 })]), /^bad signature: coins\[0\].payload.denomination/],
      [
        redeemRequest([changed({ denomination: 2, mint_key_id: key(2) })]),
        /^bad signature: coins\[0\].signature/,
      ],
      [redeemRequest([changed({ cdd_location: 'http://other/' })]), /^bad signature: coins\[0\].signature/],
      [redeemRequest([changed({ issuer_id: 'a'.repeat(64) })]), /^unknown: coins\[0\].payload.issuer_id/],
      [redeemRequest([changed({ mint_key_id: 'a'.repeat(64) })]), /^unknown: coins\[0\].payload.mint_key_id/],
      [
        redeemRequest([changed({ protocol_version: 'http://x/' })]),
        /^malformed: coins\[0\].payload.protocol_version/,
      ],
      [resumeRequest('dead'), /^unknown/],
      [mintRequest('c3', [...fresh(4), ...fresh(2)]), /^malformed: blinds\[1\].reference: used twice/],
    ];
    for (const [request, expected] of cases) assert.match(await place.refused(request), expected);
    assert.equal((await mint.counters()).float, 4);
    await place.ask(redeemRequest([coin]), 'response redeem');
  });

  test('refuses blinds out of range and keys it does not have', async () => {
    const place = await openPlace();
    const { mint } = place;
    const good = prepareCoin(mint.keyring, 'g', 4).blind;
    const modulus = String(
      mint.keyring.keys.get(good.mint_key_id)?.certificate.mint_key.public_mint_key['modulus'],
    );
    const request = (blind: Partial<typeof good>) => ({
      ...mintRequest('d1', []),
      blinds: [{ ...good, ...blind }],
    });
    for (const blinded of ['0', modulus, `${modulus}0`]) {
      assert.match(
        await place.refused(request({ blinded_payload_hash: blinded })),
        /^malformed: blinds\[0\].blinded/,
      );
    }
    assert.match(
      await place.refused(request({ mint_key_id: 'a'.repeat(64) })),
      /^unknown: blinds\[0\].mint_key_id/,
    );
  });

  test('keeps to the windows of its keys, but answers what it did in time', async () => {
    const place = await openPlace();
    const { mint } = place;
    const coming = prepareCoin(mint.keyring, 'a', 4);
    await mint.answer(fundRequest(mint.keyring, 'a1', 4));
    const answer = await place.ask(mintRequest('a1', [coming]), 'response mint');
    const coin = coming.unblind(answer);
    place.now = NOW + 150 * DAY;
    assert.deepEqual(await place.ask(mintRequest('a1', [coming]), 'response mint'), answer);
    const fresh = [prepareCoin(mint.keyring, 'b', 4)];
    assert.match(await place.refused(renewRequest('b1', [coin], fresh)), /^expired: blinds\[0\]/);
    const redeemed = await mint.answer(redeemRequest([coin]));
    place.now = NOW + 250 * DAY;
    assert.deepEqual(await mint.answer(redeemRequest([coin])), redeemed);
    assert.deepEqual(
      await place.ask({ ...resumeRequest('a1'), message_reference: 4 }, 'response mint'),
      answer,
    );
    assert.match(
      await place.refused(redeemRequest([{ ...coin, payload: { ...coin.payload, serial: 'a' } }])),
      /^expired/,
    );
    place.now = NOW - DAY;
    assert.match(await place.refused(mintRequest('e1', fresh)), /^expired: blinds\[0\]/);
  });

  test('answers what it did in time when the keys are closed, and never signs for coins that expired', async () => {
    const place = await openPlace();
    await place.mint.tend();
    const coin = await boughtOne(place, 'a1', 4);
    place.now = NOW + 105 * DAY;
    await place.mint.tend();
    const fresh = prepareCoin(place.mint.keyring, 'b', 4, place.now);
    const renewed = await place.ask(renewRequest('b1', [coin], [fresh]), 'response mint');
    place.now = NOW + 201 * DAY;
    await place.mint.tend();
    assert.equal(place.mint.keyring.keys.has(coin.payload.mint_key_id), false, 'the old key is closed');
    assert.deepEqual(await place.ask(renewRequest('b1', [coin], [fresh]), 'response mint'), renewed);
    assert.match(await place.refused(renewRequest('b2', [coin], [fresh])), /^unknown: coins\[0\]/);
    place.now = NOW + 310 * DAY;
    await place.mint.tend();
    await place.reopen();
    const answer = await place.mint.answer(resumeRequest('b1'));
    assert.ok(answer instanceof Refusal, 'signed with a key that is closed');
  });

  test('refuses to give coins again that have expired, as long as their funding is kept', async () => {
    const place = await openPlace();
    const expires = writeDate(NOW + 400 * DAY);
    const coming = prepareCoin(place.mint.keyring, 'a', 4);
    await place.ask(fundRequest(place.mint.keyring, 'a1', 4, { expires }), 'response fund');
    await place.ask(mintRequest('a1', [coming]), 'response mint');
    place.now = NOW + 201 * DAY;
    await place.mint.tend();
    await place.reopen();
    assert.match(await place.refused(resumeRequest('a1')), /^expired: blinds/);
    assert.match(await place.refused(mintRequest('a1', [coming])), /^expired: blinds/);
  });

  test('does not mint for a payment that came when its keys had stopped to sign', async () => {
    const place = await openPlace();
    const { mint } = place;
    const waiting = mintRequest('a1', [prepareCoin(mint.keyring, 'a', 4)]);
    assert.match(await place.refused(waiting), /^unpaid/);
    place.now = NOW + 150 * DAY;
    await mint.answer(fundRequest(mint.keyring, 'a1', 4, { expires: writeDate(NOW + 300 * DAY) }));
    assert.match(await place.refused(resumeRequest('a1')), /^expired/);
    assert.match(await place.refused(waiting), /^expired/);
    assert.equal((await mint.counters()).float, 0);
  });

  test('takes no funding but the cashier’s own, in time and within limits', async () => {
    const place = await openPlace();
    const { mint } = place;
    const ring = mint.keyring;
    const good = fundRequest(ring, 'f1', 100);
    const cases: readonly (readonly [MintRequest, RegExp])[] = [
      [{ ...good, funding: { ...good.funding, amount: 99 } }, /^bad signature/],
      [{ ...good, signature: 'a'.repeat(128) }, /^bad signature/],
      [fundRequest(ring, 'f1', 101), /^unauthorised: funding.amount/],
      [fundRequest(ring, 'f1', 1, { cashier: 'ab'.repeat(32) }), /^unauthorised: funding.cashier/],
      [fundRequest(ring, 'f1', 1, { currency: 'a'.repeat(64) }), /^unknown: funding.currency/],
      [fundRequest(ring, 'f1', 1, { expires: '2025-01-01T00:00:00' }), /^expired/],
    ];
    for (const [request, expected] of cases) assert.match(await place.refused(request), expected);
    for (const reference of ['f1', 'f2', 'f3', 'f4', 'f5'])
      await mint.answer(fundRequest(ring, reference, 100));
    assert.match(await place.refused(fundRequest(ring, 'f6', 1)), /^busy: .*500 a day/);
    await place.ask(good, 'response fund');
    place.now = NOW + 2 * DAY;
    await place.ask(fundRequest(ring, 'f6', 1), 'response fund');
    assert.match(await place.refused(fundRequest(ring, 'f6', 2)), /^reference reused/);
  });

  test('raises the alarm when more of a key comes back than went out', async () => {
    const place = await openPlace();
    const { mint, events } = place;
    const coin = await boughtOne(place, 'a1', 4);
    await mint.answer(redeemRequest([coin]));
    // Whoever has the mint key can make coins; the counters still cannot be overdrawn.
    const stolen = prepareCoin(mint.keyring, 'stolen', 4);
    const [signature = ''] = await place.lanes.sign([
      { keyId: stolen.payload.mint_key_id, blind: stolen.blind.blinded_payload_hash },
    ]);
    const forged = stolen.unblind({
      blind_signatures: [{ blind_signature: signature, reference: 'stolen', type: 'blind signature' }],
    });
    assert.match(await place.refused(redeemRequest([forged])), /^bad signature/);
    assert.deepEqual(events, [{ event: 'key overdrawn', keyId: stolen.payload.mint_key_id }]);
  });

  test('describes itself to anyone', async () => {
    const place = await openPlace();
    const { mint } = place;
    const ask = async (fields: object) => {
      const answer = await mint.answer({
        message_reference: 3,
        type: 'request mint key certificates',
        ...fields,
      });
      assert.ok(!(answer instanceof Refusal) && answer.type === 'response mint key certificates');
      return answer.keys.map((key) => key.mint_key.denomination).sort();
    };
    const id = prepareCoin(mint.keyring, 'x', 4).payload.mint_key_id;
    assert.deepEqual(await ask({}), [1, 2, 4]);
    assert.deepEqual(await ask({ denominations: [], mint_key_ids: [] }), [1, 2, 4]);
    assert.deepEqual(await ask({ denominations: [1, 2, 8] }), [1, 2]);
    assert.deepEqual(await ask({ mint_key_ids: [id] }), [4]);
    assert.deepEqual(await ask({ denominations: [1], mint_key_ids: [id] }), [1, 4]);
    place.now = NOW + 300 * DAY;
    assert.deepEqual(await ask({}), []);
    assert.deepEqual(await ask({ mint_key_ids: [id] }), [4]);
    const serial = await mint.answer({ message_reference: 1, type: 'request cdd serial' });
    assert.ok(
      !(serial instanceof Refusal) && serial.type === 'response cdd serial' && serial.cdd_serial === 1,
    );
    const current = await mint.answer({ message_reference: 2, type: 'request cddc' });
    assert.deepEqual(
      await mint.answer({ cdd_serial: 1, message_reference: 2, type: 'request cddc' }),
      current,
    );
    assert.match(
      await place.refused({ cdd_serial: 2, message_reference: 2, type: 'request cddc' }),
      /^unknown/,
    );
  });
});
