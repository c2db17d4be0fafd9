import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import { Refusal } from '../../base/refusal.ts';
import { formBytes, readForm, writeTitleRequest } from '../documents/codec.ts';
import { Group, SignedTransfer } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said } from '../documents/messages.ts';
import type { GroupRecord } from './ports.ts';
import { transferLength } from './presented.ts';
import { receiptBytes } from './receipts.ts';
import {
  answerOf,
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  receiptBytesOf,
  SERVER,
  sha256,
  signed,
  somebody,
  START,
  to,
  transferOf,
} from './world.test-helper.ts';
import type { Held, World } from './world.test-helper.ts';

const [anna, ben, carl] = [somebody('Anna'), somebody('Ben'), somebody('Carl')];
const people = [anna, ben, carl];
const shares = certificateOf([
  { denomination: 1, count: 2_000, holder: anna.publicKey },
  { denomination: 2, count: 10, holder: anna.publicKey },
]);
const id = idOf(shares);

async function open(changed: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  const world = await openWorld(changed);
  mustBe('response title class', await world.ask(shares));
  return world;
}

function annas(serial: number): Held {
  return fresh(id, serial, serial > 2_000 ? 2 : 1, anna);
}

function give(title: Held, whom = ben): Said<'request title transfer'> {
  return signed(transferOf([{ title, to: to(whom) }]), people);
}

async function receiptOf(world: World, request: Said<'request title transfer'>): Promise<string> {
  return receiptBytesOf(mustBe('response title transfer', await world.ask(request)));
}

describe('a transfer that comes again', () => {
  const both = signed(transferOf([1, 2].map((serial) => ({ title: annas(serial), to: to(ben) }))), people);

  it('gets the same receipt, byte for byte, later and after a restart', async () => {
    const world = await open();
    const receipt = await receiptOf(world, both);
    assert.equal(await receiptOf(world, both), receipt);
    await receiptOf(world, give(annas(3)));
    assert.equal(await receiptOf(world, both), receipt);
    await world.restart();
    assert.equal(await receiptOf(world, both), receipt);
    assert.equal(
      mustBe('response title server', await world.ask({ type: 'request title server' })).groups,
      3,
    );
  });

  it('gets it in the same batch and while that syncs, and takes effect once', async () => {
    const world = await open();
    const asked = [both, give(annas(3)), both, both].map((request) => receiptOf(world, request));
    await Promise.resolve();
    asked.push(receiptOf(world, both));
    const [first, , ...again] = await Promise.all(asked);
    for (const receipt of again) assert.equal(receipt, first);
    const title = mustBe(
      'response title',
      await world.ask({ type: 'request title', title_class: id, serial: 1 }),
    );
    assert.equal(title.sequence, 1);
  });

  it('gets it in the same batch without a look into the log', async () => {
    const world = await open({
      store: { ...openMemoryTitleStore(), lastGroup: () => Promise.reject(new Error('no need to look')) },
    });
    const receipts = await Promise.all([both, give(annas(3)), both].map((each) => receiptOf(world, each)));
    assert.equal(receipts[2], receipts[0]);
  });

  it('gets it while one of its titles has not moved since, and then no longer for ever', async () => {
    const world = await open();
    const answer = mustBe('response title transfer', await world.ask(both));
    const [one, two] = heldAfter(both, answer, [1, 1], people);
    await receiptOf(world, give(one!, carl));
    assert.equal(await receiptOf(world, both), receiptBytesOf(answer));
    await receiptOf(world, give(two!, carl));
    await world.restart();
    const refusal = mustBe('response title refusal', await world.ask(both));
    assert.deepEqual([refusal.name, refusal.serial, refusal.sequence], ['outdated proof', 1, 2]);
  });

  it('gets it though its titles came through the pool to somebody else, also after a restart', async () => {
    const world = await open();
    await receiptOf(world, signed(transferOf([{ title: annas(1), to: to(SERVER) }]), people));
    const change = (title: Held) =>
      signed(transferOf([{ title, to: to(SERVER) }], [{ denomination: 1, to: to(ben) }]), people);
    const first = change(annas(2));
    const receipt = await receiptOf(world, first);
    await receiptOf(world, change(annas(3)));
    assert.equal(await receiptOf(world, first), receipt);
    await world.restart();
    assert.equal(await receiptOf(world, first), receipt);
  });

  it('gets it though its condition’s time is over', async () => {
    const world = await open();
    const condition = { hash: sha256(new Uint8Array(32)), until: START + 10, fallback: carl.publicKey };
    const bind = signed(transferOf([{ title: annas(1), to: to(ben, condition) }]), people);
    const receipt = await receiptOf(world, bind);
    world.now = START + 20;
    assert.equal(await receiptOf(world, bind), receipt);
  });

  it('is refused where the documents were lost, with the title’s sequence', async () => {
    const world = await open();
    await receiptOf(world, both);
    const lost = await openWorld({
      store: { ...world.parts.store, lastGroup: async () => undefined, groups: async () => [] },
    });
    const refusal = mustBe('response title refusal', await lost.ask(both));
    assert.deepEqual([refusal.name, refusal.serial, refusal.sequence], ['outdated proof', 1, 1]);
    const look = mustBe(
      'response title refusal',
      await lost.ask({ type: 'request title', title_class: id, serial: 1 }),
    );
    assert.deepEqual([look.serial, look.sequence], [1, 1]);
  });

  it('gets an answer that is no longer than what asked', async () => {
    const world = await open();
    const four = signed(
      transferOf([1, 2, 3, 4].map((serial) => ({ title: annas(serial), to: to(ben) }))),
      people,
    );
    const padded = writeTitleRequest({ reference: 7, message: four }, TITLE_LIMITS.datagramBytes);
    const bare = writeTitleRequest({ reference: 7, message: four });
    const refusal = answerOf(await world.server.answer(bare, bare.length));
    assert.equal(mustBe('response title refusal', refusal).name, 'too large');
    const answer = await world.server.answer(padded, padded.length);
    mustBe('response title transfer', answerOf(answer));
    assert.ok(answer.length <= padded.length);
    const five = signed(
      transferOf([5, 6, 7, 8, 9].map((serial) => ({ title: annas(serial), to: to(ben) }))),
      people,
    );
    const long = writeTitleRequest({ reference: 7, message: five }, TITLE_LIMITS.datagramBytes);
    assert.equal(
      mustBe('response title refusal', answerOf(await world.server.answer(long, 1_200))).name,
      'too large',
    );
    const title = mustBe(
      'response title',
      await world.ask({ type: 'request title', title_class: id, serial: 5 }),
    );
    assert.equal(title.sequence, 0, 'a transfer whose receipt has no room has no effect');
    assert.deepEqual(await world.server.answer(long, 20), new Uint8Array(0));
    assert.deepEqual(await world.server.answer(new Uint8Array(0), 0), new Uint8Array(0));
  });
});

describe('two transfers of one title', () => {
  it('at once: one takes effect', async () => {
    const world = await open();
    const requests = Array.from({ length: 40 }, (_, at) => give(annas(1), at % 2 === 0 ? ben : carl));
    const answers = await Promise.all(requests.map((request) => world.ask(request)));
    for (const [at, answer] of answers.entries())
      if (at % 2 === 0)
        assert.equal(
          receiptBytesOf(mustBe('response title transfer', answer)),
          receiptBytesOf(mustBe('response title transfer', answers[0]!)),
        );
      else assert.equal(mustBe('response title refusal', answer).name, 'outdated proof');
    const title = mustBe(
      'response title',
      await world.ask({ type: 'request title', title_class: id, serial: 1 }),
    );
    assert.deepEqual([title.sequence, title.to.holder], [1, ben.publicKey]);
  });

  it('of many titles at once: no group has more leaves than it may, and every receipt holds', async () => {
    const groups: GroupRecord[] = [];
    const store = openMemoryTitleStore(groups);
    const world = await open({ store });
    const requests = Array.from({ length: 150 }, (_, at) =>
      signed(transferOf([0, 1, 2].map((each) => ({ title: annas(3 * at + each + 1), to: to(ben) }))), people),
    );
    const answers = await Promise.all(requests.map((request) => world.ask(request)));
    for (const [at, answer] of answers.entries()) {
      const receipt = mustBe('response title transfer', answer);
      const held = heldAfter(requests[at]!, receipt, [1, 1, 1], people);
      assert.ok(held.every(({ holder, sequence }) => holder === ben && sequence === 1));
    }
    assert.ok(groups.length < 10, `${groups.length} groups`);
    for (const { bytes, cells } of groups) {
      const group = readForm(Group, bytes, 'group');
      assert.ok(!(group instanceof Refusal));
      assert.deepEqual(formBytes(Group, group), bytes, 'a group is kept as its form writes it');
      assert.ok(cells.length <= TITLE_LIMITS.groupLeaves);
    }
  });
});

describe('lengths that are counted', () => {
  it('are those of the forms', async () => {
    const world = await open();
    const condition = { hash: sha256(id), until: START + 10, fallback: carl.publicKey };
    const plain = transferOf([{ title: annas(1), to: to(ben) }]);
    const bound = { ...annas(1), condition };
    const full = transferOf(
      [
        { title: bound, to: to(ben, condition), secret: sha256(id) },
        { title: bound, to: to(ben) },
        { title: annas(2), to: to(ben, condition) },
      ],
      [
        { denomination: 1, to: to(ben) },
        { denomination: 2, to: to(ben, condition) },
      ],
    );
    for (const transfer of [plain, full]) {
      const signature = new Uint8Array(64);
      const bytes = formBytes(SignedTransfer, { transfer, signatures: [signature] });
      assert.equal(transferLength(transfer), bytes.length - 2 - 64);
    }
    const requests = Array.from({ length: 128 }, (_, at) => give(annas(at + 1)));
    const answers = await Promise.all(requests.map((request) => world.ask(request)));
    const longest = answers.map(
      (answer) => receiptBytesOf(mustBe('response title transfer', answer)).length / 2,
    );
    assert.equal(Math.max(...longest), receiptBytes(1));
    const numbers = answers.map(
      (answer) => mustBe('response title transfer', answer).signed_head.head.number,
    );
    assert.deepEqual([...new Set(numbers)], [2], 'a group is filled to the last leaf');
  });
});
