/** The contract of `BankStore`, on every store there is. */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { assertSound } from '../../bank/audit.ts';
import { CASHIER, STORES, freshPath, openFile } from '../../bank/bank.test-helper.ts';
import type { BankStore, Means, RegistrationRule } from '../../bank/ports.ts';
import { assertBalanced, balanceAfter, transfer } from '../../bank/postings.ts';
import { paymentReference } from '../../bank/secrets.ts';
import { amount } from '../../base/amount.ts';
import { HOUR, writeDate } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Receipt } from '../../protocol/attestations.ts';
import type { Order } from '../../protocol/messages/order.ts';
import { openSqliteBankStore } from './sqlite.ts';

const NOW = Date.UTC(2026, 0, 1);
const hash = (digit: string) => digit.repeat(64);

const order = (reference: string, value: number, rail = 'test', lives = HOUR): Order => ({
  amount: value,
  currency: hash('c'),
  expires: writeDate(NOW + lives),
  instructions: 'Pay.',
  rail,
  state: 'unpaid',
  transaction_reference: reference,
  type: 'order',
});

const receipt = (sequence: number, value: number, payee = ''): Receipt => ({
  amount: value,
  issuer_id: hash('c'),
  payee,
  redemption: hash(String(sequence % 10)),
  sequence,
  time: writeDate(NOW),
  type: 'receipt',
});

/** Registers at once. */
const AT_ONCE: RegistrationRule = { now: NOW, waits: undefined };

/** Has two wait at most, for an hour. */
const waits = (now: number): RegistrationRule => ({ now, waits: { until: now + HOUR, most: 2 } });
const LONG = { until: NOW + 9 * HOUR, most: 9 };

const PEOPLE = [
  ['1', 'alice'],
  ['2', 'bob'],
  ['3', 'carol'],
] as const;

const waiting = (account: string, identity: string, since = NOW) => ({
  account,
  identity,
  until: since + HOUR,
});

const named = (kind: string, account: string, identity: string) => ({ kind, account, identity });

const pay = (store: BankStore, reference: string, means: Means, now = NOW) =>
  store.pay({ reference, means, now, coinsMost: undefined });

async function balances(store: BankStore): Promise<Record<string, number>> {
  const audit = await store.audit();
  assertSound(audit);
  return Object.fromEntries(audit.balances);
}

for (const [name, books] of Object.entries(STORES)) {
  describe(`bank store on ${name}`, () => {
    test('has one cashier, for ever', async () => {
      const store = books()();
      assert.equal(await store.load(), undefined);
      await store.found(CASHIER);
      await assert.rejects(store.found({ publicKey: hash('d'), secret: new Uint8Array([1]) }));
      assert.deepEqual(await store.load(), CASHIER);
      await store.close();
    });

    test('has the same in it when it is opened again', async () => {
      const open = books();
      const store = open();
      await store.found(CASHIER);
      await store.place(order('a1', 5), NOW, 9);
      await pay(store, 'a1', { rail: 'test' });
      await store.openAccount(hash('1'), 'alice', 9);
      await store.credit(receipt(1, 4, 'alice'), NOW);
      await store.requestPayout({ tokenHash: hash('1'), amount: 3, reference: 'c1', to: 'XX' }, NOW, 9);
      await store.issueVouchers({ hash: hash('b'), amount: 7, vouchers: [hash('2')] });
      const all = async (each: BankStore) => [
        await each.load(),
        await each.unfunded(),
        await each.account(hash('1'), 9),
        await each.pendingPayouts(9),
        await each.voucher(hash('2')),
        await each.receipt(1),
        await each.audit(),
      ];
      const before = await all(store);
      await store.close();
      const again = open();
      assert.deepEqual(await all(again), before);
      await again.close();
    });

    test('registers one identity of one account, and no other', async () => {
      const open = books();
      const store = open();
      await store.openAccount(hash('1'), 'alice', 9);
      await store.openAccount(hash('2'), 'bob', 9);
      const register = (token: string, identity: string) =>
        store.register({ tokenHash: hash(token), identity }, AT_ONCE);
      assert.equal(await register('3', 'abc'), 'no such account');
      assert.equal(await store.identityHolder('abc'), undefined);
      assert.equal(await register('1', 'abc'), 'registered');
      assert.equal(await register('1', 'abc'), 'repeated');
      assert.equal(await register('1', 'def'), 'another identity');
      assert.equal(await register('2', 'abc'), 'identity taken');
      assert.equal(await register('2', 'def'), 'registered');
      await store.close();
      const again = open();
      assert.deepEqual(await again.identityHolder('abc'), { account: 'alice', state: 'registered' });
      assert.deepEqual(await again.identityHolder('def'), { account: 'bob', state: 'registered' });
      const late = (identity: string) => again.register({ tokenHash: hash('1'), identity }, AT_ONCE);
      assert.equal(await late('abc'), 'repeated');
      assert.equal(await late('123'), 'another identity');
      await again.close();
    });

    test('has an identity wait in the one place of its account, until it is approved', async () => {
      const open = books();
      const store = open();
      for (const [token, number] of PEOPLE) await store.openAccount(hash(token), number, 9);
      const wish = (token: string, identity: string, now = NOW) =>
        store.register({ tokenHash: hash(token), identity }, waits(now));
      assert.equal(await wish('9', 'abc'), 'no such account');
      assert.equal(await wish('1', 'abc'), 'waiting');
      assert.equal(await wish('1', 'abd'), 'waiting');
      assert.equal(await store.identityHolder('abd'), undefined, 'what waits is nobody’s');
      assert.deepEqual(await store.waitingIdentities(NOW, 9), [waiting('alice', 'abd')]);
      assert.equal(await wish('2', 'abd', NOW + 1), 'waiting', 'of one identity the last account waits');
      assert.equal(await wish('1', 'abc', NOW + 2), 'waiting');
      assert.equal(await wish('3', 'fff'), 'too many waiting');
      assert.equal(await wish('1', 'abe', NOW + 3), 'waiting', 'in its own place');
      assert.equal(await wish('1', 'abe', NOW + 9), 'waiting');
      const both = [waiting('bob', 'abd', NOW + 1), waiting('alice', 'abe', NOW + 3)];
      assert.deepEqual(await store.waitingIdentities(NOW, 9), both);
      assert.deepEqual(await store.waitingIdentities(NOW, 1), both.slice(0, 1));
      await store.close();
      const again = open();
      assert.deepEqual(await again.waitingIdentities(NOW, 9), both);
      assert.deepEqual(await again.approve('abe', NOW, 9), named('approved', 'alice', 'abe'));
      assert.deepEqual(await again.approve('abe', NOW, 9), named('repeated', 'alice', 'abe'));
      assert.deepEqual(await again.identityHolder('abe'), { account: 'alice', state: 'registered' });
      assert.deepEqual(await again.waitingIdentities(NOW, 9), both.slice(0, 1));
      const late = (token: string, identity: string) =>
        again.register({ tokenHash: hash(token), identity }, waits(NOW));
      assert.equal(await late('1', 'abe'), 'repeated');
      assert.equal(await late('1', 'abc'), 'another identity');
      assert.equal(await late('2', 'abe'), 'identity taken');
      assert.equal(await late('3', 'fff'), 'waiting', 'there is a place again');
      await again.close();
    });

    test('approves nothing but the one identity that is meant, and none too late', async () => {
      const store = books()();
      for (const [token, number] of PEOPLE) await store.openAccount(hash(token), number, 9);
      const wish = (token: string, identity: string) =>
        store.register({ tokenHash: hash(token), identity }, { ...waits(NOW), waits: LONG });
      await wish('1', 'abcd');
      await wish('2', 'abce');
      await wish('3', 'abc');
      for (const digits of ['abd', 'bcd', 'ab%', 'abcdd']) {
        assert.deepEqual(await store.approve(digits, NOW, 2), { kind: 'none waits' }, digits);
      }
      assert.deepEqual(await store.approve('ab', NOW, 3), { kind: 'none waits' }, 'too few digits');
      assert.deepEqual(await store.approve('ab', NOW, 2), { kind: 'several' });
      assert.deepEqual(await store.approve('abcd', LONG.until + 1, 2), { kind: 'none waits' }, 'too late');
      assert.deepEqual(await store.approve('abc', NOW, 2), named('approved', 'carol', 'abc'), 'in full');
      assert.deepEqual(await store.approve('abce', NOW, 2), named('approved', 'bob', 'abce'));
      assert.deepEqual(await store.approve('ab', NOW, 2), { kind: 'several' }, 'registered ones count');
      assert.deepEqual(await store.waitingIdentities(LONG.until, 9), [
        { account: 'alice', identity: 'abcd', until: LONG.until },
      ]);
      assert.deepEqual(await store.waitingIdentities(LONG.until + 1, 9), []);
      assert.equal(
        await store.register({ tokenHash: hash('1'), identity: 'eee' }, waits(LONG.until + 1)),
        'waiting',
      );
      assert.deepEqual(await store.approve('abcd', NOW, 2), { kind: 'none waits' }, 'its time was over');
      await store.close();
    });

    test('takes an identity back, and never forgets whose it was', async () => {
      const open = books();
      const store = open();
      for (const [token, number] of PEOPLE) await store.openAccount(hash(token), number, 9);
      const on = (each: BankStore) => ({
        wish: (token: string, identity: string, rule = waits(NOW)) =>
          each.register({ tokenHash: hash(token), identity }, rule),
        holder: (identity: string) => each.identityHolder(identity),
      });
      const { wish, holder } = on(store);
      const takenBack = (identity?: string) => ({ kind: 'taken back', identity });
      assert.deepEqual(await store.takeBack('nobody'), { kind: 'no such account' });
      assert.deepEqual(await store.takeBack('alice'), takenBack());
      await wish('1', 'abc');
      assert.deepEqual(await store.takeBack('alice'), takenBack('abc'), 'waiting');
      assert.deepEqual(await store.waitingIdentities(NOW, 9), []);
      assert.equal(await holder('abc'), undefined, 'it was never registered');
      await wish('1', 'abc', AT_ONCE);
      assert.deepEqual(await store.takeBack('alice'), takenBack('abc'));
      assert.deepEqual(await store.takeBack('alice'), takenBack());
      assert.equal(await wish('2', 'abc'), 'identity taken');
      assert.equal(await wish('2', 'abc', AT_ONCE), 'identity taken');
      assert.equal(await wish('1', 'def', AT_ONCE), 'registered');
      await store.close();
      const reopened = open();
      const again = on(reopened);
      assert.deepEqual(await again.holder('abc'), { account: 'alice', state: 'taken back' });
      assert.deepEqual(await again.holder('def'), { account: 'alice', state: 'registered' });
      assert.equal(await again.wish('2', 'abc', AT_ONCE), 'identity taken');
      assert.equal(await again.wish('1', 'abc'), 'another identity');
      // A former identity of its own it may have again, and lose again.
      await reopened.takeBack('alice');
      assert.equal(await again.wish('1', 'abc'), 'waiting');
      assert.deepEqual(await again.holder('abc'), { account: 'alice', state: 'taken back' });
      assert.deepEqual(await reopened.approve('abc', NOW, 9), named('approved', 'alice', 'abc'));
      assert.deepEqual(await again.holder('abc'), { account: 'alice', state: 'registered' });
      assert.deepEqual(await reopened.takeBack('alice'), takenBack('abc'));
      assert.deepEqual(await again.holder('abc'), { account: 'alice', state: 'taken back' });
      await reopened.close();
    });

    test('places an order once, in a bounded number of places', async () => {
      const store = books()();
      assert.equal((await store.place(order('a1', 5), NOW, 2)).kind, 'placed');
      assert.equal((await store.place(order('a1', 5), NOW + 1, 2)).kind, 'repeated');
      assert.equal((await store.place(order('a1', 6), NOW, 2)).kind, 'reference reused');
      assert.equal((await store.place(order('a2', 5, 'manual', 2 * HOUR), NOW, 2)).kind, 'placed');
      assert.equal((await store.place(order('a3', 5), NOW, 2)).kind, 'too many unpaid');
      assert.equal(await store.find('a3'), undefined);
      assert.deepEqual(await store.findByPayment(paymentReference('a2')), await store.find('a2'));
      assert.deepEqual(await store.unpaid('manual', NOW, 9), [await store.find('a2')]);
      assert.deepEqual(await store.unpaid('manual', NOW + 3 * HOUR, 9), [], 'its time is over');
      assert.equal((await store.place(order('a3', 5), NOW + HOUR + 1, 2)).kind, 'placed');
      assert.equal(await store.find('a1'), undefined, 'its time was over');
      await store.close();
    });

    test('never forgets an order that was paid', async () => {
      const store = books()();
      await store.place(order('a1', 5), NOW, 2);
      await pay(store, 'a1', { rail: 'test' });
      await store.place(order('a2', 5), NOW + 9 * HOUR, 2);
      assert.equal((await store.find('a1'))?.state, 'paid');
      assert.equal((await store.place(order('a1', 5), NOW, 2)).kind, 'repeated');
      await store.close();
    });

    test('an order moves from unpaid to paid to funded, and only so', async () => {
      const store = books()();
      await store.place(order('a1', 5), NOW, 9);
      assert.equal((await store.noteFunded('a1'))?.state, 'unpaid');
      assert.equal(await store.noteFunded('a2'), undefined);
      assert.deepEqual(await store.unfunded(), []);
      assert.equal((await pay(store, 'a1', { rail: 'voucher', code: hash('1') })).kind, 'another rail');
      assert.equal((await pay(store, 'a1', { rail: 'test' }, NOW + HOUR + 1)).kind, 'expired');
      assert.equal((await pay(store, 'a1', { rail: 'test' }, NOW + HOUR)).kind, 'paid');
      assert.equal((await pay(store, 'a1', { rail: 'test' }, NOW + 9 * HOUR)).kind, 'repeated');
      assert.equal((await store.unfunded()).length, 1);
      assert.equal((await store.noteFunded('a1'))?.state, 'funded');
      assert.equal((await store.noteFunded('a1'))?.state, 'funded');
      const repeated = await pay(store, 'a1', { rail: 'test' });
      assert.ok(repeated.kind === 'repeated' && repeated.order.state === 'funded');
      assert.deepEqual(await store.unfunded(), []);
      assert.deepEqual(await balances(store), { 'money:test': -5, coins: 5 });
      await store.close();
    });

    test('sells no more than it may, to the unit', async () => {
      const store = books()();
      const means = { rail: 'test' } as const;
      for (const each of ['a1', 'a2']) await store.place(order(each, 5), NOW, 9);
      const upTo = (reference: string, most: number) =>
        store.pay({ reference, means, now: NOW, coinsMost: amount(most) });
      assert.equal((await upTo('a1', 5)).kind, 'paid');
      assert.equal((await upTo('a2', 9)).kind, 'not covered');
      assert.equal((await upTo('a1', 0)).kind, 'repeated', 'what is paid is paid');
      assert.equal((await upTo('a2', 10)).kind, 'paid');
      await store.close();
    });

    test('a voucher pays once, and stays unused where nothing is paid', async () => {
      const store = books()();
      const batch = { hash: hash('b'), amount: 5, vouchers: [hash('1'), hash('2')] };
      assert.equal(await store.issueVouchers(batch), 'issued');
      assert.equal(await store.issueVouchers(batch), 'repeated');
      assert.equal(await store.issueVouchers({ ...batch, amount: 6 }), 'reference reused');
      assert.equal(await store.issueVouchers({ ...batch, vouchers: [hash('3')] }), 'reference reused');
      assert.equal(await store.voucher(hash('3')), undefined);
      for (const [at, value] of [5, 5, 6].entries()) {
        await store.place(order(`a${at}`, value, 'voucher'), NOW, 9);
      }
      const means = { rail: 'voucher', code: hash('1') } as const;
      assert.deepEqual(await pay(store, 'a2', means), { kind: 'amounts differ', ordered: 6, brought: 5 });
      assert.equal((await pay(store, 'a0', means, NOW + HOUR + 1)).kind, 'expired');
      assert.equal((await pay(store, 'a0', { ...means, code: hash('9') })).kind, 'no such voucher');
      assert.equal((await store.voucher(hash('1')))?.usedFor, undefined);
      assert.equal((await pay(store, 'a0', means)).kind, 'paid');
      assert.equal((await pay(store, 'a0', means)).kind, 'repeated');
      assert.equal((await pay(store, 'a1', means)).kind, 'voucher used');
      assert.deepEqual(await store.voucher(hash('1')), { hash: hash('1'), amount: 5, usedFor: 'a0' });
      assert.equal((await pay(store, 'a0', { ...means, code: hash('2') })).kind, 'repeated');
      assert.equal((await store.voucher(hash('2')))?.usedFor, undefined);
      assert.deepEqual(await balances(store), { 'money:voucher': -5, coins: 5 });
      await store.close();
    });

    test('credits receipts in order, each once, and none after a gap', async () => {
      const store = books()();
      await store.openAccount(hash('1'), 'alice', 9);
      await assert.rejects(store.credit(receipt(2, 5), NOW), /receipt 2 after receipt 0/);
      assert.equal(await store.lastReceipt(), 0);
      assert.equal(await store.credit(receipt(1, 5, 'alice'), NOW), 'credited');
      assert.equal(await store.credit(receipt(1, 5, 'alice'), NOW), 'repeated');
      await assert.rejects(store.credit(receipt(3, 5), NOW), /receipt 3 after receipt 1/);
      assert.equal(await store.credit(receipt(2, 6, 'bob'), NOW), 'credited');
      assert.equal(await store.credit(receipt(1, 99, 'alice'), NOW), 'repeated');
      assert.equal(await store.lastReceipt(), 2);
      assert.deepEqual(await store.receipt(2), { sequence: 2, amount: 6, redemption: hash('2') });
      assert.equal(await store.receipt(3), undefined);
      assert.deepEqual(await balances(store), { coins: -11, 'customer:alice': 5, unclaimed: 6 });
      await store.close();
    });

    test('accounts: one for each token and number, and never below zero', async () => {
      const store = books()();
      assert.equal(await store.openAccount(hash('1'), 'alice', 2), 'opened');
      assert.equal(await store.openAccount(hash('1'), 'alice', 2), 'repeated');
      assert.equal(await store.openAccount(hash('2'), 'alice', 2), 'number taken');
      assert.equal(await store.openAccount(hash('2'), 'bob', 2), 'opened');
      assert.equal(await store.openAccount(hash('3'), 'carol', 2), 'too many');
      assert.equal(await store.openAccount(hash('1'), 'alice', 2), 'repeated', 'of those there are');
      await store.credit(receipt(1, 10, 'alice'), NOW);
      const payout = (reference: string, value: number, tokenHash = hash('1')) =>
        store.requestPayout({ tokenHash, amount: value, reference, to: 'XX' }, NOW, 2);
      assert.equal((await payout('c1', 11)).kind, 'balance too small');
      assert.equal((await payout('c1', 1, hash('2'))).kind, 'balance too small');
      assert.equal((await payout('c1', 1, hash('9'))).kind, 'no such account');
      assert.equal((await payout('c1', 4)).kind, 'set aside');
      assert.equal((await payout('c1', 4)).kind, 'repeated');
      assert.equal((await payout('c1', 5)).kind, 'reference reused');
      assert.equal((await payout('c2', 4)).kind, 'set aside');
      assert.equal((await payout('c3', 1)).kind, 'too many pending');
      await store.place(order('a1', 3, 'account'), NOW, 9);
      const means = { rail: 'account', token: hash('1') } as const;
      assert.equal((await pay(store, 'a1', { ...means, token: hash('9') })).kind, 'no such account');
      assert.equal((await pay(store, 'a1', means)).kind, 'balance too small');
      assert.deepEqual(
        (await store.pendingPayouts(9)).map((each) => [each.number, each.account, each.reference]),
        [
          [1, 'alice', 'c1'],
          [2, 'alice', 'c2'],
        ],
      );
      assert.equal((await store.pendingPayouts(1)).length, 1);
      assert.equal((await store.notePayoutPaid(2, NOW))?.before, false);
      assert.equal((await store.notePayoutPaid(2, NOW))?.before, true);
      assert.equal(await store.notePayoutPaid(3, NOW), undefined);
      assert.equal((await payout('c2', 4)).kind, 'repeated');
      const view = await store.account(hash('1'), 2);
      assert.deepEqual(
        [view?.number, view?.balance, view?.entries.map((each) => each.balance)],
        ['alice', 2, [2, 6]],
      );
      assert.equal(view?.payouts.length, 1);
      assert.deepEqual(await balances(store), {
        coins: -10,
        'customer:alice': 2,
        'payouts pending': 4,
        'paid out': 4,
      });
      await store.close();
    });
  });
}

test('the stores are one: the same random calls answer the same', async () => {
  const reference = fc.constantFrom('a1', 'a2', 'a3');
  const value = fc.integer({ min: 1, max: 9 });
  const rail = fc.constantFrom('test', 'manual', 'voucher', 'account');
  const digit = fc.constantFrom('1', '2', '3').map(hash);
  const identity = fc.constantFrom('a', 'ab', 'abc', 'abd', 'abcd');
  const now = fc.constantFrom(NOW, NOW + HOUR, NOW + HOUR + 1);
  const rule = fc.oneof(fc.constant(AT_ONCE), now.map(waits));
  const means = (kind: string, brought: number, secret: string): Means => {
    if (kind === 'manual') return { rail: kind, amount: brought };
    if (kind === 'voucher') return { rail: kind, code: secret };
    return kind === 'account' ? { rail: kind, token: secret } : { rail: 'test' };
  };
  type Call = (store: BankStore) => Promise<unknown>;
  const call = fc.oneof(
    fc.tuple(reference, value, rail).map(
      ([name, much, by]): Call =>
        (store) =>
          store.place(order(name, much, by), NOW, 3),
    ),
    fc.tuple(reference, rail, value, digit).map(
      ([name, by, much, secret]): Call =>
        (store) =>
          pay(store, name, means(by, much, secret)),
    ),
    reference.map(
      (name): Call =>
        (store) =>
          store.noteFunded(name),
    ),
    fc.tuple(digit, value).map(
      ([batch, much]): Call =>
        (store) =>
          store.issueVouchers({ hash: batch, amount: much, vouchers: [batch] }),
    ),
    digit.map(
      (token): Call =>
        (store) =>
          store.openAccount(token, token.slice(0, 3), 2),
    ),
    fc.tuple(value, digit).map(
      ([much, token]): Call =>
        async (store) =>
          store.credit(receipt((await store.lastReceipt()) + 1, much, token.slice(0, 3)), NOW),
    ),
    fc.tuple(digit, value, reference).map(
      ([tokenHash, much, name]): Call =>
        (store) =>
          store.requestPayout({ tokenHash, amount: much, reference: name, to: 'XX' }, NOW, 2),
    ),
    value.map(
      (number): Call =>
        (store) =>
          store.notePayoutPaid(number, NOW),
    ),
    fc.tuple(digit, identity, rule).map(
      ([tokenHash, wanted, by]): Call =>
        (store) =>
          store.register({ tokenHash, identity: wanted }, by),
    ),
    fc.tuple(identity, now).map(
      ([digits, at]): Call =>
        (store) =>
          store.approve(digits, at, 2),
    ),
    digit.map(
      (token): Call =>
        (store) =>
          store.takeBack(token.slice(0, 3)),
    ),
    identity.map(
      (each): Call =>
        (store) =>
          store.identityHolder(each),
    ),
    now.map(
      (at): Call =>
        (store) =>
          store.waitingIdentities(at, 2),
    ),
    digit.map(
      (token): Call =>
        (store) =>
          store.account(token, 3),
    ),
    fc.constant<Call>((store) => store.unpaid('manual', NOW, 2)),
    fc.constant<Call>((store) => store.unfunded()),
    fc.constant<Call>((store) => store.pendingPayouts(2)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 60, size: 'max' }), async (calls) => {
      const stores = Object.values(STORES).map((books) => books()());
      for (const each of calls) {
        const [first, ...others] = await Promise.all(stores.map((store) => each(store)));
        for (const other of others) assert.deepEqual(other, first);
      }
      const [first, ...others] = await Promise.all(stores.map((store) => balances(store)));
      for (const other of others) assert.deepEqual(other, first);
      for (const store of stores) await store.close();
    }),
    { numRuns: 40 },
  );
});

describe('double entry', () => {
  test('no transaction makes or loses money', () => {
    const fair = transfer({ kind: 'payment', reference: 'a1', time: NOW }, 5, 'money:test', 'coins');
    assertBalanced(fair);
    const unfair = [
      [],
      [{ account: 'coins', amount: 0 }],
      [...fair.postings, { account: 'unclaimed', amount: 1 }],
      fair.postings.map((posting) => ({ ...posting, amount: 5 })),
      fair.postings.map((posting) => ({ ...posting, account: 'coins' })),
    ];
    for (const postings of unfair) assert.throws(() => assertBalanced({ ...fair, postings }), /the books/);
    assert.throws(() => balanceAfter(4, { account: 'customer:alice', amount: -5 }), /below zero/);
    assert.throws(() => balanceAfter(Number.MAX_SAFE_INTEGER, { account: 'coins', amount: 1 }), /2\^53/);
  });
});

describe('a bank’s file', () => {
  /** Books with a bit of everything, then changed by another hand. */
  async function changed(sql: string): Promise<BankStore> {
    const path = freshPath();
    const store = openFile(path);
    await store.place(order('a1', 50), NOW, 9);
    await pay(store, 'a1', { rail: 'test' });
    await store.openAccount(hash('1'), 'alice', 9);
    for (const each of [1, 2]) await store.credit(receipt(each, 10, 'alice'), NOW);
    for (const each of ['c1', 'c2']) {
      await store.requestPayout({ tokenHash: hash('1'), amount: 5, reference: each, to: 'XX' }, NOW, 9);
    }
    await store.notePayoutPaid(1, NOW);
    assertSound(await store.audit());
    await store.close();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
    database.close();
    return openFile(path);
  }

  const CHANGES: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a balance raised': [
      "UPDATE posting SET balance = balance + 1 WHERE account = 'customer:alice'",
      /not the sum of its postings/,
    ],
    'a posting raised': [
      "UPDATE posting SET amount = amount + 1, balance = balance + 1 WHERE account = 'coins' AND line = 1",
      /does not balance/,
    ],
    'a posting gone': ["DELETE FROM posting WHERE account = 'unclaimed' OR line = 2", /does not balance/],
    'a transaction gone': [
      'DELETE FROM posting WHERE transaction_id = 1; DELETE FROM ledger_transaction WHERE id = 1',
      /sum of its postings|coins are not/,
    ],
    'a paid order marked unpaid': ["UPDATE customer_order SET state = 'unpaid'", /coins are not/],
    'an order raised': ['UPDATE customer_order SET amount = 51', /coins are not/],
    'a receipt gone': ['UPDATE receipt SET sequence = 3 WHERE sequence = 2', /a receipt is missing/],
    'a payout marked paid': ["UPDATE payout SET state = 'paid'", /pending payouts are not/],
    'a payout paid raised': ["UPDATE payout SET amount = 6 WHERE state = 'paid'", /paid payouts are not/],
  };
  for (const [what, [sql, says]] of Object.entries(CHANGES)) {
    test(`with ${what} is not sound`, async () => {
      const store = await changed(sql);
      const audit = await store.audit();
      assert.throws(() => assertSound(audit), says);
      await store.close();
    });
  }

  test('keeps nothing of a verb that fails half-way', async () => {
    const path = freshPath();
    const store = openFile(path);
    await store.place(order('a1', 5, 'voucher'), NOW, 9);
    await store.issueVouchers({ hash: hash('b'), amount: 5, vouchers: [hash('1')] });
    await store.openAccount(hash('1'), 'alice', 9);
    await store.close();
    // The last thing that is written fails: each verb has done all before it.
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TRIGGER no_order BEFORE UPDATE ON customer_order BEGIN SELECT raise(FAIL, 'full'); END;
      CREATE TRIGGER no_receipt BEFORE INSERT ON receipt BEGIN SELECT raise(FAIL, 'full'); END;
      CREATE TRIGGER no_voucher BEFORE INSERT ON voucher BEGIN SELECT raise(FAIL, 'full'); END;`);
    database.close();
    const again = openFile(path);
    await assert.rejects(pay(again, 'a1', { rail: 'voucher', code: hash('1') }), /full/);
    await assert.rejects(again.credit(receipt(1, 5, 'alice'), NOW), /full/);
    await assert.rejects(again.issueVouchers({ hash: hash('d'), amount: 5, vouchers: [hash('2')] }), /full/);
    assert.equal((await again.find('a1'))?.state, 'unpaid');
    assert.equal((await again.voucher(hash('1')))?.usedFor, undefined);
    assert.equal(await again.lastReceipt(), 0);
    assert.deepEqual(await balances(again), {});
    await again.close();
    const mended = new DatabaseSync(path);
    mended.exec('DROP TRIGGER no_voucher; DROP TRIGGER no_order');
    mended.close();
    const last = openFile(path);
    assert.equal(
      await last.issueVouchers({ hash: hash('d'), amount: 5, vouchers: [hash('2')] }),
      'issued',
      'no half of a batch was kept',
    );
    assert.equal((await pay(last, 'a1', { rail: 'voucher', code: hash('1') })).kind, 'paid');
    await last.close();
  });

  const EARLIER: Readonly<Record<number, string>> = {
    2: 'DROP TABLE registration; DROP TABLE registration_waiting; DROP TABLE registration_taken_back',
    3: 'DROP TABLE registration_waiting; DROP TABLE registration_taken_back',
  };
  for (const [version, without] of Object.entries(EARLIER)) {
    test(`of version ${version} is opened, with all that is in it`, async () => {
      const path = freshPath();
      const store = openFile(path);
      await store.found(CASHIER);
      for (const [token, number] of PEOPLE) await store.openAccount(hash(token), number, 9);
      await store.register({ tokenHash: hash('2'), identity: 'def' }, AT_ONCE);
      await store.close();
      const file = new DatabaseSync(path);
      file.exec(`${without}; PRAGMA user_version = ${version}`);
      file.close();
      const again = openFile(path);
      assert.deepEqual(await again.load(), CASHIER);
      const wish = (token: string, identity: string) =>
        again.register({ tokenHash: hash(token), identity }, waits(NOW));
      // What was registered before counts as approved.
      assert.equal(await wish('2', 'def'), version === '3' ? 'repeated' : 'waiting');
      assert.equal(await wish('1', 'abc'), 'waiting');
      assert.equal((await again.approve('abc', NOW, 9)).kind, 'approved');
      await again.close();
      const last = openFile(path);
      assert.equal((await last.identityHolder('abc'))?.account, 'alice');
      assert.equal((await last.identityHolder('def'))?.account, version === '3' ? 'bob' : undefined);
      await last.close();
    });
  }

  test('in use is refused', async () => {
    const path = freshPath();
    const store = openFile(path);
    const second = openSqliteBankStore(path);
    assert.ok(second instanceof Refusal && second.name === 'busy');
    await store.close();
  });
});
