import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { SignedEntry } from '../protocol/journal.ts';
import { openMemoryMintStore } from '../stores/mint/memory.ts';
import { chaum86 } from '../suites/chaum86.ts';
import { openMemoryVault } from '../signers/vault/vault.ts';
import { FOUNDING, NOW, fundRequest, testMaker } from './mint.test-helper.ts';
import { assertSound, bought, boughtOne, openPlace, redeemRequest } from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';
import type { MintStore } from './ports.ts';

/** Whether these bytes stand anywhere in those. */
const holds = (bytes: Uint8Array, part: Uint8Array) => Buffer.from(bytes).includes(Buffer.from(part));

/** A life that leaves something of every kind in the journal. */
async function live(place: Place): Promise<void> {
  await bought(place, 'a1', 4, 2);
  await place.done({ type: 'raise treasury', amount: 500 });
  await place.done({ type: 'cashier limits', limits: { ...cashierOf(0), limit_per_day: 70 } });
  place.now += 95 * DAY;
  await place.mint.tend();
}

function cashierOf(index: number) {
  const cashier = FOUNDING.cashiers[index];
  assert.ok(cashier !== undefined);
  return cashier;
}

/** A store whose journal reads with one entry changed. */
function tampered(store: MintStore, number: number, change: (entry: SignedEntry) => SignedEntry): MintStore {
  return {
    ...store,
    journal: async (from, most) =>
      (await store.journal(from, most)).map((each) => (each.entry.number === number ? change(each) : each)),
  };
}

describe('opening a mint', () => {
  test('makes of the journal the very charter that it had before', async () => {
    const place = await openPlace();
    await live(place);
    const { charter, keyring } = place.mint;
    assert.equal(keyring.keys.size, 6, 'the next keys are there');
    await place.reopen();
    assert.deepEqual(place.mint.charter, charter);
    assert.deepEqual([...place.mint.keyring.keys.values()], [...keyring.keys.values()]);
    await assertSound(place);
    const coin = await boughtOne(place, 'b1', 4);
    await place.ask(redeemRequest([coin]), 'response redeem');
  });

  test('reads a journal of many pages', async () => {
    const place = await openPlace();
    for (let count = 0; count < 300; count++)
      await place.done({ type: count % 2 === 0 ? 'power off' : 'power on' });
    const { charter } = place.mint;
    await place.reopen();
    assert.deepEqual(place.mint.charter, charter);
    assert.equal(charter.head.entries, 304);
  });

  test('refuses when the clock is behind the books or the journal', async () => {
    const place = await openPlace();
    const opened = place.now;
    await place.ask(fundRequest(place.mint.keyring, 'a1', 4), 'response fund');
    const cases: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the journal', () => place.done({ type: 'power off' })],
      ['the books', () => place.done({ type: 'power on' }).then(() => bought(place, 'a2', 4))],
    ];
    for (const [what, move] of cases) {
      place.now += HOUR;
      await move();
      place.now -= 1;
      const refusal = await place.reopen();
      assert.ok(refusal instanceof Refusal && refusal.name === 'not possible', `behind ${what}`);
      assert.ok(refusal.details.includes(writeDate(place.now)));
      place.now += 1;
      assert.ok(!((await place.reopen()) instanceof Refusal), `level with ${what}`);
    }
    place.now = opened;
    assert.ok((await place.reopen()) instanceof Refusal);
  });

  test('lets its time stand still when the clock goes back while it runs', async () => {
    const place = await openPlace();
    const { signed_statement: before } = await place.ask(
      { message_reference: 1, type: 'request float' },
      'response float',
    );
    place.now -= DAY;
    await place.done({ type: 'power off' });
    assert.equal(place.mint.charter.time, place.now + DAY);
    assert.equal(before.statement.time, writeDate(place.now + DAY));
  });

  test('throws on books that were tampered with, wherever it was', async () => {
    const place = await openPlace();
    await live(place);
    const { entries } = place.mint.charter.head;
    const later = (signed: SignedEntry): SignedEntry => ({
      ...signed,
      entry: { ...signed.entry, time: writeDate(NOW + DAY + 1) },
    });
    for (let number = 0; number < entries; number++) {
      const store = tampered(place.store, number, later);
      await assert.rejects(place.reopen({ store }), /journal/, `entry ${number} was changed`);
    }
    const short: MintStore = {
      ...place.store,
      journal: async (from, most) =>
        (await place.store.journal(from, most)).filter(({ entry }) => entry.number < entries - 1),
    };
    await assert.rejects(place.reopen({ store: short }), /journal/);
    const robbed: MintStore = {
      ...place.store,
      load: async () => {
        const books = await place.store.load();
        assert.ok(books !== undefined);
        const { counters } = books;
        return { ...books, counters: { ...counters, authorised: (counters.authorised + 1) as never } };
      },
    };
    await assert.rejects(place.reopen({ store: robbed }), /conservation/);
    await place.reopen();
  });

  test('throws where nothing was founded, and with another box’s vault', async () => {
    const place = await openPlace();
    await assert.rejects(place.reopen({ store: openMemoryMintStore() }), /no currency was founded/);
    await assert.rejects(place.reopen({ vault: openMemoryVault() }), /does not open/);
  });

  test('keeps keys only sealed', async () => {
    const made: Uint8Array[] = [];
    const place = await openPlace();
    const maker = testMaker();
    // The keys of the pool, as the founder had them, and two more for those that were made since.
    for (let count = 0; count < 8; count++) made.push((await maker.make(chaum86.name, 'mint')).secret);
    await live(place);
    const books = await place.store.load();
    assert.equal(
      books?.secrets.size,
      2 + 6,
      'master and statement key, and two mint keys of each denomination',
    );
    const journal = Buffer.from(JSON.stringify(await place.store.journal(0, 1_000)));
    const opened = [...books.secrets].map(([name, sealed]) =>
      place.currency.vault.open(`${place.currency.issuerId} ${name}`, sealed),
    );
    for (const secret of made.slice(0, 7))
      assert.ok(
        opened.some((each) => holds(each, secret)),
        'the secret is kept',
      );
    for (const secret of [...made, ...opened]) {
      for (const [name, sealed] of books.secrets) {
        // Without what all such keys begin with.
        assert.ok(!holds(sealed, secret.slice(0, 24)) && !holds(sealed, secret.slice(-24)), name);
      }
      assert.ok(!journal.includes(Buffer.from(secret).toString('hex').slice(-48)));
    }
    const [first, second] = [...books.secrets];
    assert.ok(first !== undefined && second !== undefined);
    assert.throws(() => place.currency.vault.open(`${place.currency.issuerId} ${first[0]}`, second[1]));
  });
});
