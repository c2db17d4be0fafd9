import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { numberKnown, numberRefused, takeNumber } from './numbers.ts';
import type { Counter } from './state.ts';

const START: Counter = { currency: 'c', next: 0, known: -1, free: [] };

describe('transaction numbers', () => {
  it('are never taken so far ahead that a restore would miss them, and never twice while in use', () => {
    const fates = fc.array(fc.constantFrom('known', 'refused', 'waits', 'answered'), { maxLength: 200 });
    fc.assert(
      fc.property(fates, (sequence) => {
        let counter = START;
        const inUse: number[] = [];
        for (const fate of sequence) {
          if (fate === 'answered') {
            const number = inUse.shift();
            if (number !== undefined) counter = numberKnown(counter, number);
            continue;
          }
          const taken = takeNumber(counter);
          if (taken instanceof Refusal) continue;
          const { number } = taken;
          assert.ok(!inUse.includes(number));
          assert.ok(number <= counter.known + LIMITS.restoreGap);
          counter = taken.counter;
          if (fate === 'waits') inUse.push(number);
          if (fate === 'known') counter = numberKnown(counter, number);
          if (fate === 'refused') counter = numberRefused(counter, number);
        }
      }),
    );
  });

  it('are fresh as long as few were refused', () => {
    let counter = START;
    for (let each = 0; each < LIMITS.restoreGap / 2; each++) {
      const taken = takeNumber(counter);
      assert.ok(!(taken instanceof Refusal));
      assert.equal(taken.number, each);
      counter = numberRefused(taken.counter, taken.number);
    }
    const taken = takeNumber(counter);
    assert.ok(!(taken instanceof Refusal));
    assert.equal(taken.number, 0);
  });

  it('run out while too many wait for an answer', () => {
    const waiting = { ...START, next: LIMITS.restoreGap };
    assert.ok(takeNumber(waiting) instanceof Refusal);
    assert.ok(!(takeNumber(numberKnown(waiting, 0)) instanceof Refusal));
  });
});
