/** The bank on each store: orders are paid once, receipts credited once, and the books balance whatever the mint says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DAY } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { TellerRequest } from '../protocol/catalogue.ts';
import {
  CURRENCY,
  NOW,
  RAILS,
  STORES,
  TestMint,
  ask,
  certificateOf,
  forgedCertificate,
  freshPath,
  ledger,
  openFile,
  openTestBank,
  order,
  secretOf,
  tell,
} from './bank.test-helper.ts';
import type { World } from './bank.test-helper.ts';
import type { Bank, BankRequest, BankResponse } from './bank.ts';
import { testRail } from './rail-test.ts';
import { accountNumber, paymentReference } from './secrets.ts';

const pay = (reference: string) => ask('request test payment', { transaction_reference: reference });
const status = (reference: string) => ask('request order status', { transaction_reference: reference });
const prove = (reference: string, proof: string) =>
  ask('request payment', { proof, transaction_reference: reference });
const TOKEN = secretOf('alice');
const ALICE = accountNumber(TOKEN);

/** The order's state, or the refusal's name. */
async function outcome(bank: Bank, request: BankRequest): Promise<string> {
  const answer = await bank.answer(request);
  if (answer instanceof Refusal) return answer.name;
  return 'order' in answer ? answer.order.state : '';
}

async function got<Type extends BankResponse['type']>(bank: Bank, request: BankRequest, type: Type) {
  const answer = await bank.answer(request);
  assert.ok(!(answer instanceof Refusal), answer instanceof Refusal ? answer.toString() : '');
  assert.equal(answer.type, type);
  return answer as Extract<BankResponse, { type: Type }>;
}

async function told(bank: Bank, request: TellerRequest) {
  const answer = await bank.answerTeller(request);
  assert.ok(!(answer instanceof Refusal), answer instanceof Refusal ? answer.toString() : '');
  return answer;
}

async function refused(answer: Promise<unknown>): Promise<string> {
  const refusal = await answer;
  assert.ok(refusal instanceof Refusal, JSON.stringify(refusal));
  return refusal.name;
}

async function issue(bank: Bank, count: number, value: number, reference = secretOf('sheet')) {
  const issued = await told(bank, tell('request issue vouchers', { amount: value, count, reference }));
  assert.ok(issued.type === 'response issue vouchers');
  return issued.codes;
}

/** Buys on the rail test and mints, so that coins are out there. */
async function circulate(bank: Bank, { mint }: World, reference: string, value: number) {
  await bank.answer(order(reference, value));
  assert.equal(await outcome(bank, pay(reference)), 'funded');
  assert.ok(mint.mint(reference));
}

for (const [name, books] of Object.entries(STORES)) {
  const fresh = async (treasury = 1_000) => {
    const store = books()();
    const world: World = { now: NOW, mint: new TestMint(treasury) };
    const bank = await openTestBank(store, world);
    return { store, world, mint: world.mint, bank };
  };

  describe(`bank on ${name}: orders`, () => {
    test('places an order once, for what is sold here', async () => {
      const { bank, store, mint } = await fresh();
      assert.equal(await outcome(bank, order('a1', 5)), 'unpaid');
      assert.equal(await outcome(bank, order('a1', 5)), 'unpaid');
      assert.equal(await outcome(bank, order('a1', 6)), 'reference reused');
      assert.equal(await outcome(bank, order('a1', 5, 'voucher')), 'reference reused');
      assert.equal(await outcome(bank, order('a2', 5, 'gold')), 'unknown');
      const elsewhere = { ...order('a2', 5), currency: 'b'.repeat(64) } as BankRequest;
      assert.equal(await outcome(bank, elsewhere), 'unknown');
      assert.equal(await outcome(bank, order('a2', 501)), 'unauthorised');
      assert.equal(await outcome(bank, status('a2')), 'unknown');
      mint.gone = true;
      assert.equal(await outcome(bank, order('a1', 5)), 'unpaid', 'known without the mint');
      assert.equal(await outcome(bank, order('a2', 5)), 'unreachable');
      mint.gone = false;
      mint.power = 'off';
      assert.equal(await outcome(bank, order('a2', 5)), 'switched off');
      assert.deepEqual(await ledger(bank), {}, 'an order that nobody paid is in no books');
      await store.close();
    });

    test('names the rails that it offers, and those only', async () => {
      const { bank, store, mint } = await fresh();
      mint.gone = true;
      const { rails } = await got(bank, ask('request rails', {}), 'response rails');
      assert.deepEqual(
        rails,
        RAILS.map((rail) => ({ name: rail.name })),
      );
      mint.gone = false;
      for (const [index, rail] of rails.entries())
        assert.equal(await outcome(bank, order(`f${index}`, 1, rail.name)), 'unpaid', rail.name);
      await store.close();
    });

    test('sells no more than the treasury holds beyond what is paid and not minted', async () => {
      const { bank, mint, store } = await fresh(100);
      assert.equal(await outcome(bank, order('a1', 101)), 'treasury exhausted');
      assert.equal(await outcome(bank, order('a1', 60)), 'unpaid');
      assert.equal(
        await outcome(bank, order('a2', 60)),
        'unpaid',
        'nothing is kept back for what nobody paid',
      );
      assert.equal(await outcome(bank, pay('a1')), 'funded');
      assert.equal(
        await outcome(bank, pay('a2')),
        'busy',
        'the treasury still holds 100, of which 60 are sold',
      );
      assert.equal(await outcome(bank, status('a2')), 'unpaid');
      assert.equal(await outcome(bank, order('a3', 41)), 'treasury exhausted');
      assert.ok(mint.mint('a1'));
      assert.equal(await outcome(bank, order('a3', 41)), 'treasury exhausted', 'minted or not is the same');
      assert.equal(await outcome(bank, order('a4', 40)), 'unpaid');
      mint.redeem(20);
      assert.equal(await outcome(bank, pay('a2')), 'busy', 'what is not collected yet is not sold again');
      await bank.collect();
      assert.equal(await outcome(bank, pay('a2')), 'funded');
      assert.equal(await outcome(bank, pay('a4')), 'busy');
      assert.ok(mint.mint('a2'), 'all that was sold can be minted');
      assert.deepEqual(await ledger(bank), { 'money:test': -120, coins: 100, unclaimed: 20 });
      await store.close();
    });

    test('does not sell one treasury to two who pay at once', async () => {
      const { bank, mint, store } = await fresh(100);
      const references = ['a1', 'a2', 'a3', 'a4'];
      for (const reference of references) await bank.answer(order(reference, 60));
      const states = await Promise.all(references.map((reference) => outcome(bank, pay(reference))));
      assert.deepEqual(states.toSorted(), ['busy', 'busy', 'busy', 'funded']);
      assert.equal(mint.funded.size, 1);
      await store.close();
    });

    test('what was paid stays paid when the mint does not take it yet, and is told again', async () => {
      const { bank, world, mint, store } = await fresh();
      await bank.answer(order('a1', 5));
      mint.refuses = refuse('busy', 'over the day limit');
      assert.equal(await outcome(bank, pay('a1')), 'paid');
      assert.equal(await outcome(bank, status('a1')), 'paid');
      assert.deepEqual(
        (await bank.settle()).map((refusal) => refusal.name),
        ['busy'],
      );
      world.now += 30 * DAY;
      assert.equal(await outcome(bank, pay('a1')), 'paid');
      mint.refuses = undefined;
      mint.gone = true;
      assert.deepEqual(
        (await bank.settle()).map((refusal) => refusal.name),
        ['unreachable', 'unreachable'],
      );
      mint.gone = false;
      assert.deepEqual(await bank.settle(), []);
      assert.equal(await outcome(bank, status('a1')), 'funded');
      assert.equal(new Set(mint.told).size, 1, 'the mint is told the very same each time');
      assert.deepEqual(await ledger(bank), { 'money:test': -5, coins: 5 });
      await store.close();
    });

    test('a mint that is away is asked once, not once for each order', async () => {
      const { bank, mint, store } = await fresh();
      mint.refuses = refuse('switched off', 'off');
      for (const reference of ['a1', 'a2', 'a3']) {
        await bank.answer(order(reference, 5));
        await bank.answer(pay(reference));
      }
      mint.told.length = 0;
      assert.equal((await bank.settle()).length, 1);
      assert.equal(mint.told.length, 1);
      mint.refuses = refuse('unauthorised', 'too much at once');
      assert.equal((await bank.settle()).length, 3, 'another refusal does not hold up the others');
      await store.close();
    });

    test('an order that is not paid in time is over, and its place is free', async () => {
      const { bank, world, store } = await fresh();
      await bank.answer(order('a1', 5));
      world.now += DAY;
      assert.equal(await outcome(bank, pay('a1')), 'expired');
      await bank.answer(order('a2', 5));
      assert.equal(await outcome(bank, status('a1')), 'unknown');
      assert.equal(await outcome(bank, pay('a2')), 'funded');
      await store.close();
    });

    test('takes no test payment for what costs money, or once it deals with money', async () => {
      const { bank, world, store } = await fresh();
      for (const rail of ['manual', 'voucher', 'account']) {
        await bank.answer(order(`a${rail.length}`, 5, rail));
        assert.equal(await outcome(bank, pay(`a${rail.length}`)), 'unauthorised');
      }
      assert.equal(await outcome(bank, order('b1', 5)), 'unpaid');
      const real = await openTestBank(
        store,
        world,
        RAILS.filter((rail) => rail !== testRail),
      );
      assert.equal(await outcome(real, pay('b1')), 'unauthorised');
      assert.equal(await outcome(real, order('b2', 5)), 'unknown');
      assert.deepEqual(await ledger(real), {});
      await store.close();
    });
  });

  describe(`bank on ${name}: vouchers`, () => {
    test('pay one order each, of exactly their amount', async () => {
      const { bank, store } = await fresh();
      const [code = '', second = ''] = await issue(bank, 2, 20);
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{20}$/);
      assert.notEqual(code, second);
      await bank.answer(order('a1', 20, 'voucher'));
      await bank.answer(order('a2', 20, 'voucher'));
      await bank.answer(order('a3', 21, 'voucher'));
      const differing = await bank.answer(prove('a3', code));
      assert.ok(differing instanceof Refusal && differing.name === 'unbalanced');
      assert.match(differing.details, /for 21\b.*\b20/);
      assert.equal(await outcome(bank, prove('a1', '0'.repeat(20))), 'unknown');
      assert.equal(await outcome(bank, prove('a1', 'no code at all')), 'unknown');
      const asked = { code: ` ${code.slice(0, 7).toLowerCase()}-${code.slice(7)}` };
      const worth = await got(bank, ask('request voucher', asked), 'response voucher');
      assert.deepEqual([worth.amount, worth.used], [20, false]);
      assert.equal(await outcome(bank, prove('a1', asked.code)), 'funded');
      assert.equal(await outcome(bank, prove('a1', code)), 'funded', 'sent again');
      assert.equal(await outcome(bank, prove('a2', code)), 'already spent');
      assert.equal(
        await outcome(bank, prove('a1', second)),
        'funded',
        'paid before: takes no second voucher',
      );
      assert.equal((await got(bank, ask('request voucher', { code }), 'response voucher')).used, true);
      assert.equal(await outcome(bank, prove('a2', second)), 'funded');
      assert.deepEqual(await ledger(bank), { 'money:voucher': -40, coins: 40 });
      await store.close();
    });

    test('one voucher offered for many orders at once pays one', async () => {
      const { bank, store } = await fresh();
      const [code = ''] = await issue(bank, 1, 20);
      const references = ['a1', 'a2', 'a3', 'a4'];
      for (const reference of references) await bank.answer(order(reference, 20, 'voucher'));
      const states = await Promise.all(references.map((each) => outcome(bank, prove(each, code))));
      assert.deepEqual(states.toSorted(), ['already spent', 'already spent', 'already spent', 'funded']);
      assert.deepEqual(await ledger(bank), { 'money:voucher': -20, coins: 20 });
      await store.close();
    });

    test('are issued once for each reference, and not above what an order may be', async () => {
      const { bank, store } = await fresh();
      const codes = await issue(bank, 3, 20);
      assert.equal(new Set(codes).size, 3);
      assert.deepEqual(await issue(bank, 3, 20), codes);
      const again = (count: number, value: number) =>
        bank.answerTeller(
          tell('request issue vouchers', { amount: value, count, reference: secretOf('sheet') }),
        );
      assert.equal(await refused(again(4, 20)), 'reference reused');
      assert.equal(await refused(again(3, 21)), 'reference reused');
      assert.equal(await refused(again(3, 501)), 'unauthorised');
      const others = await issue(bank, 3, 20, secretOf('another sheet'));
      assert.equal(new Set([...codes, ...others]).size, 6);
      await store.close();
    });
  });

  describe(`bank on ${name}: the rail manual`, () => {
    const confirm = (reference: string, value: number) =>
      tell('request confirm payment', { amount: value, payment_reference: reference });

    test('counts the money that a teller has seen, of exactly the amount, once', async () => {
      const { bank, world, mint, store } = await fresh(30);
      const placed = await got(bank, order('a1', 20, 'manual'), 'response order');
      world.now += DAY;
      await bank.answer(order('a2', 30, 'manual'));
      const written = paymentReference('a1');
      assert.ok(placed.order.instructions.includes(written));
      const waiting = await told(bank, tell('request unpaid orders', {}));
      assert.ok(waiting.type === 'response unpaid orders');
      assert.deepEqual(
        waiting.orders.map((each) => [each.payment_reference, each.amount]),
        [
          [written, 20],
          [paymentReference('a2'), 30],
        ],
      );
      const differing = await bank.answerTeller(confirm(written, 19));
      assert.ok(differing instanceof Refusal && differing.name === 'unbalanced');
      assert.match(differing.details, /\b20\b.*\b19\b/);
      assert.equal(await refused(bank.answerTeller(confirm('0000000000', 20))), 'unknown');
      assert.equal(await outcome(bank, prove('a1', written)), 'unauthorised', 'a customer confirms nothing');
      const typed = written.toLowerCase().replace(/(.{5})/, '$1 ');
      const first = await told(bank, confirm(typed, 20));
      assert.ok(first.type === 'response confirm payment');
      assert.deepEqual([first.confirmed_before, first.state], [false, 'funded']);
      const second = await told(bank, confirm(written, 20));
      assert.ok(second.type === 'response confirm payment' && second.confirmed_before);
      mint.treasury = 0;
      const beyond = await told(bank, confirm(paymentReference('a2'), 30));
      assert.ok(
        beyond.type === 'response confirm payment',
        'money that has come counts, whatever the treasury',
      );
      assert.deepEqual(await ledger(bank), { 'money:manual': -50, coins: 50 });
      await store.close();
    });

    test('takes no order whose time is over, and confirms none of another rail', async () => {
      const { bank, world, store } = await fresh();
      await bank.answer(order('a1', 20, 'manual'));
      await bank.answer(order('a2', 20, 'voucher'));
      assert.equal(await refused(bank.answerTeller(confirm(paymentReference('a2'), 20))), 'unauthorised');
      world.now += 31 * DAY;
      assert.equal(await refused(bank.answerTeller(confirm(paymentReference('a1'), 20))), 'expired');
      assert.deepEqual(await ledger(bank), {});
      await store.close();
    });
  });

  describe(`bank on ${name}: accounts`, () => {
    const open = (token: string) => ask('request open account', { token });
    const account = (bank: Bank, token = TOKEN) =>
      got(bank, ask('request account', { token }), 'response account');
    const payout = (reference: string, value: number, to = 'XX11', token = TOKEN) =>
      ask('request payout', { amount: value, reference, to, token });

    test('are opened once, credited by receipts, pay orders, and are paid out', async () => {
      const { bank, world, mint, store } = await fresh();
      assert.equal(await refused(bank.answer(ask('request account', { token: TOKEN }))), 'unknown');
      const opened = await got(bank, open(TOKEN), 'response account');
      assert.deepEqual([opened.number, opened.balance, opened.entries], [ALICE, 0, []]);
      assert.deepEqual(await bank.answer(open(TOKEN)), opened);
      await circulate(bank, world, 'a1', 100);
      mint.redeem(30, ALICE);
      mint.redeem(10);
      mint.redeem(5, 'nobody here');
      mint.redeem(15, ALICE);
      assert.equal(await bank.collect(), undefined);
      assert.equal((await account(bank)).balance, 45);
      await bank.answer(order('b1', 20, 'account'));
      assert.equal(await outcome(bank, prove('b1', secretOf('mallory'))), 'unknown');
      assert.equal(await outcome(bank, prove('b1', TOKEN)), 'funded');
      assert.equal(await outcome(bank, prove('b1', TOKEN)), 'funded');
      await bank.answer(order('b2', 26, 'account'));
      assert.equal(await outcome(bank, prove('b2', TOKEN)), 'not enough');
      assert.equal(await refused(bank.answer(payout('c1', 26))), 'not enough');
      world.now += DAY;
      const { payout: aside } = await got(bank, payout('c1', 24), 'response payout');
      assert.deepEqual(aside, { amount: 24, number: 1, reference: 'c1', state: 'pending', to: 'XX11' });
      assert.deepEqual((await got(bank, payout('c1', 24), 'response payout')).payout, aside);
      assert.equal(await refused(bank.answer(payout('c1', 23))), 'reference reused');
      assert.equal(await refused(bank.answer(payout('c1', 24, 'XX22'))), 'reference reused');
      const stands = await account(bank);
      assert.deepEqual(
        stands.entries.map((entry) => [entry.kind, entry.amount, entry.balance]),
        [
          ['payout', -24, 1],
          ['payment', -20, 25],
          ['redemption', 15, 45],
          ['redemption', 30, 30],
        ],
      );
      assert.deepEqual(stands.payouts, [aside]);
      const before = { 'money:test': -100, coins: 60, unclaimed: 15, [`customer:${ALICE}`]: 1 };
      assert.deepEqual(await ledger(bank), { ...before, 'payouts pending': 24 });
      const pending = await told(bank, tell('request pending payouts', {}));
      assert.ok(pending.type === 'response pending payouts');
      assert.deepEqual(
        pending.payouts.map((each) => [each.number, each.account, each.amount, each.to]),
        [[1, ALICE, 24, 'XX11']],
      );
      for (const paidBefore of [false, true, true]) {
        const paid = await told(bank, tell('request payout paid', { number: 1 }));
        assert.ok(paid.type === 'response payout paid');
        assert.deepEqual([paid.paid_before, paid.payout.state], [paidBefore, 'paid']);
      }
      assert.equal(await refused(bank.answerTeller(tell('request payout paid', { number: 2 }))), 'unknown');
      assert.deepEqual(await ledger(bank), { ...before, 'paid out': 24 });
      assert.deepEqual((await account(bank)).payouts, []);
      assert.equal((await got(bank, payout('c1', 24), 'response payout')).payout.state, 'paid');
      const said = await told(bank, tell('request balances', {}));
      assert.ok(said.type === 'response balances');
      assert.equal(
        said.accounts.reduce((sum, each) => sum + each.balance, 0),
        0,
      );
      assert.ok(!JSON.stringify(said).includes(ALICE), 'tells no customer apart');
      await store.close();
    });

    test('one balance asked for at once by many is given once', async () => {
      const { bank, world, mint, store } = await fresh();
      await bank.answer(open(TOKEN));
      await circulate(bank, world, 'a1', 100);
      mint.redeem(30, ALICE);
      await bank.collect();
      for (const reference of ['b1', 'b2']) await bank.answer(order(reference, 30, 'account'));
      const all = [prove('b1', TOKEN), prove('b2', TOKEN), payout('c1', 30), payout('c2', 30)];
      const answers = await Promise.all(all.map((request) => bank.answer(request)));
      assert.equal(answers.filter((each) => !(each instanceof Refusal)).length, 1);
      assert.equal((await account(bank)).balance, 0);
      await ledger(bank);
      await store.close();
    });

    test('show their last entries, and let no more payouts wait than a person can see to', async () => {
      const { bank, world, mint, store } = await fresh();
      await bank.answer(open(TOKEN));
      await circulate(bank, world, 'a1', 100);
      for (let at = 0; at <= LIMITS.accountEntries; at++) mint.redeem(1, ALICE);
      await bank.collect();
      for (let at = 0; at < LIMITS.pendingPayouts; at++) {
        await got(bank, payout(`c${at}`, 1), 'response payout');
      }
      assert.equal(await refused(bank.answer(payout('cf', 1))), 'busy');
      const { balance, entries, payouts } = await account(bank);
      assert.equal(balance, 1 + LIMITS.accountEntries - LIMITS.pendingPayouts);
      assert.deepEqual([entries.length, payouts.length], [LIMITS.accountEntries, LIMITS.pendingPayouts]);
      assert.equal(entries[0]?.balance, balance);
      await store.close();
    });
  });

  describe(`bank on ${name}: receipts`, () => {
    const show = (signed_receipt: ReturnType<TestMint['redeem']>) =>
      ask('request show receipt', { signed_receipt });

    test('are each credited once, however often they come or are shown', async () => {
      const { bank, world, mint, store } = await fresh();
      await bank.answer(ask('request open account', { token: TOKEN }));
      await circulate(bank, world, 'a1', 100);
      const first = mint.redeem(10, ALICE);
      const shown = await got(bank, show(first), 'response show receipt');
      assert.equal(shown.credited, true);
      for (let at = 0; at < 10; at++) mint.redeem(1, ALICE);
      await Promise.all([bank.collect(), bank.answer(show(first)), bank.settle(), bank.collect()]);
      assert.deepEqual(await bank.settle(), []);
      assert.equal((await got(bank, show(first), 'response show receipt')).credited, true);
      assert.deepEqual(await ledger(bank), { 'money:test': -100, coins: 80, [`customer:${ALICE}`]: 20 });
      const other = mint.receipt({ amount: 11, payee: ALICE, sequence: 1 });
      assert.equal((await got(bank, show(other), 'response show receipt')).credited, false);
      const coming = mint.receipt({ amount: 1, payee: ALICE, sequence: 99 });
      assert.equal((await got(bank, show(coming), 'response show receipt')).credited, false);
      mint.gone = true;
      assert.equal(await refused(bank.answer(show(coming))), 'unreachable');
      const foreign = mint.receipt({ amount: 1, payee: ALICE, sequence: 99, issuer_id: 'b'.repeat(64) });
      assert.equal(await refused(bank.answer(show(foreign))), 'unknown');
      assert.deepEqual(await ledger(bank), { 'money:test': -100, coins: 80, [`customer:${ALICE}`]: 20 });
      await store.close();
    });

    const UNTRUE: Readonly<Record<string, readonly [string, (mint: TestMint) => void]>> = {
      'after a gap': ['distrusted', (mint) => mint.receipts.splice(1, 1)],
      'out of order': ['distrusted', (mint) => mint.receipts.reverse()],
      twice: ['distrusted', (mint) => mint.receipts.splice(1, 0, mint.receipts[0]!)],
      'with another amount': [
        'bad signature',
        (mint) => {
          const [first] = mint.receipts.splice(0, 1);
          mint.receipts.unshift({ ...first!, receipt: { ...first!.receipt, amount: 90 } });
        },
      ],
      'of another currency': [
        'unknown',
        (mint) => {
          const issuer_id = 'b'.repeat(64);
          mint.receipts[0] = mint.receipt({ amount: 10, payee: ALICE, sequence: 1, issuer_id });
        },
      ],
      'under a key that is not certified': [
        'bad signature',
        (mint) => (mint.certificate = forgedCertificate()),
      ],
      'under the key of another': [
        'bad signature',
        (mint) => (mint.certificate = certificateOf('c'.repeat(64))),
      ],
      'under a key of another currency': [
        'unknown',
        (mint) => (mint.certificate = certificateOf(undefined, 'b'.repeat(64))),
      ],
    };

    for (const [how, [expected, spoil]] of Object.entries(UNTRUE)) {
      test(`${how}: the bank goes no further, says so, and goes on when it is mended`, async () => {
        const { bank, world, mint, store } = await fresh();
        await bank.answer(ask('request open account', { token: TOKEN }));
        await circulate(bank, world, 'a1', 100);
        for (let at = 0; at < 3; at++) mint.redeem(10, ALICE);
        const { certificate } = mint;
        const receipts = [...mint.receipts];
        spoil(mint);
        const [stopped] = await bank.settle();
        assert.equal(stopped?.name, expected);
        const credited = (await ledger(bank))[`customer:${ALICE}`] ?? 0;
        assert.ok(credited <= 10, 'nothing beyond what was true');
        mint.certificate = certificate;
        mint.receipts.splice(0, Infinity, ...receipts);
        assert.deepEqual(await bank.settle(), []);
        assert.equal((await ledger(bank))[`customer:${ALICE}`], 30);
        await store.close();
      });
    }

    test('for more than was sold are credited, and reported', async () => {
      const { bank, mint, store } = await fresh();
      mint.float = 10;
      mint.redeem(10);
      assert.deepEqual(
        (await bank.settle()).map((each) => each.name),
        ['unbalanced'],
      );
      await store.close();
    });
  });

  describe(`bank on ${name}: its word`, () => {
    test('sells nothing on a statement that is not the mint’s', async () => {
      const { bank, mint, store } = await fresh();
      mint.certificate = forgedCertificate();
      assert.equal(await outcome(bank, order('a1', 5)), 'bad signature');
      await store.close();
    });

    test('does nothing of a teller’s for a customer', async () => {
      const { bank, store } = await fresh();
      await bank.answer(order('a1', 20, 'manual'));
      const requests = [
        tell('request unpaid orders', {}),
        tell('request confirm payment', { amount: 20, payment_reference: paymentReference('a1') }),
        tell('request issue vouchers', { amount: 20, count: 1, reference: TOKEN }),
        tell('request pending payouts', {}),
        tell('request payout paid', { number: 1 }),
        tell('request balances', {}),
      ];
      for (const request of requests) assert.equal(await refused(bank.answer(request)), 'unknown');
      assert.equal(await outcome(bank, status('a1')), 'unpaid');
      await store.close();
    });

    test('holds no secret: neither its answers and refusals nor what it tells the mint', async () => {
      const { bank, mint, store } = await fresh();
      const [code = ''] = await issue(bank, 1, 20);
      await bank.answer(order('a1', 20, 'voucher'));
      await bank.answer(order('a2', 20, 'account'));
      const secret = { token: TOKEN };
      const said = [
        await bank.answer(ask('request account', secret)),
        await bank.answer(ask('request open account', secret)),
        await bank.answer(prove('a2', TOKEN)),
        await bank.answer(prove('a2', code)),
        await bank.answer(prove('a1', TOKEN)),
        await bank.answer(prove('a1', code)),
        await bank.answer(ask('request voucher', { code })),
        await bank.answer(ask('request payout', { ...secret, amount: 1, reference: 'c1', to: '' })),
        mint.told,
      ];
      for (const each of [TOKEN, code]) assert.ok(!JSON.stringify(said).includes(each));
      await store.close();
    });
  });
}

test('the bank’s file opens no account and buys no coins', async () => {
  const path = freshPath();
  const store = openFile(path);
  const bank = await openTestBank(store, { now: NOW, mint: new TestMint(1_000) });
  const [code = ''] = await issue(bank, 1, 20);
  await bank.answer(ask('request open account', { token: TOKEN }));
  await bank.answer(order('a1', 20, 'voucher'));
  await bank.answer(prove('a1', code));
  await store.close();
  const file = readFileSync(path).toString('latin1');
  assert.ok(file.includes(CURRENCY) && file.includes(ALICE), 'it is the file');
  for (const secret of [TOKEN, code, secretOf('sheet')]) assert.ok(!file.includes(secret));
});
