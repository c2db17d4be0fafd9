/** The three processes of an issuer as the operating system sees them, and what becomes of trade when one dies. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { amount } from '../src/base/amount.ts';
import { LIMITS } from '../src/base/limits.ts';
import { openKeyFile } from '../src/apps/cli/operator/key.ts';
import { networkSockets } from '../src/apps/supervisor/sockets.test-helper.ts';
import type { Action } from '../src/protocol/governance.ts';
import type { Request, Response } from '../src/protocol/catalogue.ts';
import { decodeResponse, encode } from '../src/protocol/codec.ts';
import { post } from '../src/transports/http-client.ts';
import { openFramesClientOn } from '../src/transports/frames/client.ts';
import { certain } from './support/certain.ts';
import { orderOf } from './support/lone-box.ts';
import { isGone, programsWith, serves } from './support/parts.ts';
import { SPECIE, freePort, launch, specie, startIssuer, until } from './support/processes.ts';
import type { IssuerProcess } from './support/processes.ts';
import { openTrader } from './support/trader.ts';

const PARTS = ['box', 'bank', 'issuer'] as const;

let folder: string;
let issuer: IssuerProcess;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'specie-parts-'));
  issuer = await startIssuer({ folder });
});

after(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

async function ask(url: string, request: Request): Promise<Response> {
  return certain(decodeResponse(certain(await post(url, encode(request), LIMITS.messageBytes))));
}

/** Buys, pays and redeems, which takes all three. */
async function trades(url: string, way?: (url: string) => string): Promise<void> {
  const { wallet, currency, account } = await openTrader(url, way);
  assert.equal(certain(await wallet.buy(currency, amount(7), { payTest: true })).state, 'done');
  const redeemed = certain(await wallet.redeem(currency, amount(3), { payee: account }));
  assert.equal(redeemed.state, 'done');
  assert.equal(certain(await wallet.showReceipt(redeemed.number)), true);
  assert.equal(certain(await wallet.account(currency)).balance, 3);
}

function pidOf(part: (typeof PARTS)[number]): number {
  const pid = issuer.pids().get(part);
  assert.ok(pid !== undefined, `the ${part} runs`);
  return pid;
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

test('the box is for its owner alone, is confined, and has no network while it trades', async () => {
  await trades(issuer.url);
  const pid = pidOf('box');
  assert.equal(mode(join(folder, 'box')), '700');
  assert.equal(mode(join(folder, 'box', 'box.sock')), '600');
  assert.equal(mode(join(folder, 'box.key')), '600');
  const trading = trades(issuer.url);
  let over = false;
  void trading.then(() => (over = true));
  await until(() => {
    assert.deepEqual(networkSockets(pid), []);
    return over;
  }, 'the trade does not end');
  await trading;
  assert.notDeepEqual(networkSockets(pidOf('issuer')), [], 'a network socket would have been seen');
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  assert.ok(args.includes('--permission') && args.includes('--allow-worker'));
  for (const right of ['--allow-child-process', '--allow-net', '--allow-wasi', '--allow-inspector'])
    assert.ok(!args.includes(right), right);
  const places = args.filter((each) => each.startsWith('--allow-fs-write='));
  assert.deepEqual(places, [`--allow-fs-write=${join(folder, 'box')}`], 'it writes in its folder alone');
});

test('no secret is in a command line or an environment', async () => {
  // As it lies in the bank's books, which the bank keeps locked: 32 bytes of Ed25519 in PKCS #8 (RFC 8410, section 7).
  const books = readFileSync(join(folder, 'bank', 'bank.sqlite')).toString('hex');
  const cashierKey = /302e020100300506032b657004220420([0-9a-f]{64})/.exec(books)?.[1];
  const operatorKey = await demoOperator();
  const secrets = [
    readFileSync(join(folder, 'box.key'), 'utf8').trim(),
    Buffer.from(operatorKey.secret).toString('hex').slice(-64),
    cashierKey ?? '',
  ];
  for (const pid of PARTS.map(pidOf)) {
    const shown = ['cmdline', 'environ']
      .map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1'))
      .join('\0');
    for (const secret of secrets) {
      assert.ok(secret.length >= 64);
      assert.ok(!shown.includes(secret));
    }
  }
});

test('several fronts stand before one box and one bank', async () => {
  const fronts = await Promise.all(
    [1, 2].map(async () => {
      const port = await freePort();
      const sockets = ['--box', join(folder, 'box', 'box.sock'), '--bank', join(folder, 'bank', 'bank.sock')];
      const front = launch(process.execPath, [SPECIE, 'issuer', ...sockets, '--port', `${port}`]);
      await Promise.race([front.said('the issuer is ready'), front.ended]);
      return { front, url: `http://127.0.0.1:${port}/` };
    }),
  );
  const ways = [issuer.url, ...fronts.map(({ url }) => url)];
  // Each message over another front than the one before.
  let turn = 0;
  const inTurns = () => ways[turn++ % ways.length] ?? '';
  await Promise.all([trades(issuer.url, inTurns), ...ways.map((url) => trades(issuer.url, () => url))]);
  for (const { front } of fronts) {
    front.child.kill('SIGTERM');
    const { status, stderr } = await front.ended;
    assert.deepEqual([status, stderr], [0, '']);
  }
});

test('while the box is dead the issuer says busy, and trade goes on afterwards', async () => {
  for (const part of ['box', 'bank'] as const) {
    const pid = pidOf(part);
    process.kill(pid, 'SIGKILL');
    await until(() => isGone(pid), `the ${part} outlives SIGKILL`);
    const question =
      part === 'box'
        ? { type: 'request journal', message_reference: 9, from: 0 }
        : { type: 'request voucher', message_reference: 9, code: 'none' };
    const answer = await fetch(issuer.url, { method: 'POST', body: JSON.stringify(question) });
    assert.equal(answer.status, 202);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    const body = (await answer.json()) as Response;
    assert.equal(body.status_code, 301);
    assert.equal(body.message_reference, 9);
    await until(() => serves(part, issuer.url), `the ${part} does not come back`);
    assert.notEqual(pidOf(part), pid);
    await trades(issuer.url);
  }
  await issuer.killPart('issuer');
  await trades(issuer.url);
});

test('a second start on the same folder, or with another’s key, is refused in words', async () => {
  const again = await specie(['start', '--no-wallets', '--data', folder, '--port', String(await freePort())]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /^specie: .* is in use by another process/);
  assert.equal(again.stderr.trimEnd().split('\n').length, 1, again.stderr);
  const samePort = await specie([
    'start',
    '--no-wallets',
    '--data',
    join(folder, 'other'),
    '--port',
    String(issuer.port),
  ]);
  assert.match(samePort.stderr, /^specie: Port \d+ is in use/);
  assert.ok(!existsSync(join(folder, 'other')), 'nothing was founded for a port that cannot be had');
  await trades(issuer.url);
  const copy = mkdtempSync(join(tmpdir(), 'specie-copy-'));
  cpSync(join(folder, 'box', 'vault.json'), join(copy, 'vault.json'));
  const wrong = join(folder, 'wrong.key');
  writeFileSync(wrong, `${'a1'.repeat(32)}\n`, { mode: 0o600 });
  const refused = await specie(['box', '--data', copy, '--key-file', wrong]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /the key file is not the one that opens the vault in/);
  assert.doesNotMatch(refused.stderr, /\n\s+at |a1a1/, 'no stack, and no key');
  const none = await specie(['box', '--data', copy, '--key-file', join(copy, 'none.key')]);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^specie: .*the key file .*none\.key does not exist/i);
  assert.equal(none.stderr.trimEnd().split('\n').length, 1, none.stderr);
  rmSync(copy, { recursive: true });
  const second = await specie(['box', '--data', join(folder, 'box'), '--key-file', join(folder, 'box.key')]);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /is in use by another process/, 'one box keeps the books');
  await trades(issuer.url);
});

async function demoOperator() {
  return certain(
    await openKeyFile(join(folder, 'operator.key'), {
      passphrase: () => Promise.reject(new Error('the demo’s key has no passphrase')),
    }),
  );
}

async function order(action: Action): Promise<Response> {
  const { id } = (await openTrader(issuer.url)).wallet.currencies()[0] ?? {};
  const signed_order = orderOf(id ?? '', action, [await demoOperator()]);
  return ask(issuer.url, { message_reference: 1, signed_order, type: 'request operate' });
}

test('a currency that is switched off stays so over deaths and restarts, until it is switched on', async () => {
  const { wallet, currency } = await openTrader(issuer.url);
  certain(await wallet.buy(currency, amount(8), { payTest: true }));
  const off = await order({ type: 'power off' });
  assert.ok(off.type === 'response operate' && off.state === 'executed');
  const isOff = async () => {
    const answer = await ask(issuer.url, { type: 'request float', message_reference: 1 });
    assert.ok(answer.type === 'response float');
    assert.equal(answer.signed_statement.statement.power, 'off');
    const { status_code } = await ask(issuer.url, {
      type: 'request resume',
      message_reference: 1,
      transaction_reference: 'a1',
    });
    assert.equal(status_code, 302);
  };
  await isOff();
  await issuer.killPart('box');
  await isOff();
  const { port } = issuer;
  await issuer.kill('SIGKILL');
  issuer = await startIssuer({ folder, port });
  await isOff();
  const redeemed = await wallet.redeem(currency, amount(8));
  assert.equal('name' in redeemed ? redeemed.name : redeemed.state, 'switched off');
  const on = await order({ type: 'power on' });
  assert.ok(on.type === 'response operate' && on.state === 'executed');
  const [resumed] = await wallet.resumeAll();
  assert.equal(resumed?.entry.state, 'done', 'what was begun while it was off is done');
});

test('SIGTERM ends all three, and what is left is a folder to start on', async () => {
  const { port } = issuer;
  const pids = PARTS.map(pidOf);
  const end = await issuer.kill('SIGTERM');
  assert.deepEqual([end.status, end.signal], [0, null], end.stderr);
  for (const ended of end.stderr.matchAll(/"event":"program ended".*"status":(\w+)/g))
    assert.equal(ended[1], '0');
  assert.ok(pids.every(isGone));
  for (const name of ['box/box.sock', 'bank/bank.sock', 'bank/teller.sock'])
    assert.ok(!existsSync(join(folder, name)), `${name} is left over`);
  issuer = await startIssuer({ folder, port });
  await trades(issuer.url);
});

test('a box serves frames over standard input and output, and ends with them', async () => {
  await issuer.kill('SIGTERM');
  const args = ['box', '--stdio', '--data', join(folder, 'box'), '--key-file', join(folder, 'box.key')];
  const child = spawn(process.execPath, [SPECIE, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const client = openFramesClientOn(child.stdout, child.stdin, { messageBytes: LIMITS.messageBytes });
  const bytes = await client.ask('', encode({ type: 'request currencies', message_reference: 5 }));
  assert.ok(bytes !== undefined, 'the box answers');
  const answer = certain(decodeResponse(bytes));
  assert.ok(answer.type === 'response currencies' && answer.currencies.length === 1);
  assert.equal(answer.message_reference, 5);
  client.close();
  assert.deepEqual(await ended, [0, null]);
});

test('a box opens under its passphrase and no other, and keeps it out of sight', async () => {
  const data = mkdtempSync(join(tmpdir(), 'specie-passphrase-'));
  const PASSPHRASE = 'nine bells and a whistle';
  const run = (input: string) =>
    launch(process.execPath, [SPECIE, 'box', '--data', data], { input: `${input}\n` });
  for (const start of ['new', 'again']) {
    const box = run(PASSPHRASE);
    const end = await Promise.race([box.said('the box is ready'), box.ended]);
    assert.equal(end, undefined, `${start}: ${end?.stderr}`);
    const lines = programsWith(data).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    assert.ok(lines.length > 0 && lines.every((line) => !line.includes(PASSPHRASE)));
    box.child.kill('SIGTERM');
    assert.equal((await box.ended).status, 0);
  }
  const wrong = await run('nine bells and no whistle').ended;
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /passphrase/i);
  const keyFile = join(data, '..', `${basename(data)}.key`);
  const relocked = await specie(['box', 'relock', '--data', data, '--new-key-file', keyFile], {
    input: `${PASSPHRASE}\n`,
  });
  assert.equal(relocked.status, 0, relocked.stderr);
  assert.equal((await run(PASSPHRASE).ended).status, 1, 'the old passphrase opens it no more');
  const box = launch(process.execPath, [SPECIE, 'box', '--data', data, '--key-file', keyFile]);
  assert.equal(await Promise.race([box.said('the box is ready'), box.ended]), undefined);
  box.child.kill('SIGTERM');
  await box.ended;
  rmSync(keyFile);
  rmSync(data, { recursive: true });
});
