import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { agreed, assertObjected } from '../members.test-helper.ts';
import { Stage, available } from '../money.test-helper.ts';

async function alone(money = 21) {
  const stage = new Stage('purse', [new TestIssuer()]);
  const alice = await stage.enrol('Alice', money);
  const bob = await stage.enrol('Bob');
  return { stage, alice, bob, currency: stage.issuer.id };
}

describe('purses and history', () => {
  it('show what there is, what was ordered, and in which coins', async () => {
    const { stage, alice, currency } = await alone();
    const order = { currency, amount: 7, rail: 'manual', voucher: '' };
    const entry = agreed(await alice.buy(order));
    assert.deepEqual([entry.state, entry.instructions], ['pending', 'Pay.']);
    const [purse] = alice.purses();
    assert.deepEqual([purse?.available, purse?.reserved, purse?.ordered], [21, 0, 7]);
    const worth = purse?.piles.reduce((total, { denomination, coins }) => total + denomination * coins, 0);
    assert.equal(worth, 21);
    for (const reference of stage.issuer.orders.keys()) stage.issuer.pay(reference);
    await stage.settle(1);
    assert.deepEqual([alice.purses()[0]?.available, alice.purses()[0]?.ordered], [28, 0]);
  });

  it('say who the other side was, newest first, and find what is searched', async () => {
    const { stage, alice, bob, currency } = await alone();
    agreed(await alice.pay({ to: 'Bob', currency, amount: 13, subject: 'Bread', text: '' }));
    await stage.settle(1);
    const [newest] = alice.history('');
    assert.deepEqual(
      [newest?.kind, newest?.who, newest?.state, newest?.subject],
      ['send', 'Bob', 'taken', 'Bread'],
    );
    assert.equal(newest?.letter, alice.sent()[0]?.id);
    assert.deepEqual(
      alice.history('').map(({ kind }) => kind),
      ['send', 'buy'],
    );
    for (const text of ['bread', 'BOB', '0.13', '0,13', 'testmark', 'send'])
      assert.ok(
        alice.history(text).some(({ kind }) => kind === 'send'),
        text,
      );
    assert.deepEqual(alice.history('nothing of the kind'), []);
    const [received] = bob.history('');
    assert.deepEqual([received?.kind, received?.who, received?.amount], ['receive', 'Alice', 13]);
  });

  it('redeem, and object to what is no amount or no currency', async () => {
    const { alice, currency } = await alone();
    const entry = agreed(await alice.redeem({ currency, amount: 5, to: '' }));
    assert.deepEqual([entry.kind, entry.state, entry.receipt], ['redeem', 'done', 1]);
    assert.equal(available(alice), 16);
    const none = '0'.repeat(64);
    assertObjected(await alice.redeem({ currency: none, amount: 5, to: '' }), 'no currency');
    assertObjected(await alice.buy({ currency: none, amount: 5, rail: 'test', voucher: '' }), 'no currency');
    assertObjected(await alice.buy({ currency, amount: 0, rail: 'test', voucher: '' }), 'bad amount');
    assertObjected(await alice.redeem({ currency, amount: 500, to: '' }), 'not enough');
    assertObjected(await alice.bank(none), 'no currency');
    assertObjected(await alice.rails(none), 'no currency');
  });
});

describe('taking everything away', () => {
  it('empties the purses into files that anybody’s wallet takes, and that can be asked for again', async () => {
    const { stage, alice, bob, currency } = await alone();
    agreed(await alice.pay({ to: 'Bob', currency, amount: 3, subject: '=cmd()', text: '"quoted", too' }));
    const files = agreed(await alice.takeAway());
    assert.deepEqual(
      files.map(({ name }) => name),
      ['Testmark-0.18-1.oc', 'words.txt', 'letters.json', 'history.csv'],
    );
    assert.equal(available(alice), 0);
    const again = agreed(await alice.takeAway());
    const text = (index: number) => new TextDecoder().decode(again[index]?.bytes);
    assert.deepEqual(again[0]?.bytes, files[0]?.bytes);
    assert.equal(text(1).trim().split(' ').length, 12);
    const letters = JSON.parse(text(2)) as { subject: string }[];
    assert.deepEqual(
      letters.map(({ subject }) => subject),
      ['=cmd()', ''],
    );
    assert.match(text(3), /^number,time,kind.*\r\n/);
    assert.ok(text(3).includes("'=cmd()") && !/(^|,)=/m.test(text(3)), 'nothing in it is a formula');
    agreed(await bob.receive({ text: text(0), accept: false }));
    await stage.settle(1);
    assert.equal(available(bob), 21);
    assert.deepEqual(
      agreed(await alice.takeAway()).map(({ name }) => name),
      ['words.txt', 'letters.json', 'history.csv'],
    );
  });

  it('can be undone as long as nobody took the files', async () => {
    const { alice } = await alone();
    agreed(await alice.takeAway());
    agreed(await alice.takeBack(alice.sent()[0]!.id));
    assert.equal(available(alice), 21);
  });
});

describe('an open member', () => {
  it('keeps up at most as often as it should', async () => {
    const { stage, alice } = await alone();
    await alice.upkeep();
    const { length } = stage.issuer.requests;
    agreed(await alice.pay({ to: '', currency: stage.issuer.id, amount: 1, subject: '', text: '' }));
    const before = stage.issuer.requests.length;
    assert.ok(before >= length);
    await alice.upkeep();
    assert.equal(stage.issuer.requests.length, before);
  });

  it('is broken once a store has failed, and nothing is lost when it is opened again', async () => {
    const { stage, alice, currency } = await alone();
    const put = stage.store.putLetter.bind(stage.store);
    stage.store.putLetter = () => Promise.reject(new Error('the disk is full'));
    await assert.rejects(alice.pay({ to: '', currency, amount: 5, subject: '', text: '' }), /disk is full/);
    assert.ok(alice.isBroken);
    stage.store.putLetter = put;
    await stage.leave('Alice');
    const again = await stage.member('Alice');
    assert.ok(!again.isBroken);
    assert.equal(available(again), 21);
  });
});
