/**
 * The guide for operators, word for word: each of its commands is run in a folder of its own, and what it prints is what
 * the guide shows. Passphrases come by standard input, and `--yes` stands for the person who says it.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { foundingFault } from '../src/mint/charter/actions.ts';
import { accepted } from '../src/base/accepted.test-helper.ts';
import { decodeDocument } from '../src/protocol/codec.ts';
import { BANK_READY, checkout, ended, serve, stepsOf, take, withPorts } from './support/guide.ts';
import { ROOT, freePort, specie } from './support/processes.ts';
import type { Running } from './support/processes.ts';

const GUIDE = join(ROOT, 'docs', 'operating', 'README.md');
const PASSPHRASE = 'correct horse battery staple';

test('the guide for operators leads to a currency that passes its audit', async (t) => {
  const folder = checkout(t);
  const [first, second] = [await freePort(), await freePort()];
  const desk = { folder, input: PASSPHRASE };
  const page = withPorts(readFileSync(GUIDE, 'utf8'), { 8080: first, 8081: second });
  const steps = stepsOf(page);
  assert.ok(steps.length > 20, 'the guide has its steps');
  const serving: Running[] = [];
  t.after(() => serving.forEach(({ child }) => child.kill('SIGKILL')));
  for (const step of steps) {
    const running = await take(desk, step);
    if (running !== undefined) serving.push(running);
  }
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
  const { running: again } = await serve(desk, 'npx specie bank serve --box data/box/box.sock', BANK_READY);
  for (const running of [...others, again, box]) await ended(running);
});

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
