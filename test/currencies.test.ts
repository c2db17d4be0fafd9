/** One issuer with several currencies: founded once each, sold by one bank, offered to people before they choose. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startIssuer, specie } from './support/processes.ts';
import type { Ended, IssuerProcess } from './support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-currencies-'));
let issuer: IssuerProcess;

function wallet(...args: string[]): Promise<Ended> {
  return specie(['wallet', '--data', join(folder, 'wallet'), ...args]);
}

function teller(...args: string[]): Promise<Ended> {
  return specie(['bank', ...args, '--data', join(folder, 'issuer', 'bank')]);
}

/** The ids of the box's currencies, by their names. */
async function currencies(): Promise<ReadonlyMap<string, string>> {
  const body = JSON.stringify({ type: 'request currencies', message_reference: 1 });
  const answer = await fetch(issuer.url, { method: 'POST', body });
  const { currencies: all } = (await answer.json()) as {
    currencies: { cdd: { currency_name: string; id: string } }[];
  };
  return new Map(all.map(({ cdd }) => [cdd.currency_name, cdd.id]));
}

async function start(suites: readonly string[]): Promise<void> {
  const port = (issuer as IssuerProcess | undefined)?.port;
  issuer = await startIssuer({
    folder: join(folder, 'issuer'),
    suites,
    ...(port === undefined ? {} : { port }),
  });
}

before(() => start(['PLAIN']));
after(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

describe('an issuer that began with one currency', () => {
  test('has no books but its own, and a teller need not name it', async () => {
    assert.ok(!existsSync(join(folder, 'issuer', 'bank', 'books')));
    assert.equal((await wallet('add', issuer.url)).status, 0);
    assert.equal((await wallet('buy', '30')).status, 0);
    const { stdout } = await teller('balances');
    assert.match(stdout, /^money:test +-30$/m);
  });

  test('goes on with it when another is added, and founds none twice', async () => {
    const before = await currencies();
    assert.deepEqual([...before.keys()], ['Demo']);
    await issuer.kill('SIGKILL');
    await start(['ED25519-UNBLINDED', 'PLAIN']);
    const both = await currencies();
    assert.deepEqual([...both.keys()].toSorted(), ['Demo', 'Demo Unblinded']);
    assert.equal(both.get('Demo'), before.get('Demo'));
    await issuer.killPart('box');
    assert.deepEqual(await currencies(), both);
    const books = readdirSync(join(folder, 'issuer', 'box', 'currencies')).filter((each) =>
      each.endsWith('.sqlite'),
    );
    assert.equal(books.length, 2);
  });
});

describe('a bank that sells two currencies', () => {
  test('keeps their books apart, and has the teller say which', async () => {
    assert.equal((await wallet('add', `${issuer.url}unblinded/`)).status, 0);
    const [bought, unnamed, strange] = await Promise.all([
      wallet('--currency', 'Demo Unblinded', 'buy', '12'),
      teller('balances'),
      teller('balances', '--currency', 'Gold'),
    ]);
    assert.equal(bought.stdout, 'Bought 12 Demo Unblinded\n');
    assert.equal(unnamed.status, 1);
    assert.match(unnamed.stderr, /sells Demo, Demo Unblinded; say which with --currency/);
    const sold = async (name: string) =>
      /money:test +(-\d+)/.exec((await teller('balances', '--currency', name)).stdout)?.[1];
    assert.deepEqual([await sold('Demo'), await sold('Demo Unblinded')], ['-30', '-12']);
    assert.match(strange.stderr, /sells Demo, Demo Unblinded, and not Gold/);
  });

  test('never credits one currency’s coins in another’s books', async () => {
    assert.equal((await wallet('--currency', 'Demo', 'redeem', '7')).status, 0);
    const coins = async (name: string) =>
      /coins +(\d+)/.exec((await teller('balances', '--currency', name)).stdout)?.[1];
    assert.equal(await coins('Demo Unblinded'), '12');
  });
});

describe('who comes to the issuer', () => {
  const page = async (path: string) => {
    const answer = await fetch(new URL(path, issuer.url), { headers: { accept: 'text/html' } });
    return answer.text();
  };

  test('reads at its root what the coins of every currency promise', async () => {
    const root = await page('/');
    assert.match(root, /Demo Unblinded<\/a>/);
    for (const said of [/The issuer can trace every coin\./g, /Nothing is blinded/g])
      assert.equal(root.match(said)?.length, 2, `${String(said)}: of both`);
    assert.ok(root.includes('Only the issuer can check that a coin is genuine.'));
    assert.ok(root.includes('Anyone can check that a coin is genuine.'));
  });

  test('finds each currency’s own page at its own address', async () => {
    const own = await page('/unblinded/');
    assert.match(own, /<h1>Demo Unblinded<\/h1>/);
    assert.ok(!own.includes('Only the issuer can check that a coin is genuine.'));
  });
});
