import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../src/base/amount.ts';
import { missing } from './books.ts';
import type { BankBooks, BoxBooks, Purses } from './books.ts';

const receipt = (sequence: number, value: number) => ({
  sequence,
  redemption: 'e'.repeat(64),
  amount: amount(value),
  payee: '',
  time: 0,
});

/** 100 bought with money, 10 with an account's; 20 redeemed to the account, 5 for nobody; 2 paid out. */
const BOX: BoxBooks = {
  counters: {
    authorised: amount(1_000),
    treasury: amount(915),
    float: amount(85),
    sequence: 4,
    keys: new Map(),
    head: { entries: 1, hash: '' },
  },
  receipts: [receipt(1, 20), receipt(2, 5)],
  minted: new Set(['a', 'b']),
};
const CREDITED = BOX.receipts.map((each) => `${each.sequence} ${each.redemption} ${each.amount}`);
const BANK: BankBooks = {
  balances: new Map([
    ['coins', 85],
    ['money:test', -100],
    ['customer:1', 8],
    ['unclaimed', 5],
    ['payouts pending', 2],
  ]),
  paid: new Map([
    ['a', 100],
    ['b', 10],
  ]),
  credited: CREDITED,
  accounts: 1,
  registered: new Map(),
  unsound: '',
};
const PURSES: Purses = {
  inWallets: 80,
  inStacks: 5,
  reserved: 0,
  bought: new Map([
    ['test', 100],
    ['account', 10],
  ]),
  redeemed: 25,
  unclaimed: 5,
  paidOut: 2,
  accounts: new Map([['1', 8]]),
  receipts: CREDITED,
};

const changed = <Name, Value>(map: ReadonlyMap<Name, Value>, name: Name, value: Value) =>
  new Map([...map, [name, value] as const]);

test('books in which every unit is accounted for are left in peace', () => {
  assert.deepEqual(missing(BOX, BANK, PURSES), []);
});

test('a unit that is missing or too many anywhere is found', () => {
  const planted: Readonly<Record<string, readonly [BoxBooks, BankBooks, Purses]>> = {
    'a float that grew': [{ ...BOX, counters: { ...BOX.counters, float: amount(86) } }, BANK, PURSES],
    'a treasury that shrank': [
      { ...BOX, counters: { ...BOX.counters, treasury: amount(914) } },
      BANK,
      PURSES,
    ],
    'a receipt that was lost': [{ ...BOX, receipts: BOX.receipts.slice(1) }, BANK, PURSES],
    'a receipt left out of the count': [
      { ...BOX, receipts: [receipt(1, 20), receipt(3, 5)] },
      { ...BANK, credited: [CREDITED[0] ?? '', `3 ${'e'.repeat(64)} 5`] },
      { ...PURSES, receipts: [CREDITED[0] ?? '', `3 ${'e'.repeat(64)} 5`] },
    ],
    'an order that was paid and not minted': [{ ...BOX, minted: new Set(['a']) }, BANK, PURSES],
    'a receipt that was credited twice': [
      BOX,
      { ...BANK, credited: [...CREDITED, ...CREDITED.slice(1)] },
      PURSES,
    ],
    'a receipt that was not credited': [BOX, { ...BANK, credited: CREDITED.slice(0, 1) }, PURSES],
    'books that are not sound': [BOX, { ...BANK, unsound: 'they are not' }, PURSES],
    'a coin that is still reserved': [BOX, BANK, { ...PURSES, reserved: 1 }],
    'a coin that vanished': [BOX, BANK, { ...PURSES, inWallets: 79 }],
    'a receipt that no wallet has': [BOX, BANK, { ...PURSES, receipts: CREDITED.slice(1) }],
    'a redemption that the wallets forgot': [BOX, BANK, { ...PURSES, redeemed: 24 }],
    'a payout that was made twice': [BOX, BANK, { ...PURSES, paidOut: 4 }],
    'an account that was credited for another': [BOX, BANK, { ...PURSES, accounts: new Map([['1', 7]]) }],
  };
  for (const [what, books] of Object.entries(planted)) assert.notDeepEqual(missing(...books), [], what);
  for (const account of BANK.balances.keys()) {
    const balances = changed(BANK.balances, account, (BANK.balances.get(account) ?? 0) + 1);
    assert.notDeepEqual(missing(BOX, { ...BANK, balances }, PURSES), [], account);
  }
});
