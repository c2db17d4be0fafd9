import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bytesToNumber, isBigIntText, numberToBytes, readBigInt, writeBigInt } from './bigint.ts';

describe('a BigInt', () => {
  it('has one spelling', () => {
    for (const text of ['0', '1', 'a', 'f0', '10', '123456789abcdef0']) {
      assert.ok(isBigIntText(text), text);
      assert.equal(writeBigInt(readBigInt(text)), text);
    }
    for (const text of [
      '',
      '00',
      '01',
      '0a',
      'A',
      'aB',
      '-1',
      '+1',
      '0x1',
      ' 1',
      '1 ',
      '1\n',
      '1_0',
      '1n',
      'g',
      '١',
    ]) {
      assert.ok(!isBigIntText(text), text);
      assert.throws(() => readBigInt(text));
    }
    assert.throws(() => writeBigInt(-1n));
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 600n }), (value) =>
        assert.equal(readBigInt(writeBigInt(value)), value),
      ),
    );
  });

  it('is bytes of a given length, or does not fit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.deepEqual(numberToBytes(bytesToNumber(bytes), bytes.length), bytes);
      }),
    );
    assert.deepEqual(numberToBytes(258n, 4), Uint8Array.of(0, 0, 1, 2));
    assert.throws(() => numberToBytes(256n, 1));
    assert.throws(() => numberToBytes(-1n, 1));
  });
});
