/**
 * The guide for operators, word for word: each of its commands is run in a folder of its own, and what it prints is what
 * the guide shows. Only ports are others, passphrases come by standard input, and `--yes` stands for the person who says it.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { foundingFault } from '../src/mint/charter/actions.ts';
import { accepted } from '../src/base/accepted.test-helper.ts';
import { decodeDocument } from '../src/protocol/codec.ts';
import { ROOT, freePort, launch, specie } from './support/processes.ts';
import type { Running } from './support/processes.ts';

const GUIDE = join(ROOT, 'docs', 'operating', 'README.md');
const PASSPHRASE = 'correct horse battery staple';
const PATIENCE = 60_000;

const BANK_READY = 'the bank is ready';

/** Commands that run until they are stopped, and the line that says that they serve. */
const SERVING = [
  [/^npx specie box --/, 'the box is ready'],
  [/^npx specie bank serve /, BANK_READY],
  [/^npx specie issuer /, 'the issuer is ready'],
] as const;

/** A program that goes on, and what it has said so far. */
interface Serving {
  readonly running: Running;
  readonly printed: string;
}

interface Step {
  readonly commands: readonly string[];
  /** Lines that are shown behind the commands; … stands for what differs each time. */
  readonly shown: readonly string[];
}

function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(/^```sh\n([^]*?)^```\n(?:\n```text\n([^]*?)^```\n)?/gm)].map(
    ([, commands = '', shown = '']) => ({ commands: linesOf(commands), shown: linesOf(shown) }),
  );
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** A checkout as npm ci leaves it, but with its own data folder. */
function checkout(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'specie-op-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['package.json', 'bin', 'src', 'docs', 'node_modules'])
    symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

function started(folder: string, command: string, isServing: boolean): Running {
  const said = command.startsWith('npx specie operator sign ') ? `${command} --yes` : command;
  const line = said.replaceAll('npx specie', `"${process.execPath}" bin/specie.js`);
  // A serving program takes the shell's place, so that it gets the signals.
  const script = isServing ? `exec ${line}` : line;
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return launch('sh', ['-e', '-c', script], { cwd: folder, env, input: `${PASSPHRASE}\n` });
}

/** Each line that the guide shows is printed, in that order. */
function compare({ commands, shown }: Step, printed: string): void {
  let rest = linesOf(printed);
  for (const line of shown) {
    const parts = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    const pattern = new RegExp(`^${parts.join('.*')}$`);
    const at = rest.findIndex((each) => pattern.test(each));
    assert.notEqual(at, -1, `the guide shows: ${line}\nfor: ${commands.join('\n')}\nprinted:\n${printed}`);
    rest = rest.slice(at + 1);
  }
}

async function serve(folder: string, command: string, ready: string): Promise<Serving> {
  const running = started(folder, command, true);
  let printed = '';
  running.child.stdout?.on('data', (text: string) => (printed += text));
  const late = AbortSignal.timeout(PATIENCE);
  const gaveUp = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => reject(new Error(`${command} is not ready in time`)));
  });
  const end = await Promise.race([running.said(ready), running.ended, gaveUp]);
  assert.equal(end, undefined, `${command} ended: ${JSON.stringify(end)}`);
  return { running, printed };
}

async function run(folder: string, command: string): Promise<string> {
  const { status, stdout, stderr } = await started(folder, command, false).ended;
  assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a step; gives the programs that go on running. */
async function take(folder: string, step: Step): Promise<readonly Running[]> {
  const serving = SERVING.find(([pattern]) => step.commands.some((each) => pattern.test(each)));
  if (serving === undefined) {
    let printed = '';
    for (const command of step.commands) printed += await run(folder, command);
    compare(step, printed);
    return [];
  }
  assert.equal(step.commands.length, 1, 'a program that goes on running has a block of its own');
  const { running, printed } = await serve(folder, step.commands.join(), serving[1]);
  compare(step, printed);
  return [running];
}

test('the guide for operators leads to a currency that passes its audit', async (t) => {
  const folder = checkout(t);
  const [first, second] = [await freePort(), await freePort()];
  const page = readFileSync(GUIDE, 'utf8')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${first}`)
    .replaceAll('--port 8080', `--port ${first}`)
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${second}`)
    .replaceAll('--port 8081', `--port ${second}`);
  const steps = stepsOf(page);
  assert.ok(steps.length > 20, 'the guide has its steps');
  const serving: Running[] = [];
  t.after(() => serving.forEach(({ child }) => child.kill('SIGKILL')));
  for (const step of steps) serving.push(...(await take(folder, step)));
  assert.equal(serving.length, 5, 'box, two banks, two fronts');

  const audited = await specie(
    ['audit', `http://127.0.0.1:${first}/`, '--keep', 'data/office/talers.audit'],
    {
      cwd: folder,
    },
  );
  assert.equal(audited.status, 0, audited.stdout + audited.stderr);
  assert.match(audited.stdout, /the journal has only grown since/);
  assert.match(audited.stdout, /Mint keys: 10 live, 1 revoked/);

  const elsewhere = ['bank', 'serve', '--box', 'data/box/box.sock', '--currency', 'f'.repeat(64)];
  const refused = await specie(elsewhere, { cwd: folder });
  assert.match(refused.stderr, /^specie: The bank in .* sells Alder Talers, whose id is [0-9a-f]{64}; /);
  const [box, bank, ...others] = serving;
  assert.ok(box !== undefined && bank !== undefined);
  await ended(bank);
  // The box has two currencies by now, and nobody says to the bank which is its own.
  const { running: again } = await serve(folder, 'npx specie bank serve --box data/box/box.sock', BANK_READY);
  for (const running of [...others, again, box]) await ended(running);
});

/** Stops a program, which must end well and have had no bug. */
async function ended(running: Running): Promise<void> {
  running.child.kill('SIGTERM');
  const { status, stderr } = await running.ended;
  assert.equal(status, 0, stderr);
  assert.ok(!stderr.includes('"event":"bug"'), stderr);
}

const FOUNDING = {
  '--name': 'Talers',
  '--url': 'https://talers.example/',
  '--denominations': '1..64',
  '--treasury': '5',
  '--policy': 'policy.json',
  '-o': 'founding.json',
};

/** What is wrong with one option, and how it is said. */
const WRONG = [
  [{ '--url': 'https://talers.example' }, /--url takes an address .* with a \/ at its end/],
  [{ '--url': 'ftp://talers.example/' }, /--url takes an address/],
  [{ '--denominations': '64..1' }, /64\.\.1 is no range of denominations: write it as 1\.\.512/],
  [{ '--denominations': '1,x' }, /1,x is no list of denominations/],
  [{ '--denominations': '2,4' }, /without a coin of 1/],
  [{ '--treasury': '-5' }, /--treasury takes a value/],
  [{ '--treasury': '0.5' }, /--treasury takes an amount in steps of 1, not 0\.5/],
  [{ '--cashier': 'a'.repeat(64) }, /--per-operation is missing/],
  [{ '--suite': 'none' }, /the cipher suite none is not known/i],
  [{ '--coins-live': '365' }, /coins must live longer/],
  [{ '--keys-sign': 'long' }, /--keys-sign takes a number of days/],
  [{ '--policy': 'nowhere.json' }, /nowhere\.json does not exist/],
  [{ '--policy': 'package.json' }, /package\.json cannot be read/],
  [{ '-o': 'policy.json' }, /policy\.json exists already/],
] as const;

test('a founding that would not work is refused, and says which option is wrong', async (t) => {
  const folder = checkout(t);
  const policy = readFileSync(join(ROOT, 'docs', 'examples', 'policy-of-three.json'), 'utf8');
  writeFileSync(join(folder, 'policy.json'), policy.replaceAll(/"0{63}/g, `"${'a'.repeat(63)}`));
  const found = (options: object) =>
    specie(['box', 'founding', ...Object.entries({ ...FOUNDING, ...options }).flat()], { cwd: folder });
  for (const [options, expected] of WRONG) {
    const { status, stderr } = await found(options);
    assert.notEqual(status, 0, JSON.stringify(options));
    assert.match(stderr, expected);
    assert.equal(existsSync(join(folder, 'founding.json')), false);
  }
  const { status, stdout, stderr } = await found({ '--divisor': '100', '--denominations': '0.01..1' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /denominations 0\.01, 0\.02, 0\.04, 0\.08, 0\.16, 0\.32, 0\.64\n/);
  assert.match(stdout, /treasury 5\.00 Talers/);
  assert.match(stdout, /no cashier: nothing can be bought until one is ordered/);
  const written = accepted(decodeDocument(readFileSync(join(folder, 'founding.json'))));
  assert.ok(written.type === 'founding' && foundingFault(written, Date.now()) === undefined);
  assert.equal(written.treasury, 500);
});

test('an empty box is not started with a founding that is not there', async (t) => {
  const folder = checkout(t);
  const args = ['box', '--data', 'box', '--key-file', 'box.key', '--founding', 'nowhere.json'];
  const { status, stderr } = await specie(args, { cwd: folder });
  assert.equal(status, 1);
  assert.equal(stderr, 'specie: The founding document nowhere.json does not exist; check its name.\n');
  assert.equal(existsSync(join(folder, 'box.key')), false, 'nothing was begun');
});

test('the example of a founding is one that a box would take', () => {
  const bytes = readFileSync(join(ROOT, 'docs', 'examples', 'founding.json'));
  const founding = accepted(decodeDocument(bytes));
  assert.equal(founding.type, 'founding');
  assert.equal(foundingFault(founding, Date.now()), undefined);
});

test('an example policy is taken for none while a key is missing', async (t) => {
  const folder = checkout(t);
  const ended = await specie(['box', 'policy', 'docs/examples/policy-of-three.json', '-o', 'p.json'], {
    cwd: folder,
  });
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /^specie: Anna has no key yet; put it in with "specie box policy"\.\n$/);
});
