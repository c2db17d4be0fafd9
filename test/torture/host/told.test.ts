import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryView, InvoiceView, LetterView, PurseView } from '../../../src/host/schemas.ts';
import { inPurses, toldOf, underway, untruths } from './told.ts';
import type { Claim, Told } from './told.ts';

const money = { currency: 'c'.repeat(64), currencyName: 'Demo', divisor: 100 };

const letter = (facts: Partial<LetterView>): LetterView => ({
  ...{ ...money, amount: 10, id: 'a'.repeat(32), folder: 'sent', way: 'name', from: 'ada', to: 'ben' },
  ...{
    subject: 'ada 1',
    text: '',
    time: '',
    state: 'arrived',
    reason: '',
    link: '',
    isKnown: true,
    location: 'https://mint.example/',
    isRead: true,
    kind: 'money',
    serials: [],
    change: [],
  },
  ...facts,
});
const came = (facts: Partial<LetterView>) => letter({ folder: 'inbox', state: 'taken', ...facts });
const entry = (kind: EntryView['kind'], amount: number): EntryView => ({
  ...{ ...money, amount, number: 1, kind, state: 'done', time: '', subject: '', who: '' },
  ...{ instructions: '', reason: '', payee: '', receipt: 0, letter: '' },
});
const purse = (available: number): PurseView => ({
  ...{ available, reserved: 0, doubtful: 0, expired: 0, ordered: 0, piles: [] },
  currency: { id: money.currency } as PurseView['currency'],
});
const other = (available: number): PurseView => ({
  ...purse(available),
  currency: { id: 'd'.repeat(64) } as PurseView['currency'],
});
const invoice = (facts: Partial<InvoiceView>): InvoiceView => ({
  ...{
    ...money,
    amount: 7,
    id: 'b'.repeat(32),
    from: 'ben',
    subject: 'ben 1',
    time: '',
    state: 'paid',
    link: '',
  },
  ...{ isOwn: true, location: '' },
  ...facts,
});

/** Ada bought 100, paid Ben 10, left a link of 20 and took one of 5 back; Ben redeemed 4, and Ada paid his request of 7. */
const ADA: Told = {
  name: 'ada',
  inbox: [],
  sent: [
    letter({}),
    letter({ way: 'link', to: '', subject: 'ada 2', amount: 20, state: 'not taken' }),
    letter({ way: 'link', to: '', subject: 'ada 3', amount: 5, state: 'taken back' }),
    letter({ subject: 'ben 1', amount: 7, state: 'taken' }),
  ],
  purses: [purse(63)],
  history: [entry('buy', 100)],
  invoices: [],
};
const BEN: Told = {
  name: 'ben',
  inbox: [came({}), came({ subject: 'ben 1', amount: 7 })],
  sent: [],
  purses: [purse(13)],
  history: [entry('redeem', 4)],
  invoices: [invoice({})],
};
const CLAIMS: readonly Claim[] = [
  { person: 'ada', what: 'paid', subject: 'ada 1', amount: 10 },
  { person: 'ada', what: 'taken back', subject: 'ada 3', amount: 5 },
  { person: 'ada', what: 'nothing paid', subject: 'ada 4', amount: 9 },
  { person: 'ben', what: 'taken', subject: 'ben 1', amount: 7 },
];

test('what agrees is left in peace, and adds up', () => {
  assert.deepEqual(untruths([ADA, BEN], CLAIMS), []);
  assert.deepEqual(underway([ADA, BEN]), { links: 20, inboxes: 0 });
  assert.equal(inPurses([ADA, BEN]), 76);
  assert.equal(inPurses(toldOf([ADA, BEN], money.currency)), 76);
  assert.equal(inPurses(toldOf([ADA, BEN], 'd'.repeat(64))), 0);
});

test('whatever cannot be true of both is found', () => {
  const [first, second, third, fourth] = ADA.sent as [LetterView, LetterView, LetterView, LetterView];
  const sent = (...letters: LetterView[]): Told => ({ ...ADA, sent: letters });
  const inbox = (...letters: LetterView[]): Told => ({ ...BEN, inbox: letters });
  const [one, two] = BEN.inbox as [LetterView, LetterView];
  const planted: Readonly<Record<string, readonly [Told, Told]>> = {
    'a payment that never came': [ADA, inbox(two)],
    'a payment that came twice': [ADA, inbox(one, one, two)],
    'a payment that nobody made': [sent(second, third, fourth), BEN],
    'a payment that came smaller': [ADA, inbox({ ...one, amount: 9 }, two)],
    'a payment that came in another currency': [ADA, inbox({ ...one, currency: 'd'.repeat(64) }, two)],
    'a unit in the purse of another currency': [{ ...ADA, purses: [purse(62), other(1)] }, BEN],
    'a payment that came to another': [sent({ ...first, to: 'carl' }, second, third, fourth), BEN],
    'a payment made twice': [sent(first, first, second, third, fourth), BEN],
    'a link that was taken and says it was not': [
      { ...ADA, purses: [purse(63)] },
      inbox(one, two, came({ subject: 'ada 2', amount: 20, from: '' })),
    ],
    'a letter still on its way': [sent(first, { ...second, state: 'arriving' }, third, fourth), BEN],
    'a letter refused, its coins not back': [
      sent({ ...first, state: 'refused' }, second, third, fourth),
      inbox(two),
    ],
    'a purchase still pending': [
      ADA,
      { ...BEN, history: [{ ...entry('buy', 1), state: 'pending' }, ...BEN.history] },
    ],
    'a unit too few in a purse': [{ ...ADA, purses: [purse(62)] }, BEN],
    'a unit that is reserved': [{ ...ADA, purses: [{ ...purse(62), reserved: 1 }] }, BEN],
    'a request paid that says it is open': [ADA, { ...BEN, invoices: [invoice({ state: 'open' })] }],
    'a request unpaid that says it is paid': [
      ADA,
      { ...BEN, invoices: [...BEN.invoices, invoice({ subject: 'x' })] },
    ],
  };
  for (const [what, people] of Object.entries(planted))
    assert.notDeepEqual(untruths(people, CLAIMS), [], what);
});

test('whatever somebody was told and is not so is found', () => {
  const claim = (what: Claim['what'], subject: string, amount: number): Claim => ({
    person: 'ada',
    ...{ what, subject, amount },
  });
  for (const broken of [
    claim('paid', 'ada 9', 1),
    claim('paid', 'ada 1', 11),
    claim('nothing paid', 'ada 1', 10),
    claim('taken', 'ada 1', 10),
    claim('taken back', 'ada 2', 20),
  ])
    assert.equal(untruths([ADA, BEN], [broken]).length, 1, JSON.stringify(broken));
});
