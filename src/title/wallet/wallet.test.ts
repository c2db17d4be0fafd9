import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SERVER_ID, issue, must, openKnowing, openWay, refusalOf, serialsOf } from './world.test-helper.ts';

describe('a wallet of titles', () => {
  it('holds what was issued to its address, gives it, and the recipient takes it', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[2, 3]]);
    assert.deepEqual(serialsOf(ann), [1, 2, 3]);
    const to = must(await bob.wallet.address(SERVER_ID));
    const given = must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 2 }], to }));
    assert.equal(given.operation.state, 'done');
    assert.deepEqual(serialsOf(ann), [1, 3]);
    assert.deepEqual(serialsOf(bob), []);
    const received = must(await bob.wallet.receive(given.handover));
    assert.deepEqual(
      received.map(({ serial, sequence }) => [serial, sequence]),
      [[2, 1]],
    );
    assert.deepEqual(must(await bob.wallet.receive(given.handover)), received, 'twice is as once');
    assert.equal(bob.wallet.operations().length, 1);
    const back = must(
      await bob.wallet.give({
        titles: [{ titleClass: id, serial: 2 }],
        to: must(await ann.wallet.address(SERVER_ID)),
      }),
    );
    must(await ann.wallet.receive(back.handover));
    assert.deepEqual(serialsOf(ann), [1, 2, 3]);
    assert.equal(refusalOf(await bob.wallet.receive(given.handover)).name, 'outdated proof');
    assert.deepEqual(serialsOf(bob), []);
    assert.deepEqual(must(await ann.wallet.check()), []);
  });

  it('pays an amount with change out of the pool', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [
      [4, 1],
      [2, 1],
      [1, 4],
    ]);
    must(await ann.wallet.fillPool([3, 4, 5, 6].map((serial) => ({ titleClass: id, serial }))));
    const given = must(await ann.wallet.pay(id, 5, must(await bob.wallet.address(SERVER_ID))));
    assert.equal(given.operation.state, 'done');
    const received = must(await bob.wallet.receive(given.handover));
    assert.equal(
      received.reduce((sum, { denomination }) => sum + denomination, 0),
      5,
    );
    assert.equal(
      ann.wallet.titles().reduce((sum, { denomination }) => sum + denomination, 0),
      1,
    );
    assert.deepEqual(must(await ann.wallet.check()), []);
    assert.deepEqual(must(await bob.wallet.check()), []);
  });
});
