import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuse } from '../../base/refusal.ts';
import { TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { HOST_TIMES } from '../limits.ts';
import { agreed, assertObjected } from '../members.test-helper.ts';
import { Stage, available } from '../money.test-helper.ts';
import type { OpenMember } from '../open-member.ts';
import type { LetterView, PayInput } from '../schemas.ts';

async function pair(money = 21): Promise<{ stage: Stage; alice: OpenMember; bob: OpenMember }> {
  const stage = new Stage('pay', [new TestIssuer()]);
  const alice = await stage.enrol('Alice', money);
  const bob = await stage.enrol('Bob');
  return { stage, alice, bob };
}

function order(stage: Stage, to: string, amount: number, more: Partial<PayInput> = {}): PayInput {
  return { to, currency: stage.issuer.id, amount, subject: 'Bread', text: 'and butter', ...more };
}

describe('paying by name', () => {
  it('arrives while the other is away, and is taken when they come', async () => {
    const { stage, alice } = await pair();
    await stage.leave('Bob');
    const letter = agreed(await alice.pay(order(stage, 'BOB', 13)));
    assert.deepEqual([letter.state, letter.to, letter.way, letter.link], ['arrived', 'Bob', 'name', '']);
    assert.equal(available(alice), 8);
    // Nobody takes back what has arrived, although it was not taken yet.
    assertObjected(await alice.takeBack(letter.id), 'already spent');
    const bob = await stage.member('Bob');
    const events: unknown[] = [];
    bob.news.on((event) => void events.push(event.kind));
    await stage.settle(1);
    assert.equal(available(bob), 13);
    const [received, ...others] = bob.inbox();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [
        received?.from,
        received?.state,
        received?.subject,
        received?.text,
        received?.amount,
        received?.isRead,
      ],
      ['Alice', 'taken', 'Bread', 'and butter', 13, false],
    );
    assert.ok(events.includes('letter'));
    assert.equal(bob.unread(), 1);
    agreed(await bob.markRead(received!.id));
    assert.equal(bob.unread(), 0);
    assert.equal(alice.sent()[0]?.state, 'arrived');
    assert.deepEqual(stage.bugs, []);
  });

  it('asked for twice with one word is paid once, whatever was closed between', async () => {
    const { stage, alice } = await pair();
    const first = agreed(await alice.pay(order(stage, 'Bob', 5), 'a button'));
    assert.equal(agreed(await alice.pay(order(stage, 'Bob', 5), 'a button')).id, first.id);
    await stage.leave('Alice');
    const again = await stage.member('Alice');
    assert.equal(agreed(await again.pay(order(stage, 'Bob', 5), 'a button')).id, first.id);
    assert.equal(available(again), 16);
    const other = agreed(await again.pay(order(stage, 'Bob', 5), 'another button'));
    assert.notEqual(other.id, first.id);
    assert.equal(available(again), 11);
  });

  it('of the same word is another payment for nobody, and is made once though its letter was removed', async () => {
    const { stage, alice, bob } = await pair();
    const first = order(stage, 'Bob', 5);
    const { id } = agreed(await alice.pay(first, 'a button'));
    await bob.upkeep();
    for (const other of [
      { amount: 6 },
      { subject: 'Milk' },
      { text: '' },
      { to: '' },
      { to: 'a@b.example' },
    ]) {
      assertObjected(await alice.pay({ ...first, ...other }, 'a button'), 'reference reused');
    }
    agreed(await alice.removeLetter(id));
    agreed(await bob.removeLetter(bob.inbox()[0]!.id));
    assert.deepEqual([alice.sent(), bob.inbox()], [[], []]);
    const again = agreed(await alice.pay(first, 'a button'));
    assert.deepEqual([again.id, again.state], [id, 'arrived']);
    await stage.leave('Alice');
    const later = await stage.member('Alice');
    assert.equal(agreed(await later.pay(first, 'a button')).id, id);
    await stage.settle(1);
    assert.deepEqual([available(later), available(bob), later.sent()], [16, 5, []]);
    // It is remembered for a while, not for ever.
    stage.now += HOST_TIMES.once + 1;
    await stage.settle(1);
    assert.deepEqual(await stage.store.letters(later.id), []);
    await stage.assertConserved();
  });

  it('asked for again stays paid when whom it was for has left, and only for the same payment', async () => {
    const { stage, alice, bob } = await pair();
    const first = agreed(await alice.pay(order(stage, 'Bob', 5), 'a button'));
    await stage.leave('Bob');
    await stage.store.removeMember(bob.id);
    assert.equal(agreed(await alice.pay(order(stage, 'bob', 5), 'a button')).id, first.id);
    assertObjected(await alice.pay(order(stage, 'bob', 6), 'a button'), 'no such member');
    assertObjected(await alice.pay(order(stage, 'robert', 5), 'a button'), 'no such member');
    assert.equal(available(alice), 16);
  });

  it('is told at once to whoever is there', async () => {
    const { stage, alice, bob } = await pair();
    const told = new Promise<LetterView>((resolve) => {
      bob.news.on((event) => {
        if (event.kind === 'letter') resolve(event.letter);
      });
    });
    agreed(await alice.pay(order(stage, 'bob@host.test', 5)));
    assert.equal((await told).state, 'taken');
    assert.equal(available(bob), 5);
  });

  it('lets two pay each other at once', async () => {
    const { stage, alice, bob } = await pair();
    await stage.buys(bob, 9);
    await Promise.all([alice.pay(order(stage, 'Bob', 4)), bob.pay(order(stage, 'Alice', 3))]);
    await stage.settle(1);
    assert.deepEqual([available(alice), available(bob)], [20, 10]);
    await stage.assertConserved();
  });

  it('objects before any coin leaves', async () => {
    const { stage, alice } = await pair();
    assertObjected(await alice.pay(order(stage, 'Carol', 1)), 'no such member');
    assertObjected(await alice.pay(order(stage, 'alice', 1)), 'to yourself');
    assertObjected(await alice.pay(order(stage, 'a@b', 1)), 'bad address');
    assertObjected(await alice.pay(order(stage, 'a b@example.org', 1)), 'bad address');
    assertObjected(await alice.pay(order(stage, 'Bob', 22)), 'not enough');
    assertObjected(await alice.pay(order(stage, 'Bob', 0)), 'bad amount');
    assertObjected(await alice.pay(order(stage, 'Bob', 1, { currency: 'f'.repeat(64) })), 'no currency');
    assert.deepEqual(alice.sent(), []);
    assert.equal(available(alice), 21);
  });

  it('waits at the host while the issuer is away, and goes on when it is back', async () => {
    const { stage, alice, bob } = await pair();
    stage.away = true;
    const letter = agreed(await alice.pay(order(stage, 'Bob', 16)));
    assert.equal(letter.state, 'arriving');
    await stage.settle(1);
    assert.equal(available(bob), 0);
    stage.away = false;
    await stage.settle(2);
    assert.equal(available(bob), 16);
    assert.equal(alice.sent()[0]?.state, 'arrived');
    assert.equal(bob.inbox()[0]?.state, 'taken');
    assert.deepEqual(stage.bugs, []);
  });

  it('can be taken back while it is on its way; then it never arrives', async () => {
    const { stage, alice, bob } = await pair();
    stage.away = true;
    const letter = agreed(await alice.pay(order(stage, 'Bob', 16)));
    stage.away = false;
    assert.equal(agreed(await alice.takeBack(letter.id)).state, 'taken back');
    await stage.settle(2);
    assert.equal(available(alice), 21);
    assert.equal(available(bob), 0);
    assert.deepEqual(bob.inbox(), []);
    assert.equal(alice.sent()[0]?.state, 'taken back');
    await stage.assertConserved();
  });
});

describe('paying to nobody in particular', () => {
  it('gives a link by which anybody on the host takes the coins, once', async () => {
    const { stage, alice, bob } = await pair();
    const letter = agreed(await alice.pay(order(stage, '', 13)));
    assert.equal(letter.state, 'not taken');
    assert.match(letter.link, /^http:\/\/host\.test\/receive#[\w-]{22}$/);
    const offer = agreed(await bob.look({ text: letter.link }));
    assert.deepEqual(
      [offer.amount, offer.from, offer.subject, offer.text, offer.isKnown, offer.own, offer.isSpent],
      [13, 'Alice', 'Bread', 'and butter', true, '', false],
    );
    const taken = agreed(await bob.receive({ text: `Here: ${letter.link}\n`, accept: false }));
    assert.deepEqual([taken.state, taken.folder, taken.from], ['taken', 'inbox', 'Alice']);
    assert.equal(available(bob), 13);
    await stage.settle(1);
    assert.deepEqual([alice.sent()[0]?.state, alice.sent()[0]?.link], ['taken', '']);
    const carol = await stage.enrol('Carol');
    assertObjected(await carol.receive({ text: letter.link, accept: false }), 'no drop');
    assert.deepEqual(stage.bugs, []);
  });

  it('lets only one of two have the coins who take at once', async () => {
    const { stage, alice, bob } = await pair();
    const carol = await stage.enrol('Carol');
    const { link } = agreed(await alice.pay(order(stage, '', 13)));
    await Promise.all([
      bob.receive({ text: link, accept: false }),
      carol.receive({ text: link, accept: false }),
    ]);
    await stage.settle(2);
    assert.deepEqual([available(bob), available(carol)].sort(), [0, 13].sort());
    const loser = available(bob) === 0 ? bob : carol;
    assert.equal(loser.inbox()[0]?.state ?? 'refused', 'refused');
    await stage.assertConserved();
  });

  it('takes back what nobody took; whoever has the link then finds nothing', async () => {
    const { stage, alice, bob } = await pair();
    const letter = agreed(await alice.pay(order(stage, '', 13)));
    const [back, taken] = await Promise.all([
      alice.takeBack(letter.id),
      bob.receive({ text: letter.link, accept: false }),
    ]);
    await stage.settle(2);
    assert.equal(available(alice) + available(bob), 21);
    assert.ok('name' in back !== 'name' in taken, 'one of them has it');
    assert.equal(alice.sent()[0]?.state, available(bob) === 13 ? 'taken' : 'taken back');
    assertObjected(await bob.look({ text: letter.link }), 'no drop');
    await stage.assertConserved();
  });

  it('takes back own coins that come in as a link', async () => {
    const { stage, alice } = await pair();
    const letter = agreed(await alice.pay(order(stage, '', 13)));
    assert.equal(agreed(await alice.look({ text: letter.link })).own, 'sent');
    const back = agreed(await alice.receive({ text: letter.link, accept: false }));
    assert.deepEqual([back.id, back.state], [letter.id, 'taken back']);
    assert.equal(available(alice), 21);
  });

  it('is gone for a link of another key or another host', async () => {
    const { stage, alice, bob } = await pair();
    const { link } = agreed(await alice.pay(order(stage, '', 13)));
    const other = link.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    assertObjected(await bob.look({ text: other }), 'no drop');
    assertObjected(await bob.look({ text: link.replace('host.test', 'elsewhere.test') }), 'other host');
    assertObjected(await bob.look({ text: 'nothing' }), 'no coins');
  });
});

describe('paying by e-mail', () => {
  it('mails link and file, in the words of the sender', async () => {
    const { stage, alice, bob } = await pair();
    const letter = agreed(await alice.pay(order(stage, 'carol@example.org', 5)));
    assert.deepEqual([letter.state, letter.reason, letter.way], ['not taken', '', 'mail']);
    const [mail] = stage.mails;
    assert.equal(mail?.to, 'carol@example.org');
    assert.equal(mail.subject, 'Alice sends you 0.05 Testmark');
    assert.match(mail.text, /Alice sends you 0\.05 Testmark\.\n\nAlice writes:\n\nBread\n\nand butter/);
    assert.ok(mail.text.includes(letter.link));
    assert.equal(mail.fileName, 'Testmark-0.05.oc');
    agreed(await bob.receive({ text: JSON.stringify(mail.stack), accept: false }));
    assert.equal(available(bob), 5);
    assert.deepEqual(stage.forgotten, []);
    await stage.settle(1);
    assert.deepEqual(stage.forgotten, [letter.id], 'what lies of the mail here goes');
  });

  it('keeps what could not be mailed, says so, and tries again', async () => {
    const { stage, alice } = await pair();
    stage.postman = refuse('unreachable', 'mail.test does not answer');
    const letter = agreed(await alice.pay(order(stage, 'carol@example.org', 5)));
    assert.equal(letter.state, 'not taken');
    assert.match(letter.reason, /mail\.test does not answer/);
    assertObjected(await alice.mailAgain(letter.id), 'not mailed');
    stage.postman = undefined;
    await stage.settle(1);
    assert.equal(stage.mails.length, 0, 'not so soon');
    stage.now += 600_000;
    await stage.settle(1);
    assert.equal(stage.mails.length, 1);
    assert.equal(alice.sent()[0]?.reason, '');
    agreed(await alice.mailAgain(letter.id));
    assert.deepEqual([...new Set(stage.mails.map(({ id }) => id))], [letter.id], 'the same mail');
    agreed(await alice.takeBack(letter.id));
    assert.equal(available(alice), 21);
  });

  it('does not try by itself what can never be mailed', async () => {
    const { stage, alice } = await pair();
    stage.postman = refuse('not possible', 'no such mailbox');
    const letter = agreed(await alice.pay(order(stage, 'carol@example.org', 5)));
    assert.match(letter.reason, /no such mailbox/);
    stage.postman = undefined;
    stage.now += 600_000;
    await stage.settle(1);
    assert.equal(stage.mails.length, 0);
    assert.equal(agreed(await alice.mailAgain(letter.id)).reason, '');
  });
});
