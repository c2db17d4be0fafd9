/** Coins back to the issuer: nobody has to believe that they were given who has no receipt for them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalAnswer } from '../protocol/answers.ts';
import type { Receipt } from '../protocol/attestations.ts';
import type { ResponseRedeem } from '../protocol/messages/redeem.ts';
import { makeStatementKey } from './issuer-keys.test-helper.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

async function rich(): Promise<[TestIssuer, Place]> {
  const issuer = new TestIssuer({ denominations: [1, 2] });
  const alice = await Place.open(issuer, 'alice');
  await bought(alice, 9);
  return [issuer, alice];
}

/** What a mint may make of its answer, and what the wallet says of it. Everything it signs, it signs well. */
const RECEIPTS: Readonly<
  Record<string, readonly [(issuer: TestIssuer, answer: ResponseRedeem) => ResponseRedeem, RegExp]>
> = {
  'for another amount': [(issuer, answer) => resigned(issuer, answer, { amount: 2 }), /another amount/],
  'for another account': [(issuer, answer) => resigned(issuer, answer, { payee: 'K-2' }), /another account/],
  'for other coins': [
    (issuer, answer) => resigned(issuer, answer, { redemption: '0'.repeat(64) }),
    /other coins/,
  ],
  'of another currency': [
    (issuer, answer) => resigned(issuer, answer, { issuer_id: '0'.repeat(64) }),
    /another currency/,
  ],
  'that nobody signed': [
    (_, answer) => ({
      ...answer,
      signed_receipt: { ...answer.signed_receipt!, signature: '0'.repeat(128) },
    }),
    /signature does not verify/,
  ],
  'that is not there at all': [(_, { signed_receipt: _receipt, ...answer }) => answer, /there is none/],
  'by a key that nobody certified': [
    (_, answer) => ({ ...answer, statement_key: { ...answer.statement_key!, signature: '1234' } }),
    /nobody has certified/,
  ],
};

function resigned(issuer: TestIssuer, answer: ResponseRedeem, fields: Partial<Receipt>): ResponseRedeem {
  const receipt = { ...answer.signed_receipt!.receipt, ...fields };
  const signed_receipt = { ...answer.signed_receipt!, receipt, signature: issuer.signWord(receipt) };
  return { ...answer, signed_receipt };
}

describe('a redemption', () => {
  it('is done with a receipt that names amount, account and coins, and keeps it', async () => {
    const [issuer, alice] = await rich();
    const entry = must(await alice.wallet.redeem(issuer.id, amount(3), { payee: 'K-1' }));
    const { receipt } = entry.receipt!;
    assert.deepEqual(
      [entry.state, entry.payee, receipt.amount, receipt.payee, receipt.sequence],
      ['done', 'K-1', 3, 'K-1', 1],
    );
    assert.deepEqual([...issuer.receipts.values()], [receipt]);
    await alice.wallet.close();
    await alice.reopen();
    assert.deepEqual(alice.wallet.history().at(-1), entry);
    const second = must(await alice.wallet.redeem(issuer.id, amount(2)));
    assert.deepEqual([second.payee, second.receipt?.receipt.payee], ['', '']);
    assert.deepEqual((await alice.store.load())?.currencies[0]?.statementKey, issuer.statementKey());
    await checkConserved(issuer, [alice]);
  });

  for (const [name, [tamper, words]] of Object.entries(RECEIPTS)) {
    it(`with a receipt ${name} stays pending, its coins kept, until a good one comes`, async () => {
      const [issuer, alice] = await rich();
      issuer.tamper = (answer) => (answer.type === 'response redeem' ? tamper(issuer, answer) : undefined);
      const entry = must(await alice.wallet.redeem(issuer.id, amount(3), { payee: 'K-1' }));
      assert.deepEqual([entry.state, entry.receipt], ['pending', null]);
      assert.match(entry.reason, words);
      assert.deepEqual([alice.available, alice.reserved], [6, 3]);
      await alice.wallet.close();
      await alice.reopen();
      const [resumed] = await alice.wallet.resumeAll();
      assert.equal(resumed?.entry.state, 'pending');
      assert.deepEqual([alice.available, alice.reserved], [6, 3], 'the coins are kept as evidence');
      issuer.tamper = () => undefined;
      const [settled] = await alice.wallet.resumeAll();
      assert.deepEqual([settled?.entry.state, settled?.entry.reason], ['done', '']);
      assert.equal(settled?.entry.receipt?.receipt.payee, 'K-1');
      await checkConserved(issuer, [alice]);
    });
  }

  it('whose receipt another certified key signed stops the currency, and goes on when it is accepted', async () => {
    const [issuer, alice] = await rich();
    must(await alice.wallet.redeem(issuer.id, amount(1)));
    issuer.statement = makeStatementKey();
    const outcome = await alice.wallet.redeem(issuer.id, amount(3), { payee: 'K-1' });
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
    assert.equal(alice.wallet.currencies()[0]?.stopped, outcome.details);
    await alice.wallet.resumeAll();
    assert.equal(alice.wallet.history().at(-1)?.state, 'pending');
    assert.equal(alice.reserved, 3);
    must(await alice.wallet.add(issuer.url, { acceptKeys: true }));
    await alice.wallet.resumeAll();
    assert.equal(alice.wallet.history().at(-1)?.state, 'done');
    await checkConserved(issuer, [alice]);
  });

  it('is neither lost nor done twice, wherever it is cut short', async () => {
    for (const at of ['commit', 'exchange'] as const) {
      for (const when of ['before', 'after'] as const) {
        for (let call = 0; call < 2; call++) {
          const [issuer, alice] = await rich();
          alice.plant({ at, call, when });
          await alice.attempt((wallet) => wallet.redeem(issuer.id, amount(1), { payee: 'K-1' }));
          alice.plant(undefined);
          await alice.wallet.resumeAll();
          await checkConserved(issuer, [alice]);
          const done = alice.wallet
            .history()
            .filter(({ kind, state }) => kind === 'redeem' && state === 'done');
          assert.equal(issuer.receipts.size, done.length, `${at} ${when} ${call}`);
        }
      }
    }
  });

  it('takes no account whose name is too long', async () => {
    const [issuer, alice] = await rich();
    const payee = 'K'.repeat(LIMITS.shortText + 1);
    assert.ok((await alice.wallet.redeem(issuer.id, amount(1), { payee })) instanceof Refusal);
    assert.equal(alice.reserved, 0);
  });
});

describe('why something was refused', () => {
  it('is said in words that are not the protocol’s', async () => {
    const [issuer, alice] = await rich();
    for (const [name, details, said] of [
      ['unauthorised', 'coins: at most 1.00 at once', 'The issuer does not allow it (at most 1.00 at once)'],
      ['bad signature', 'coins[0].signature', 'The issuer holds these coins for forged'],
      ['already spent', 'coins[0]', 'Somebody had taken these coins before'],
    ] as const) {
      issuer.tamper = (_, { type, message_reference }) =>
        type === 'request redeem' ? refusalAnswer(message_reference, refuse(name, details)) : undefined;
      assert.ok((await alice.wallet.redeem(issuer.id, amount(1))) instanceof Refusal);
      assert.equal(alice.wallet.history().at(-1)?.reason, said);
    }
  });
});
