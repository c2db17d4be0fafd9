import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import { formBytes, readForm, writeTitleRequest } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { emptyHash, isUnder, leafHash } from '../documents/merkle.ts';
import type { Said } from '../documents/messages.ts';
import { headFault, proofFault } from '../documents/proof.ts';
import { headHash, rootSigned } from '../documents/signed.ts';
import type { GroupRecord, SignatureChecker, TitleStore } from './ports.ts';
import { MOST_UNDERWAY } from './transfers.ts';
import {
  answerOf,
  certificateOf,
  checker,
  fresh,
  idOf,
  ISSUER,
  mustBe,
  openWorld,
  SERVER,
  signed,
  somebody,
  START,
  to,
  transferOf,
  verify,
} from './world.test-helper.ts';
import type { World } from './world.test-helper.ts';

const [anna, ben] = [somebody('Anna'), somebody('Ben')];
const one = { denomination: 1, count: 3_000, holder: anna.publicKey };
const shares = certificateOf([one]);
const id = idOf(shares);

function give(serial: number): Said<'request title transfer'> {
  return signed(transferOf([{ title: fresh(id, serial, 1, anna), to: to(ben) }]), [anna]);
}

async function open(changed: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  const world = await openWorld(changed);
  mustBe('response title class', await world.ask(shares));
  return world;
}

describe('classes at a server', () => {
  it('are taken in versions that only grow, each answered again with its group', async () => {
    const world = await openWorld();
    const second = certificateOf([one, { ...one, count: 2 }], { version: 2 });
    const refusal = mustBe('response title refusal', await world.ask(second));
    assert.equal(refusal.name, 'outdated proof');
    const first = mustBe('response title class', await world.ask(shares));
    assert.deepEqual([bytesToHex(first.title_class), first.group], [bytesToHex(id), 1]);
    assert.deepEqual(await world.ask(shares), first);
    mustBe('response title transfer', await world.ask(give(1)));
    const grown = mustBe('response title class', await world.ask(second));
    assert.equal(grown.group, 3);
    await world.restart();
    assert.deepEqual(await world.ask(second), grown);
    assert.equal(mustBe('response title refusal', await world.ask(shares)).name, 'outdated proof');
    const { titles, classes, groups } = mustBe(
      'response title server',
      await world.ask({ type: 'request title server' }),
    );
    assert.deepEqual([titles, classes, groups], [3_002, 1, 3]);
  });

  it('that come at once have cells of their own, and transfers between them count', async () => {
    const world = await open();
    const others = certificateOf([{ ...one, count: 5 }], { name: 'Others' });
    const third = certificateOf([{ ...one, count: 7 }], { name: 'Third' });
    const answers = await Promise.all(
      [give(1), others, give(2), third, give(3), others].map((each) => world.ask(each)),
    );
    assert.ok(answers.every(({ type }) => type !== 'response title refusal'));
    for (const [titleClass, serial] of [
      [idOf(others), 5],
      [idOf(third), 1],
    ] as const) {
      const transfer = transferOf([{ title: fresh(titleClass, serial, 1, anna), to: to(ben) }]);
      mustBe('response title transfer', await world.ask(signed(transfer, [anna])));
    }
    const { pages } = mustBe(
      'response title root',
      await world.ask({ type: 'request title root', pages: [2] }),
    );
    const sequences = new DataView(Uint8Array.from(pages[0]!.sequences).buffer);
    const moved = Array.from({ length: sequences.byteLength / 4 }, (_, at) => at + 2_048).filter(
      (_, at) => sequences.getUint32(4 * at) === 1,
    );
    assert.deepEqual(moved, [3_004, 3_005]);
  });

  it('are taken of the issuers that are named only', async () => {
    const stranger = somebody('a stranger');
    const world = await open({ issuers: [bytesToHex(ISSUER.publicKey)] });
    const refusal = mustBe(
      'response title refusal',
      await world.ask(certificateOf([one], { issuer: stranger })),
    );
    assert.equal(refusal.name, 'unauthorised');
  });

  it('are taken up to the titles that the server counts', async () => {
    const world = await openWorld({ mostTitles: 3_000 });
    mustBe('response title class', await world.ask(shares));
    const more = certificateOf([{ ...one, count: 1 }], { name: 'More' });
    assert.equal(mustBe('response title refusal', await world.ask(more)).name, 'too large');
  });

  it('are shown in pages, and as many as fit', async () => {
    const world = await openWorld();
    for (let at = 0; at < 40; at++)
      mustBe('response title class', await world.ask(certificateOf([], { name: `${at}` })));
    const names = async (from: number, room?: number): Promise<string[]> =>
      mustBe(
        'response title classes',
        await world.ask({ type: 'request title classes', from }, room),
      ).certificates.map(({ title_class }) => title_class.terms.name);
    assert.equal((await names(0)).length, TITLE_LIMITS.classesPage);
    assert.deepEqual(await names(32), ['32', '33', '34', '35', '36', '37', '38', '39']);
    assert.deepEqual(await names(40), []);
    assert.deepEqual(await names(3, 800), ['3', '4', '5']);
    const refusal = await world.ask({ type: 'request title classes', from: 0 }, 200);
    assert.equal(mustBe('response title refusal', refusal).name, 'too large');
  });
});

describe('what a server shows', () => {
  it('is who holds a title, with a proof once it moved', async () => {
    const world = await open();
    const ask: Said<'request title'> = { type: 'request title', title_class: id, serial: 7 };
    const before = mustBe('response title', await world.ask(ask));
    assert.deepEqual([before.sequence, before.to.holder, before.proof], [0, anna.publicKey, undefined]);
    await Promise.all([6, 7, 8].map((serial) => world.ask(give(serial))));
    const after = mustBe('response title', await world.ask(ask, TITLE_LIMITS.datagramBytes));
    assert.deepEqual([after.sequence, after.to.holder], [1, ben.publicKey]);
    assert.equal(proofFault(SERVER.publicKey, after.proof!, verify), undefined);
    assert.equal(after.proof?.holding.serial, 7);
    for (const wrong of [
      { ...ask, serial: 3_001 },
      { ...ask, title_class: SERVER.publicKey },
    ])
      assert.equal(mustBe('response title refusal', await world.ask(wrong)).name, 'unknown');
    const pool = await world.ask({ type: 'request title pool', title_class: SERVER.publicKey });
    assert.equal(mustBe('response title refusal', pool).name, 'unknown');
  });

  it('is a log whose heads form a chain, in as many bytes as there is room', async () => {
    const world = await open();
    for (let serial = 1; serial <= 20; serial++) await world.ask(give(serial));
    const groupsFrom = async (from: number, room?: number): Promise<readonly Group[]> =>
      mustBe('response title groups', await world.ask({ type: 'request title groups', from }, room)).groups;
    const groups = await groupsFrom(1);
    assert.equal(groups.length, 21);
    let previous: Uint8Array = new Uint8Array(32);
    for (const [at, { signed_head }] of groups.entries()) {
      assert.equal(signed_head.head.number, at + 1);
      assert.deepEqual(signed_head.head.previous, previous);
      assert.equal(headFault(SERVER.publicKey, signed_head, verify), undefined);
      previous = headHash(SERVER.publicKey, signed_head.head);
    }
    assert.deepEqual(await groupsFrom(22), []);
    const few = await groupsFrom(2, 1_200);
    assert.ok(few.length > 0 && few.length < 4);
    assert.deepEqual(few, groups.slice(1, 1 + few.length));
    const none = await world.ask({ type: 'request title groups', from: 2 }, 100);
    assert.equal(mustBe('response title refusal', none).name, 'too large');
  });

  it('is a root over all sequences, of one moment, whatever commits at the same time', async () => {
    const world = await openWorld();
    const empty = mustBe('response title root', await world.ask({ type: 'request title root', pages: [] }));
    assert.deepEqual(empty.signed_root.statement.root, emptyHash());
    await world.ask(shares);
    const asked: Promise<void>[] = [];
    for (let serial = 1; serial <= 300; serial++) {
      asked.push(world.ask(give(serial * 10)).then(() => undefined));
      if (serial % 50 === 0) await Promise.all(asked.splice(0));
      if (serial % 9 === 0) asked.push(checkRoot(world, [0, 1, 2]));
    }
    await Promise.all(asked);
    await checkRoot(world, [2, 0]);
    await world.ask(certificateOf([one, { ...one, count: 2_000 }], { version: 2 }));
    await checkRoot(world, [2, 3, 4]);
    const beyond = await world.ask({ type: 'request title root', pages: [5] });
    assert.equal(mustBe('response title refusal', beyond).name, 'unknown');
  });
});

/** Pages are under the root, and say how many transfers there were in as many groups. */
async function checkRoot(world: World, pages: readonly number[]): Promise<void> {
  const answer = mustBe('response title root', await world.ask({ type: 'request title root', pages }));
  const { statement, signature } = answer.signed_root;
  assert.ok(verify(SERVER.publicKey, rootSigned(SERVER.publicKey, statement), signature));
  const size = Math.ceil(statement.titles / TITLE_LIMITS.pageCells);
  for (const { page, sequences, path } of answer.pages)
    assert.ok(isUnder(statement.root, leafHash(sequences), { index: page, size, path }));
  if (pages.length < 3 || statement.titles > 3_000) return;
  let sum = 0;
  for (const { sequences } of answer.pages)
    for (const [at, byte] of sequences.entries()) sum += at % 4 === 3 ? byte : 0;
  const { groups } = mustBe(
    'response title groups',
    await world.ask({ type: 'request title groups', from: 1 }),
  );
  const transfers = groups.slice(0, statement.groups).reduce((all, group) => all + group.transfers.length, 0);
  assert.equal(sum, transfers);
  assert.deepEqual(
    headHash(SERVER.publicKey, groups[statement.groups - 1]!.signed_head.head),
    statement.head,
  );
}

/** A store whose commits fail from a call on, having taken effect or not. */
function failing(from: number, happens: boolean, groups: GroupRecord[] = []): TitleStore {
  const store = openMemoryTitleStore(groups);
  let calls = 0;
  return {
    ...store,
    commit: async (records) => {
      calls++;
      if (calls < from || happens) await store.commit(records);
      if (calls >= from) throw new Error('the disk is gone');
    },
  };
}

describe('a store that fails', () => {
  for (const happens of [false, true])
    it(`breaks the server, the commit having ${happens ? '' : 'not '}happened`, async () => {
      const groups: GroupRecord[] = [];
      const world = await open({ store: failing(2, happens, groups) });
      const answers = await Promise.all([1, 2, 3].map((serial) => world.ask(give(serial))));
      for (const answer of answers) assert.equal(mustBe('response title refusal', answer).name, 'busy');
      assert.match(String(await world.server.failed), /the disk is gone/);
      const later = await world.ask({ type: 'request title server' });
      assert.equal(mustBe('response title refusal', later).name, 'busy');
      await world.server.close();
      const anew = await openWorld({ store: openMemoryTitleStore(groups) });
      const titles = await Promise.all(
        [1, 2, 3].map((serial) => anew.ask({ type: 'request title', title_class: id, serial })),
      );
      for (const title of titles) assert.equal(mustBe('response title', title).sequence, happens ? 1 : 0);
      for (const serial of [1, 2, 3]) mustBe('response title transfer', await anew.ask(give(serial)));
      assert.equal(groups.flatMap(({ cells }) => cells).length, 3);
    });

  it('when it is read breaks the server too', async () => {
    const store = openMemoryTitleStore();
    const world = await open({
      store: { ...store, lastGroup: () => Promise.reject(new Error('cannot be read')) },
    });
    await world.ask(give(1));
    assert.equal(mustBe('response title refusal', await world.ask(give(1))).name, 'busy');
    assert.match(String(await world.server.failed), /cannot be read/);
  });

  it('that cannot write for now is busy, and nothing breaks', async () => {
    const store = openMemoryTitleStore();
    let isFull = false;
    const obstacle = () => (isFull ? refuse('busy', 'the disks are full') : undefined);
    const world = await open({ store: { ...store, obstacle } });
    const done = mustBe('response title transfer', await world.ask(give(1)));
    isFull = true;
    assert.match(mustBe('response title refusal', await world.ask(give(2))).details, /disks are full/);
    assert.deepEqual(await world.ask(give(1)), done, 'what is done is answered again');
    isFull = false;
    mustBe('response title transfer', await world.ask(give(2)));
  });

  it('with sequences that are not those that were planned for gets no commit', async () => {
    const store = openMemoryTitleStore();
    let reads = 0;
    const commits: unknown[] = [];
    const world = await openWorld({
      store: {
        ...store,
        sequence: () => (++reads > 2 ? 5 : 0),
        commit: async (records) => {
          if (records.some(({ isClass }) => !isClass)) commits.push(records);
          await store.commit(records);
        },
      },
    });
    await world.ask(shares);
    assert.equal(mustBe('response title refusal', await world.ask(give(1))).name, 'busy');
    assert.match(String(await world.server.failed), /the one before plus one/);
    assert.deepEqual(commits, []);
  });
});

describe('a server under pressure', () => {
  it('has only so many transfers under way, and says so to the others', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow: SignatureChecker = { check: async (checks) => held.then(() => checker.check(checks)) };
    const world = await open({ checker: slow, mostTitles: 1_000_000 });
    const bytes = writeTitleRequest({ reference: 7, message: give(1) });
    const underway = Array.from({ length: MOST_UNDERWAY }, () => world.server.answer(bytes, Infinity));
    const refusal = mustBe('response title refusal', await world.ask(give(2)));
    assert.equal(refusal.name, 'busy');
    release();
    const answers = (await Promise.all(underway)).map(answerOf);
    const done = answers.filter(({ type }) => type === 'response title transfer');
    assert.ok(done.length >= 256, `${done.length} were answered`);
    for (const answer of done) assert.deepEqual(answer, done[0]);
    for (const answer of answers)
      assert.ok(
        answer.type === 'response title transfer' || mustBe('response title refusal', answer).name === 'busy',
      );
    mustBe('response title transfer', await world.ask(give(2)));
  });

  it('whose checker fails is busy, and goes on', async () => {
    let fails = true;
    const world = await open({
      checker: {
        check: async (checks) => {
          if (fails) throw new Error('a lane died');
          return checker.check(checks);
        },
      },
    });
    assert.equal(mustBe('response title refusal', await world.ask(give(1))).name, 'busy');
    fails = false;
    mustBe('response title transfer', await world.ask(give(1)));
  });

  it('ends what is under way before it closes', async () => {
    const store = openMemoryTitleStore();
    let isClosed = false;
    const world = await open({
      store: {
        ...store,
        commit: async (records) => {
          assert.ok(!isClosed);
          await store.commit(records);
        },
        close: async () => {
          isClosed = true;
        },
      },
    });
    const asked = world.ask(give(1));
    const closed = world.server.close();
    assert.equal(mustBe('response title refusal', await world.ask(give(2))).name, 'busy');
    mustBe('response title transfer', await asked);
    await closed;
    assert.ok(isClosed);
  });

  it('refuses what is no request, and never rejects', async () => {
    const world = await open();
    const request = writeTitleRequest({ reference: 7, message: give(1) });
    for (let length = 0; length < request.length; length++) {
      const answer = await world.server.answer(request.slice(0, length), Infinity);
      assert.ok(length < 7 ? answer.length > 0 : answerOf(answer).type === 'response title refusal');
    }
  });

  it('does not open on classes that do not add up', async () => {
    const groups: GroupRecord[] = [];
    await open({ store: openMemoryTitleStore(groups) });
    const [record] = groups;
    const group = readForm(Group, record!.bytes, 'group');
    assert.ok(!(group instanceof Refusal));
    const forged = { ...group.title_class!, signature: new Uint8Array(64) };
    const bytes = formBytes(Group, { ...group, title_class: forged });
    await assert.rejects(
      openWorld({ store: openMemoryTitleStore([{ ...record!, bytes }]) }),
      /class that was kept/,
    );
    await assert.rejects(
      openWorld({ store: openMemoryTitleStore([{ ...record!, titles: 2 }]) }),
      /do not add up/,
    );
  });

  it('says the time of what it has done', async () => {
    const world = await open();
    world.now = START - 5;
    assert.equal(
      mustBe('response title server', await world.ask({ type: 'request title server' })).time,
      START,
    );
  });
});
