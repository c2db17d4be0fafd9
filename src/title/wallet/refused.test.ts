import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TitleRequest } from '../documents/messages.ts';
import { mustBe } from '../server/world.test-helper.ts';
import {
  LOST,
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

/** Somebody on the way who keeps transfers and says of each that it was refused. */
async function robbed(name: string) {
  const way = await openWay();
  const ann = await openKnowing(way, 'Ann');
  const bob = await openKnowing(way, 'Bob');
  const { id } = await issue(way, ann.wallet, [[1, 40]]);
  const kept: TitleRequest[] = [];
  way.lie = (request) => {
    if (request.type !== 'request title transfer' || kept.length > 0) return undefined;
    kept.push(request);
    const said = { status_code: 400, name, details: 'no', serial: undefined, sequence: undefined };
    return { type: 'response title refusal', ...said };
  };
  const to = must(await bob.wallet.address(SERVER_ID));
  const titles = [1, 2].map((serial) => ({ titleClass: id, serial }));
  refusalOf(await ann.wallet.give({ titles, to }));
  const late = async () => way.world.ask(kept[0]!);
  return { way, ann, id, to, titles, late };
}

for (const name of ['bad signature', 'unauthorised', 'too large', 'outdated proof', 'unknown', 'strange'])
  it(`pays once, where somebody kept a transfer, said “${name}” and hands it in after the next one`, async () => {
    const { ann, id, to, titles, late } = await robbed(name);
    const others = [3, 4].map((serial) => ({ titleClass: id, serial }));
    must(await ann.wallet.give({ titles: others, to }));
    mustBe('response title refusal', await late());
    assert.equal(ann.wallet.titles().length, 38);
    assert.deepEqual(must(await ann.wallet.check()), []);
    const first = ann.wallet.title(titles[0]!);
    assert.equal(first?.sequence, 1, 'one of its titles has moved, to its holder');
    assert.notEqual(first.pseudonym, ann.wallet.title(titles[1]!)?.pseudonym, 'under another pseudonym');
  });

it('pays once, where the next transfer has no room for a title of the one that was kept', async () => {
  const { ann, id, to, late } = await robbed('too large');
  const others = Array.from({ length: 16 }, (_, at) => ({ titleClass: id, serial: 10 + at }));
  must(await ann.wallet.give({ titles: others, to }));
  mustBe('response title refusal', await late());
  assert.equal(ann.wallet.titles().length, 24);
  assert.deepEqual(
    ann.wallet.operations().map(({ kind, state, amount }) => [kind, state, amount]),
    [
      ['give', 'done', 16],
      ['split', 'done', 1],
      ['give', 'refused', 2],
    ],
  );
  assert.deepEqual(must(await ann.wallet.check()), []);
});

it('says that it cannot be told what became of a transfer, where the server has lost answer and documents', async () => {
  const way = await openWay();
  const ann = await openKnowing(way, 'Ann');
  const bob = await openKnowing(way, 'Bob');
  const { id } = await issue(way, ann.wallet, [
    [2, 2],
    [1, 4],
  ]);
  must(await ann.wallet.fillPool([3, 4].map((serial) => ({ titleClass: id, serial }))));
  way.after = (request, answer) => (request.type === 'request title transfer' ? LOST : answer);
  const to = must(await bob.wallet.address(SERVER_ID));
  must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 1 }], to }));
  way.after = undefined;
  way.lie = (request) => {
    if (request.type === 'request title groups') return { type: 'response title groups', groups: [] };
    const isOld = request.type === 'request title' && request.serial === 1;
    if (!isOld && !(request.type === 'request title transfer' && request.transfer.inputs[0]?.serial === 1))
      return undefined;
    const said = { status_code: 409, name: 'outdated proof', details: 'lost' };
    return { type: 'response title refusal', ...said, serial: 1, sequence: 1 };
  };
  await ann.wallet.resumeAll();
  assert.match(ann.wallet.operations()[0]!.reason, /cannot be told/);
  assert.deepEqual(serialsOf(ann), [1, 2, 5, 6], 'what nobody can prove is not taken away');
  assert.match(must(await ann.wallet.check()).join(), /lost to whom/);
  assert.equal(refusalOf(await ann.wallet.look({ titleClass: id, serial: 1 })).name, 'outdated proof');
  must(await ann.wallet.pay(id, 3, to));
  assert.deepEqual(serialsOf(ann).length, 2, 'and paying goes on with the others');
});
