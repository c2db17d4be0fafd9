/** Titles of members: given once, to one, whatever dies meanwhile; and nothing of them lies open. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryTitleWalletStore } from '../../stores/title/wallet-memory.test-helper.ts';
import { verify } from '../../title/server/world.test-helper.ts';
import { writeAddress } from '../../title/wallet/address.ts';
import type { TitleWalletStore } from '../../title/wallet/ports.ts';
import { openTitleWallet } from '../../title/wallet/wallet.ts';
import type { OpenTitleWallet } from '../../title/wallet/wallet.ts';
import {
  LOST,
  SERVER_ID,
  URL,
  issue,
  messengerOf,
  must,
  openKnowing,
  openWay,
  signer,
} from '../../title/wallet/world.test-helper.ts';
import type { Way } from '../../title/wallet/world.test-helper.ts';
import { HOST_LIMITS } from '../limits.ts';
import { Killed, agreed, assertObjected } from '../members.test-helper.ts';
import { Stage } from '../money.test-helper.ts';
import type { Effect, Fault } from '../money.test-helper.ts';
import { Objection } from '../objections.ts';
import type { OpenMember } from '../open-member.ts';
import type { TitleWallets } from '../ports.ts';
import type { GiveInput } from './schemas.ts';
import { seeded } from '../../wallet/testing.test-helper.ts';

/** A host that knows a title server, with ada, who holds four titles worth 1 and two worth 5, and bob. */
class TitleStage {
  readonly way: Way;
  readonly stage: Stage;
  titleClass = '';
  readonly #stores = new Map<string, TitleWalletStore>();
  readonly #randomness = seeded('titles');

  constructor(way: Way) {
    this.way = way;
    this.stage = new Stage('titles', [], (effect) => this.#wallets(effect));
    this.stage.now = way.world.now;
  }

  /** `counts`: what is issued, by denomination; `pooled`: the serials of what of it is the server's, and ada's is the rest. */
  static async open(
    counts: readonly (readonly [number, number])[] = [
      [1, 4],
      [5, 2],
    ],
    pooled: readonly number[] = [],
  ): Promise<TitleStage> {
    const way = await openWay();
    const set = new TitleStage(way);
    const issuer = await openKnowing(way, 'issuer');
    const { id } = await issue(way, issuer.wallet, counts);
    set.titleClass = id;
    if (pooled.length > 0)
      must(await issuer.wallet.fillPool(pooled.map((serial) => ({ titleClass: id, serial }))));
    const ada = await set.stage.enrol('ada');
    await set.stage.enrol('bob');
    await set.stage.settle(1);
    await handTo(ada, issuer.wallet, id);
    return set;
  }

  #wallets(effect: Effect): TitleWallets {
    const messenger = messengerOf(this.way);
    return {
      servers: [URL],
      open: async (member, _key, secret) => {
        const store = this.#stores.get(member) ?? openMemoryTitleWalletStore();
        this.#stores.set(member, store);
        return openTitleWallet({
          store: { ...store, commit: (change) => effect(() => store.commit(change)) },
          messenger: {
            exchange: (url, port, request) => effect(() => messenger.exchange(url, port, request)),
          },
          secret,
          signer,
          verify,
          clock: () => this.way.world.now,
          randomness: this.#randomness,
        });
      },
    };
  }

  wish(over: Partial<GiveInput> = {}): GiveInput {
    const nothing = { amount: 0, subject: 'For you', text: '' };
    return { to: 'bob', titleClass: this.titleClass, serials: [1, 5], ...nothing, ...over };
  }

  /** Whose title is which, as the wallets say; nobody's twice. */
  async held(): Promise<Readonly<Record<string, readonly number[]>>> {
    const all: Record<string, readonly number[]> = {};
    for (const name of this.stage.keys.keys()) all[name] = serialsOf(await this.stage.member(name));
    const together = Object.values(all).flat();
    assert.equal(new Set(together).size, together.length, 'no title is in two wallets');
    return all;
  }
}

async function handTo(member: OpenMember, issuer: OpenTitleWallet, titleClass: string): Promise<void> {
  const [address] = agreed(await member.titles.addresses());
  const titles = issuer.titles().map(({ serial }) => ({ titleClass, serial }));
  const { handover } = must(await issuer.give({ titles, to: address!.address }));
  agreed(await member.titles.receive({ text: handover }));
}

function serialsOf(member: OpenMember): readonly number[] {
  return agreed(member.titles.view())
    .titles.map(({ serial }) => serial)
    .sort((left, right) => left - right);
}

describe('titles of members', () => {
  it('are given by name to somebody who is away, and are there when they come back', async () => {
    const all = await TitleStage.open();
    await all.stage.leave('bob');
    const ada = await all.stage.member('ada');
    const letter = agreed(await ada.titles.give(all.wish()));
    assert.deepEqual([letter.state, letter.kind, letter.to, letter.amount], ['arrived', 'titles', 'bob', 6]);
    await all.stage.settle(1);
    assert.deepEqual(await all.held(), { ada: [2, 3, 4, 6], bob: [1, 5] });
    const [came] = (await all.stage.member('bob')).inbox();
    assert.deepEqual([came?.state, came?.from, came?.serials], ['taken', 'ada', [1, 5]]);
    assert.equal(came?.currencyName, 'Shares');
  });

  it('are given as an amount', async () => {
    const all = await TitleStage.open();
    const ada = await all.stage.member('ada');
    const letter = agreed(await ada.titles.give(all.wish({ serials: [], amount: 7 })));
    assert.equal(letter.amount, 7);
    await all.stage.settle(1);
    const bob = agreed((await all.stage.member('bob')).titles.view());
    assert.equal(
      bob.titles.reduce((sum, { denomination }) => sum + denomination, 0),
      7,
    );
    assert.equal((await all.held())['ada']!.length + bob.titles.length, 6);
  });

  it('say which were given and which came back, where an amount was given', async () => {
    const all = await TitleStage.open(
      [
        [5, 2],
        [1, 5],
      ],
      [3, 4, 5, 6, 7],
    );
    const ada = await all.stage.member('ada');
    const wish = all.wish({ serials: [], amount: 3 });
    const { id, serials, change } = agreed(await ada.titles.give(wish, 'once'));
    assert.equal(change.length, 2);
    assert.deepEqual([...serials, ...change].sort(), [3, 4, 5, 6, 7]);
    assert.equal(agreed(await ada.titles.give(wish, 'once')).id, id);
    await all.stage.settle(1);
    const { bob } = await all.held();
    assert.deepEqual(bob, [...serials].sort());
    assert.ok(change.every((serial) => serialsOf(ada).includes(serial)));
  });

  it('are given once, however often it is asked for; and nothing else under the same name', async () => {
    const all = await TitleStage.open();
    const ada = await all.stage.member('ada');
    const wish = all.wish({ serials: [], amount: 1 });
    const [first, second] = await Promise.all([ada.titles.give(wish, 'x'), ada.titles.give(wish, 'x')]);
    assert.deepEqual(agreed(first), agreed(second));
    assertObjected(await ada.titles.give({ ...wish, amount: 2 }, 'x'), 'reference reused');
    await all.stage.settle(1);
    assert.equal((await all.held())['bob']!.length, 1);
    const bob = await all.stage.member('bob');
    assert.equal(bob.inbox().length, 1);
  });

  it('go to nobody of whom there is no address, nor to who gives them, nor twice', async () => {
    const all = await TitleStage.open();
    const { store } = all.stage;
    const [ada, bob] = [await all.stage.member('ada'), await all.stage.member('bob')];
    assertObjected(await ada.titles.give(all.wish({ to: 'ada' })), 'to yourself');
    assertObjected(await ada.titles.give(all.wish({ to: 'carl' })), 'no such recipient');
    assertObjected(await ada.titles.give(all.wish({ to: '' })), 'no address');
    assertObjected(await ada.titles.give(all.wish({ to: 'x'.repeat(80) })), 'bad title address');
    assertObjected(await ada.titles.give(all.wish({ serials: [99] })), 'too few titles');
    assertObjected(await ada.titles.give(all.wish({ amount: 3 })), 'no title chosen');
    assertObjected(await ada.titles.give(all.wish({ serials: [] })), 'no title chosen');
    const address = agreed(await bob.titles.addresses())[0]!.address;
    for (const cut of [12, 40, address.length - 1]) {
      const to = address.slice(0, cut);
      assertObjected(await ada.titles.give(all.wish({ to })), 'bad title address');
    }
    const elsewhere = writeAddress('ab'.repeat(32), [new Uint8Array(32).fill(7)]);
    assertObjected(await ada.titles.give(all.wish({ to: elsewhere })), 'other title server');
    while ((await store.takeTitleAddress(bob.id, SERVER_ID)) !== undefined);
    assertObjected(await ada.titles.give(all.wish()), 'not ready');
    assert.deepEqual(ada.sent(), [], 'nothing was meant');
    await all.stage.settle(1);
    agreed(await ada.titles.give(all.wish()));
    assertObjected(await ada.titles.give(all.wish()), 'too few titles');
  });

  it('use up an address of somebody only where something is given to it', async () => {
    const all = await TitleStage.open();
    const { store } = all.stage;
    const [ada, bob] = [await all.stage.member('ada'), await all.stage.member('bob')];
    const ready = async () =>
      (await store.titleAddresses(bob.id)).filter(({ use }) => use === 'ready').map(({ address }) => address);
    const before = await ready();
    assert.equal(before.length, HOST_LIMITS.readyAddresses);
    assertObjected(await ada.titles.give(all.wish({ serials: [], amount: 99 })), 'too few titles');
    assert.deepEqual((await ready()).sort(), [...before].sort());
    agreed(await ada.titles.give(all.wish()));
    assert.equal((await ready()).length, before.length - 1);
    await all.stage.settle(1);
    assert.equal((await ready()).length, before.length, 'the next one is made ready');
  });

  it('use up an address that a refused transfer named: the next giver’s is another', async () => {
    const all = await TitleStage.open();
    const { store } = all.stage;
    const [ada, bob] = [await all.stage.member('ada'), await all.stage.member('bob')];
    const ready = async () =>
      (await store.titleAddresses(bob.id)).filter(({ use }) => use === 'ready').map(({ address }) => address);
    const before = await ready();
    const said = { status_code: 400, name: 'bad signature', details: 'no' };
    all.way.lie = (request) =>
      request.type === 'request title transfer'
        ? { type: 'response title refusal', ...said, serial: undefined, sequence: undefined }
        : undefined;
    assert.ok((await ada.titles.give(all.wish())) instanceof Objection);
    assert.equal((await ready()).length, before.length - 1);
  });

  it('are restored from servers that are known, as they are added', async () => {
    const all = await TitleStage.open();
    const ada = await all.stage.member('ada');
    const asked = all.way.asked.length;
    assertObjected(await ada.titles.restore('http://elsewhere.example/title'), 'no title server');
    assert.equal(all.way.asked.length, asked, 'nobody is asked at an address that nobody confirmed');
    agreed(await ada.titles.restore(URL));
  });

  it('are handed over by hand to an address, which is used once', async () => {
    const all = await TitleStage.open();
    const [ada, bob] = [await all.stage.member('ada'), await all.stage.member('bob')];
    const shown = async () => agreed(await bob.titles.addresses())[0]!.address;
    const address = await shown();
    assert.equal(await shown(), address, 'it stays while nothing came');
    const letter = agreed(await ada.titles.give(all.wish({ to: address })));
    assert.deepEqual([letter.way, letter.to, letter.state], ['address', '', 'arrived']);
    const text = agreed(ada.titles.handover(letter.id));
    assert.ok(agreed(await bob.titles.inspect({ text })).every(({ isOwn, isCurrent }) => isOwn && isCurrent));
    assert.deepEqual(serialsOf(bob), [], 'looking takes nothing');
    assertObjected(await bob.titles.receive({ text: 'hello' }), 'no titles');
    assertObjected(await ada.titles.receive({ text }), 'not your titles');
    assertObjected(await bob.look({ text }), 'are titles');
    assertObjected(await bob.receive({ text, accept: true }), 'are titles');
    for (const _ of [1, 2]) assert.equal(agreed(await bob.titles.receive({ text })).length, 2);
    assert.deepEqual(await all.held(), { ada: [2, 3, 4, 6], bob: [1, 5] });
    assert.notEqual(await shown(), address);
    const look = agreed(await ada.titles.look({ titleClass: all.titleClass, serial: 1 }));
    assert.deepEqual([look.isOwn, look.isCurrent, look.sequence], [false, true, 2]);
  });

  it('go on by themselves when their server answers again', async () => {
    const all = await TitleStage.open();
    const ada = await all.stage.member('ada');
    all.way.before = () => LOST;
    const letter = agreed(await ada.titles.give(all.wish(), 'x'));
    assert.equal(letter.state, 'arriving');
    await all.stage.settle(1);
    assert.equal(agreed(await ada.titles.give(all.wish(), 'x')).state, 'arriving');
    all.way.before = undefined;
    await all.stage.settle(2);
    assert.deepEqual(await all.held(), { ada: [2, 3, 4, 6], bob: [1, 5] });
    assert.equal(agreed(ada.letter(letter.id)).state, 'arrived');
  });

  it('are found again in the log of their server, and nothing twice', async () => {
    const all = await TitleStage.open();
    const ada = await all.stage.member('ada');
    const before = agreed(ada.titles.view()).titles;
    const after = agreed(await ada.titles.restore(URL)).titles;
    assert.deepEqual(
      after.map(({ serial, pseudonym }) => [serial, pseudonym]).sort(),
      before.map(({ serial, pseudonym }) => [serial, pseudonym]).sort(),
    );
    await ada.titles.furnish(true);
    assert.equal(serialsOf(ada).length, 6);
  });

  it('are what a wallet is not closed with unsaid', async () => {
    const all = await TitleStage.open();
    const [ada, bob] = [await all.stage.member('ada'), await all.stage.member('bob')];
    assert.deepEqual([ada.hasMoney(), ada.hasTitles()], [false, true]);
    assert.deepEqual([bob.hasMoney(), bob.hasTitles()], [false, false]);
    all.stage.restart();
    all.way.before = () => LOST;
    agreed(await (await all.stage.member('ada')).titles.give(all.wish(), 'x'));
    assert.ok((await all.stage.member('ada')).hasTitles(), 'titles on their way too');
  });

  it('never go to a member who is called as an address begins', async () => {
    const all = await TitleStage.open();
    const ada = await all.stage.member('ada');
    const [shown] = agreed(await ada.titles.addresses());
    const name = shown!.address.slice(0, 38).replace(/[_-]+$/, '');
    await all.stage.enrol(name);
    assertObjected(await ada.titles.give(all.wish({ to: name })), 'bad title address');
  });

  it('lie open nowhere in what the host keeps of letters', async () => {
    const all = await TitleStage.open();
    await all.stage.leave('bob');
    const ada = await all.stage.member('ada');
    agreed(await ada.titles.give(all.wish({ subject: 'a word between us' })));
    for (const { row } of all.stage.keys.values()) {
      for (const { sealed } of await all.stage.store.letters(row.id)) {
        const text = Buffer.from(sealed).toString('latin1');
        for (const open of ['a word between us', 'handover', all.titleClass]) assert.ok(!text.includes(open));
      }
    }
  });
});

/** What follows on a call that took effect is what comes before the next one: each of these is half of the moments. */
describe('giving titles, with the program killed at any moment', () => {
  it('asked again, they are given once and arrive once', async () => {
    let calls = 0;
    for (let isDead = true; isDead; calls++) {
      const all = await TitleStage.open();
      isDead = await killed(all, { kind: 'kill', call: calls, when: 'after' });
      all.stage.restart();
      agreed(await (await all.stage.member('ada')).titles.give(all.wish(), 'once'));
      await all.stage.settle(2);
      const what = `killed after call ${calls}`;
      assert.deepEqual(await all.held(), { ada: [2, 3, 4, 6], bob: [1, 5] }, what);
      const [ada, bob] = [await all.stage.member('ada'), await all.stage.member('bob')];
      const states = [...ada.sent(), ...bob.inbox()].map(({ state }) => state);
      assert.deepEqual(states, ['arrived', 'taken'], what);
    }
    assert.ok(calls > 8, `${calls} calls`);
  });

  it('not asked again, it is all or nothing', async () => {
    let calls = 0;
    for (let isDead = true; isDead; calls++) {
      const all = await TitleStage.open();
      isDead = await killed(all, { kind: 'kill', call: calls, when: 'before' });
      all.stage.restart();
      await all.stage.settle(2);
      const { ada = [], bob = [] } = await all.held();
      assert.ok(String(bob) === '1,5' || bob.length === 0, `killed before call ${calls}: ${bob.join()}`);
      assert.equal(ada.length + bob.length, 6, 'nothing is lost');
      assert.equal((await all.stage.member('ada')).sent().length, bob.length / 2);
    }
    assert.ok(calls > 8, `${calls} calls`);
  });
});

async function killed(all: TitleStage, fault: Fault): Promise<boolean> {
  const { stage } = all;
  const ada = await stage.member('ada');
  stage.plant(fault);
  const given = await ada.titles.give(all.wish(), 'once').catch((error: unknown) => {
    assert.ok(error instanceof Killed);
  });
  if (!stage.isDead && given !== undefined) {
    // A wallet that met the end before says that it has to be opened again.
    await stage.settle(1).catch((error: unknown) => assert.ok(stage.isDead, String(error)));
  }
  return stage.isDead;
}
