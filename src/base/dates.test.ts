import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DAY, readDate, writeDate } from './dates.ts';

describe('a date', () => {
  it('is read back as it was written', () => {
    const instants = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => assert.equal(readDate(writeDate(date.getTime())), date.getTime())),
    );
  });

  it('means UTC, with and without its Z, and to the millisecond', () => {
    const noon = Date.UTC(2026, 10, 21, 12);
    for (const text of ['2026-11-21T12:00:00', '2026-11-21T12:00:00Z', '2026-11-21T12:00:00.000']) {
      assert.equal(readDate(text), noon, text);
    }
    assert.equal(readDate('2026-11-21T12:00:00.5Z'), noon + 500);
    assert.equal(readDate('2026-11-21T12:00:00.12'), noon + 120);
    assert.equal(readDate('2022-07-08T20:09:52.501723'), Date.UTC(2022, 6, 8, 20, 9, 52, 501));
    assert.equal(readDate('2022-07-08T20:09:52.501999Z'), Date.UTC(2022, 6, 8, 20, 9, 52, 501));
    assert.equal(writeDate(noon), '2026-11-21T12:00:00.000');
  });

  it('is one of the calendar', () => {
    assert.equal(readDate('2024-02-29T00:00:00'), Date.UTC(2024, 1, 29));
    assert.equal(readDate('2000-02-29T00:00:00'), Date.UTC(2000, 1, 29));
    assert.equal(readDate('0099-12-31T00:00:00'), (readDate('0100-01-01T00:00:00') ?? 0) - DAY);
    for (const text of [
      ...['2026-02-30T00:00:00', '2023-02-29T00:00:00', '1900-02-29T00:00:00', '2026-04-31T00:00:00'],
      ...['2026-00-01T00:00:00', '2026-13-01T00:00:00', '2026-01-00T00:00:00', '2026-01-32T00:00:00'],
      ...['2026-01-01T24:00:00', '2026-01-01T25:00:00', '2026-01-01T00:60:00', '2026-01-01T00:00:60'],
    ]) {
      assert.equal(readDate(text), undefined, text);
    }
  });

  it('has one form', () => {
    for (const text of [
      ...[
        '',
        '2026-11-21',
        '2026-11-21 12:00:00',
        '2026-11-21T12:00',
        '2026-11-21T12:00:00.',
        '2026-11-21T12:00:00+01:00',
      ],
      ...[
        '2026-11-21T12:00:00.1234567',
        '2026-11-21T12:00:00z',
        '+002026-11-21T12:00:00',
        '2026-11-21T12:00:00\n',
      ],
      '２026-11-21T12:00:00',
    ]) {
      assert.equal(readDate(text), undefined, text);
    }
  });

  it('is not written outside of what can be read', () => {
    assert.throws(() => writeDate(Date.UTC(10_000, 0)), RangeError);
    assert.throws(() => writeDate(Date.UTC(-1, 0)), RangeError);
    assert.throws(() => writeDate(NaN), RangeError);
  });
});
