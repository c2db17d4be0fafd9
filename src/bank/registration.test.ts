/** Registrations: an identity is one account's for ever, and no other's, whatever anybody asks. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { Refusal } from '../base/refusal.ts';
import { registrationContext } from '../protocol/messages/registration.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { SUITES } from '../suites/index.ts';
import type { CoinSecrets } from '../suites/index.ts';
import type { AccountScheme } from '../suites/suite.ts';
import {
  CASHIER,
  CURRENCY,
  NOW,
  RAILS,
  STORES,
  TestMint,
  ask,
  openTestBank,
  secretOf,
  tell,
} from './bank.test-helper.ts';
import type { Bank } from './bank.ts';
import { accountNumber } from './secrets.ts';

const secretsOf =
  (name: string): CoinSecrets =>
  (label, length) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(`${name}/${label}`).digest());

const [ALICE, BOB] = [secretOf('alice'), secretOf('bob')];

async function open(suite: string, store = STORES['memory']?.()()): Promise<Bank> {
  assert.ok(store !== undefined);
  const bank = await openTestBank(store, { now: NOW, mint: new TestMint(100) }, RAILS, suite);
  for (const token of [ALICE, BOB]) await bank.answer(ask('request open account', { token }));
  return bank;
}

/** A registration of the wallet `name` for an account; `bound` says to which account the proof is. */
function wish(accounts: AccountScheme, name: string, token: string, bound = token) {
  const proof = accounts.prove(secretsOf(name), registrationContext(CURRENCY, bound));
  return ask('request registration', { identity: accounts.identity(secretsOf(name)), proof, token });
}

async function refused(bank: Bank, request: Parameters<Bank['answer']>[0]): Promise<string> {
  const answer = await bank.answer(request);
  assert.ok(answer instanceof Refusal, JSON.stringify(answer));
  return `${answer.name}: ${answer.details}`;
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
        const bank = await open(suite, books()());
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
        assert.equal(held.account, accountNumber(ALICE));
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
  });
}
