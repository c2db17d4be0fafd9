/** The README's commands, word for word, against a started issuer; only ports and the folder it stands in are others. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoPlace } from '../src/apps/cli/start/demo-currencies.ts';
import { SUITES } from '../src/suites/index.ts';
import { floatOf } from './support/float.ts';
import { ended, serve, withPorts } from './support/guide.ts';
import { ROOT, freePort, launch, specie, startIssuer } from './support/processes.ts';

const EXPECTED = [
  'Bought 137 Demo',
  '137 Demo in',
  '42 Demo is in lunch.oc',
  'Received 42 Demo: Lunch',
  '10 Demo is in on.oc',
  'Received 10 Demo',
  'Took back 5 Demo',
  'Redeemed 20 Demo',
  'receipt 1',
  'taken back',
  'seven.oc: ok',
  'currency.json: ok',
  'keys.json: ok',
  'Raise the treasury by 500 Demo',
  'The order is executed.',
  'No fault was found.',
  'Only the issuer can check',
  'Bought 12 Demo Plain',
  'money:test       -12',
  'Bought 7 Demo Brands',
  'Accepted 5 Demo Brands offline',
  '5 Demo Brands in',
  'No coin was handed over twice.',
  'Paid 6 shares of Demo shares',
  'Received of Demo shares',
  '1 × 1 shares',
  'Found 95 Demo',
  '95 Demo in',
];

test('the README’s tour does what it says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'specie-tour-'));
  // A checkout as npm ci leaves it, but with its own data folder and files.
  for (const name of ['package.json', 'bin', 'src', 'node_modules'])
    symlinkSync(join(ROOT, name), join(folder, name));
  const issuer = await startIssuer({
    suites: ['RSA-SHA384-PSS-RFC9474', 'P256-BRANDS', 'PLAIN'],
    titles: true,
  });
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1] ?? '');
  assert.ok(blocks.length >= 6, 'the README has its tour');
  const script = blocks
    .join('')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${issuer.port}`)
    .replaceAll('data/issuer', issuer.folder);
  // npx takes a second to find the command each time: it is asked once, and what it finds does the rest.
  const found = await launch('npx', ['specie', 'help'], { cwd: folder, env: process.env }).ended;
  assert.ok(found.stdout.startsWith('Specie: electronic cash.'), found.stderr);
  mkdirSync(join(folder, 'found'));
  writeFileSync(
    join(folder, 'found', 'npx'),
    `#!/bin/sh\n[ "$1" = specie ] && shift && exec '${process.execPath}' bin/specie.js "$@"\n`,
    { mode: 0o755 },
  );
  const env = { ...process.env, PATH: `${join(folder, 'found')}:${process.env['PATH'] ?? ''}` };
  const ended = await launch('sh', ['-e', '-c', script], { cwd: folder, env }).ended;
  assert.equal(ended.status, 0, ended.stderr);
  for (const line of EXPECTED) assert.ok(ended.stdout.includes(line), `${line}\n${ended.stdout}`);
  assert.equal(await floatOf(issuer.url), 117, '137 bought, 20 redeemed');
  const purses = ['alice-again', 'bob', 'carol'].map((name) => join(folder, 'data', name));
  const held = await Promise.all(
    purses.map((purse) => specie(['wallet', '--data', purse, 'balance', '--json'])),
  );
  const sums = held.map(({ stdout }) => (JSON.parse(stdout) as { available: number }[])[0]?.available ?? 0);
  assert.equal(
    sums.reduce((left, right) => left + right),
    117,
    'what is out there is in the purses',
  );
  await wallets(folder, readme, issuer.port);
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

test('the README says of every suite which demo shows it', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| [`'));
  assert.deepEqual(
    rows.map((row) => /^\| \[`([^`]+)`\]\(spec\/suites\/\1\.md\)/.exec(row)?.[1]),
    SUITES.map(({ name }) => name),
  );
  for (const [index, { name }] of SUITES.entries()) {
    const path = index === 0 ? '' : `${demoPlace(name).path}/`;
    assert.ok(rows[index]?.endsWith(`| <http://127.0.0.1:8080/${path}> |`), name);
  }
});

/** The host for wallets alone serves, and shows its first page. */
async function wallets(folder: string, readme: string, issuerPort: number): Promise<void> {
  const [command = assert.fail('the README starts a wallet host')] =
    /^npx specie wallet-host .*$/m.exec(readme) ?? [];
  const port = await freePort();
  const line = withPorts(command, { 8080: issuerPort, 8082: port });
  assert.notEqual(line, command, 'it has ports of its own');
  const { running, printed } = await serve({ folder, input: '' }, line, 'the wallet host is ready');
  assert.match(printed, new RegExp(`^Wallets are at http://localhost:${port}/$`, 'm'));
  const page = await fetch(`http://localhost:${port}/`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Open a wallet/);
  await ended(running);
}
