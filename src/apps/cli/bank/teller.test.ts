/** What a bank's tellers type about registrations, at the counter of a bank that serves: nobody is registered without it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { specie } from '../../../../test/support/processes.ts';
import type { Ended } from '../../../../test/support/processes.ts';
import {
  CURRENCY,
  NOW,
  RAILS,
  TestMint,
  ask,
  describedBy,
  openFile,
  openTestBank,
  secretOf,
} from '../../../bank/bank.test-helper.ts';
import type { BankRequest } from '../../../bank/bank.ts';
import { accountNumber } from '../../../bank/secrets.ts';
import { Refusal } from '../../../base/refusal.ts';
import { registrationContext } from '../../../protocol/messages/registration.ts';
import { SUITES } from '../../../suites/index.ts';
import type { AccountScheme } from '../../../suites/suite.ts';
import { descriptionPath, ledgerPath } from '../../bank/folder.ts';
import { serveBanks } from '../../bank/serve.ts';

const TOKEN = secretOf('alice');
const ACCOUNT = accountNumber(TOKEN);

/** A wallet's identity, and its wish to be registered. */
function wishOf(accounts: AccountScheme, name: string): { identity: string; request: BankRequest } {
  const secrets = (label: string, length: number) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(`${name}/${label}`).digest());
  const identity = accounts.identity(secrets);
  const proof = accounts.prove(secrets, registrationContext(CURRENCY, TOKEN));
  return { identity, request: ask('request registration', { identity, proof, token: TOKEN }) };
}

for (const { name: suite, accounts } of SUITES) {
  if (accounts === undefined) continue;

  test(`a teller approves a registration of ${suite}, and takes it back`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'specie-teller-'));
    const store = openFile(ledgerPath({ name: '', folder }));
    const world = { now: NOW, mint: new TestMint(100) };
    const bank = await openTestBank(store, world, RAILS, suite, 'approved');
    const cddc = describedBy(suite);
    writeFileSync(descriptionPath({ folder }), JSON.stringify(cddc));
    const sockets = { customers: join(folder, 'bank.sock'), tellers: join(folder, 'teller.sock') };
    const settle = () => Promise.resolve([]);
    const served = await serveBanks([{ folder, bank, cddc, settle, close: () => store.close() }], sockets);
    t.after(async () => {
      await served.close();
      await store.close();
      rmSync(folder, { recursive: true });
    });
    const teller = (...args: string[]): Promise<Ended> => specie(['bank', ...args, '--data', folder]);
    const said = async (...args: string[]): Promise<string> => {
      const { status, stdout, stderr } = await teller(...args);
      assert.equal(status, 0, stderr);
      return stdout;
    };

    const { identity, request } = wishOf(accounts, 'a');
    await bank.answer(ask('request open account', { token: TOKEN }));
    assert.equal(await said('registrations'), 'No registration waits.\n');
    assert.ok((await bank.answer(request)) instanceof Refusal);
    assert.match(
      await said('registrations'),
      new RegExp(`^account ${ACCOUNT}  ${identity}  until 2026-01-31$`, 'm'),
    );
    const [few, none, no] = await Promise.all([
      teller('approve', identity.slice(0, 15)),
      teller('approve', wishOf(accounts, 'b').identity),
      teller('approve', `${identity.slice(0, 16)}X`),
    ]);
    for (const { status, stderr } of [few, none]) {
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^specie: Identity: none that waits; give its first 16 digits, or all of them\.$/m,
      );
    }
    assert.match(no.stderr, /^specie: This is no identity/);
    assert.ok((await bank.answer(request)) instanceof Refusal, 'nothing was approved');
    const digits = identity.slice(0, 16);
    assert.equal(await said('approve', digits), `Account ${ACCOUNT} is registered as ${identity}\n`);
    assert.equal(await said('approve', digits), `Account ${ACCOUNT} was registered before as ${identity}\n`);
    assert.ok(!((await bank.answer(request)) instanceof Refusal));
    assert.equal(await said('who', identity), `account ${ACCOUNT}\n`);
    assert.equal(await said('forget', ACCOUNT), `Account ${ACCOUNT} may register anew. It had ${identity}\n`);
    assert.equal(await said('forget', ACCOUNT), `Account ${ACCOUNT} has no identity.\n`);
    assert.equal(await said('who', identity), `account ${ACCOUNT}, from which it was taken back\n`);
    assert.ok((await bank.answer(request)) instanceof Refusal, 'it is to be approved again');
  });
}

test('a bank is not served where it is unclear whose identities it registers', async () => {
  const { status, stderr } = await specie(['bank', 'serve', '--box', 'nowhere.sock', '--register', 'nobody']);
  assert.equal(status, 2);
  assert.match(stderr, /--register takes approved or anybody/);
});
