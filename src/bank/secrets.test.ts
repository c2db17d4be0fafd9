/** What is derived is kept for years: it must never come out otherwise. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCode, writeCode } from './codes.ts';
import { manualRail } from './rail-manual.ts';
import {
  accountNumber,
  batchHash,
  paymentReference,
  readPaymentReference,
  tokenHash,
  voucherCode,
  voucherHash,
} from './secrets.ts';

const TOKEN = '0123456789abcdef'.repeat(4);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('hashes are those of the canonical forms, each under a label of its own', () => {
  assert.equal(tokenHash(TOKEN), sha256(`{"token": "${TOKEN}", "type": "account token"}`));
  assert.equal(accountNumber(TOKEN), sha256(`{"token": "${TOKEN}", "type": "account number"}`).slice(0, 10));
  assert.ok(!tokenHash(TOKEN).includes(accountNumber(TOKEN)), 'the number is no part of what is kept');
  assert.equal(batchHash(TOKEN), sha256(`{"reference": "${TOKEN}", "type": "voucher batch"}`));
  const code = '0'.repeat(20);
  assert.equal(voucherHash(code), sha256(`{"code": "${code}", "type": "voucher"}`));
  const first = sha256(`{"number": 3, "reference": "${TOKEN}", "secret": "0102", "type": "voucher code"}`);
  assert.equal(voucherCode(new Uint8Array([1, 2]), TOKEN, 3), writeCode(first, 20));
  const written = sha256('{"transaction_reference": "a1", "type": "payment reference"}');
  assert.equal(paymentReference('a1'), writeCode(written, 10));
});

test('a code is the first bits of its hash, five a character', () => {
  assert.equal(writeCode('0'.repeat(64), 4), '0000');
  assert.equal(writeCode('f'.repeat(64), 4), 'ZZZZ');
  assert.equal(writeCode(`08864${'0'.repeat(59)}`, 4), '1234');
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
      const hash = value.toString(16).padStart(64, '0');
      const digits = Array.from(writeCode(hash, 20), (each) =>
        '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(each),
      );
      assert.equal(
        digits.reduce((sum, digit) => sum * 32n + BigInt(digit), 0n),
        value >> 156n,
      );
    }),
  );
});

test('a code is read however a person types it, and nothing else is', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(' ', '-', ' - ', ''), fc.boolean(), (seed, between, small) => {
      const code = writeCode(sha256(String(seed)), 20);
      const alike = code.replace(/0/g, 'O').replace(/1/, 'I').replace(/1/, 'L');
      const typed = alike.replace(/(.{5})/g, `$1${between}`);
      assert.equal(readCode(small ? typed.toLowerCase() : typed, 20), code);
    }),
  );
  for (const text of ['', '0'.repeat(19), '0'.repeat(21), 'U'.repeat(20), '０'.repeat(20), 'é'.repeat(20)]) {
    assert.equal(readCode(text, 20), undefined);
    assert.equal(voucherHash(text), undefined);
  }
  assert.equal(readPaymentReference(paymentReference('a1')), paymentReference('a1'));
});

test('the rail manual says where to pay in no more than an order can hold', () => {
  assert.match(manualRail('Pay to XX00.').instructions('ABCDE12345'), /^Pay to XX00\. .*ABCDE12345/);
  assert.throws(() => manualRail('x'.repeat(190)), /too many words/);
});
