import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handover } from '../../transports/handover.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { HOST_LIMITS } from '../limits.ts';
import { coinsIn, look } from './look.ts';
import { agreed, assertObjected } from '../members.test-helper.ts';
import { Stage, available } from '../money.test-helper.ts';
import type { OpenMember } from '../open-member.ts';
import { Objection } from '../objections.ts';

/** Alice knows both currencies and has 21 of the first; Bob knows the first only. */
async function people(): Promise<{ stage: Stage; alice: OpenMember; bob: OpenMember; other: TestIssuer }> {
  const other = new TestIssuer({ location: 'http://other.test/', firstKey: 6 });
  const stage = new Stage('receive', [new TestIssuer(), other]);
  const alice = await stage.enrol('Alice', 21);
  const bob = await stage.enrol('Bob');
  return { stage, alice, bob, other };
}

async function stackOf(alice: OpenMember, currency: string, amount = 13): Promise<CoinStack> {
  const letter = agreed(await alice.pay({ to: '', currency, amount, subject: 'Bread', text: '' }));
  const stack = alice.stack(letter.id);
  assert.ok(!(stack instanceof Objection));
  return stack;
}

describe('receiving coins by hand', () => {
  it('takes them as text and as a file; a second time it is the same letter', async () => {
    const { stage, alice, bob } = await people();
    const stack = await stackOf(alice, stage.issuer.id);
    const text = handover.write(stack);
    const first = agreed(await bob.receive({ text, accept: false }));
    assert.deepEqual([first.state, first.amount, first.from, first.isRead], ['taken', 13, '', true]);
    const second = agreed(await bob.receive({ text: JSON.stringify(stack), accept: false }));
    assert.equal(second.id, first.id);
    assert.equal(bob.inbox().length, 1);
    assert.equal(available(bob), 13);
    const offer = agreed(await bob.look({ text }));
    assert.deepEqual([offer.own, offer.isSpent], ['taken', true]);
    await stage.settle(1);
    assert.equal(alice.sent()[0]?.state, 'taken');
  });

  it('adds a currency that is not known only when the person says so', async () => {
    const { stage, alice, bob, other } = await people();
    await stage.buys(alice, 9, other);
    const text = handover.write(await stackOf(alice, other.id, 5));
    const offer = agreed(await bob.look({ text }));
    assert.deepEqual([offer.isKnown, offer.about.location, offer.amount], [false, 'http://other.test/', 5]);
    assertObjected(await bob.receive({ text, accept: false }), 'not confirmed');
    assert.deepEqual(bob.inbox(), []);
    assert.equal(agreed(await bob.receive({ text, accept: true })).state, 'taken');
    assert.equal(available(bob, other.id), 5);
  });

  it('keeps a letter of refused coins that says why, and takes nothing', async () => {
    const { stage, alice, bob } = await people();
    const stack = await stackOf(alice, stage.issuer.id);
    const [first, ...rest] = stack.coins;
    const forged = { ...stack, coins: [{ ...first!, signature: rest[0]!.signature }, ...rest] };
    assertObjected(await bob.receive({ text: JSON.stringify(forged), accept: false }), 'bad signature');
    assert.equal(bob.inbox()[0]?.state, 'refused');
    assert.notEqual(bob.inbox()[0]?.reason, '');
    assert.equal(available(bob), 0);
    agreed(await bob.removeLetter(bob.inbox()[0]!.id));
    // The coins are good all the same.
    assert.equal(agreed(await bob.receive({ text: JSON.stringify(stack), accept: false })).state, 'taken');
    const carol = await stage.enrol('Carol');
    assertObjected(await carol.receive({ text: JSON.stringify(stack), accept: false }), 'already spent');
    assert.equal(carol.inbox()[0]?.state, 'refused');
  });

  it('keeps coins while the issuer is away, and takes them when it is back', async () => {
    const { stage, alice, bob } = await people();
    const { link } = agreed(
      await alice.pay({ to: '', currency: stage.issuer.id, amount: 13, subject: '', text: '' }),
    );
    stage.away = true;
    assert.equal(agreed(await bob.receive({ text: link, accept: false })).state, 'arriving');
    assertObjected(await bob.removeLetter(bob.inbox()[0]!.id), 'not possible');
    stage.away = false;
    await stage.settle(2);
    assert.equal(bob.inbox()[0]?.state, 'taken');
    assert.equal(available(bob), 13);
    assert.equal(alice.sent()[0]?.state, 'taken');
  });

  it('shows somebody who is not signed in what a link holds, and gives the coins as a file', async () => {
    const { stage, alice, bob } = await people();
    const { link } = agreed(
      await alice.pay({ to: '', currency: stage.issuer.id, amount: 13, subject: 'Bread', text: 'x' }),
    );
    const offer = agreed(await look(stage.context, link));
    assert.deepEqual(
      [offer.amount, offer.currencyName, offer.from, offer.isKnown, offer.own, offer.isSpent],
      [13, 'Testmark', 'Alice', false, '', false],
    );
    const stack = agreed(await coinsIn(stage.context, link));
    agreed(await bob.receive({ text: JSON.stringify(stack), accept: false }));
    assert.equal(agreed(await look(stage.context, link)).isSpent, true);
  });

  it(
    'finds a link within other text, and nothing in what only looks like many',
    { timeout: 20_000 },
    async () => {
      const { stage, alice } = await people();
      const pay = { to: '', currency: stage.issuer.id, amount: 13, subject: '', text: '' };
      const { link } = agreed(await alice.pay(pay));
      const text = `Invoice #12 of http://elsewhere.test/ #x: "${link}", please`;
      assert.equal(agreed(await look(stage.context, text)).amount, 13);
      assertObjected(await look(stage.context, 'http://elsewhere.test/receive#abc'), 'other host');
      // A megabyte: anything that is not linear would take minutes.
      for (const piece of ['http://', '#', 'http://x#', 'http:// #', 'https://a#!']) {
        const long = piece.repeat(Math.floor(1_000_000 / piece.length));
        const found = await look(stage.context, long);
        assert.ok(found instanceof Objection && ['no coins', 'other host'].includes(found.name));
      }
    },
  );

  it('shows no sum of a coin that stands twice in it, or of several currencies', async () => {
    const { stage, alice, bob, other } = await people();
    await stage.buys(alice, 9, other);
    const one = await stackOf(alice, stage.issuer.id, 5);
    const two = await stackOf(alice, other.id, 5);
    const twice = { ...one, coins: [...one.coins, ...one.coins] };
    const mixed = { ...one, coins: [...one.coins, ...two.coins] };
    for (const [stack, name] of [
      [twice, 'malformed'],
      [mixed, 'not possible'],
    ] as const) {
      assertObjected(await bob.look({ text: JSON.stringify(stack) }), name);
      assertObjected(await bob.receive({ text: JSON.stringify(stack), accept: true }), name);
    }
    assert.deepEqual(bob.inbox(), []);
  });
});

describe('letters that others put into the inbox', () => {
  it('wait in a currency that is not known, until the person takes them', async () => {
    const { stage, alice, bob, other } = await people();
    await stage.buys(alice, 9, other);
    agreed(await alice.pay({ to: 'Bob', currency: other.id, amount: 5, subject: 'New', text: '' }));
    await stage.settle(2);
    const [letter] = bob.inbox();
    assert.deepEqual([letter?.state, letter?.isKnown, letter?.currencyName], ['arrived', false, 'Testmark']);
    assertObjected(await bob.removeLetter(letter!.id), 'not confirmed');
    agreed(await bob.markRead(letter!.id));
    // Alice cannot have it back, and it outlives a crash.
    assertObjected(await alice.takeBack(alice.sent()[0]!.id), 'already spent');
    stage.restart();
    const again = await stage.member('Bob');
    assert.equal(again.inbox()[0]?.isRead, true);
    assert.equal(agreed(await again.takeLetter(letter!.id)).state, 'taken');
    assert.equal(available(again, other.id), 5);
    await stage.assertConserved();
  });

  it('are removed with their coins where nobody knows the currency and it is confirmed, and stay away', async () => {
    const { stage, alice, bob, other } = await people();
    await stage.buys(alice, 9, other);
    const junk = { to: 'Bob', currency: other.id, amount: 4, subject: 'junk', text: '' };
    agreed(await alice.pay(junk));
    await stage.settle(1);
    agreed(await bob.removeLetter(bob.inbox()[0]!.id, true));
    // One that its issuer never lets arrive is no more welcome.
    stage.away = true;
    assert.equal(agreed(await alice.pay({ ...junk, amount: 5 })).state, 'arriving');
    await stage.leave('Bob');
    const away = await stage.member('Bob');
    const [second] = away.inbox();
    assert.equal(second?.state, 'arriving');
    assertObjected(await away.removeLetter(second.id), 'not confirmed');
    agreed(await away.removeLetter(second.id, true));
    stage.away = false;
    await stage.settle(2);
    stage.restart();
    await stage.settle(2);
    assert.deepEqual((await stage.member('Bob')).inbox(), []);
    assert.deepEqual(stage.bugs, []);
    // Those that did not move are the sender's still.
    const sender = await stage.member('Alice');
    const stuck = sender.sent().find(({ state }) => state === 'arriving');
    assert.equal(agreed(await sender.takeBack(stuck!.id)).state, 'taken back');
    assert.equal(available(sender, other.id), 5);
  });

  it('stand in nobody’s way to pay and to receive, however many they are', async () => {
    const { stage, alice, bob } = await people();
    const pay = { to: '', currency: stage.issuer.id, amount: 5, subject: '', text: '' };
    const { link } = agreed(await alice.pay(pay));
    stage.store.countLetters = async (_, folder) => (folder === 'inbox' ? HOST_LIMITS.letters : 0);
    assert.equal(agreed(await bob.receive({ text: link, accept: false })).state, 'taken');
    assert.equal(agreed(await bob.pay(pay)).state, 'not taken');
  });

  it('of a currency that is not the one at its address add no currency', async () => {
    const { stage, alice, bob, other } = await people();
    await stage.buys(alice, 9, other);
    const stack = await stackOf(alice, other.id, 5);
    const coins = stack.coins.map((coin) => ({
      ...coin,
      payload: { ...coin.payload, issuer_id: 'f'.repeat(coin.payload.issuer_id.length) },
    }));
    const text = JSON.stringify({ ...stack, coins });
    assertObjected(await bob.receive({ text, accept: true }), 'distrusted');
    assert.equal(bob.currencies().length, 1);
  });

  it('are no more than a member may have, and whoever pays then keeps the money', async () => {
    const { stage, alice } = await people();
    stage.store.countLetters = async () => HOST_LIMITS.letters;
    const pay = { to: 'Bob', currency: stage.issuer.id, amount: 5, subject: '', text: '' };
    assertObjected(await alice.pay(pay), 'full');
    assert.deepEqual([alice.sent().length, available(alice)], [0, 21]);
  });

  it('come back when the inbox is full by the time they are there', async () => {
    const { stage, alice, bob } = await people();
    let asked = 0;
    stage.store.countLetters = async () => (asked++ === 0 ? 0 : HOST_LIMITS.letters);
    const pay = { to: 'Bob', currency: stage.issuer.id, amount: 5, subject: '', text: '' };
    assertObjected(await alice.pay(pay), 'full');
    assert.deepEqual([alice.sent()[0]?.state, available(alice)], ['taken back', 21]);
    assert.deepEqual(bob.inbox(), []);
  });

  it('do not keep the others from being read when one is damaged', async () => {
    const { stage, alice } = await people();
    await stage.leave('Bob');
    const pay = { to: 'Bob', currency: stage.issuer.id, amount: 5, subject: '', text: '' };
    agreed(await alice.pay(pay));
    agreed(await alice.pay(pay));
    const { row } = stage.keys.get('Bob')!;
    const [first] = await stage.store.letters(row.id);
    await stage.store.putLetter({ ...first!, sealed: first!.sealed.with(-1, first!.sealed.at(-1)! ^ 1) });
    await stage.settle(1);
    const bob = await stage.member('Bob');
    assert.deepEqual([bob.inbox().length, available(bob), stage.bugs.length], [1, 5, 1]);
  });

  it('are nobody else’s, even when a row is put in another’s place', async () => {
    const { stage, alice } = await people();
    const carol = await stage.enrol('Carol');
    agreed(await alice.pay({ to: '', currency: stage.issuer.id, amount: 5, subject: '', text: '' }));
    const [row] = await stage.store.letters(alice.id);
    await stage.leave('Carol');
    await stage.store.putLetter({ ...row!, member: carol.id });
    assert.deepEqual((await stage.member('Carol')).sent(), []);
    assert.equal(stage.bugs.length, 1);
  });
});
