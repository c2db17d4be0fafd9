/** The wallet's commands as real processes, against an issuer with a bank that a test leads by the hand. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DAY, writeDate } from '../../../base/dates.ts';
import type { Instant } from '../../../base/dates.ts';
import { encode } from '../../../protocol/codec.ts';
import type { CoinStack } from '../../../protocol/documents.ts';
import { writeHandover } from '../../../transports/handover.ts';
import { SUITES } from '../../../suites/index.ts';
import { TestBank } from '../../../wallet/bank.test-helper.ts';
import { TestIssuer } from '../../../wallet/issuer.test-helper.ts';

const MODULE = new URL('wallet.ts', import.meta.url).href;
const RUN = `import { wallet } from ${JSON.stringify(MODULE)}; process.exitCode = await wallet(process.argv.slice(1));`;

const folder = mkdtempSync(join(tmpdir(), 'specie-wallet-cli-'));
let bank: TestBank;
let url = '';

let isAway = false;

const server = createServer((request, response) => {
  if (isAway) {
    response.destroy();
    return;
  }
  bank.issuer.now = Date.now();
  if (request.method === 'GET') {
    response.end(encode(bank.issuer.cddc));
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => response.end(bank.issuer.handle(Buffer.concat(parts))));
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  bank = newBank();
});

after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** The processes have the machine's clock: so has their issuer. */
function newBank(suite = SUITES[0]!.name): TestBank {
  const opened = new TestBank({ location: url, suite });
  const { issuer } = opened;
  const now = Date.now();
  issuer.cddc = issuer.describe({
    ...issuer.cddc.cdd,
    cdd_expiry_date: writeDate(now + 400 * DAY),
    cdd_signing_date: writeDate(now - DAY),
  });
  issuer.pairs.clear();
  for (const denomination of [1, 2]) issuer.addKey(denomination, denomination, window(now));
  return opened;
}

function window(now: Instant) {
  return {
    coins_expiry_date: writeDate(now + 200 * DAY),
    sign_coins_not_after: writeDate(now + 100 * DAY),
    sign_coins_not_before: writeDate(now - DAY),
  };
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the wallet with this name; `input` is all that comes by standard input. */
function run(name: string, args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', RUN, '--', '--data', join(folder, name), ...args],
    { stdio: 'pipe' },
  );
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => (said.stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said.stderr += part.toString()));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...said, status }));
  });
}

async function done(name: string, args: readonly string[], input = ''): Promise<string> {
  const { status, stdout, stderr } = await run(name, args, input);
  assert.equal(status, 0, stderr);
  return stdout;
}

describe('the wallet on the command line', () => {
  it('redeems to its account, buys from it, and has money paid out', async () => {
    assert.match(await done('alice', ['account', url]), /^Account K-1: 0\.00 Testmark/);
    await done('alice', ['buy', '0.09']);
    const redeemed = await done('alice', ['redeem', '0.05', '--to', 'K-1']);
    assert.match(redeemed, /Redeemed 0\.05 Testmark, receipt 1\nIt is on account K-1\./);
    assert.match(await done('alice', ['buy', '0.02', '--rail', 'account']), /Bought 0\.02 Testmark/);
    const paid = await done('alice', ['payout', '0.03', '--to', 'IBAN 1']);
    assert.match(paid, /^0\.03 Testmark will be paid to IBAN 1/);
    const account = await done('alice', ['account']);
    assert.match(account, /Account K-1: 0\.00 Testmark\n {2}payout 1 of 0\.03 to IBAN 1 waits to be paid/);
    const history = await done('alice', ['history']);
    assert.match(history, /redeem .* 0\.05 Testmark {2}done {2}to account K-1 {2}receipt 1/);
  });

  it('takes a voucher from standard input, and never from an argument', async () => {
    bank.vouchers.set('APPLE-1', { amount: 6, order: undefined });
    await done('bob', ['add', url]);
    const wrong = await run('bob', ['buy', '0.07', '--voucher-stdin'], 'APPLE-1\n');
    assert.match(wrong.stderr, /This voucher is worth 0\.06 Testmark; buy exactly that/);
    assert.match(await done('bob', ['buy', '0.06', '--rail', 'voucher'], 'APPLE-1\n'), /Bought 0\.06/);
    const used = await run('bob', ['buy', '0.06', '--voucher-stdin'], 'APPLE-1\n');
    assert.equal(used.status, 1);
    assert.ok(![wrong, used].some(({ stdout, stderr }) => `${stdout}${stderr}`.includes('APPLE')));
  });

  it('receives coins from a text that they are pasted into, once', async () => {
    await done('dora', ['add', url]);
    await done('dora', ['buy', '0.09']);
    await done('dora', ['send', '0.05', '-o', join(folder, 'five.oc')]);
    const stack = JSON.parse(readFileSync(join(folder, 'five.oc'), 'utf8')) as CoinStack;
    const word = writeHandover(stack).replace(/.{1,60}/g, '> $&\n');
    writeFileSync(join(folder, 'mail.txt'), `Dora wrote:\n${word}\nBye\n`);
    await done('emil', ['add', url]);
    assert.match(await done('emil', ['receive', join(folder, 'mail.txt')]), /Received 0\.05 Testmark/);
    const again = await run('emil', ['receive', join(folder, 'five.oc')]);
    assert.match(again.stderr, /has taken these coins before/);
    writeFileSync(join(folder, 'none.txt'), 'specie1.AAAA');
    const none = await run('emil', ['receive', join(folder, 'none.txt')]);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /holds no coin stack/);
  });

  it('says that a currency is stopped, shows its balance, and goes on when it is told to', async () => {
    await done('carol', ['add', url]);
    await done('carol', ['buy', '0.09']);
    const [first] = bank.issuer.pairs.values();
    const started = first!.certificate.mint_key.sign_coins_not_before;
    bank.issuer.addKey(1, 20, { ...window(Date.now()), sign_coins_not_before: started });
    const stopped = await run('carol', ['add', url]);
    assert.equal(stopped.status, 1);
    assert.match(stopped.stderr, /^specie: Mint key .* are made for the same time; .*convinces you\.\n$/);
    const sent = await run('carol', ['send', '0.01', '-o', join(folder, 'never.oc')]);
    assert.equal(sent.status, 1);
    const balance = await done('carol', ['balance']);
    assert.match(balance, /^0\.09 Testmark in \d+ coins\n {2}STOPPED: .* --accept-changed-keys\n$/);
    await done('carol', ['add', url, '--accept-changed-keys']);
    assert.match(await done('carol', ['redeem', '0.09']), /Redeemed 0\.09 Testmark, receipt \d/);
  });

  it('says what a currency promises before it is used, and leaves the blinding off when it is told to', async () => {
    bank = newBank();
    const added = await done('fred', ['add', url, '--unblinded']);
    assert.match(added, /The issuer can trace its coins\. They are not blinded\./);
    assert.match(await done('fred', ['add', url, '--blinded']), /Its issuer cannot trace its coins/);
    const both = await run('fred', ['add', url, '--blinded', '--unblinded']);
    assert.equal(both.status, 2);
  });

  it('pays a payee who accepts it while the issuer is away', async () => {
    const suite = SUITES.find(({ offline }) => offline !== undefined)!.name;
    await TestIssuer.of(suite);
    bank = newBank(suite);
    const added = await done('gina', ['add', url]);
    assert.match(added, /It can be paid offline/);
    assert.match(added, /you need an account at its bank/);
    await done('gina', ['buy', '0.03']);
    await done('henry', ['add', url]);
    const payee = (await done('henry', ['payee', 'Testmark'])).trim();
    assert.match(payee, /^[0-9a-f]+$/);
    const file = join(folder, 'offline.oc');
    assert.match(
      await done('gina', ['send', '0.03', '--to', payee, '-o', file]),
      /Only that payee can use it/,
    );
    isAway = true;
    assert.match(await done('henry', ['receive', file, '--offline']), /^Accepted 0\.03 Testmark offline/);
    assert.match(await done('henry', ['balance']), /and 0\.03 received that has yet to be renewed/);
    isAway = false;
    // Gina loses her wallet before he brings it.
    const found = await done('gina again', ['restore', url], await done('gina', ['phrase']));
    assert.match(found, /Found 0\.03 Testmark\n {2}0\.03 of it is not used[^]*: specie wallet clear-doubt\n/);
    const doubted = await done('gina again', ['balance']);
    assert.match(
      doubted,
      /^0\.00 Testmark in 0 coins\n {2}and 0\.03 that came back[^]*specie wallet clear-doubt/,
    );
    assert.match(
      await done('henry', ['balance']),
      /Finished what was cut short: receive 0\.03[^]*^0\.03 Testmark/m,
    );
    assert.equal(
      await done('gina again', ['clear-doubt']),
      '0.03 Testmark was brought to the issuer meanwhile, and is gone\n',
    );
  });
});
