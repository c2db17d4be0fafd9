import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  signed,
  somebody,
  to,
  transferOf,
} from './world.test-helper.ts';

const [anna, ben] = [somebody('Anna'), somebody('Ben')];

describe('a title server', () => {
  it('certifies a new holder, and answers the same again', async () => {
    const world = await openWorld();
    const shares = certificateOf([{ denomination: 1, count: 3, holder: anna.publicKey }]);
    mustBe('response title class', await world.ask(shares));
    const transfer = transferOf([{ title: fresh(idOf(shares), 2, 1, anna), to: to(ben) }]);
    const request = signed(transfer, [anna]);
    const receipt = mustBe('response title transfer', await world.ask(request));
    const [title] = heldAfter(request, receipt, [1], [anna, ben]);
    assert.equal(title?.holder, ben);
    assert.deepEqual(await world.ask(request), receipt);
    const root = mustBe('response title root', await world.ask({ type: 'request title root', pages: [0] }));
    assert.deepEqual([...root.pages[0]!.sequences], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });
});
