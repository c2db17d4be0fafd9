import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainAmount, retyped } from './fields.ts';

describe('an amount as it is typed', () => {
  const READINGS: readonly (readonly [typed: string, en: string | undefined, de: string | undefined])[] = [
    ['12', '12', '12'],
    [' 12 ', '12', '12'],
    ['1.50', '1.50', '1.50'],
    ['1,50', '1.50', '1.50'],
    ['1.5', '1.5', '1.5'],
    ['1,234', '1234', '1.234'],
    ['1.234', '1.234', '1234'],
    ['1,234.50', '1234.50', undefined],
    ['1.234,50', undefined, '1234.50'],
    ['1 234,50', '1234.50', '1234.50'],
    ['1’234.50', '1234.50', '1234.50'],
    ['12,345,678', '12345678', undefined],
    ['1.2.3', undefined, undefined],
    ['1,23,456', undefined, undefined],
    ['0x10', undefined, undefined],
    ['1e3', undefined, undefined],
    ['-1', undefined, undefined],
    ['+1', undefined, undefined],
    ['', undefined, undefined],
    ['.5', undefined, undefined],
    ['٣', undefined, undefined],
  ];
  for (const [typed, en, de] of READINGS) {
    it(`${JSON.stringify(typed)} is ${en ?? 'none'} in English and ${de ?? 'none'} in German`, () => {
      assert.equal(plainAmount(typed, 'en'), en);
      assert.equal(plainAmount(typed, 'de'), de);
    });
  }
});

describe('what is shown again', () => {
  it('holds nothing that is secret', () => {
    const texts = { name: 'ann', password: 'p', before: 'b', after: 'a', csrf: 'c', once: 'o', voucher: 'v' };
    assert.deepEqual(retyped({ texts, file: '' }), { name: 'ann' });
  });
});
