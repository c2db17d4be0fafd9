import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAttempts } from './attempts.ts';

describe('attempts', () => {
  it('are counted for each by itself, and refused with the time to wait', async () => {
    const attempts = openAttempts();
    for (let count = 0; count < 12; count++)
      assert.equal(await attempts.count('sign in by both', 'ann'), undefined);
    const wait = await attempts.count('sign in by both', 'ann');
    assert.ok(wait !== undefined && wait > 0 && wait <= 900);
    assert.equal(await attempts.count('password', 'ann'), undefined);
  });

  it('that were none are taken back', async () => {
    const attempts = openAttempts();
    for (let count = 0; count < 100; count++) {
      assert.equal(await attempts.count('sign in by both', 'ann'), undefined);
      await attempts.forgive('sign in by both', 'ann');
    }
  });
});
