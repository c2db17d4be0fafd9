import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAddress, writeAddress } from './address.ts';
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

describe('a wallet of titles that was lost', () => {
  it('is back from its secret and the address of the server, whatever it held in whatever way', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [
      [1, 5],
      [2, 2],
    ]);
    const named = (serial: number) => ({ titleClass: id, serial });
    must(await ann.wallet.fillPool([named(1), named(2)]));
    for (let count = 0; count < 20; count++) must(await bob.wallet.address(SERVER_ID));
    const to = must(await bob.wallet.address(SERVER_ID));
    must(await ann.wallet.give({ titles: [named(3), named(6)], to }));
    const restored = await openWallet(way, 'Bob');
    must(await restored.wallet.restore(URL));
    assert.deepEqual(serialsOf(restored), [3, 6], 'without a handover ever taken');
    must(await restored.wallet.split([named(6)], [1, 1]));
    must(await restored.wallet.give({ titles: [named(3)], to: must(await ann.wallet.address(SERVER_ID)) }));
    const again = await openWallet(way, 'Bob');
    must(await again.wallet.restore(URL));
    must(await again.wallet.restore(URL));
    assert.deepEqual(serialsOf(again), [1, 2]);
    assert.deepEqual(again.wallet.titles(), restored.wallet.titles());
    must(await again.wallet.give({ titles: [named(1)], to: must(await ann.wallet.address(SERVER_ID)) }));
    const issuer = await openWallet(way, 'Ann');
    must(await issuer.wallet.restore(URL));
    assert.deepEqual(serialsOf(issuer), [1, 3, 4, 5, 7]);
    assert.deepEqual(must(await issuer.wallet.check()), []);
    must(await issuer.wallet.give({ titles: [named(3), named(4)], to }));
  });

  it('takes no pseudonym again that it had used', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const bob = await openKnowing(way, 'Bob');
    const { id } = await issue(way, ann.wallet, [[1, 1]]);
    const to = must(await bob.wallet.address(SERVER_ID));
    must(await ann.wallet.give({ titles: [{ titleClass: id, serial: 1 }], to }));
    const restored = await openWallet(way, 'Bob');
    must(await restored.wallet.restore(URL));
    const used = must(readAddress(to)).pseudonyms[0]!;
    const fresh = must(readAddress(must(await restored.wallet.address(SERVER_ID))));
    assert.ok(!fresh.pseudonyms.some((each) => each.every((byte, at) => byte === used[at])));
  });

  it('refuses the store of another secret', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    await assert.rejects(openWallet(way, 'Bob', ann.store), /another phrase/);
  });
});

describe('an address', () => {
  it('is read as it was written, and no other', async () => {
    const way = await openWay();
    const { wallet } = await openKnowing(way, 'Ann');
    const text = must(await wallet.address(SERVER_ID));
    const address = must(readAddress(` ${text}\n`));
    assert.equal(address.server, SERVER_ID);
    assert.equal(address.pseudonyms.length, 4);
    assert.equal(writeAddress(SERVER_ID, address.pseudonyms), text);
    for (let at = 0; at < text.length; at++) {
      const letter = text[at] === 'a' ? 'b' : 'a';
      assert.equal(refusalOf(readAddress(text.slice(0, at) + letter + text.slice(at + 1))).name, 'malformed');
      assert.equal(refusalOf(readAddress(text.slice(0, at))).name, 'malformed');
    }
    assert.notEqual(must(await wallet.address(SERVER_ID)), text, 'the next one has fresh pseudonyms');
  });

  it('comes again rather than going beyond what a restore finds', async () => {
    const way = await openWay();
    const { wallet } = await openKnowing(way, 'Ann');
    const addresses: string[] = [];
    for (let count = 0; count < 252; count++) addresses.push(must(await wallet.address(SERVER_ID)));
    assert.equal(new Set(addresses).size, 250, 'a thousand pseudonyms, four at a time');
  });

  it('of another server, of the pool, or too short for several titles gets nothing', async () => {
    const way = await openWay();
    const ann = await openKnowing(way, 'Ann');
    const { id } = await issue(way, ann.wallet, [[1, 2]]);
    const titles = [1, 2].map((serial) => ({ titleClass: id, serial }));
    const key = must(await ann.wallet.pseudonym(SERVER_ID));
    const elsewhere = writeAddress('ab'.repeat(32), must(readAddress(key)).pseudonyms);
    for (const to of [elsewhere, SERVER_ID, key])
      assert.equal(refusalOf(await ann.wallet.give({ titles, to })).name, 'not possible');
    assert.deepEqual(ann.wallet.operations(), []);
    must(await ann.wallet.give({ titles: titles.slice(1), to: key }));
  });
});
