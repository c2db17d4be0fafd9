/** Registrations: an identity is one account's, and no other's, whatever anybody asks; and of people that a teller knows. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import { registrationContext } from '../protocol/messages/registration.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { SUITES } from '../suites/index.ts';
import type { CoinSecrets } from '../suites/index.ts';
import type { AccountScheme } from '../suites/suite.ts';
import {
  CASHIER,
  CURRENCY,
  Fault,
  NOW,
  RAILS,
  STORES,
  TestMint,
  ask,
  faulty,
  openTestBank,
  secretOf,
  tell,
} from './bank.test-helper.ts';
import type { World } from './bank.test-helper.ts';
import type { Bank, BankRequest } from './bank.ts';
import type { Registers } from './parts.ts';
import type { BankStore } from './ports.ts';
import { accountNumber } from './secrets.ts';

const secretsOf =
  (name: string): CoinSecrets =>
  (label, length) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(`${name}/${label}`).digest());

const [ALICE, BOB] = [secretOf('alice'), secretOf('bob')];

const UNKNOWN = { refused: 'unknown' };

interface Opened {
  readonly store?: BankStore | undefined;
  readonly world?: World;
  readonly registers?: Registers;
}

const newWorld = (): World => ({ now: NOW, mint: new TestMint(100) });

async function open(suite: string, opened: Opened = {}): Promise<Bank> {
  const { store = STORES['memory']?.()(), world = newWorld(), registers = 'anybody' } = opened;
  assert.ok(store !== undefined);
  const bank = await openTestBank(store, world, RAILS, suite, registers);
  for (const token of [ALICE, BOB]) await bank.answer(ask('request open account', { token }));
  return bank;
}

/** A registration of the wallet `name` for an account; `bound` says to which account the proof is. */
function wish(accounts: AccountScheme, name: string, token: string, bound = token) {
  const proof = accounts.prove(secretsOf(name), registrationContext(CURRENCY, bound));
  return ask('request registration', { identity: accounts.identity(secretsOf(name)), proof, token });
}

/** The identities that were signed for, of those that were answered. */
function signedFor(answer: Awaited<ReturnType<Bank['answer']>>): string | undefined {
  return answer instanceof Refusal || answer.type !== 'response registration'
    ? undefined
    : answer.signed_registration.registration.identity;
}

/** What a teller is told; of a refusal, its name. */
async function told(
  bank: Bank,
  request: Parameters<Bank['answerTeller']>[0],
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await bank.answerTeller(request);
  if (answer instanceof Refusal) return { refused: answer.name };
  const { message_reference: _, status_code: __, status_description: ___, type: ____, ...fields } = answer;
  return fields;
}

async function refused(bank: Bank, request: Parameters<Bank['answer']>[0]): Promise<string> {
  const answer = await bank.answer(request);
  assert.ok(answer instanceof Refusal, JSON.stringify(answer));
  return `${answer.name}: ${answer.details}`;
}

/** What writes registrations. */
const WRITES: ReadonlySet<string> = new Set(['register', 'approve', 'takeBack']);

/** What a bank was asked, in its order, and what it must have said: whatever is lost in between is asked for again. */
async function lifeOf(
  books: () => BankStore,
  suite: string,
  wishes: readonly BankRequest[],
  fails: (write: number) => 'before' | 'after' | undefined,
): Promise<{ readonly said: readonly unknown[]; readonly writes: number }> {
  let writes = 0;
  const plan = (_: number, verb: string) => (WRITES.has(verb) ? fails(writes++) : undefined);
  let store: BankStore | undefined;
  let bank: Bank | undefined;
  const attempt = async (work: (bank: Bank) => Promise<unknown>): Promise<unknown> => {
    try {
      store ??= faulty(books(), { calls: 0, plan });
      bank ??= await openTestBank(store, newWorld(), RAILS, suite, 'approved');
      return await work(bank);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      await store?.close();
      store = bank = undefined;
      return error;
    }
  };
  const said: unknown[] = [];
  const step = async (work: (bank: Bank) => Promise<unknown>): Promise<void> => {
    const first = await attempt(work);
    said.push(first instanceof Fault ? await attempt(work) : first);
  };
  await step((bank) => bank.answer(ask('request open account', { token: ALICE })));
  for (const each of wishes) {
    await step((bank) => refused(bank, each));
    const identity = each.type === 'request registration' ? each.identity : '';
    // Whether it was done before is what a crash does change.
    await step(async (bank) => ({
      ...(await told(bank, tell('request approve registration', { identity }))),
      approved_before: undefined,
    }));
    await step((bank) => bank.answer(each));
    await step((bank) => told(bank, tell('request waiting registrations', {})));
    const forget = tell('request forget identity', { account: accountNumber(ALICE) });
    await step(async (bank) => ({ ...(await told(bank, forget)), identity: undefined }));
    await step((bank) => told(bank, tell('request identity holder', { identity })));
  }
  await store?.close();
  return { said, writes };
}

for (const { name: suite, accounts } of SUITES) {
  describe(`registrations of ${suite}`, () => {
    if (accounts === undefined) {
      test('are not possible: its coins need none', async () => {
        const bank = await open(suite);
        const request = ask('request registration', { identity: 'abc', proof: 'abc', token: ALICE });
        assert.match(await refused(bank, request), /^not possible/);
      });
      return;
    }

    for (const [store, books] of Object.entries(STORES)) {
      test(`are the cashier's word, the same each time, on ${store}`, async () => {
        const bank = await open(suite, { store: books()() });
        const answer = await bank.answer(wish(accounts, 'a', ALICE));
        assert.ok(!(answer instanceof Refusal) && answer.type === 'response registration');
        const { registration, signature } = answer.signed_registration;
        assert.deepEqual(registration, {
          cashier: CASHIER.publicKey,
          currency: CURRENCY,
          identity: accounts.identity(secretsOf('a')),
          type: 'registration',
        });
        assert.ok(verifyEd25519(CASHIER.publicKey, canonicalBytes(registration), signature));
        assert.deepEqual(await bank.answer(wish(accounts, 'a', ALICE)), answer);
        assert.match(
          await refused(bank, wish(accounts, 'b', ALICE)),
          /^not possible: identity: this account/,
        );
        assert.match(
          await refused(bank, wish(accounts, 'a', BOB)),
          /^not possible: identity: another account/,
        );
        const who = (identity: string) => bank.answerTeller(tell('request identity holder', { identity }));
        const held = await who(registration.identity);
        assert.ok(!(held instanceof Refusal) && held.type === 'response identity holder');
        assert.deepEqual([held.account, held.state], [accountNumber(ALICE), 'registered']);
        const stranger = await who(accounts.identity(secretsOf('b')));
        assert.ok(stranger instanceof Refusal && stranger.name === 'unknown');
      });
    }

    test('are of nobody who has no account, or does not know the identity’s secret', async () => {
      const bank = await open(suite);
      assert.match(await refused(bank, wish(accounts, 'a', secretOf('nobody'))), /^unknown: token/);
      // Whoever saw another's proof cannot register the identity as his own.
      assert.match(await refused(bank, wish(accounts, 'a', BOB, ALICE)), /^bad signature: proof/);
      for (const identity of ['0', 'abc', 'f'.repeat(64)]) {
        const request = ask('request registration', { identity, proof: 'abc', token: ALICE });
        assert.match(await refused(bank, request), /^bad signature: proof/);
      }
      const answer = await bank.answer(wish(accounts, 'a', ALICE));
      assert.ok(!(answer instanceof Refusal), 'what was refused took nothing');
    });

    const [a, b] = ['a', 'b'].map((name) => accounts.identity(secretsOf(name)));
    assert.ok(a !== undefined && b !== undefined);
    const account = accountNumber(ALICE);
    const waitingAs = (identity: string) => ({
      registrations: [{ account, expires: writeDate(NOW + 30 * DAY), identity }],
    });

    for (const [store, books] of Object.entries(STORES)) {
      test(`are signed for nobody whom no teller has approved, on ${store}`, async () => {
        const bank = await open(suite, { store: books()(), registers: 'approved' });
        const said = await refused(bank, wish(accounts, 'a', ALICE));
        assert.match(said, /^not possible: account .* waits for the bank’s teller/);
        // What the customer shows at the counter, and nothing that others may not know.
        assert.ok(said.includes(account) && said.includes(a.slice(0, 16)) && !said.includes(a.slice(0, 17)));
        assert.ok(!said.includes(ALICE));
        assert.equal(await refused(bank, wish(accounts, 'a', ALICE)), said);
        assert.match(
          await refused(bank, wish(accounts, 'b', BOB, ALICE)),
          /^bad signature/,
          'nobody waits without proof',
        );
        assert.match(await refused(bank, wish(accounts, 'b', secretOf('nobody'))), /^unknown/);
        assert.deepEqual(await told(bank, tell('request waiting registrations', {})), waitingAs(a));
        const who = tell('request identity holder', { identity: a });
        assert.deepEqual(await told(bank, who), UNKNOWN, 'it has never been signed for');
        const approve = (identity: string) => told(bank, tell('request approve registration', { identity }));
        assert.deepEqual(await approve(a.slice(0, 15)), UNKNOWN);
        assert.deepEqual(await approve(b), UNKNOWN);
        assert.equal(signedFor(await bank.answer(wish(accounts, 'a', ALICE))), undefined);
        const approved = { account, approved_before: false, identity: a };
        assert.deepEqual(await approve(a.slice(0, 16)), approved);
        assert.deepEqual(await approve(a), { ...approved, approved_before: true });
        assert.equal(signedFor(await bank.answer(wish(accounts, 'a', ALICE))), a);
        assert.deepEqual(await told(bank, tell('request waiting registrations', {})), { registrations: [] });
      });
    }

    test('of somebody else under a stolen token are not what is approved, and can be mended', async () => {
      const world = newWorld();
      const bank = await open(suite, { world, registers: 'approved' });
      const approve = (identity: string) => told(bank, tell('request approve registration', { identity }));
      const forget = () => told(bank, tell('request forget identity', { account }));
      await refused(bank, wish(accounts, 'a', ALICE));
      // The thief comes in between: the digits that the customer shows are none of his.
      await refused(bank, wish(accounts, 'b', ALICE));
      assert.deepEqual(await approve(a.slice(0, 16)), UNKNOWN);
      assert.deepEqual(await forget(), { account, identity: b });
      assert.deepEqual(await forget(), { account }, 'once');
      assert.deepEqual(await approve(b), UNKNOWN, 'it waits no longer');
      // The teller did not look.
      await refused(bank, wish(accounts, 'b', ALICE));
      await approve(b);
      assert.equal(signedFor(await bank.answer(wish(accounts, 'b', ALICE))), b);
      assert.match(
        await refused(bank, wish(accounts, 'a', ALICE)),
        /has registered another; the bank’s teller/,
      );
      assert.deepEqual(await forget(), { account, identity: b });
      await refused(bank, wish(accounts, 'a', ALICE));
      await approve(a);
      assert.equal(signedFor(await bank.answer(wish(accounts, 'a', ALICE))), a);
      assert.equal(signedFor(await bank.answer(wish(accounts, 'b', ALICE))), undefined);
      assert.match(await refused(bank, wish(accounts, 'b', BOB)), /another account has registered it/);
      const who = (identity: string) => told(bank, tell('request identity holder', { identity }));
      assert.deepEqual(await who(b), { account, state: 'taken back' }, 'evidence does not go');
      assert.deepEqual(await who(a), { account, state: 'registered' });
      const stranger = tell('request forget identity', { account: 'ffffffffff' });
      assert.deepEqual(await told(bank, stranger), UNKNOWN);
    });

    test('that nobody approves are over after thirty days, and are asked for anew', async () => {
      const world = newWorld();
      const bank = await open(suite, { world, registers: 'approved' });
      const approve = () => told(bank, tell('request approve registration', { identity: a }));
      await refused(bank, wish(accounts, 'a', ALICE));
      world.now += 30 * DAY + 1;
      assert.deepEqual(await told(bank, tell('request waiting registrations', {})), { registrations: [] });
      assert.deepEqual(await approve(), UNKNOWN);
      await refused(bank, wish(accounts, 'a', ALICE));
      assert.deepEqual(await approve(), { account, approved_before: false, identity: a });
    });

    test('of before stay when the bank begins to ask its tellers', async () => {
      const store = STORES['memory']?.()();
      await (await open(suite, { store })).answer(wish(accounts, 'a', ALICE));
      const bank = await open(suite, { store, registers: 'approved' });
      assert.equal(signedFor(await bank.answer(wish(accounts, 'a', ALICE))), a);
      await refused(bank, wish(accounts, 'b', BOB));
      const again = await open(suite, { store });
      assert.equal(signedFor(await again.answer(wish(accounts, 'b', BOB))), b);
      assert.deepEqual(await told(again, tell('request waiting registrations', {})), { registrations: [] });
    });

    for (const [store, books] of Object.entries(STORES)) {
      test(`are lost by no crash before or after anything is kept, on ${store}`, async () => {
        const wishes = [wish(accounts, 'a', ALICE), wish(accounts, 'b', ALICE)];
        const plain = await lifeOf(books(), suite, wishes, () => undefined);
        assert.equal(plain.writes, 8);
        const holders = [6, 12].map((step) => plain.said[step]);
        assert.deepEqual(holders, Array(2).fill({ account, state: 'taken back' }));
        for (let write = 0; write < plain.writes; write++) {
          for (const when of ['before', 'after'] as const) {
            const failing = await lifeOf(books(), suite, wishes, (at) => (at === write ? when : undefined));
            assert.deepEqual(failing.said, plain.said, `write ${write}, failing ${when}`);
            assert.equal(failing.writes, plain.writes + 1, 'it did fail');
          }
        }
      });
    }
  });
}
