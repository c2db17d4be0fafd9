/** A wallet host as people and programs meet it: a real process, over HTTP, beside a real issuer. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { OPENAPI, openApiText } from '../scripts/openapi.ts';
import { FORMS } from '../src/apps/wallet-host/forms.ts';
import { HOST_LIMITS } from '../src/host/limits.ts';
import { Browser, hiddenFields, sayings } from './support/browser.ts';
import type { Page } from './support/browser.ts';
import { floatOf } from './support/float.ts';
import { ROOT, SPECIE, freePort, launch, specie, startIssuer, until } from './support/processes.ts';
import type { IssuerProcess, Running } from './support/processes.ts';

const PASSWORD = 'correct horse battery';
const folder = mkdtempSync(join(tmpdir(), 'specie-wallets-'));
let issuer: IssuerProcess;
/** Of the host that was started with the issuer. */
let walletPort: number;
let port: number;
let url: string;
let host: Running;
/** All that the host has said, over all its lives. */
let said = '';

async function startHost(...args: readonly string[]): Promise<Running> {
  const place = [
    '--data',
    join(folder, 'host'),
    '--port',
    String(port),
    '--issuer',
    issuer.url,
    '--titles',
    titleServer(),
  ];
  const running = launch(process.execPath, [SPECIE, 'wallet-host', ...place, ...args]);
  for (const name of ['stdout', 'stderr'] as const)
    running.child[name]?.on('data', (text: string) => (said += text));
  const end = await Promise.race([running.said('the wallet host is ready'), running.ended]);
  assert.ok(end === undefined, JSON.stringify(end));
  return running;
}

/** The address of the title server beside the issuer. */
function titleServer(): string {
  return `${issuer.url}title`;
}

before(async () => {
  walletPort = await freePort();
  issuer = await startIssuer({ walletPort, titles: true });
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
async function signUp(
  name = `member${++people}`,
): Promise<{ browser: Browser; name: string; words: string }> {
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
  return (
    /[\w-]{43}/.exec(/id="token"[^>]*value="([^"]*)"/.exec(page.text)?.[1] ?? '')?.[0] ??
    assert.fail(sayings(page))
  );
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
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    headers: response.headers,
  };
}

/** Pays from a page; where it leads to is the letter. */
async function pay(browser: Browser, typed: Readonly<Record<string, string>>): Promise<Page> {
  return browser.submit('/compose', '/compose', { currency: await currencyOf(browser), ...typed });
}

/** Waits until a purse shows a sum. */
async function holds(browser: Browser, sum: number): Promise<void> {
  const shown = async () => sayings(await browser.get('/purse'));
  await until(
    async () => new RegExp(`\\b${sum} Demo`).test((await shown()).replace(/\u00a0/g, ' ')),
    `no ${sum}`,
  );
}

function linkOf({ text }: Page): string {
  return /value="(http[^"]*\/receive#[\w-]{22})"/.exec(text)?.[1] ?? assert.fail('no link');
}

describe('people', () => {
  test('sign up, buy and pay, and who is paid has it in the purse', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '20');
    const sent = await pay(ann.browser, {
      to: bob.name,
      amount: '7',
      subject: 'Lunch <b>',
      text: 'Thank you',
    });
    assert.match(sent.path, /^\/sent\/[0-9a-f]{32}\?done=sent/, sayings(sent));
    await until(
      async () => (await bob.browser.get('/inbox')).text.includes('Lunch &lt;b&gt;'),
      'no letter came',
    );
    await holds(bob.browser, 7);
    await holds(ann.browser, 13);
    const csv = await bob.browser.get('/history.csv');
    assert.match(csv.text, /,7,Demo,[^,]*,Lunch <b>,/);
    assert.match(csv.headers.get('content-disposition') ?? '', /attachment/);
  });

  test('a form that is sent twice is carried out once', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '20');
    const page = await ann.browser.get('/compose');
    const hidden = Object.fromEntries(
      hiddenFields(page, '/compose').map((field) => [field.name, field.value]),
    );
    const form = { ...hidden, to: bob.name, amount: '4', subject: '', text: '' };
    const twice = await Promise.all([ann.browser.post('/compose', form), ann.browser.post('/compose', form)]);
    const later = await ann.browser.post('/compose', form);
    assert.equal(new Set([...twice, later].map(({ path }) => path)).size, 1);
    await holds(ann.browser, 16);
    await holds(bob.browser, 4);
  });

  test('what was typed comes back with the reason, under its status', async () => {
    const { browser } = await signUp();
    const page = await pay(browser, { to: 'nobody-here', amount: '1,5', subject: 'Half', text: 'a letter' });
    assert.equal(page.status, 422);
    assert.match(page.text, /value="nobody-here"/);
    assert.match(page.text, /value="1,5"/);
    assert.match(page.text, />\s*a letter</);
    const unknown = await pay(browser, { to: 'nobody-here', amount: '1', subject: '', text: '' });
    assert.ok([404, 422].includes(unknown.status), sayings(unknown));
  });

  test('a link, an .oc file and pasted text reach somebody who signs up for them', async () => {
    const ann = await signUp();
    await buy(ann.browser, '30');
    const letter = await pay(ann.browser, { to: '', amount: '5', subject: 'For you', text: '' });
    const outsider = new Browser(url);
    const offer = await outsider.submit('/receive', '/receive/look', { text: linkOf(letter) });
    assert.match(sayings(offer), /For you/);
    const words = await outsider.submit(offer, '/signup', { name: `member${++people}`, password: PASSWORD });
    const again = await outsider.submit(words, '/words', { written: 'yes' });
    const taken = await outsider.submit(again, '/receive/take');
    assert.match(taken.path, /^\/inbox\/[0-9a-f]{32}\?done=taken/, sayings(taken));
    await holds(outsider, 5);

    const second = await pay(ann.browser, { to: '', amount: '6', subject: 'A file', text: '' });
    const file = await ann.browser.get(`${new URL(second.path, url).pathname}/coins.oc`);
    assert.match(file.text, /^\{.*"type":"coinstack"/);
    const found = await outsider.submit('/receive', '/receive/look', {
      text: '',
      file: new Blob([file.text]),
    });
    await outsider.submit(found, '/receive/take');
    await holds(outsider, 11);
    const gone = await outsider.submit('/receive', '/receive/look', { text: linkOf(letter) });
    assert.equal(gone.status, 404, sayings(gone));
  });

  test('a mail lies in the folder until its coins are taken or taken back, and says who wrote what', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '9');
    const lying = () => readdirSync(join(folder, 'host', 'mails')).filter((name) => name.endsWith('.eml'));
    const typed = { to: 'bo@mail.example', amount: '4', subject: 'Your bank: verify now', text: '' };
    const kept = await pay(ann.browser, typed);
    const given = await pay(ann.browser, { ...typed, to: 'cy@mail.example', amount: '3' });
    const [one] = lying();
    assert.equal(lying().length, 2);
    const mail = readFileSync(join(folder, 'host', 'mails', one ?? ''), 'utf8');
    assert.match(mail, new RegExp(`^Subject: ${ann.name} sends you [34] Demo\r$`, 'm'));
    const at = new URL(kept.path, url).pathname;
    await ann.browser.submit(at, `${at}/takeback`);
    assert.equal(lying().length, 1, 'taken back');
    const offer = await bob.browser.submit('/receive', '/receive/look', { text: linkOf(given) });
    await bob.browser.submit(offer, '/receive/take');
    await until(async () => lying().length === 0, 'it stays');
    await holds(ann.browser, 6);
  });

  test('a request is paid by a button, and by coins of somebody without a wallet', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(bob.browser, '10');
    const ask = async (amount: string) => {
      const page = await ann.browser.submit('/request', '/request', {
        amount,
        currency: await currencyOf(ann.browser),
        subject: 'Rent',
      });
      return new URL(page.path, url).pathname.replace('/request/', '/pay/');
    };
    const first = await ask('3');
    const paid = await bob.browser.submit(first, first);
    assert.match(paid.path, /done=paid/, sayings(paid));
    const again = await bob.browser.post(first, { csrf: value(paid, 'csrf') });
    assert.equal(again.status, 409, sayings(again));
    await holds(ann.browser, 3);

    const second = await ask('2');
    const coins = linkOf(await pay(bob.browser, { to: '', amount: '2', subject: '', text: '' }));
    const outsider = new Browser(url);
    const thanks = await outsider.submit(second, `${second}/coins`, { text: coins });
    assert.match(thanks.path, /done=paid/, sayings(thanks));
    await holds(ann.browser, 5);
  });

  test('everything can be taken away, and the wallet closed', async () => {
    const { browser, name } = await signUp();
    await buy(browser, '9');
    const refused = await browser.submit('/settings', '/settings/close', { password: PASSWORD });
    assert.equal(refused.status, 409, sayings(refused));
    const files = await browser.submit('/settings', '/settings/files', { password: PASSWORD });
    assert.equal(files.headers.get('content-type'), 'application/zip', sayings(files));
    assert.match(files.text, /^PK/);
    const closed = await browser.submit('/settings', '/settings/close', {
      password: PASSWORD,
      confirmed: 'yes',
    });
    assert.equal(closed.status, 200, sayings(closed));
    assert.equal(browser.cookies.has('specie'), false);
    const back = await new Browser(url).submit('/signin', '/signin', { name, password: PASSWORD });
    assert.equal(back.status, 401);
  });

  test('the words bring somebody back in, and others out', async () => {
    const { browser, name, words } = await signUp();
    const elsewhere = new Browser(url);
    const typed = { name, phrase: words, password: 'another long password' };
    const page = await elsewhere.submit('/recover', '/recover', typed);
    assert.match(page.path, /^\/inbox/, sayings(page));
    assert.match((await browser.get('/inbox')).path, /^\/signin/);
  });
});

describe('what a wallet host does not allow', () => {
  test('a wrong password says the same as a name that nobody has', async () => {
    const { name } = await signUp();
    const said = async (who: string) => {
      const page = await new Browser(url).submit('/signin', '/signin', {
        name: who,
        password: 'not the password',
      });
      return { status: page.status, text: sayings(page).replaceAll(who, '') };
    };
    const wrong = await said(name);
    assert.equal(wrong.status, 401);
    assert.deepEqual(await said('nobody-at-all'), wrong);
  });

  test('guessing ends with 429 and a time to wait', async () => {
    const { name } = await signUp();
    const browser = new Browser(url);
    const page = await browser.get('/signin');
    const csrf = value(page, 'csrf');
    const guess = () => browser.post('/signin', { name, password: 'x', csrf });
    const answers = await Promise.all(Array.from({ length: 14 }, guess));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [401, 429]);
    const tooMany = answers.find(({ status }) => status === 429);
    assert.match(tooMany?.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    const right = await browser.post('/signin', { name, password: PASSWORD, csrf });
    assert.equal(right.status, 429, 'the right password does not tell itself apart');
  });

  test('a form without its token, with another’s, or from another site does nothing', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    const token = value(await ann.browser.get('/settings'), 'csrf');
    const theirs = value(await bob.browser.get('/settings'), 'csrf');
    const change = { language: 'de' };
    const refused = [
      await ann.browser.post('/settings/language', change),
      await ann.browser.post('/settings/language', { ...change, csrf: theirs }),
      await ann.browser.post(
        '/settings/language',
        { ...change, csrf: token },
        { 'sec-fetch-site': 'cross-site' },
      ),
      await ann.browser.post(
        '/settings/language',
        { ...change, csrf: token },
        { 'sec-fetch-site': 'same-site' },
      ),
      await ann.browser.post(
        '/settings/language',
        { ...change, csrf: token },
        { origin: 'https://evil.example' },
      ),
      await ann.browser.post('/settings/language', { ...change, csrf: token }, { origin: 'null' }),
    ];
    assert.deepEqual(
      refused.map(({ status }) => status),
      refused.map(() => 403),
    );
    assert.match((await ann.browser.get('/settings')).text, /<html lang="en"/);
    const done = await ann.browser.post('/settings/language', { ...change, csrf: token });
    assert.match(done.text, /<html lang="de"/);
    const door = new Browser(url);
    const page = await door.get('/signin');
    door.cookies.clear();
    const csrf = value(page, 'csrf');
    const stranger = await door.post('/signin', { name: bob.name, password: PASSWORD, csrf });
    assert.equal(stranger.status, 403, 'a token is worth nothing in another browser');
  });

  test('a body that is too large is refused, and kept nowhere', async () => {
    const { browser } = await signUp();
    const page = await browser.get('/receive');
    const csrf = value(page, 'csrf');
    const large = new Blob(['x'.repeat(HOST_LIMITS.formBytes)]);
    const refused = await browser.post('/receive/look', { csrf, file: large });
    assert.equal(refused.status, 413, sayings(refused));
    const claims = await fetch(`${url}api/pay`, {
      method: 'POST',
      body: 'x'.repeat(HOST_LIMITS.formBytes + 1),
    });
    assert.equal(claims.status, 413);
  });

  test('a token opens no page, a cookie no API, and nobody gets a page of another', async () => {
    const { browser } = await signUp();
    const secret = await token(browser);
    const thief = new Browser(url);
    thief.cookies.set('specie', secret);
    assert.match((await thief.get('/inbox')).path, /^\/signin/);
    const cookie = { cookie: `specie=${browser.cookies.get('specie') ?? ''}` };
    assert.equal((await api('', 'GET', '/inbox', undefined, cookie)).status, 401);
    assert.equal((await api(browser.cookies.get('specie') ?? '', 'GET', '/inbox')).status, 401);
    for (const path of ['/inbox', '/settings', '/purse', '/compose', '/sent', '/request', '/history.csv'])
      assert.match((await new Browser(url).get(path)).path, /^\/signin\?next=/, path);
  });

  test('nobody is led to another site', async () => {
    const { name } = await signUp();
    for (const next of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      const browser = new Browser(url);
      const page = await browser.submit('/signin', '/signin', { name, password: PASSWORD, next });
      assert.match(page.path, /^\/inbox/, next);
    }
  });

  test('an address puts nothing into a form by which a stranger would have the money', async () => {
    const { browser } = await signUp();
    const names = ['phrase', 'payee', 'text', 'url', 'name', 'amount', 'subject', 'voucher', 'label'];
    const query = new URLSearchParams(Object.fromEntries(names.map((name) => [name, 'planted'])));
    const [members, anyone] = [
      ['/payout', '/redeem', '/currencies', '/settings', '/buy', '/compose', '/request'],
      ['/signup', '/recover', '/signin', '/receive', '/'],
    ];
    for (const [who, paths] of [[browser, members] as const, [new Browser(url), anyone] as const]) {
      for (const path of paths) {
        const page = await who.get(`${path}?${String(query)}&to=planted`);
        assert.equal(page.status, 200, path);
        if (path !== '/compose') assert.ok(!page.text.includes('planted'), path);
      }
    }
    const compose = await browser.get(`/compose?${String(query)}&to=bob`);
    assert.match(compose.text, /value="bob"/, 'but whom to answer');
    assert.ok(!compose.text.includes('planted'));
    assert.equal((await new Browser(url).get('/inbox/%0d%0aX/take')).status, 404);
  });

  test('a stolen token outlives no change of password that is to end it', async () => {
    const { browser } = await signUp();
    const secret = await token(browser);
    const [before, after] = [PASSWORD, `${PASSWORD} 2`];
    await browser.submit('/settings', '/settings/password', { before, after });
    assert.equal((await api(secret, 'GET', '/account')).status, 200, 'unasked it stays');
    const page = await browser.submit('/settings', '/settings/password', {
      ...{ before: after, after: before, tokens: 'end' },
    });
    assert.match(page.path, /done=password/, sayings(page));
    assert.equal((await api(secret, 'GET', '/account')).status, 401);
  });

  test('who comes by another name is sent to the right one', async () => {
    const other = url.replace('localhost', '127.0.0.1');
    const page = await fetch(`${other}inbox`, { redirect: 'manual' });
    assert.equal(page.headers.get('location'), `${url}inbox`);
    assert.equal((await fetch(`${other}signout`, { method: 'POST' })).status, 421);
  });
});

describe('heads', () => {
  test('every answer forbids what no page of ours needs', async () => {
    const { browser } = await signUp();
    const pages = [
      '/',
      '/inbox',
      '/sent',
      '/compose',
      '/receive',
      '/request',
      '/purse',
      '/history',
      '/buy',
      '/redeem',
      '/titles',
      '/titles/receive',
    ];
    for (const path of [...pages, '/payout', '/currencies', '/settings', '/nothing', '/api/openapi.json'])
      await browser.get(path);
    const outside = new Browser(url);
    for (const path of [
      '/',
      '/signin',
      '/signup',
      '/recover',
      '/receive',
      '/assets/x/style.css',
      '/api/inbox',
    ])
      await outside.get(path);
    for (const { path, headers, status } of [...browser.heads, ...outside.heads]) {
      assert.ok(status < 500, path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/, path);
      assert.match(policy, /form-action 'self'; base-uri 'none'; frame-ancestors 'none'/, path);
      assert.doesNotMatch(policy, /unsafe/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('cache-control'), 'no-store', path);
      assert.match(headers.get('permissions-policy') ?? '', /camera=\(self\)/, path);
    }
  });

  test('every link on a page leads somewhere, and every form is one that is known', async () => {
    const [{ browser }, other] = [await signUp(), await signUp()];
    await buy(browser, '9');
    await pay(browser, { to: other.name, amount: '2', subject: '', text: '' });
    await pay(browser, { to: '', amount: '3', subject: '', text: '' });
    const typed = { amount: '1', currency: await currencyOf(browser), subject: '' };
    await browser.submit('/request', '/request', typed);
    const patterns = FORMS.map(({ path }) => new RegExp(`^${path.replace(':id', '[0-9a-f]{32}')}$`));
    const seen = new Set(['/inbox']);
    for (const path of seen) {
      const page = await browser.get(path);
      assert.equal(page.status, 200, path);
      for (const [, href = ''] of page.text.matchAll(/<a\b[^>]*? href="(\/[^"#]*)/g))
        if (!/[?&]page=/.test(href)) seen.add(href.replaceAll('&amp;', '&'));
      assert.doesNotMatch(page.text, /<meta name="referrer"/, 'it would take the origin from our own forms');
      for (const [, head = '', body = ''] of page.text.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)) {
        const action = /action="([^"]*)"/.exec(head)?.[1] ?? '';
        if (head.includes('method="get"')) continue;
        const form = FORMS.find((_, index) => patterns[index]?.test(action));
        if (form?.isOnce === true) assert.match(body, /name="once"/, `${path}: ${action}`);
        assert.ok(
          patterns.some((pattern) => pattern.test(action)),
          `${path}: ${action}`,
        );
        assert.match(body, /name="csrf" value="[\w-]{43}"/, `${path}: ${action}`);
      }
    }
    for (const path of [
      '/sent',
      '/compose',
      '/receive',
      '/purse',
      '/buy',
      '/redeem',
      '/settings',
      '/history',
    ])
      assert.ok(seen.has(path), `${path} can be reached`);
    for (const { path, again } of FORMS.filter((form) => !form.path.includes(':'))) {
      const page = await browser.get(path);
      assert.equal(page.status, 200, `${path}, back to ${again}`);
    }
  });

  test('assets are kept for ever, compressed, and scripts are scripts', async () => {
    const page = await new Browser(url).get('/');
    const addresses = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    assert.equal(addresses.length, 2);
    for (const address of addresses) {
      const response = await fetch(url + address.slice(1), { headers: { 'accept-encoding': 'gzip, br' } });
      assert.equal(response.headers.get('content-encoding'), 'br');
      assert.match(response.headers.get('cache-control') ?? '', /immutable/);
    }
    const scripts = readdirSync(join(ROOT, 'src/browser')).filter((name) =>
      /(?<!test|test-helper)\.ts$/.test(name),
    );
    const base = addresses.find((each) => each.endsWith('.ts'))?.replace('start.ts', '') ?? '';
    for (const name of [
      ...scripts,
      '../vendor/qr/decode.js',
      '../vendor/qr/index.js',
      '../vendor/webauthn.js',
    ]) {
      const response = await fetch(new URL(base + name, url));
      assert.match(response.headers.get('content-type') ?? '', /^text\/javascript/, name);
      const code = await response.text();
      for (const [, wanted = ''] of code.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s*['"]([^'"]+)['"]/gm))
        assert.equal(
          (await fetch(new URL(wanted, new URL(base + name, url)))).status,
          200,
          `${name}: ${wanted}`,
        );
    }
  });

  test('with HTTPS before it, cookies are bound to it, and attempts to whom the proxy names', async () => {
    const own = await freePort();
    const args = [
      '--data',
      join(folder, 'proxied'),
      '--port',
      String(own),
      '--url',
      'https://wallet.example/',
    ];
    const running = launch(process.execPath, [SPECIE, 'wallet-host', ...args, '--behind-proxy']);
    await Promise.race([running.said('the wallet host is ready'), running.ended]);
    const response = await fetch(`http://127.0.0.1:${own}/`);
    assert.match(
      response.headers.get('set-cookie') ?? '',
      /^__Host-specie-form=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.match(response.headers.get('strict-transport-security') ?? '', /max-age=\d{8}/);
    const look = (address: string) =>
      fetch(`http://127.0.0.1:${own}/api/pay/${'0'.repeat(32)}`, {
        headers: { 'x-forwarded-for': `1.1.1.1, ${address}` },
      });
    const flood = await Promise.all(Array.from({ length: 130 }, () => look('192.0.2.1')));
    assert.ok(flood.some(({ status }) => status === 429));
    assert.equal((await look('192.0.2.2')).status, 404, 'another address is another’s');
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).status, 0);
  });

  test('the session’s cookie is out of reach for scripts and other sites', async () => {
    const { browser } = await signUp();
    const given = browser.heads.flatMap(({ headers }) => headers.getSetCookie());
    const session = given.filter((line) => line.startsWith('specie='));
    assert.ok(session.length > 0);
    for (const line of session) assert.match(line, /; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});

describe('passkeys', () => {
  const ask = async (browser: Browser, path: string, body: object) => {
    const cookie = [...browser.cookies].map(([name, held]) => `${name}=${held}`).join('; ');
    const response = await fetch(`${url}passkeys/${path}`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const garbage = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: {}, clientExtensionResults: {} };

  test('are made against the password, for this host, and with the secret that opens the wallet', async () => {
    const { browser, name } = await signUp();
    const csrf = value(await browser.get('/settings'), 'csrf');
    const wrong = await ask(browser, 'register/options', { csrf, password: 'not the password' });
    assert.equal(wrong.status, 401);
    assert.match(String(wrong.body['text']), /password/);
    assert.equal((await ask(browser, 'register/options', { password: PASSWORD })).status, 400);
    assert.equal((await ask(browser, 'register/options', { csrf: 'x', password: PASSWORD })).status, 403);
    const { status, body } = await ask(browser, 'register/options', { csrf, password: PASSWORD });
    assert.equal(status, 200);
    assert.deepEqual(body['rp'], { id: 'localhost', name: `localhost:${port}` });
    assert.equal((body['user'] as { name: string }).name, name);
    const input = createHash('sha256')
      .update(`specie member key${url.slice(0, -1)}`)
      .digest('base64url');
    assert.deepEqual((body['extensions'] as { prf: unknown }).prf, { eval: { first: input } });
    assert.equal((await ask(browser, 'register/verify', { csrf, response: garbage })).status, 401);
    assert.equal((await ask(new Browser(url), 'register/options', { csrf, password: PASSWORD })).status, 403);
  });

  test('that nobody has open nothing', async () => {
    const browser = new Browser(url);
    const csrf = value(await browser.get('/signin'), 'csrf');
    const options = await ask(browser, 'signin/options', { csrf });
    assert.equal(options.status, 200);
    assert.equal(options.body['userVerification'], 'required');
    const prf = 'A'.repeat(43);
    assert.equal((await ask(browser, 'signin/verify', { csrf, response: garbage, prf })).status, 401);
    assert.equal((await ask(browser, 'signin/verify', { csrf })).status, 401);
    assert.equal(
      (await ask(browser, 'second/options', { csrf })).status,
      401,
      'no password was given before',
    );
    assert.equal((await ask(browser, 'second/verify', { csrf, response: garbage })).status, 401);
  });
});

describe('news', () => {
  test('tell of a letter at once, and end with the session', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '8');
    const cookie = [...bob.browser.cookies].map(([name, held]) => `${name}=${held}`).join('; ');
    const stream = await fetch(`${url}live`, { headers: { cookie } });
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/);
    const reader = (stream.body ?? assert.fail()).pipeThrough(new TextDecoderStream()).getReader();
    await pay(ann.browser, { to: bob.name, amount: '8', subject: '', text: '' });
    let heard = '';
    while (!/event: letter\ndata: \{.*\}\n/.test(heard))
      heard += (await reader.read()).value ?? assert.fail(heard);
    assert.match(heard, new RegExp(`"text":"${ann.name} sent you 8`));
    await bob.browser.submit('/inbox', '/signout');
    while (!(await reader.read()).done);
    assert.equal((await fetch(`${url}live`, { headers: { cookie } })).status, 401);
  });

  test('a session has five streams, and no more', async () => {
    const { browser } = await signUp();
    const cookie = [...browser.cookies].map(([name, held]) => `${name}=${held}`).join('; ');
    const streams = [];
    for (let count = 0; count < 6; count++) streams.push(await fetch(`${url}live`, { headers: { cookie } }));
    assert.deepEqual(
      streams.map(({ status }) => status),
      [200, 200, 200, 200, 200, 429],
    );
    for (const stream of streams) await stream.body?.cancel();
    const again = async () => {
      const stream = await fetch(`${url}live`, { headers: { cookie } });
      await stream.body?.cancel();
      return stream.status === 200;
    };
    await until(again, 'streams that were left are still counted');
  });
});

describe('the API', () => {
  test('is what the published description says', () => {
    assert.equal(readFileSync(OPENAPI, 'utf8'), openApiText(), 'run npm run schemata');
  });

  test('does what the pages do, and answers as its description says', async () => {
    const described = new Description();
    const [ann, bob] = [await signUp(), await signUp()];
    const [hers, his] = [await token(ann.browser), await token(bob.browser)];
    const call = async (secret: string, method: string, path: string, body?: unknown) => {
      const answer = await api(secret, method, path, body);
      described.check(method, path, answer);
      return answer.body as never;
    };
    const [{ id: currency }] = (await call(hers, 'GET', '/currencies')) as [{ id: string }];
    assert.deepEqual(await call(hers, 'GET', `/currencies/${currency}/rails`), [
      'test',
      'voucher',
      'account',
    ]);
    await call(hers, 'POST', '/buy', { currency, amount: 50, rail: 'test', voucher: '' });
    const sent = (await call(hers, 'POST', '/pay', {
      to: bob.name,
      currency,
      amount: 20,
      subject: 'By program',
      text: '',
    })) as { id: string; state: string };
    await until(async () => {
      const { items } = (await call(his, 'GET', '/inbox')) as { items: { subject: string; state: string }[] };
      return items.some(({ subject, state }) => subject === 'By program' && state === 'taken');
    }, 'no letter came');
    await call(hers, 'GET', `/letters/${sent.id}`);
    const link = (await call(hers, 'POST', '/pay', {
      to: '',
      currency,
      amount: 3,
      subject: '',
      text: '',
    })) as { id: string; link: string };
    await call(hers, 'GET', `/letters/${link.id}/coins`);
    await call(his, 'POST', '/look', { text: link.link });
    const taken = (await call(his, 'POST', '/receive', { text: link.link, accept: false })) as { id: string };
    await call(his, 'POST', `/letters/${taken.id}/read`);
    await call(his, 'DELETE', `/letters/${taken.id}`);
    await call(hers, 'POST', `/letters/${link.id}/take-back`);
    const invoice = (await call(his, 'POST', '/invoices', { currency, amount: 4, subject: 'Tea' })) as {
      id: string;
    };
    await call('', 'GET', `/pay/${invoice.id}`);
    await call(hers, 'GET', `/invoices/${invoice.id}`);
    await call(hers, 'POST', `/invoices/${invoice.id}/pay`);
    await call(his, 'GET', '/invoices');
    await call(his, 'POST', `/invoices/${invoice.id}/withdraw`);
    await call(hers, 'POST', '/redeem', { currency, amount: 5, to: 'account' });
    await call(hers, 'GET', `/currencies/${currency}/bank`);
    await call(hers, 'POST', '/payout', { currency, amount: 2, to: 'cash' });
    for (const path of ['/sent', '/purses', '/history?search=by+program', '/account'])
      await call(hers, 'GET', path);
    await call(hers, 'POST', '/account/language', { language: 'de' });
    await call(hers, 'POST', '/account/words', { password: PASSWORD });
    await call(hers, 'POST', '/account/words', { password: 'wrong' });
    const { token: second } = (await call(hers, 'POST', '/account/tokens', {
      label: 'two',
      password: PASSWORD,
    })) as { token: string };
    await call(hers, 'POST', '/account/password', { before: PASSWORD, after: `${PASSWORD} 2` });
    await call(hers, 'POST', '/currencies', { url: issuer.url, acceptKeys: false });
    await call(hers, 'POST', '/currencies', { url: 'http://127.0.0.1:1/', acceptKeys: false });
    await call(hers, 'POST', '/currencies/restore', { url: issuer.url });
    await call(hers, 'GET', '/currencies/offered');
    await call(hers, 'GET', `/currencies/offered?url=${encodeURIComponent(issuer.url)}`);
    await call(hers, 'POST', '/account/files');
    await call(second, 'POST', '/account/close', { password: `${PASSWORD} 2`, confirmed: true });
    assert.equal((await api(hers, 'GET', '/account')).status, 401);
    await call(his, 'POST', '/pay', { to: 'x' });
    await call(his, 'GET', '/nothing');
  });

  test('does with titles what the pages do, and answers as its description says', async () => {
    const described = new Description();
    const [ann, bob] = [await signUp(), await signUp()];
    const [hers, his] = [await token(ann.browser), await token(bob.browser)];
    const call = async (secret: string, method: string, path: string, body?: unknown, key = '') => {
      const answer = await api(secret, method, path, body, key === '' ? {} : { 'idempotency-key': key });
      described.check(method, path, answer);
      return answer.body as never;
    };
    const addressesOf = async (secret: string): Promise<{ address: string; server: string }[]> =>
      call(secret, 'GET', '/titles/addresses');
    const addressOf = async (secret: string) => {
      // A new wallet gets to know the host's title server on the side.
      await until(async () => (await addressesOf(secret)).length > 0, 'no title server is known');
      return (await addressesOf(secret))[0]!;
    };
    const { address, server } = await addressOf(hers);
    const issued = await specie([
      ...['title', 'issue', '--key', join(issuer.folder, 'titles', 'issuer.key'), '--server', titleServer()],
      ...['Demo shares', '1x4', '--to', address],
    ]);
    assert.equal(issued.status, 0, issued.stderr);
    assert.deepEqual(await call(hers, 'POST', '/titles/check'), []);
    const held = async (secret: string) =>
      (
        (await call(secret, 'GET', '/titles')) as { titles: { titleClass: string; serial: number }[] }
      ).titles.map(({ titleClass, serial }) => ({ titleClass, serial }));
    const [first, second, third] = await held(hers);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const words = { subject: 'By program', text: '' };
    const gift = { to: bob.name, titleClass: first.titleClass, serials: [first.serial], amount: 0, ...words };
    const twice = [
      await call(hers, 'POST', '/titles/give', gift, 'a'),
      await call(hers, 'POST', '/titles/give', gift, 'a'),
    ];
    assert.deepEqual(twice[0], twice[1]);
    await until(async () => (await held(his)).length === 1, 'no title came');
    const byHand = { ...gift, to: (await addressOf(his)).address, serials: [second.serial] };
    const { id } = (await call(hers, 'POST', '/titles/give', byHand)) as { id: string };
    const { handover: text } = (await call(hers, 'GET', `/letters/${id}/handover`)) as { handover: string };
    await call(his, 'POST', '/titles/inspect', { text });
    for (const _ of [1, 2]) await call(his, 'POST', '/titles/receive', { text });
    assert.deepEqual(await held(his), [first, second]);
    assert.equal((await held(hers)).length, 2);
    await call(his, 'POST', '/titles/look', second);
    await call(his, 'POST', '/titles/addresses', { server });
    await call(his, 'POST', '/titles/restore', { url: titleServer() });
    await call(his, 'GET', '/titles/classes');
    for (const [path, body, error] of [
      ['/titles/give', { ...gift, serials: [third.serial], to: 'nobody.here' }, 'no such recipient'],
      ['/titles/give', gift, 'too few titles'],
      ['/titles/claim', { ...third, secret: '' }, 'not possible'],
      ['/titles/receive', { text: 'Hello?' }, 'no titles'],
      ['/titles/look', { ...third, serial: 99_999_999 }, 'no such title'],
      ['/titles/servers', { url: titleServer(), confirmed: false }, 'not confirmed'],
      ['/titles/servers', { url: 'http://127.0.0.1:1/', confirmed: true }, 'not possible'],
    ] as const)
      assert.equal(((await call(hers, 'POST', path, body)) as { error: string }).error, error, path);
    const file = await ann.browser.get(`/sent/${id}/handover.title`);
    assert.equal(file.text, text);
    const brought = await ann.browser.submit('/receive', '/receive/look', { text });
    assert.match(brought.text, /role="alert"[^]*?These are titles[^]*?<a href="\/titles\/receive">/);
    const kept = await ann.browser.submit('/settings', '/settings/close', { password: PASSWORD });
    assert.equal(kept.status, 409, sayings(kept));
    assert.match(kept.text, /role="alert"[^]*?There are titles in this wallet/);
  });

  test('asked twice with one key, pays once', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '10');
    const secret = await token(ann.browser);
    const order = { to: bob.name, currency: await currencyOf(ann.browser), amount: 2, subject: '', text: '' };
    const twice = await Promise.all(
      [1, 2].map(() => api(secret, 'POST', '/pay', order, { 'idempotency-key': 'same' })),
    );
    assert.deepEqual(twice[0]?.body, twice[1]?.body);
    await holds(ann.browser, 8);
  });
});

/** Checks answers against the published description, as a program made from it would. */
class Description {
  readonly #document = JSON.parse(readFileSync(OPENAPI, 'utf8')) as {
    paths: Record<
      string,
      Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
    >;
    components: object;
  };
  readonly #ajv = new Ajv2020({ strict: false });

  constructor() {
    addFormats.default(this.#ajv);
  }

  check(method: string, path: string, { status, body }: { status: number; body: unknown }): void {
    const bare = path.replace(/\?.*/, '');
    const pattern = Object.keys(this.#document.paths).find((each) =>
      new RegExp(`^${each.replaceAll('{id}', '[0-9a-f]{32,64}')}$`).test(bare),
    );
    const what = `${method} ${path}: ${status} ${JSON.stringify(body)}`;
    const operation =
      pattern === undefined ? undefined : this.#document.paths[pattern]?.[method.toLowerCase()];
    const schema =
      status < 300 ? operation?.responses[String(status)]?.content?.['application/json']?.schema : PROBLEM;
    if (status < 300) assert.ok(operation?.responses[String(status)] !== undefined, what);
    else assert.ok(status < 500, what);
    if (schema === undefined) {
      assert.equal(body, undefined, what);
      return;
    }
    const whole = { ...schema, components: this.#document.components };
    const isValid = this.#ajv.validate(whole, body);
    assert.ok(isValid, `${what}: ${this.#ajv.errorsText()}`);
  }
}
const PROBLEM = { $ref: '#/components/schemas/Problem' };

describe('a wallet host that dies', () => {
  test('by SIGKILL keeps who is signed in, and the money', async () => {
    const [ann, bob] = [await signUp(), await signUp()];
    await buy(ann.browser, '12');
    const secret = await token(ann.browser);
    await pay(ann.browser, { to: bob.name, amount: '5', subject: 'Before', text: '' });
    host.child.kill('SIGKILL');
    await host.ended;
    host = await startHost();
    await holds(ann.browser, 7);
    await holds(bob.browser, 5);
    assert.match((await bob.browser.get('/inbox')).text, /Before/);
    assert.equal((await api(secret, 'GET', '/account')).status, 200);
  });

  test('says nothing of what is secret, and keeps none of it where it can be read', async () => {
    const { browser, words, name } = await signUp();
    await buy(browser, '3');
    const secret = await token(browser);
    const letter = await pay(browser, { to: '', amount: '1', subject: 'planted subject', text: '' });
    const key = linkOf(letter).split('#')[1] ?? '';
    host.child.kill('SIGTERM');
    assert.equal((await host.ended).status, 0);
    const kept = Buffer.concat(
      readdirSync(join(folder, 'host'), { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => readFileSync(join(file.parentPath, file.name))),
    ).toString('latin1');
    host = await startHost();
    assert.ok(kept.includes(name), 'this is where it is kept');
    const secrets = [PASSWORD, words, secret, key, browser.cookies.get('specie') ?? '', 'planted subject'];
    for (const planted of secrets) {
      assert.ok(planted.length > 10);
      assert.ok(!said.includes(planted), 'nothing of it is said');
      assert.ok(!kept.includes(planted), 'nothing of it is legible on the disk');
    }
    assert.ok(!said.includes(name), 'no name is in the log');
  });

  test('a second process on its folder is refused in words', async () => {
    const other = await freePort();
    const place = ['--data', join(folder, 'host'), '--port', String(other)];
    const { status, stderr } = await specie(['wallet-host', ...place]);
    assert.equal(status, 1);
    assert.match(stderr, /^specie: .* in use by another process[^\n]*\n$/);
  });
});

describe('an issuer that goes away', () => {
  test('started together, wallets are served beside it and end with it', async () => {
    const browser = new Browser(`http://localhost:${walletPort}/`);
    const words = await browser.submit('/signup', '/signup', { name: 'ann', password: PASSWORD });
    await browser.submit(words, '/words', { written: 'yes' });
    const before = await floatOf(issuer.url);
    await buy(browser, '6');
    assert.equal(await floatOf(issuer.url), before + 6);
    await issuer.stop();
    await assert.rejects(fetch(browser.origin));
  });

  test('leaves the wallets of another host open, and its people can still sign up', async () => {
    const { browser } = await signUp();
    for (const path of ['/inbox', '/purse', '/compose', '/buy', '/redeem', '/currencies', '/settings'])
      assert.equal((await browser.get(path)).status, 200, path);
  });
});
