/** Places lie where others may write: who does so with one of them changes no answer, with both no title, and stops nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes, utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { Writer } from '../../title/documents/bytes.ts';
import { formBytes } from '../../title/documents/codec.ts';
import { SignedHead } from '../../title/documents/documents.ts';
import type { TitleRequest, TitleResponse } from '../../title/documents/messages.ts';
import { isHeadSigned } from '../../title/server/receipts.ts';
import {
  SERVER,
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
  verify,
} from '../../title/server/world.test-helper.ts';
import type { World } from '../../title/server/world.test-helper.ts';
import { MemoryDisk, chances } from './disk.test-helper.ts';
import type { PlacedGroup } from './entries.ts';
import { readPlaced, writePlaced } from './entries.ts';
import type { TitleStoreEvent } from './events.ts';
import { openTitleStore } from './files.ts';
import { fileHead, frame, frameAt, frameLength } from './frames.ts';
import { must } from './steps.test-helper.ts';

const HEAD = 32;
const [anna, ben, thief] = [somebody('Anna'), somebody('Ben'), somebody('a thief')];
const shares = certificateOf([{ denomination: 1, count: 10, holder: anna.publicKey }]);
const id = idOf(shares);

const openStore = (disk: MemoryDisk, events: TitleStoreEvent[] = []) =>
  openTitleStore({
    disk,
    folder: '/own',
    places: ['/one', '/two'],
    report: (event) => events.push(event),
    isSigned: (head) => isHeadSigned(head, { key: SERVER, verify }),
  });

/** Five groups: a class, three titles that are given away, and the first of them given on. */
async function filled(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const world = await openWorld({ store: await must(openStore(disk)) });
  mustBe('response title class', await world.ask(shares));
  const give = (serial: number) =>
    signed(transferOf([{ title: fresh(id, serial, 1, anna), to: to(thief) }]), [anna]);
  for (const serial of [1, 2, 3]) mustBe('response title transfer', await world.ask(give(serial)));
  const receipt = mustBe('response title transfer', await world.ask(give(1)));
  const [held] = heldAfter(give(1), receipt, [1], [thief]);
  const onward = signed(transferOf([{ title: held!, to: to(ben) }]), [thief]);
  mustBe('response title transfer', await world.ask(onward));
  await world.server.close();
  return disk;
}

const QUESTIONS: readonly TitleRequest[] = [
  ...[1, 2, 3].map((serial) => ({ type: 'request title', title_class: id, serial }) as const),
  { type: 'request title groups', from: 1 },
];

/** What a server on this disk answers; nothing of it may break it. */
async function answersOf(disk: MemoryDisk, events: TitleStoreEvent[] = []): Promise<TitleResponse[]> {
  disk.restart();
  const world = await openWorld({ store: await must(openStore(disk, events)) });
  const answers = await askAll(world);
  assert.equal(mustBe('response title server', await world.ask({ type: 'request title server' })).groups, 5);
  await world.server.close();
  return answers;
}

async function askAll(world: World): Promise<TitleResponse[]> {
  const answers: TitleResponse[] = [];
  for (const question of QUESTIONS) answers.push(await world.ask(question));
  return answers;
}

type Bodies = readonly Uint8Array[];

function rewrite(disk: MemoryDisk, place: string, change: (bodies: Bodies) => Bodies): void {
  const bytes = disk.bytes(`${place}/groups`)!;
  const mark = bytes.slice(16, HEAD);
  const bodies: Uint8Array[] = [];
  for (let at = HEAD; at < bytes.length; at += frameLength(bodies.at(-1)!.length))
    bodies.push(frameAt(mark, bytes, at)!.slice());
  const frames = change(bodies).map((body) => frame(mark, body));
  disk.put(`${place}/groups`, concatBytes(bytes.slice(0, HEAD), ...frames));
  disk.delete(`${place}/derived`);
}

/** Changes each group from a number on. */
const each =
  (from: number, change: (placed: PlacedGroup, bodies: Bodies) => Uint8Array) =>
  (bodies: Bodies): Bodies =>
    bodies.map((body, at) => (at + 1 < from ? body : change(readPlaced(body)!, bodies)));

const rewritten = (change: (bodies: Bodies) => Bodies) => (disk: MemoryDisk, place: string) =>
  rewrite(disk, place, change);

/** A mark of the derived files with the right checksum. */
function derived(numbers: readonly number[]) {
  return (disk: MemoryDisk, place: string): void => {
    const mark = disk.bytes(`${place}/groups`)!.slice(16, HEAD);
    const to = new Writer();
    for (const number of numbers) to.integer(number);
    disk.put(`${place}/derived`, concatBytes(fileHead('derived', mark), frame(mark, to.finish())));
  };
}

const bytesAt = (bodies: Bodies, number: number) => readPlaced(bodies[number - 1]!)!.bytes;
const unsigned = (number: number) =>
  formBytes(SignedHead, {
    head: { number, previous: new Uint8Array(32), time: 1, size: 1, root: new Uint8Array(32) },
    signature: new Uint8Array(64),
  });

const forgeries: Readonly<Record<string, (disk: MemoryDisk, place: string) => void>> = {
  'groups that cannot be read': rewritten(
    each(2, (placed) => writePlaced({ ...placed, bytes: new Uint8Array(9) })),
  ),
  'groups that cannot be read behind their heads': rewritten(
    each(2, (placed) => writePlaced({ ...placed, bytes: placed.bytes.slice(0, 160) })),
  ),
  'frames that cannot be read': rewritten(each(2, () => utf8('nothing'))),
  'transfers that were changed': rewritten(
    each(2, (placed) => {
      const bytes = placed.bytes.slice();
      bytes[bytes.length - 100]! ^= 1;
      return writePlaced({ ...placed, bytes });
    }),
  ),
  'heads that were changed': rewritten(
    each(2, (placed) => {
      const bytes = placed.bytes.slice();
      bytes[60]! ^= 1;
      return writePlaced({ ...placed, bytes });
    }),
  ),
  'an older group for the last one': rewritten(
    each(5, (placed, bodies) => writePlaced({ ...placed, bytes: bytesAt(bodies, 2) })),
  ),
  'an older group under the number of the last one': rewritten(
    each(5, (placed, bodies) => {
      const bytes = bytesAt(bodies, 2).slice();
      new DataView(bytes.buffer).setUint32(4, 5);
      return writePlaced({ ...placed, bytes });
    }),
  ),
  'a group of a high number': rewritten((bodies) => [
    ...bodies,
    writePlaced({ number: 900, cells: [], bytes: unsigned(900) }),
  ]),
  'a group of a high number before the others': rewritten((bodies) => [
    writePlaced({ number: 900, cells: [{ cell: 0, sequence: 9 }], bytes: unsigned(900) }),
    ...bodies,
  ]),
  'a group of the server’s under a high number': rewritten((bodies) => [
    ...bodies,
    writePlaced({ number: 900, cells: [], bytes: bytesAt(bodies, 5) }),
  ]),
  'a mark of a high number': derived([HEAD, 900, 1, 0, 0]),
  'a mark of many groups': derived([HEAD, 5, 900, 0, 0]),
  'a mark before the beginning': derived([0, 5, 5, 0, 0]),
  'a mark that cannot be read': derived([]),
  'a mark with more behind it': (disk, place) => {
    disk.put(`${place}/derived`, concatBytes(disk.bytes(`${place}/derived`)!, new Uint8Array(9)));
  },
  'a file that does not begin as one of groups': (disk, place) => {
    disk.bytes(`${place}/groups`)![0]! ^= 1;
  },
};

describe('who writes to one place', () => {
  for (const [what, forge] of Object.entries(forgeries))
    for (const [place, other] of [
      ['/one', '/two'],
      ['/two', '/one'],
    ] as const)
      test(`changes no answer and not the other place: ${what}, in ${place}`, async () => {
        const disk = await filled();
        const whole = disk.bytes(`${other}/groups`)!.slice();
        const honest = await answersOf(disk);
        forge(disk, place);
        assert.deepEqual(await answersOf(disk), honest);
        assert.deepEqual(disk.bytes(`${other}/groups`), whole);
        assert.deepEqual(await answersOf(disk), honest);
      });
});

describe('who writes to both places', () => {
  for (const [what, forge] of Object.entries(forgeries))
    test(`takes documents away and nothing else: ${what}`, async () => {
      const disk = await filled();
      const honest = await answersOf(disk);
      for (const place of ['/one', '/two']) forge(disk, place);
      if (what.includes('does not begin')) {
        const refusal = await openStore(disk);
        assert.ok(refusal instanceof Refusal && refusal.details.includes('take this folder away'));
        return;
      }
      for (const [at, answer] of (await answersOf(disk)).entries()) {
        if (answer.type === 'response title') assert.deepEqual(answer, honest[at]);
        else if (answer.type !== 'response title groups')
          assert.equal(mustBe('response title refusal', answer).name, 'outdated proof');
      }
    });
});

test('what one place lacks comes from the other; what it has stays, whatever the other has', async () => {
  const disk = await filled();
  const honest = await answersOf(disk);
  rewrite(disk, '/two', (bodies) => bodies.filter((_, at) => at !== 2));
  forgeries['transfers that were changed']?.(disk, '/one');
  const [first, second, third] = await answersOf(disk);
  assert.deepEqual([first, third], [honest[0], honest[2]]);
  assert.equal(mustBe('response title refusal', second!).name, 'outdated proof');
});

test('a kill at any moment of that loses nothing that either place had', async () => {
  const disk = await filled();
  const honest = await answersOf(disk);
  rewrite(disk, '/one', (bodies) => bodies.filter((_, at) => at !== 3));
  rewrite(disk, '/two', (bodies) => bodies.filter((_, at) => at !== 1 && at !== 2));
  const back = ['/own', '/one', '/two'].map((folder) => disk.copy(folder));
  let kills = 0;
  for (;;) {
    disk.restart();
    for (const each of back) each();
    const at = kills + 1;
    disk.fault = { at, happened: at % 2 === 0 ? 'half' : 'after', isEnd: true };
    const store = await openStore(disk).catch((error: unknown) => error);
    if (!disk.hasFailed) {
      assert.ok(!(store instanceof Refusal));
      assert.ok(disk.trace.includes('rename /two/groups'), 'it was made again');
      break;
    }
    kills++;
    disk.losePower(chances(at));
    assert.deepEqual(await answersOf(disk), honest, `killed at operation ${at}`);
  }
  assert.ok(kills > 20);
});

test('what is cut off a place, since the server did not sign it, is said', async () => {
  const disk = await filled();
  const size = disk.bytes('/one/groups')!.length;
  forgeries['a group of a high number']?.(disk, '/one');
  const events: TitleStoreEvent[] = [];
  await answersOf(disk, events);
  assert.equal(disk.bytes('/one/groups')!.length, size);
  assert.ok(events.some((event) => event.event === 'title place not ours' && event.place === '/one'));
});

test('groups that the server signed are no junk: with an older trusted folder it does not start', async () => {
  const disk = await filled();
  const back = disk.copy('/own');
  const world = await openWorld({ store: await must(openStore(disk)) });
  const give = signed(transferOf([{ title: fresh(id, 7, 1, anna), to: to(ben) }]), [anna]);
  mustBe('response title transfer', await world.ask(give));
  await world.server.close();
  back();
  for (const place of ['/one', '/two']) {
    const size = disk.bytes(`${place}/groups`)!.length;
    const refusal = await openStore(disk);
    assert.ok(refusal instanceof Refusal && refusal.details.includes(`the place ${place} holds groups`));
    assert.equal(disk.bytes(`${place}/groups`)!.length, size, 'nothing of them is cut off');
    disk.wipe(place);
  }
});
