import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { readTitleResponse, writeTitleResponse } from '../documents/codec.ts';
import type { Said, TitleRequest, TitleResponse } from '../documents/messages.ts';
import { certificateOf, mustBe, sha256, somebody } from '../server/world.test-helper.ts';
import { readHandover, writeHandover } from './handover.ts';
import {
  SERVER_ID,
  URL,
  issue,
  must,
  openKnowing,
  openWallet,
  openWay,
  refusalOf,
  serialsOf,
} from './world.test-helper.ts';
import type { Way } from './world.test-helper.ts';

/** Puts words into the server's mouth. */
function twist<Type extends TitleResponse['type']>(
  way: Way,
  type: Type,
  change: (said: Said<Type>, request: TitleRequest) => TitleResponse,
): void {
  way.after = (request, answer) => {
    const read = readTitleResponse(answer);
    if (read instanceof Refusal || read.message.type !== type) return answer;
    const message = change(read.message as Said<Type>, request);
    return writeTitleResponse({ reference: read.reference, message });
  };
}

type Receipt = Said<'response title transfer'>;

function first(receipt: Receipt, change: Partial<Receipt['titles'][number]>): Receipt {
  const [title, ...others] = receipt.titles;
  return { ...receipt, titles: [{ ...title!, ...change }, ...others] };
}

const LIES: Readonly<Record<string, (receipt: Receipt) => TitleResponse>> = {
  'another transfer': (receipt) => ({ ...receipt, transfer: sha256(utf8('another')) }),
  'another title': (receipt) => first(receipt, { serial: 2 }),
  'another sequence': (receipt) => first(receipt, { sequence: 7 }),
  'no title': (receipt) => ({ ...receipt, titles: [] }),
  'another signature': (receipt) => ({
    ...receipt,
    signed_head: { ...receipt.signed_head, signature: new Uint8Array(64) },
  }),
  'another head': (receipt) => ({
    ...receipt,
    signed_head: { ...receipt.signed_head, head: { ...receipt.signed_head.head, number: 99 } },
  }),
  'another place in the group': (receipt) => ({ ...receipt, index: receipt.index + 1 }),
  'an answer to something else': () => ({ type: 'response title pool', stock: [] }),
};

describe('a title server that lies', () => {
  for (const [lie, change] of Object.entries(LIES))
    it(`is not believed a receipt with ${lie}; the transfer stays pending until it tells the truth`, async () => {
      const way = await openWay();
      const ann = await openKnowing(way, 'Ann');
      const bob = await openKnowing(way, 'Bob');
      const { id } = await issue(way, ann.wallet, [[1, 2]]);
      twist(way, 'response title transfer', change);
      const to = must(await bob.wallet.address(SERVER_ID));
      const given = must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 1 }], to }));
      assert.equal(given.operation.state, 'pending');
      assert.notEqual(given.operation.reason, '');
      assert.equal(given.handover, '');
      way.after = undefined;
      await ann.wallet.resumeAll();
      assert.equal(ann.wallet.operations()[0]?.state, 'done');
      must(await bob.wallet.receive(must(ann.wallet.handover(1))));
    });

  it('is not believed who holds a title without a proof of just that', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[1, 2]]);
    const name = { titleClass: id, serial: 1 };
    must(await ann.wallet.give({ titles: [name], to: must(await ann.wallet.address(SERVER_ID)) }));
    const thief = { holder: sha256(utf8('a thief')), condition: undefined };
    const lies: readonly ((said: Said<'response title'>) => TitleResponse)[] = [
      (said) => ({ ...said, to: thief }),
      (said) => ({ ...said, sequence: said.sequence + 1 }),
      (said) => ({ ...said, denomination: 10 }),
      (said) => ({ ...said, sequence: 0, proof: undefined, to: thief }),
      (said) => ({
        ...said,
        to: thief,
        proof: said.proof && { ...said.proof, holding: { ...said.proof.holding, ...thief } },
      }),
    ];
    for (const lie of lies) {
      twist(way, 'response title', lie);
      assert.equal(refusalOf(await ann.wallet.look(name)).name, 'bad signature');
      assert.notDeepEqual(must(await ann.wallet.check()), []);
      assert.deepEqual(serialsOf(ann), [1, 2], 'nothing is lost by a lie');
    }
    way.after = undefined;
    assert.deepEqual(must(await ann.wallet.check()), []);
  });

  it('is told from one that went back in time: what was proven stays held', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[1, 1]]);
    const name = { titleClass: id, serial: 1 };
    const old: Said<'response title'>[] = [];
    const give = async () =>
      must(await ann.wallet.give({ titles: [name], to: must(await ann.wallet.address(SERVER_ID)) }));
    await give();
    twist(way, 'response title', (said) => {
      old.push(said);
      return said;
    });
    must(await ann.wallet.look(name));
    await give();
    twist(way, 'response title', () => old[0]!);
    const amiss = must(await ann.wallet.check());
    assert.equal(amiss.length, 1);
    assert.match(amiss[0]!, /less often/);
    assert.equal(ann.wallet.titles()[0]?.sequence, 2);
  });

  it('has a class stopped when it shows two versions of it that do not fit together, and no other one', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id, ranges } = await issue(way, ann.wallet, [[1, 2]]);
    const forks = [
      certificateOf([{ ...ranges[0]!, count: 9 }], { denominations: [1, 2, 4, 5, 10] }),
      certificateOf([], { version: 2, denominations: [1, 2, 4, 5, 10] }),
      certificateOf([{ ...ranges[0]!, holder: sha256(utf8('a thief')) }], {
        version: 2,
        denominations: [1, 2, 4, 5, 10],
      }),
    ];
    for (const fork of forks) {
      const seer = await openWallet(way, 'Ann', structuredStore(await ann.store.load()));
      let isShown = false;
      twist(way, 'response title classes', (said, request) => {
        isShown = request.type === 'request title classes' && request.from === 0;
        return isShown ? { ...said, certificates: [fork.certificate] } : said;
      });
      must(await seer.wallet.classes(SERVER_ID));
      way.after = undefined;
      const to = must(await bob.wallet.address(SERVER_ID));
      const name = { titleClass: id, serial: 1 };
      assert.equal(refusalOf(await seer.wallet.give({ titles: [name], to })).name, 'distrusted');
      assert.equal(refusalOf(await seer.wallet.pay(id, 1, to)).name, 'distrusted');
      assert.match(must(await seer.wallet.check()).join(), /two versions/);
      must(await seer.wallet.add(URL));
      must(await seer.wallet.address(SERVER_ID));
      assert.equal(must(await seer.wallet.look(name)).serial, 1, 'its server is asked as ever');
    }
  });

  it('stops nothing by a class in its list that nobody signed: the list is not signed either', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[1, 2]]);
    twist(way, 'response title classes', (said) => ({
      ...said,
      certificates: said.certificates.map((each) => ({ ...each, signature: new Uint8Array(64).fill(7) })),
    }));
    assert.equal(refusalOf(await ann.wallet.classes(SERVER_ID)).name, 'distrusted');
    way.after = undefined;
    must(await ann.wallet.pay(id, 1, must(await bob.wallet.address(SERVER_ID))));
    assert.deepEqual(must(await ann.wallet.check()), []);
  });

  it('is stopped for good once it signed two groups of one number', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[1, 2]]);
    const to = must(await bob.wallet.address(SERVER_ID));
    const { handover } = must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 1 }], to }));
    must(await bob.wallet.receive(handover));
    // Another life of the same server, with the same key.
    const fork = await openWay();
    fork.world.now++;
    const cid = await openKnowing(fork, 'Ann');
    const { id: same } = await issue(fork, cid.wallet, [[1, 2]]);
    assert.equal(same, id);
    must(await cid.wallet.give({ titles: [{ titleClass: id, serial: 2 }], to }));
    const read = await openWallet(fork, 'Bob', structuredStore(await bob.store.load()));
    assert.equal(refusalOf(await read.wallet.restore(URL)).name, 'distrusted');
    assert.equal(refusalOf(await read.wallet.address(SERVER_ID)).name, 'distrusted');
  });

  it('is not asked at another address because somebody there has a statement that it signed once', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const other = 'http://elsewhere.example/title';
    assert.equal(refusalOf(await ann.wallet.add(other)).name, 'not possible');
    assert.equal(refusalOf(await ann.wallet.restore(other)).name, 'not possible');
    assert.equal(ann.wallet.servers()[0]?.url, URL);
    must(await ann.wallet.add(other, { moves: true }));
    assert.equal(ann.wallet.servers()[0]?.url, other, 'its owner says so');
    const typed = 'http://ann:secret@titles.example/title';
    assert.equal(refusalOf(await ann.wallet.add(typed, { moves: true })).name, 'malformed');
  });

  it('cannot fill a wallet with what nobody asked for', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const own = await issue(way, ann.wallet, [[1, 1_500]]);
    const { holder } = own.ranges[0]!;
    for (let count = 0; count < 6; count++) {
      const ranges = Array.from({ length: 256 }, () => ({ denomination: 1, count: 9, holder }));
      mustBe('response title class', await way.world.ask(certificateOf(ranges, { name: `Spam ${count}` })));
    }
    must(await ann.wallet.classes(SERVER_ID));
    const shown = ann.wallet.titles();
    assert.ok(shown.length <= 1_000);
    const mine = shown.filter(({ titleClass }) => titleClass.id === own.id).length;
    assert.ok(mine >= 200, 'the others leave room for what is wanted');
    const rest = ann.wallet.unlisted().find(({ titleClass }) => titleClass.id === own.id);
    assert.deepEqual([rest?.count, rest?.amount], [1_500 - mine, 1_500 - mine]);
    assert.ok(ann.wallet.unlisted().length <= 4, 'not every class is kept');
    assert.match(must(await ann.wallet.check()).join(), /more classes than/);
    assert.equal(ann.wallet.title({ titleClass: own.id, serial: 1_500 })?.serial, 1_500);
    const to = must(await ann.wallet.address(SERVER_ID));
    must(await ann.wallet.give({ titles: [{ titleClass: own.id, serial: 1_500 }], to }));
    must(await ann.wallet.pay(own.id, 16, to));
  });

  it('is read no further when its log takes too long', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[1, 1]]);
    const to = must(await ann.wallet.address(SERVER_ID));
    must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 1 }], to }));
    let pages = 0;
    twist(way, 'response title server', (said) => ({ ...said, groups: Number.MAX_SAFE_INTEGER }));
    way.before = (request) => {
      if (request.type !== 'request title groups') return undefined;
      pages++;
      way.world.now += 400_000;
      return undefined;
    };
    const lost = await openWallet(way, 'Ann');
    assert.equal(refusalOf(await lost.wallet.restore(URL)).name, 'too large');
    assert.equal(pages, 1);
  });

  it('is refused a class that its issuer has not signed', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { certificate } = certificateOf([], {});
    twist(way, 'response title classes', (said) => ({
      ...said,
      certificates: [{ ...certificate, signature: new Uint8Array(64) }],
    }));
    assert.equal(refusalOf(await ann.wallet.classes(SERVER_ID)).name, 'distrusted');
  });

  it('has to show that it has its key', async () => {
    const way = await openWay();
    const ann = await openWallet(way, 'Ann');
    twist(way, 'response title server', (said) => ({ ...said, server: somebody('another').publicKey }));
    assert.equal(refusalOf(await ann.wallet.add(URL)).name, 'bad signature');
    assert.deepEqual(ann.wallet.servers(), []);
  });
});

function structuredStore(records: readonly { readonly key: string; readonly json: string }[]) {
  const kept = new Map(records.map((each) => [each.key, each]));
  return {
    load: async () => [...kept.values()],
    commit: async () => undefined,
    close: async () => undefined,
  };
}

describe('a handover', () => {
  it('is refused when its proofs are not the server’s, or of somebody else’s titles', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const cid = await openKnowing(way, 'Cid');
    const { id } = await issue(way, ann.wallet, [[1, 2]]);
    const to = must(await bob.wallet.address(SERVER_ID));
    const { handover } = must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 1 }], to }));
    assert.equal(refusalOf(await cid.wallet.receive(handover)).name, 'not possible');
    assert.equal(refusalOf(await bob.wallet.receive('{}')).name, 'malformed');
    assert.equal(refusalOf(await bob.wallet.receive('no handover')).name, 'malformed');
    const read = must(readHandover(handover));
    const [proof] = read.proofs;
    const forged = { ...proof!, holding: { ...proof!.holding, serial: 2 } };
    assert.equal(
      refusalOf(await bob.wallet.receive(writeHandover({ ...read, proofs: [forged] }))).name,
      'bad signature',
    );
    const elsewhere = { ...read, server: somebody('another').publicKey };
    assert.equal(refusalOf(await bob.wallet.receive(writeHandover(elsewhere))).name, 'unknown');
    assert.deepEqual(serialsOf(bob), []);
    const [look] = must(await cid.wallet.inspect(handover));
    assert.deepEqual(
      [look?.serial, look?.holder, look?.isOwn, look?.isCurrent],
      [1, bytesToHex(proof!.holding.holder), false, true],
    );
    assert.equal(must(await bob.wallet.inspect(handover))[0]?.isOwn, true);
    assert.deepEqual(serialsOf(cid), []);
  });
});
