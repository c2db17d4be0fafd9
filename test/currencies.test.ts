/** One issuer with several currencies: founded once each, sold by one bank, offered to people before they choose. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { amount } from '../src/base/amount.ts';
import { Browser, sayings } from './support/browser.ts';
import { certain } from './support/certain.ts';
import { freePort, specie, startIssuer, until } from './support/processes.ts';
import type { Ended, IssuerProcess } from './support/processes.ts';
import { openTrader } from './support/trader.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-currencies-'));
const walletPort = await freePort();
let issuer: IssuerProcess;

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
    walletPort,
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
    const { wallet, currency } = await openTrader(issuer.url);
    certain(await wallet.buy(currency, amount(30), { payTest: true }));
    certain(await wallet.redeem(currency, amount(7)));
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
    const books = readdirSync(join(folder, 'issuer', 'box', 'currencies')).filter((each) =>
      each.endsWith('.sqlite'),
    );
    assert.equal(books.length, 2);
  });
});

describe('a bank that sells two currencies', () => {
  test('keeps their books apart, and has the teller say which', async () => {
    const { wallet, currency } = await openTrader(`${issuer.url}unblinded/`);
    certain(await wallet.buy(currency, amount(12), { payTest: true }));
    const [first, second, unnamed, strange] = await Promise.all([
      teller('balances', '--currency', 'Demo'),
      teller('balances', '--currency', 'Demo Unblinded'),
      teller('balances'),
      teller('balances', '--currency', 'Gold'),
    ]);
    assert.match(first.stdout, /^money:test +-30$/m);
    assert.match(second.stdout, /^money:test +-12$/m);
    assert.match(second.stdout, /^coins +12$/m);
    assert.equal(unnamed.status, 1);
    assert.match(unnamed.stderr, /sells Demo, Demo Unblinded; say which with --currency/);
    assert.match(strange.stderr, /sells Demo, Demo Unblinded, and not Gold/);
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

describe('a member of the wallet host beside it', () => {
  test('knows the first currency, and no other before its promises were shown', async () => {
    const browser = new Browser(`http://localhost:${walletPort}/`);
    const words = await browser.submit('/signup', '/signup', { name: 'ada', password: 'a long password' });
    await browser.submit(words, '/words', { written: 'yes' });
    const place = async () => (await browser.get('/currencies')).text;
    await until(async () => (await place()).includes('Other currencies'), 'nothing is offered');
    assert.match(await place(), /Add Demo Unblinded/);

    const url = `${issuer.url}unblinded/`;
    const typed = { do: 'add', url };
    const forms = await browser.get('/currencies');
    const shown = await browser.submit(forms, '/currencies', { ...typed, seen: '', next: '' });
    assert.match(sayings(shown), /The issuer can trace every coin\./);
    assert.match(sayings(shown), /Before you add this currency/);
    assert.match(await place(), /Other currencies/, 'it is not known yet');
    const otherSeen = await browser.submit(forms, '/currencies', {
      ...typed,
      seen: 'f'.repeat(64),
      next: '',
    });
    assert.match(sayings(otherSeen), /Before you add this currency/, 'what was read was another one');

    const added = await browser.submit(shown, '/currencies');
    assert.match(sayings(added), /The currency is added\./);
    assert.doesNotMatch(await place(), /Other currencies/);
    const bought = (await browser.get('/buy')).text;
    assert.match(bought, /Demo Unblinded \(0\)/);
  });
});
