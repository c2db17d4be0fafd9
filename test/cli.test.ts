/** The command line as a stranger meets it: each error is one line that says what to do, and nothing is lost. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accepted } from '../src/base/accepted.test-helper.ts';
import { openSqliteWalletStore } from '../src/stores/wallet/sqlite.ts';
import { floatOf } from './support/float.ts';
import { QUICK_SUITE, SPECIE, freePort, launch, specie, startIssuer } from './support/processes.ts';
import type { Ended, IssuerProcess } from './support/processes.ts';

let folder = '';
let issuer: IssuerProcess;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'specie-cli-'));
  issuer = await startIssuer({ suites: QUICK_SUITE });
});

after(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

const path = (name: string) => join(folder, name);
const wallet = (name: string, ...args: readonly string[]) =>
  specie(['wallet', '--data', path(name), ...args]);

async function done(ended: Promise<Ended>): Promise<string> {
  const { status, stdout, stderr } = await ended;
  assert.equal(status, 0, stderr);
  return stdout;
}

async function known(name: string): Promise<void> {
  await done(wallet(name, 'add', issuer.url));
}

async function balanceOf(name: string): Promise<{ available: number; reserved: number }> {
  const [row] = JSON.parse(await done(wallet(name, 'balance', '--json'))) as {
    available: number;
    reserved: number;
  }[];
  assert.ok(row !== undefined);
  return row;
}

/** Whether a command complained as it should: one line, no trace, the status that was said. */
async function complains(ended: Promise<Ended>, expected: RegExp, status = 1): Promise<void> {
  const end = await ended;
  assert.match(end.stderr, expected);
  assert.match(end.stderr, /^specie: [^\n]+\n$/, 'one line');
  if (status === 1) assert.match(end.stderr, /[.]\n$/, 'a sentence');
  assert.equal(end.status, status);
}

describe('command line', { concurrency: 2 }, () => {
  test('says how it is used', async () => {
    assert.match(await done(specie([])), /specie wallet/);
    assert.match(await done(specie(['--help'])), /takeback FILE/);
    await complains(
      specie(['frob']),
      /usage: specie start\|box\|bank\|issuer\|operator\|audit\|verify\|wallet/,
      2,
    );
    await complains(specie(['verify']), /usage: specie verify FILE/, 2);
    await complains(specie(['start', '--port', 'x']), /usage: specie start/, 2);
    await complains(specie(['start', '--suite', 'none']), /usage: specie start/, 2);
    await complains(specie(['start', '--frob']), /no option --frob; usage: specie start/, 2);
    await complains(specie(['start', 'here']), /start takes no here; usage: specie start/, 2);
    assert.match(await done(specie(['start', '--help'])), /specie wallet/);
    assert.match(await done(wallet('u', '-h')), /specie wallet/);
    await complains(wallet('u'), /usage: specie wallet/, 2);
    await complains(wallet('u', 'buy'), /usage: specie wallet buy AMOUNT/, 2);
    await complains(wallet('u', 'buy', '1', '2'), /usage: specie wallet buy AMOUNT/, 2);
    await complains(wallet('u', 'send', '1', '--frob'), /no option --frob; usage: specie wallet/, 2);
    await complains(wallet('u', 'send', '1', '-o'), /-o takes a value; usage: specie wallet/, 2);
    await complains(wallet('u', 'balance', '--json=yes'), /--json takes no value/, 2);
    // What looks like an option is no folder.
    await complains(specie(['wallet', 'balance', '--data', '--json']), /--data takes a value/, 2);
    assert.equal(existsSync(path('u')), false, 'wrong usage makes no wallet');
  });

  test('refuses amounts and currencies that are none', async () => {
    await complains(wallet('a', 'buy', '1'), /does not know that currency.*specie wallet add URL/);
    await known('a');
    for (const bad of ['0', '-1', '1.5', 'abc', '1e3', '99999999999999999999']) {
      await complains(wallet('a', 'buy', '--', bad), /is no amount of Demo/);
    }
    await complains(wallet('a', '--currency', 'Nope', 'buy', '1'), /does not know that currency/);
    await complains(wallet('a', 'buy', '1000000'), /at most 100000 in one order/);
    await complains(wallet('a', 'send', '1', '-o', path('none.oc')), /the purse holds 0 of the 1/i);
    await complains(wallet('a', 'redeem', '1'), /the purse holds 0 of the 1/i);
    assert.equal(existsSync(path('none.oc')), false);
  });

  test('refuses addresses where no currency is', async () => {
    await complains(wallet('b', 'add', 'http://127.0.0.1:1/'), /does not answer/);
    await complains(wallet('b', 'add', 'nonsense'), /URL|address/i);
    await complains(wallet('b', 'add', `${issuer.url}nothing`), /./);
    assert.match(await done(wallet('b', 'balance')), /knows no currency yet/);
  });

  test('keeps files and coins apart from mistakes', async () => {
    await known('c');
    await done(wallet('c', 'buy', '20'));
    writeFileSync(path('mine.txt'), 'mine');
    await complains(wallet('c', 'send', '5', '-o', path('mine.txt')), /exists already/);
    await complains(wallet('c', 'send', '5', '-o', path('no/such/folder.oc')), /does not exist/);
    await complains(wallet('c', 'send', '5'), /-o FILE.oc/);
    await complains(wallet('c', 'send', '5', '--subject', 'x'.repeat(1_001), '-o', path('s.oc')), /subject/i);
    assert.equal(readFileSync(path('mine.txt'), 'utf8'), 'mine');
    assert.deepEqual((await balanceOf('c')).available, 20);
    await complains(wallet('c', 'receive', path('mine.txt')), /not JSON/);
    await complains(wallet('c', 'receive', path('gone.oc')), /does not exist/);
    await complains(wallet('c', 'receive', folder), /is a folder/);
    await complains(wallet('c', 'takeback', '99'), /operation 99 sent nothing/i);
  });

  test('a stack is received once, and taken back only while nobody has', async () => {
    await known('d');
    await known('e');
    await done(wallet('d', 'buy', '20'));
    await done(wallet('d', 'send', '5', '-o', path('five.oc')));
    await complains(wallet('f', 'receive', path('five.oc')), /not known here; add http/);
    assert.match(await done(wallet('e', 'receive', path('five.oc'))), /Received 5 Demo/);
    await complains(wallet('e', 'receive', path('five.oc')), /has taken these coins before/);
    await complains(
      wallet('d', 'takeback', path('five.oc')),
      /These coins were taken, or taken back, before/,
    );
    await complains(wallet('e', 'takeback', path('five.oc')), /did not send that stack/);
    assert.match(await done(wallet('d', 'history')), /send +5 Demo {2}taken/);
    await done(wallet('d', 'send', '6', '-o', path('six.oc')));
    assert.match(await done(wallet('d', 'takeback', path('six.oc'))), /Took back 6 Demo/);
    assert.equal((await balanceOf('d')).available, 15);
  });

  test('a phrase is checked before anything is done, and never shown in an error', async () => {
    const restore = (input: string, name = 'g') =>
      specie(['wallet', '--data', path(name), 'restore', issuer.url], { input });
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    for (const bad of [
      '',
      'legal winner',
      words.replace('yellow', 'legal'),
      words.replace('legal', 'xyzzy'),
    ]) {
      const end = await restore(`${bad}\n`);
      assert.equal(end.status, 1);
      assert.match(end.stderr, /^specie: [^\n]+\n$/);
      assert.doesNotMatch(end.stderr, /sausage|xyzzy/);
    }
    assert.equal((await restore(`${words}\n`)).status, 0);
    assert.equal(await done(wallet('g', 'phrase')), `${words}\n`);
    await done(wallet('g', 'buy', '3'));
    const other = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above\n';
    await complains(restore(other), /in use; restore into a new one/);
  });

  test('a wallet and an issuer’s books are kept by one process at a time', async () => {
    await complains(
      specie(['start', '--no-wallets', '--data', issuer.folder, '--port', '18099']),
      /in use by another process/,
    );
    await complains(
      specie(['start', '--no-wallets', '--data', path('second'), '--port', String(issuer.port)]),
      /port \d+ is in use; choose another with --port/i,
    );
    assert.equal(
      existsSync(path('second')),
      false,
      'no currency is founded at an address that it cannot have',
    );
    const store = accepted(openSqliteWalletStore(join(path('i'), 'wallet.sqlite')));
    await complains(wallet('i', 'balance'), /wallet\.sqlite is in use by another process; wait/);
    await store.close();
    await done(wallet('i', 'balance'));
  });

  test('folders that hold no wallet are named', async () => {
    writeFileSync(path('file'), 'text');
    mkdirSync(path('odd/wallet.sqlite'), { recursive: true });
    mkdirSync(path('torn'));
    writeFileSync(path('torn/wallet.sqlite'), 'x'.repeat(10_000));
    await complains(wallet('file', 'balance'), /file is no folder; choose another with --data/);
    await complains(wallet('file/within', 'balance'), /within is no folder; choose another with --data/);
    await complains(
      specie(['start', '--no-wallets', '--data', path('file'), '--port', '18097']),
      /is no folder/,
    );
    await complains(wallet('odd', 'balance'), /odd cannot be used; choose another with --data/);
    await complains(wallet('torn', 'balance'), /is not a file of this version of Specie|are damaged/);
  });

  test('output that nobody reads to its end is no error, and what cannot be written is', async () => {
    const command = `"${process.execPath}" "${SPECIE}" wallet --data "${path('j')}" phrase`;
    const piped = await launch('sh', ['-c', `{ ${command}; echo $? >&2; } | true`]).ended;
    assert.equal(piped.stderr, '0\n');
    const full = launch('sh', ['-c', `${command} > /dev/full`]).ended;
    await complains(full, /The output cannot be written \(ENOSPC\)/);
  });

  test(
    'wallet folders that cannot be used are named',
    { skip: process.getuid?.() === 0 && 'root may write anywhere' },
    async () => {
      mkdirSync(path('locked'));
      chmodSync(path('locked'), 0o500);
      await complains(specie(['wallet', '--data', path('locked/w'), 'balance']), /may not be accessed/);
    },
  );

  test('what only reads works while the issuer is away', async () => {
    const own = await startIssuer({ suites: QUICK_SUITE });
    await done(wallet('h', 'add', own.url));
    await done(wallet('h', 'buy', '9'));
    await done(wallet('h', 'send', '4', '-o', path('four.oc')));
    await own.stop();
    assert.match(await done(wallet('h', 'balance')), /^5 Demo/);
    assert.match(
      await done(wallet('h', 'history')),
      /send +4 Demo +sent\nWhether what was sent has been taken is not known: .* does not answer\./,
    );
    await complains(wallet('h', 'buy', '1'), /does not answer.*nothing is lost/);
    assert.match(await done(wallet('h', 'send', '1', '-o', path('offline.oc'))), /1 Demo is in/);
  });

  test('an issuer stops at once when it is told, with connections open', async () => {
    const own = await startIssuer({ suites: QUICK_SUITE });
    const socket = connect(own.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await own.stop();
    await closed;
  });

  test('an issuer ends well by either signal, told once or twice', async () => {
    const port = await freePort();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const own = await startIssuer({ folder: path('signals'), port, suites: QUICK_SUITE });
      const once = own.kill(signal);
      const { status, stderr } = await own.kill(signal);
      assert.deepEqual([status, stderr], [0, '']);
      await once;
      await own.stop();
    }
  });

  test('a currency stays at its address', async () => {
    const own = await startIssuer({ folder: path('stays'), suites: QUICK_SUITE });
    await own.stop();
    await complains(
      specie(['start', '--no-wallets', '--data', own.folder, '--port', '18098']),
      /lives at http:\/\/127.0.0.1:\d+\/.*; choose its port, or another folder with --data\.$/m,
    );
  });

  test('works with the Node that is on the PATH, from 20 on', async () => {
    const found = await launch(
      'sh',
      [
        '-c',
        'IFS=:; for d in $PATH; do case $d in *node_modules*) ;; *) [ -x "$d/node" ] && echo "$d/node" && break;; esac; done',
      ],
      { env: process.env },
    ).ended;
    const node = found.stdout.trim() === '' ? process.execPath : found.stdout.trim();
    assert.match(await done(specie(['help'], { node, env: process.env })), /electronic cash/);
    assert.match(await done(launch(SPECIE, ['help'], { env: process.env }).ended), /electronic cash/);
    const args = ['start', '--no-wallets', '--data', path('handed'), '--port', String(await freePort())];
    const handed = launch(node, [SPECIE, ...args]);
    await Promise.race([handed.said('is issued at'), handed.ended]);
    handed.child.kill('SIGTERM');
    assert.deepEqual(await handed.ended.then(({ status, stderr }) => [status, stderr]), [0, '']);
  });
});

test('a wallet killed at any moment of a purchase is whole after the next command', async () => {
  const own = await startIssuer({ suites: QUICK_SUITE });
  await done(wallet('k', 'add', own.url));
  for (let kill = 0; kill < 8; kill++) {
    const buying = launch(process.execPath, [SPECIE, 'wallet', '--data', path('k'), 'buy', '37']);
    const timer = setTimeout(() => buying.child.kill('SIGKILL'), 150 + kill * 45);
    await buying.ended;
    clearTimeout(timer);
  }
  const { available, reserved } = await balanceOf('k');
  assert.equal(reserved, 0);
  assert.equal(available % 37, 0);
  assert.equal(await floatOf(own.url), available);
  await own.stop();
});
