import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, MINUTE, SECOND } from '../../base/dates.ts';
import { keysAtOnce, scheduleFaults } from './schedule.ts';

const schedule = (sign: number, live: number, ahead = 0) => ({
  coins_live_seconds: live / SECOND,
  keys_sign_seconds: sign / SECOND,
  publish_ahead_seconds: ahead / SECOND,
});
const YEAR = 365.25 * DAY;

describe('a key schedule', () => {
  test('lets no journal grow without end, and no date leave the calendar', () => {
    const faults = (...times: Parameters<typeof schedule>) => scheduleFaults(schedule(...times), 1)?.details;
    assert.equal(faults(MINUTE, 2 * MINUTE), undefined);
    assert.match(faults(MINUTE - SECOND, 2 * MINUTE) ?? '', /^keys_sign_seconds/);
    assert.equal(faults(20 * YEAR, 40 * YEAR, 20 * YEAR), undefined);
    assert.match(faults(20 * YEAR + SECOND, 40 * YEAR) ?? '', /^keys_sign_seconds/);
    assert.match(faults(YEAR, 40 * YEAR + SECOND) ?? '', /^coins_live_seconds/);
    const most = {
      coins_live_seconds: Number.MAX_SAFE_INTEGER,
      keys_sign_seconds: Number.MAX_SAFE_INTEGER - 1,
    };
    assert.match(
      scheduleFaults({ ...most, publish_ahead_seconds: 0 }, 1)?.details ?? '',
      /^keys_sign_seconds/,
    );
  });

  test('says how many keys live at once, and not too many do', () => {
    const each = schedule(100 * DAY, 200 * DAY, 100 * DAY);
    assert.equal(keysAtOnce(each, 64), 256);
    assert.equal(scheduleFaults(each, 64), undefined);
    assert.match(
      scheduleFaults(schedule(100 * DAY, 201 * DAY, 100 * DAY), 64)?.details ?? '',
      /320 mint keys/,
    );
  });
});
