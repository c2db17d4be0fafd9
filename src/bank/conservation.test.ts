/**
 * Random lives of a bank and its mint, with crashes between any two steps of the store: the books always balance, no
 * receipt is credited twice and none is lost, no voucher pays twice, and all that was sold can be minted.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { openMemoryBankStore } from '../stores/bank/memory.ts';
import {
  CASHIER,
  Fault,
  NOW,
  TestMint,
  ask,
  faulty,
  freshPath,
  openFile,
  openTestBank,
  order,
  secretOf,
  tell,
} from './bank.test-helper.ts';
import type { Faults, World } from './bank.test-helper.ts';
import type { Bank } from './bank.ts';
import type { BankStore } from './ports.ts';
import { COINS, PAID_OUT, PAYOUTS_PENDING, UNCLAIMED, customerAccount, moneyAccount } from './postings.ts';
import { accountNumber, paymentReference, tokenHash, voucherCode } from './secrets.ts';

const PEOPLE = ['alice', 'bob'].map((name) => secretOf(name));
const REFERENCES = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
const RAILS = ['test', 'manual', 'voucher', 'account'];
const WORTH = 20;
const SHEET = secretOf('sheet');
const CODES = [0, 1, 2].map((at) => voucherCode(CASHIER.secret, SHEET, at));
const TREASURY = 150;

const amounts = fc.constantFrom(1, 7, WORTH, 60);
const reference = fc.constantFrom(...REFERENCES);
const person = fc.constantFrom(...PEOPLE);

function some<Name extends string, Fields extends object>(
  weight: number,
  does: Name,
  fields: { [Field in keyof Fields]: fc.Arbitrary<Fields[Field]> },
) {
  const named = { does: fc.constant(does), ...fields } as unknown as {
    [Field in keyof (Fields & { does: Name })]: fc.Arbitrary<(Fields & { does: Name })[Field]>;
  };
  return { weight, arbitrary: fc.record(named) as fc.Arbitrary<Fields & { does: Name }> };
}

/** One step: of a customer, a teller, a wallet at the mint, or of fate. */
const step = fc.oneof(
  some(3, 'order', { reference, amount: amounts, rail: fc.constantFrom(...RAILS) }),
  some(3, 'pay', { reference, person, code: fc.constantFrom(...CODES) }),
  some(2, 'confirm', { reference, amount: amounts }),
  some(3, 'mint', { reference }),
  some(2, 'buy', { reference, amount: amounts }),
  some(2, 'use voucher', { reference, code: fc.constantFrom(...CODES) }),
  some(4, 'redeem', { amount: amounts, payee: fc.option(person) }),
  some(1, 'show', { at: fc.nat(5) }),
  some(3, 'payout', { person, amount: amounts, reference: fc.constantFrom('c1', 'c2', 'c3') }),
  some(3, 'payout paid', { number: fc.integer({ min: 1, max: 3 }) }),
  some(3, 'settle', {}),
  some(2, 'open', { person }),
  some(2, 'issue', {}),
  some(1, 'mint away', { away: fc.boolean() }),
  some(1, 'mint refuses', { refuses: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A step and how its store fails: after so many calls, having persisted the last or not. */
const fallible = fc.record({
  step,
  fault: fc.option(
    fc.record({ call: fc.nat(9), when: fc.constantFrom('before' as const, 'after' as const) }),
    { freq: 3 },
  ),
});

type Fallible = typeof fallible extends fc.Arbitrary<infer Value> ? Value : never;

async function take(bank: Bank, mint: TestMint, each: Step): Promise<unknown> {
  switch (each.does) {
    case 'order':
      return bank.answer(order(each.reference, each.amount, each.rail));
    case 'pay':
      return payAll(bank, each);
    case 'confirm': {
      const payment_reference = paymentReference(each.reference);
      return bank.answerTeller(tell('request confirm payment', { amount: each.amount, payment_reference }));
    }
    case 'buy':
      await bank.answer(order(each.reference, each.amount));
      await bank.answer(ask('request test payment', { transaction_reference: each.reference }));
      return mint.mint(each.reference);
    case 'use voucher':
      await bank.answer(order(each.reference, WORTH, 'voucher'));
      return bank.answer(ask('request payment', { proof: each.code, transaction_reference: each.reference }));
    case 'mint':
      return mint.mint(each.reference);
    case 'redeem':
      if (each.amount > mint.float) return undefined;
      return mint.redeem(each.amount, each.payee === null ? '' : accountNumber(each.payee));
    case 'show': {
      const signed = mint.receipts[each.at];
      return signed && bank.answer(ask('request show receipt', { signed_receipt: signed }));
    }
    case 'payout': {
      const { amount, reference: named, person: token } = each;
      return bank.answer(ask('request payout', { amount, reference: named, to: 'XX', token }));
    }
    case 'payout paid':
      return bank.answerTeller(tell('request payout paid', { number: each.number }));
    case 'settle':
      return bank.settle();
    case 'open':
      return bank.answer(ask('request open account', { token: each.person }));
    case 'issue':
      return bank.answerTeller(tell('request issue vouchers', { amount: WORTH, count: 3, reference: SHEET }));
    case 'mint away':
      return (mint.gone = each.away);
    case 'mint refuses':
      return (mint.refuses = each.refuses ? refuse('busy', 'over the day limit') : undefined);
  }
}

/** Pays an order in every way that a message can. */
async function payAll(bank: Bank, each: Extract<Step, { does: 'pay' }>): Promise<void> {
  const { reference: transaction_reference, code, person: token } = each;
  await bank.answer(ask('request test payment', { transaction_reference }));
  for (const proof of [code, token]) {
    await bank.answer(ask('request payment', { proof, transaction_reference }));
  }
}

/** What must hold after every step, whatever failed in it. */
async function assertRight(store: BankStore, mint: TestMint): Promise<void> {
  const bank = await openTestBank(store, { now: NOW, mint }); // Throws when the books are not sound.
  const balances = await bank.balances();
  const balance = (account: string) => balances.get(account) ?? 0;
  const last = await store.lastReceipt();
  const credited = mint.receipts.slice(0, last);
  const back = credited.reduce((sum, { receipt }) => sum + receipt.amount, 0);
  const held = [
    UNCLAIMED,
    PAYOUTS_PENDING,
    PAID_OUT,
    ...PEOPLE.map((each) => customerAccount(accountNumber(each))),
  ];
  const orders = await Promise.all(REFERENCES.map((each) => store.find(each)));
  const paid = orders.filter((each) => each !== undefined && each.state !== 'unpaid');
  const fromAccounts = paid.filter((each) => each?.rail === 'account');
  const total = (some: typeof paid) => some.reduce((sum, each) => sum + (each?.amount ?? 0), 0);
  assert.equal(balance(COINS), total(paid) - back);
  assert.equal(
    held.reduce((sum, account) => sum + balance(account), 0),
    back - total(fromAccounts),
    'each receipt is with somebody once',
  );
  for (const account of held) assert.ok(balance(account) >= 0, account);
  const vouchers = await Promise.all(CODES.map((code) => bank.answer(ask('request voucher', { code }))));
  const used = vouchers.filter(
    (each) => !(each instanceof Refusal) && each.type === 'response voucher' && each.used,
  );
  assert.equal(total(paid.filter((each) => each?.rail === 'voucher')), used.length * WORTH);
  assert.equal(balance('money:voucher') + used.length * WORTH, 0);
}

function sumOf(rows: readonly { readonly amount: number }[]): number {
  return rows.reduce((sum, { amount }) => sum + amount, 0);
}

async function live(open: () => BankStore, steps: readonly Fallible[]): Promise<void> {
  const world: World = { now: NOW, mint: new TestMint(TREASURY) };
  const { mint } = world;
  for (const { step: each, fault } of steps) {
    const store = open();
    let failing = false;
    const faults: Faults = {
      calls: 0,
      plan: (call) => (failing && call === fault?.call ? fault.when : undefined),
    };
    const bank = await openTestBank(faulty(store, faults), world);
    faults.calls = 0;
    failing = true;
    try {
      await take(bank, mint, each);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      seen.add('a fault');
    }
    await assertRight(store, mint);
    await store.close();
  }
  await assertEnd(open(), world);
}

/** What was seen in the end of any life: lives in which nothing happens would prove nothing. */
const seen = new Set<string>();

function assertSeen(): void {
  const accounts = [
    COINS,
    UNCLAIMED,
    PAYOUTS_PENDING,
    PAID_OUT,
    ...['test', 'manual', 'voucher'].map(moneyAccount),
  ];
  for (const each of ['a fault', ...accounts]) assert.ok(seen.has(each), `${each} was never seen`);
}

/** When nothing fails any more, the mint hears of all that was paid and the bank of all that came back. */
async function assertEnd(store: BankStore, world: World): Promise<void> {
  const { mint } = world;
  mint.gone = false;
  mint.refuses = undefined;
  const bank = await openTestBank(store, world);
  assert.deepEqual(await bank.settle(), []);
  assert.equal(await store.lastReceipt(), mint.receipts.length);
  for (const token of PEOPLE) {
    const account = await store.account(tokenHash(token), LIMITS.accountEntries);
    const received = (account?.entries ?? []).filter((entry) => entry.kind === 'redemption');
    const named = mint.receipts.filter(({ receipt }) => receipt.payee === accountNumber(token));
    const sums = [received, named.map((each) => each.receipt)].map((each) => sumOf(each));
    assert.ok((sums[0] ?? 0) <= (sums[1] ?? 0), 'no more than was redeemed for it');
  }
  for (const [account, balance] of await bank.balances()) if (balance !== 0) seen.add(account);
  const unminted = [...mint.funded].filter(([each]) => !mint.minted.has(each));
  const byTeller = (await bank.balances()).get('money:manual') ?? 0;
  assert.ok(
    sumOf(unminted.map(([, amount]) => ({ amount }))) <= mint.treasury - byTeller,
    'all that was sold can be minted, but for what a teller had taken already',
  );
  await store.close();
}

test('random lives, in memory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fallible, { maxLength: 100, size: 'max' }), async (steps) => {
      const store = openMemoryBankStore();
      await live(() => store, steps);
    }),
    // One seed, since what happens in it is asserted as well: a rare event must not fail a run by chance.
    { numRuns: 300, seed: 2026 },
  );
  assertSeen();
});

test('random lives, on a file that is closed and opened between any two steps', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fallible, { maxLength: 60, size: 'max' }), async (steps) => {
      const path = freshPath();
      await live(() => openFile(path), steps);
    }),
    { numRuns: 15 },
  );
});
