/** A wallet host as people and programs meet it: a real process, over HTTP, beside a real issuer. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { OPENAPI, openApiText } from '../scripts/openapi.ts';
import { HOST_LIMITS } from '../src/host/limits.ts';
import { Browser, hiddenFields, sayings } from './support/browser.ts';
import type { Page } from './support/browser.ts';
import { floatOf } from './support/float.ts';
import { ROOT, SPECIE, freePort, launch, specie, startIssuer, until } from './support/processes.ts';
import type { IssuerProcess, Running } from './support/processes.ts';

const PASSWORD = 'correct horse battery';
const folder = mkdtempSync(join(tmpdir(), 'specie-wallets-'));
let issuer: IssuerProcess;
let port: number;
let url: string;
let host: Running;
/** All that the host has said, over all its lives. */
let said = '';

async function startHost(...args: readonly string[]): Promise<Running> {
  const place = ['--data', join(folder, 'host'), '--port', String(port), '--issuer', issuer.url];
  const running = launch(process.execPath, [SPECIE, 'wallet-host', ...place, ...args]);
  for (const name of ['stdout', 'stderr'] as const)
    running.child[name]?.on('data', (text: string) => (said += text));
  const end = await Promise.race([running.said('the wallet host is ready'), running.ended]);
  assert.ok(end === undefined, JSON.stringify(end));
  return running;
}

before(async () => {
  issuer = await startIssuer();
  port = await freePort();
  url = `http://localhost:${port}/`;
  host = await startHost();
});

after(async () => {
  host.child.kill('SIGTERM');
  const { status, stderr } = await host.ended;
  await issuer.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(said, /"event":"bug"/);
});

let people = 0;
/** Somebody new; the words are those that were shown. */
async function signUp(name = `member${++people}`): Promise<{ browser: Browser; name: string; words: string }> {
  const browser = new Browser(url);
  const page = await browser.submit('/signup', '/signup', { name, password: PASSWORD });
  assert.equal(page.status, 200, sayings(page));
  const words = [...page.text.matchAll(/translate="no">([a-z]+)</g)].map((match) => match[1]).join(' ');
  assert.match(words, /^(?:[a-z]+ ){11}[a-z]+$/, sayings(page));
  const inbox = await browser.submit(page, '/words', { written: 'yes' });
  assert.equal(new URL(inbox.path, url).pathname, '/inbox', sayings(inbox));
  return { browser, name, words };
}

async function currencyOf(browser: Browser): Promise<string> {
  return value(await browser.get('/compose'), 'currency');
}

/** A hidden or chosen value on a page. */
function value({ text }: Page, name: string): string {
  return (
    new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ??
    new RegExp(`name="${name}">\\s*<option value="([^"]*)"`).exec(text)?.[1] ??
    ''
  );
}

async function buy(browser: Browser, amount: string): Promise<void> {
  const page = await browser.submit('/buy', '/buy', { amount, rail: 'test' });
  assert.match(sayings(page), /Bought|In your purse|in your purse/i, sayings(page));
}

async function token(browser: Browser): Promise<string> {
  const page = await browser.submit('/settings', '/settings/tokens', { label: 'a test', password: PASSWORD });
  return /[\w-]{43}/.exec(/id="token"[^>]*value="([^"]*)"/.exec(page.text)?.[1] ?? '')?.[0] ?? assert.fail(sayings(page));
}

async function api(
  secret: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(`${url}api${path}`, {
    method,
    headers: { ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}

describe('a wallet host', () => {
  test('takes somebody from signing up to paying, who is paid sees it in the inbox', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '20');
    const sent = await ann.browser.submit('/compose', '/compose', {
      to: bob.name,
      amount: '7',
      currency: await currencyOf(ann.browser),
      subject: 'Lunch <b>',
      text: 'Thank you',
    });
    assert.match(sent.path, /^\/sent\/[0-9a-f]{32}\?done=/, sayings(sent));
    await until(async () => (await bob.browser.get('/inbox')).text.includes('Lunch &lt;b&gt;'), 'no letter came');
    await until(async () => /\b7\b/.test(sayings(await bob.browser.get('/purse'))), 'the purse stays empty');
    assert.match(sayings(await ann.browser.get('/purse')), /\b13\b/);
  });
});
