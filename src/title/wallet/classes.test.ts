import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex } from '../../base/bytes.ts';
import { openMemoryTitleWalletStore } from '../../stores/title/wallet-memory.test-helper.ts';
import { certificateOf, idOf, mustBe, somebody, verify } from '../server/world.test-helper.ts';
import { Book } from './book.ts';
import { ClassShelf } from './classes.ts';
import { SERVER_ID, issue, must, openKnowing, openWay } from './world.test-helper.ts';

/** Classes of somebody else's, as large as can be. */
function foreign(count: number) {
  const holder = somebody('else').publicKey;
  const ranges = Array.from({ length: 256 }, () => ({ denomination: 1, count: 1, holder }));
  return Array.from({ length: count }, (_, at) => certificateOf(ranges, { name: `Others ${at}` }));
}

it('remembers the last few classes of others, however many there are', async () => {
  const shelf = new ClassShelf(await Book.open(openMemoryTitleWalletStore()), verify);
  const all = foreign(60);
  for (const each of all) must(shelf.take(SERVER_ID, each.certificate));
  const there = all.filter((each) => shelf.get(bytesToHex(idOf(each))) !== undefined);
  assert.ok(there.length > 0 && there.length < 30);
  assert.equal(there.at(-1), all.at(-1));
});

it('is no hindrance to titles of a class that was forgotten among them', async () => {
  const way = await openWay();
  const ann = await openKnowing(way, 'Ann');
  const bob = await openKnowing(way, 'Bob');
  const { id } = await issue(way, ann.wallet, [[1, 2]]);
  for (const each of foreign(40)) mustBe('response title class', await way.world.ask(each));
  must(await bob.wallet.classes(SERVER_ID));
  const name = { titleClass: id, serial: 1 };
  assert.equal(must(await bob.wallet.look(name)).serial, 1);
  const to = must(await bob.wallet.address(SERVER_ID));
  const { handover } = must(await ann.wallet.give({ titles: [name], to }));
  must(await bob.wallet.receive(handover));
  assert.equal(bob.wallet.title(name)?.sequence, 1);
  must(await bob.wallet.give({ titles: [name], to: must(await ann.wallet.address(SERVER_ID)) }));
});
