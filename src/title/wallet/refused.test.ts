import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TitleRequest } from '../documents/messages.ts';
import { mustBe } from '../server/world.test-helper.ts';
import {
  SERVER_ID,
  URL,
  issue,
  must,
  openKnowing,
  openWay,
  refusalOf,
  serialsOf,
} from './world.test-helper.ts';
import type { Opened } from './world.test-helper.ts';

/** Cid was refused a split for an empty pool; Dot has filled it since, and somebody sends Cid's transfer once more. */
async function madeLate(): Promise<{ readonly id: string; readonly cid: Opened; readonly dot: Opened }> {
  const way = await openWay();
  const cid = await openKnowing(way, 'Cid');
  const dot = await openKnowing(way, 'Dot');
  const { id, ranges } = await issue(way, cid.wallet, [[10, 40]]);
  await issue(way, dot.wallet, [[5, 4]], ranges);
  const sent: TitleRequest[] = [];
  way.before = (request) => {
    if (request.type === 'request title transfer') sent.push(request);
    return undefined;
  };
  // Not one of those that a check asks about by itself.
  const ten = { titleClass: id, serial: 40 };
  assert.equal(refusalOf(await cid.wallet.split([ten], [5, 5])).name, 'empty pool');
  must(await dot.wallet.fillPool([41, 42].map((serial) => ({ titleClass: id, serial }))));
  const [late] = sent;
  assert.ok(late !== undefined);
  mustBe('response title transfer', await way.world.ask(late));
  return { id, cid, dot };
}

it('finds what a refused transfer brought late, even when its titles have moved on since', async () => {
  const { id, cid, dot } = await madeLate();
  must(
    await dot.wallet.split(
      [43, 44].map((serial) => ({ titleClass: id, serial })),
      [10],
    ),
  );
  assert.deepEqual(serialsOf(dot), [40], 'the title is out of the pool again');
  must(await cid.wallet.check());
  assert.deepEqual(
    serialsOf(cid).filter((serial) => serial > 38),
    [39, 41, 42],
  );
  assert.deepEqual(
    cid.wallet.operations().map(({ kind, state }) => [kind, state]),
    [['split', 'done']],
  );
  assert.deepEqual(must(await cid.wallet.check()), []);
});

it('asks once about a refused transfer that another copy of the wallet put an end to', async () => {
  const way = await openWay();
  const cid = await openKnowing(way, 'Cid');
  const copy = await openKnowing(way, 'Cid');
  const dot = await openKnowing(way, 'Dot');
  const { id } = await issue(way, cid.wallet, [[10, 1]]);
  must(await copy.wallet.restore(URL));
  const ten = { titleClass: id, serial: 1 };
  assert.equal(refusalOf(await cid.wallet.split([ten], [5, 5])).name, 'empty pool');
  must(await copy.wallet.give({ titles: [ten], to: must(await dot.wallet.address(SERVER_ID)) }));
  assert.equal(must(await cid.wallet.check()).length, 1);
  assert.deepEqual(serialsOf(cid), []);
  assert.equal(cid.wallet.operations()[0]?.state, 'refused');
  way.asked.length = 0;
  must(await cid.wallet.check());
  assert.ok(!way.asked.includes('request title'), 'what is known for good is not asked again');
});
