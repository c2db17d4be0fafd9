import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import type { TitleRequest } from '../documents/messages.ts';
import { mustBe, sha256 } from '../server/world.test-helper.ts';
import {
  SERVER_ID,
  issue,
  must,
  openKnowing,
  openWallet,
  openWay,
  refusalOf,
  serialsOf,
} from './world.test-helper.ts';
import { readAddress } from './address.ts';
import type { Opened } from './world.test-helper.ts';

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

describe('a title that a condition binds', () => {
  const secret = 'ab'.repeat(32);
  const hash = bytesToHex(sha256(hexToBytes(secret)));

  async function bound() {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[2, 1]]);
    const name = { titleClass: id, serial: 1 };
    const fallback = must(await ann.wallet.pseudonym(SERVER_ID));
    const until = way.world.now + 3_600_000;
    const to = must(await bob.wallet.address(SERVER_ID));
    const given = must(await ann.wallet.give({ titles: [name], to, condition: { hash, until, fallback } }));
    must(await bob.wallet.receive(given.handover));
    return { way, ann, bob, name, until, to };
  }

  it('is the recipient’s with the secret, and then no more the giver’s', async () => {
    const { way, ann, bob, name, until, to } = await bound();
    assert.equal(bob.wallet.titles()[0]?.condition?.until, until);
    assert.equal(ann.wallet.titles()[0]?.condition?.fallback, ann.wallet.titles()[0]?.pseudonym);
    assert.equal(refusalOf(await bob.wallet.give({ titles: [name], to })).name, 'not possible');
    assert.equal(refusalOf(await bob.wallet.pay(name.titleClass, 2, to)).name, 'not enough');
    assert.equal(refusalOf(await bob.wallet.claim(name, undefined)).name, 'not possible');
    assert.equal(refusalOf(await bob.wallet.claim(name, 'cd'.repeat(32))).name, 'not possible');
    assert.equal(refusalOf(await ann.wallet.claim(name, undefined)).name, 'not possible');
    assert.equal(must(await bob.wallet.claim(name, secret)).state, 'done');
    assert.equal(bob.wallet.titles()[0]?.condition, undefined);
    way.world.now = until;
    assert.equal(refusalOf(await ann.wallet.claim(name, undefined)).name, 'outdated proof');
    assert.deepEqual(serialsOf(ann), []);
    must(await bob.wallet.give({ titles: [name], to }));
  });

  it('is the giver’s again when its time is over', async () => {
    const { way, ann, bob, name, until } = await bound();
    way.world.now = until;
    assert.equal(refusalOf(await bob.wallet.claim(name, secret)).name, 'expired');
    assert.equal(must(await ann.wallet.claim(name, undefined)).state, 'done');
    assert.deepEqual(
      ann.wallet.titles().map(({ serial, condition }) => [serial, condition]),
      [[1, undefined]],
    );
    assert.equal(must(await bob.wallet.check()).length, 1);
    assert.deepEqual(serialsOf(bob), []);
  });

  it('is claimed by the time of its server, whatever the wallet’s clock says', async () => {
    const { way, bob, name, until } = await bound();
    const ahead = await openWallet(way, 'Bob', bob.store, () => until + 1);
    assert.equal(must(await ahead.wallet.claim(name, secret)).state, 'done');
    assert.deepEqual(serialsOf(ahead), [1]);
    assert.equal(
      must(await ahead.wallet.revealed(name)),
      secret,
      'and the log shows the secret to everybody',
    );
  });

  it('is taken back by the time of its server, whatever the wallet’s clock says', async () => {
    const { way, ann, name, until } = await bound();
    way.world.now = until;
    const behind = await openWallet(way, 'Ann', ann.store, () => until - 1_000);
    assert.equal(must(await behind.wallet.claim(name, undefined)).state, 'done');
  });

  it('has no secret shown for it that may come too late', async () => {
    const { way, bob, name, until } = await bound();
    way.world.now = until - 60_000;
    way.asked.length = 0;
    assert.equal(refusalOf(await bob.wallet.claim(name, secret)).name, 'expired');
    assert.ok(!way.asked.includes('request title transfer'));
  });

  it('is not lost to who bound it to themselves', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[2, 1]]);
    const name = { titleClass: id, serial: 1 };
    const condition = {
      hash,
      until: way.world.now + 1_000,
      fallback: must(await ann.wallet.pseudonym(SERVER_ID)),
    };
    const to = must(await ann.wallet.address(SERVER_ID));
    must(await ann.wallet.give({ titles: [name], to, condition }));
    way.world.now += 1_000;
    assert.equal(must(await ann.wallet.claim(name, undefined)).state, 'done');
    must(await ann.wallet.give({ titles: [name], to }));
  });
});

describe('the way to a server', () => {
  async function gives(isDeaf: boolean) {
    const way = await openWay(7);
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[1, 9]]);
    const to = must(await ann.wallet.address(SERVER_ID));
    way.isDeaf = isDeaf;
    way.by.length = 0;
    const give = async (...serials: readonly number[]) =>
      must(await ann.wallet.give({ titles: serials.map((serial) => ({ titleClass: id, serial })), to }));
    return { way, ann, give };
  }

  it('is a datagram for a few titles, and HTTP for what might not fit or must not come late', async () => {
    const { way, ann, give } = await gives(false);
    await give(1);
    await give(1, 2, 3, 4);
    assert.deepEqual(way.by, ['UDP', 'UDP']);
    await give(1, 2, 3, 4, 5);
    const [any] = ann.wallet.titles();
    const split = await ann.wallet.split([{ titleClass: any!.titleClass.id, serial: 9 }], [1]);
    assert.equal(refusalOf(split).name, 'empty pool');
    assert.deepEqual(way.by.slice(2, 4), ['HTTP', 'HTTP']);
    assert.deepEqual(must(await ann.wallet.check()), []);
  });

  it('is HTTPS where there is one, for who holds a title: an old proof is as genuine', async () => {
    const way = await openWay(7);
    const ann = await openWallet(way, 'Ann');
    must(await ann.wallet.add('https://titles.example/title'));
    const { id } = await issue(way, ann.wallet, [[1, 1]]);
    way.by.length = 0;
    const name = { titleClass: id, serial: 1 };
    must(await ann.wallet.look(name));
    assert.deepEqual(way.by, ['HTTP']);
    const to = must(await ann.wallet.address(SERVER_ID));
    const secret = 'ab'.repeat(32);
    const hash = bytesToHex(sha256(hexToBytes(secret)));
    const condition = { hash, until: way.world.now + 3_600_000, fallback: 'cd'.repeat(32) };
    way.by.length = 0;
    must(await ann.wallet.give({ titles: [name], to, condition }));
    assert.deepEqual(way.by, ['UDP']);
    way.by.length = 0;
    must(await ann.wallet.claim(name, secret));
    assert.deepEqual(way.by, ['HTTP', 'HTTP'], 'and for the time, and for a secret');
  });

  it('is HTTP where datagrams get lost, and the next time at once', async () => {
    const { way, give } = await gives(true);
    assert.equal((await give(1)).operation.state, 'done');
    assert.equal((await give(2)).operation.state, 'done');
    assert.deepEqual(way.by, ['UDP', 'HTTP', 'HTTP']);
  });
});

describe('paying with change', () => {
  it('does not tell by its place which change is the payer’s', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [
      [2, 8],
      [1, 16],
    ]);
    const ones = Array.from({ length: 16 }, (_, at) => ({ titleClass: id, serial: 9 + at }));
    must(await ann.wallet.fillPool(ones));
    const places: boolean[] = [];
    for (let count = 0; count < 8; count++) {
      const to = must(await bob.wallet.address(SERVER_ID));
      const keys = must(readAddress(to)).pseudonyms.map(bytesToHex);
      way.before = (request) => {
        if (request.type === 'request title transfer')
          places.push(keys.includes(bytesToHex(request.transfer.change[0]!.to.holder)));
        return undefined;
      };
      const [two] = ann.wallet.titles().filter(({ denomination }) => denomination === 2);
      assert.ok(two !== undefined);
      must(await ann.wallet.pay(id, 1, to));
      way.before = undefined;
      // So that the next one takes change again.
      for (const { serial, denomination } of ann.wallet.titles())
        if (denomination === 1) must(await ann.wallet.fillPool([{ titleClass: id, serial }]));
    }
    assert.ok(places.includes(true) && places.includes(false));
  });

  it('plans anew when somebody else had the change first', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id, ranges } = await issue(way, ann.wallet, [
      [10, 1],
      [5, 1],
      [4, 1],
      [1, 6],
      [2, 4],
    ]);
    const named = (serial: number) => ({ titleClass: id, serial });
    must(await ann.wallet.fillPool([2, 3, 4, 5, 6, 7, 8, 9].map(named)));
    must(await ann.wallet.fillPool([10, 11, 12, 13].map(named)));
    await issue(way, bob.wallet, [[5, 1]], ranges);
    const to = must(await bob.wallet.address(SERVER_ID));
    let planned = 0;
    way.before = async (request) => {
      if (request.type !== 'request title transfer' || planned++ > 0) return undefined;
      must(await bob.wallet.split([named(14)], [4, 1]));
      return undefined;
    };
    const paid = must(await ann.wallet.pay(id, 6, to));
    assert.equal(paid.operation.state, 'done');
    assert.deepEqual(
      ann.wallet
        .operations()
        .filter(({ kind }) => kind === 'pay')
        .map(({ state }) => state),
      ['done', 'refused'],
    );
    must(await bob.wallet.receive(paid.handover));
    assert.equal(worth(bob), 5 + 6);
    assert.equal(worth(ann), 4);
  });

  it('is done once, even when a copy of a refused transfer comes late', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [
      [10, 2],
      [5, 2],
    ]);
    const named = (serial: number) => ({ titleClass: id, serial });
    const late: TitleRequest[] = [];
    way.before = (request) => {
      if (request.type === 'request title transfer') late.push(request);
      return undefined;
    };
    assert.equal(refusalOf(await ann.wallet.split([named(1)], [5, 5])).name, 'empty pool');
    must(await ann.wallet.fillPool([3, 4].map(named)));
    mustBe('response title refusal', await way.world.ask(late[0]!));
    assert.equal(ann.wallet.titles().length, 2, 'what is transferred next keeps it from ever being done');

    const other = await openWay();
    const cid = await openKnowing(other, 'Cid');
    const dot = await openKnowing(other, 'Dot');
    const { ranges } = await issue(other, cid.wallet, [[10, 2]]);
    await issue(other, dot.wallet, [[5, 2]], ranges);
    other.before = way.before;
    assert.equal(refusalOf(await cid.wallet.split([named(2)], [5, 5])).name, 'empty pool');
    must(await dot.wallet.fillPool([3, 4].map(named)));
    mustBe('response title transfer', await other.world.ask(late[2]!));
    const to = must(await dot.wallet.address(SERVER_ID));
    assert.equal(refusalOf(await cid.wallet.give({ titles: [named(1)], to })).name, 'outdated proof');
    assert.deepEqual(serialsOf(cid), [1, 3, 4], 'what came late is known, and nothing is lost by it');
    assert.equal(cid.wallet.operations().at(-1)?.state, 'done');
    must(await cid.wallet.give({ titles: [named(1)], to }));
  });

  it('says what is in the way: too little, no change, too many titles', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [
      [1, 20],
      [10, 1],
    ]);
    const to = must(await ann.wallet.address(SERVER_ID));
    const ten = { titleClass: id, serial: 21 };
    assert.equal(refusalOf(await ann.wallet.pay(id, 31, to)).name, 'not enough');
    assert.equal(refusalOf(await ann.wallet.pay(id, 28, to)).name, 'too large');
    assert.equal(refusalOf(await ann.wallet.split([ten], [5, 5])).name, 'empty pool');
    assert.equal(refusalOf(await ann.wallet.split([ten], [5, 4])).name, 'unbalanced');
    assert.equal(refusalOf(await ann.wallet.split([ten], [3, 7])).name, 'not possible');
    const others = Array.from({ length: 16 }, (_, at) => ({ titleClass: id, serial: at + 1 }));
    must(await ann.wallet.give({ titles: others, to: must(await ann.wallet.address(SERVER_ID)) }));
    assert.equal(refusalOf(await ann.wallet.give({ titles: [...others, ten], to })).name, 'too large');
    assert.equal(worth(ann), 30);
    assert.ok(ann.wallet.titles().every(({ state }) => state === 'held'));
  });
});

function worth({ wallet }: Opened): number {
  return wallet.titles().reduce((sum, { denomination }) => sum + denomination, 0);
}
