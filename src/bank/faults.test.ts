/**
 * The fault table: all that a bank does, and in it every store call once failing before it persisted and once after;
 * the store and the bank are opened again and whoever asked asks again. Whatever failed, the end is the same.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import type { TellerRequest } from '../protocol/catalogue.ts';
import {
  Fault,
  NOW,
  STORES,
  TestMint,
  ask,
  faulty,
  ledger,
  openTestBank,
  order,
  secretOf,
  tell,
} from './bank.test-helper.ts';
import type { Faults } from './bank.test-helper.ts';
import type { Bank, BankRequest } from './bank.ts';
import type { BankStore } from './ports.ts';
import { accountNumber, paymentReference } from './secrets.ts';

const TOKEN = secretOf('alice');

const WRITES: ReadonlySet<string> = new Set([
  'found',
  'place',
  'pay',
  'noteFunded',
  'issueVouchers',
  'openAccount',
  'requestPayout',
  'notePayoutPaid',
  'credit',
]);

/** Someone whose bank fails: on a fault everything is opened again, and the same is asked again. */
class Client {
  readonly mint = new TestMint(1_000);
  readonly said: unknown[] = [];
  faults = 0;
  private readonly books: () => BankStore;
  private readonly plan: Faults;
  private store: BankStore | undefined;
  private bank: Bank | undefined;

  constructor(books: () => BankStore, plan: Faults) {
    this.books = books;
    this.plan = plan;
  }

  async run<Result>(work: (bank: Bank) => Promise<Result>): Promise<Result> {
    try {
      this.store ??= faulty(this.books(), this.plan);
      this.bank ??= await openTestBank(this.store, { now: NOW, mint: this.mint });
      return await work(this.bank);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.faults++;
      await this.close();
      return this.run(work);
    }
  }

  async ask(request: BankRequest) {
    return this.keep(await this.run((bank) => bank.answer(request)));
  }

  async tell(request: TellerRequest) {
    return this.keep(await this.run((bank) => bank.answerTeller(request)));
  }

  /** What was answered; whether it was done before is what a fault does change. */
  private keep<Answer extends object>(answer: Answer): Answer {
    this.said.push({ ...answer, confirmed_before: undefined, paid_before: undefined });
    return answer;
  }

  async close(): Promise<void> {
    await this.store?.close();
    this.store = undefined;
    this.bank = undefined;
  }
}

/** Every rail, every verb. Returns what must be so. */
async function life(client: Client): Promise<unknown> {
  const { mint } = client;
  await client.ask(ask('request open account', { token: TOKEN }));
  await client.ask(order('a1', 50));
  await client.ask(ask('request test payment', { transaction_reference: 'a1' }));
  assert.ok(mint.mint('a1'));
  const reference = secretOf('sheet');
  const issued = await client.tell(tell('request issue vouchers', { amount: 20, count: 2, reference }));
  assert.ok(!(issued instanceof Refusal) && issued.type === 'response issue vouchers');
  const [proof = ''] = issued.codes;
  await client.ask(order('a2', 20, 'voucher'));
  await client.ask(ask('request payment', { proof, transaction_reference: 'a2' }));
  await client.ask(order('a3', 30, 'manual'));
  await client.tell(tell('request unpaid orders', {}));
  await client.tell(
    tell('request confirm payment', { amount: 30, payment_reference: paymentReference('a3') }),
  );
  mint.redeem(25, accountNumber(TOKEN));
  const shown = mint.redeem(5);
  await client.ask(ask('request show receipt', { signed_receipt: shown }));
  await client.ask(order('a4', 10, 'account'));
  await client.ask(ask('request payment', { proof: TOKEN, transaction_reference: 'a4' }));
  await client.ask(ask('request payout', { amount: 7, reference: 'c1', to: 'XX11', token: TOKEN }));
  await client.tell(tell('request pending payouts', {}));
  await client.tell(tell('request payout paid', { number: 1 }));
  mint.redeem(3, accountNumber(TOKEN));
  await client.run((bank) => bank.settle());
  await client.ask(ask('request account', { token: TOKEN }));
  const books = await client.run(ledger);
  await client.close();
  return { said: client.said, books, funded: [...mint.funded] };
}

for (const [name, books] of Object.entries(STORES)) {
  describe(`fault table: bank on ${name}`, () => {
    test('every call fails once before it persisted and once after, and no money is lost or made', async () => {
      const verbs: string[] = [];
      const none: Faults = { calls: 0, plan: (_, verb) => void verbs.push(verb) };
      const expected = await life(new Client(books(), none));
      assert.deepEqual(new Set(verbs.filter((verb) => WRITES.has(verb))), WRITES, 'every verb that writes');
      assert.ok(none.calls >= 40, `the table has a row for each of ${none.calls} calls`);
      for (const [call, verb] of verbs.entries()) {
        // What persists nothing fails before and after alike.
        for (const when of WRITES.has(verb) ? (['before', 'after'] as const) : (['before'] as const)) {
          const plan: Faults = { calls: 0, plan: (at) => (at === call ? when : undefined) };
          const client = new Client(books(), plan);
          assert.deepEqual(await life(client), expected, `${verb}, call ${call}, failing ${when}`);
          assert.equal(client.faults, 1, `${verb}, call ${call}, did fail ${when}`);
        }
      }
    });
  });
}
