import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuse } from '../../base/refusal.ts';
import { TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { HOST_TIMES } from '../limits.ts';
import { agreed } from '../members.test-helper.ts';
import { Stage, available } from '../money.test-helper.ts';
import { Objection } from '../objections.ts';
import { Rests } from './rests.ts';

describe('a currency whose issuer does not answer', () => {
  it('is left alone for twice as long each time, for ten minutes at most, until it answers', () => {
    let now = 0;
    const rests = new Rests(() => now);
    const lengths: number[] = [];
    for (let round = 0; round < 8; round++) {
      rests.met('a', refuse('unreachable', ''));
      const begun = now;
      while (rests.isResting('a')) now += HOST_TIMES.upkeep;
      lengths.push((now - begun) / HOST_TIMES.upkeep);
    }
    assert.deepEqual(lengths, [1, 2, 4, 8, 16, 30, 30, 30]);
    rests.met('a', refuse('unreachable', ''));
    assert.equal(rests.isResting('b'), false);
    rests.met('a', refuse('unpaid', ''));
    assert.equal(rests.isResting('a'), false);
  });

  it('is asked less and less for what is not finished, and at once when a person wants it', async () => {
    const stage = new Stage('rests', [new TestIssuer()]);
    const alice = await stage.enrol('Alice', 21);
    const order = { to: '', currency: stage.issuer.id, amount: 13, subject: '', text: '' };
    const { id } = agreed(await alice.pay(order));
    stage.away = true;
    assert.ok((await alice.takeBack(id)) instanceof Objection);
    const asked: number[] = [];
    for (let round = 0; round < 16; round++) {
      const before = stage.exchanges;
      await stage.settle(1);
      asked.push(stage.exchanges - before);
    }
    const busy = asked.filter((count) => count > 0).length;
    assert.ok(busy > 2 && busy < 7, asked.join(' '));
    stage.away = false;
    assert.equal(agreed(await alice.takeBack(id)).state, 'taken back');
    assert.equal(available(alice), 21);
  });
});
