/** The routes by themselves, over a host that is made up: what HTTP must not do whatever the host does. */
import assert from 'node:assert/strict';
import { createHash, hkdfSync } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { Host } from '../../host/host.ts';
import { object } from '../../host/objections.ts';
import { letter } from '../../pages/samples.test-helper.ts';
import { titles } from '../../pages/title-samples.test-helper.ts';
import { openAttempts } from './attempts.ts';
import { Challenges } from './challenges.ts';
import { Once } from './once.ts';
import { PAGES } from './pages.ts';
import { hostApp } from './serve.ts';
import type { Site } from './site.ts';
import { Streams } from './streams.ts';

const SECRET = 'A'.repeat(43);
const ORIGIN = 'https://wallet.example';
const ID = 'ab'.repeat(16);

/** What the member was asked to do, and how often. */
let asked: unknown[][];
let bugs: Error[];
let app: ReturnType<typeof hostApp>;
let outcome: () => unknown;

const LETTER = letter({ id: ID, folder: 'sent', state: 'arrived', to: 'bo@mail.example' });

/** A member who notes what is wanted of them; what is not named here is not asked for. */
function member(): unknown {
  const does =
    (name: string) =>
    async (...given: unknown[]) => {
      asked.push([name, ...given]);
      return outcome();
    };
  return {
    ...{ id: 'm'.repeat(32), name: 'ada', language: 'en', unread: () => 0, purses: () => [] },
    currencies: () => [{ id: 'c'.repeat(64), divisor: 100 }],
    ...{ pay: does('pay'), removeLetter: does('remove'), mailAgain: does('mail'), phrase: does('phrase') },
    clearDoubt: does('clear'),
    titles: {
      view: () => titles(),
      classes: async () => titles().classes,
      give: does('give'),
      look: does('look'),
    },
    ...{ inbox: () => [], sent: () => [], letter: () => LETTER, invoices: does('invoices') },
  };
}

function site(over: Partial<Site> = {}): Site {
  const session = async (secret: string) =>
    secret === SECRET
      ? { row: { hash: 'h'.repeat(64), kind: 'page' }, member: member() }
      : secret === SECRET.replace('A', 'B')
        ? { row: { hash: 't'.repeat(64), kind: 'token' }, member: member() }
        : undefined;
  const recover = async (...given: unknown[]) => {
    asked.push(['recover', ...given]);
    return object('wrong phrase');
  };
  const clock = () => 0;
  return {
    host: { session, recover } as unknown as Host,
    ...{ url: new URL(`${ORIGIN}/`), isSecure: true, hasMailServer: true, behindProxy: true },
    assets: { address: (name) => `/assets/0/${name}`, find: () => undefined },
    ...{ attempts: openAttempts(), challenges: new Challenges(clock), streams: new Streams() },
    ...{ once: new Once(clock), calls: new Once(clock), clock, randomness: (size) => new Uint8Array(size) },
    handover: { write: () => '', read: () => assert.fail() },
    secrets: {
      subkey: (key, label) => new Uint8Array(hkdfSync('sha256', key, '', label, 32)),
      hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    },
    bug: (error) => bugs.push(error),
    ...over,
  };
}

beforeEach(() => {
  asked = [];
  bugs = [];
  outcome = () => LETTER;
  app = hostApp(site());
});

const IN = { cookie: `__Host-specie=${SECRET}` };

async function get(path: string, headers: Readonly<Record<string, string>> = IN) {
  const response = await app.request(ORIGIN + path, { headers }, env());
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function post(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = IN,
) {
  const page = await get('/receive', headers);
  const csrf = /name="csrf" value="([\w-]{43})"/.exec(page.text)?.[1] ?? '';
  const form = page.headers.getSetCookie().map((line) => line.split(';')[0]);
  const cookie = [headers['cookie'], ...form].filter((each) => each !== undefined).join('; ');
  const body = new URLSearchParams({ csrf, ...fields });
  const init = { method: 'POST', body, headers: { ...headers, cookie, origin: ORIGIN } };
  const response = await app.request(ORIGIN + path, init, env());
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** What the server gives along: the socket that the request came by. */
function env() {
  return { incoming: { socket: { remoteAddress: '192.0.2.1' } } };
}

const PAYMENT = { to: 'bob', currency: 'c'.repeat(64), amount: '5', subject: '', text: '' };

describe('an address', () => {
  const PLANTED = 'planted-by-a-stranger';

  it('puts nothing into a form by which a stranger would have the money', async () => {
    const names = ['phrase', 'payee', 'text', 'url', 'name', 'amount', 'subject', 'voucher', 'label', 'rail'];
    const query = new URLSearchParams(Object.fromEntries(names.map((name) => [name, PLANTED])));
    const [out, inside] = [
      ['/', '/signin', '/signup', '/recover', '/receive'],
      ['/compose', '/request', '/receive', '/inbox', '/sent'],
    ];
    for (const path of out) {
      const { status, text } = await get(`${path}?${String(query)}`, {});
      assert.equal(status, 200, path);
      assert.ok(!text.includes(PLANTED), path);
    }
    outcome = () => [];
    for (const path of inside) {
      const { status, text } = await get(`${path}?${String(query)}`);
      assert.equal(status, 200, path);
      assert.ok(!text.includes(PLANTED), path);
    }
  });

  it('names no payout’s goal', async () => {
    for (const path of ['/payout', '/redeem', '/currencies', '/settings', '/buy']) {
      const page = PAGES.find((each) => each.path === path)?.query ?? assert.fail(path);
      assert.ok(
        page.every((name) => ['currency', ''].includes(name)),
        `${path}: ${page.join(', ')}`,
      );
    }
  });

  it('with something else for an id leads nowhere, and is no mistake of ours', async () => {
    const ids = ['%0d%0aX', '%0D%0ASet-Cookie:x', 'xyz', '..%2f', 'ABCD', '%00'];
    for (const id of ids) {
      for (const path of [`/inbox/${id}`, `/inbox/${id}/take`, `/sent/${id}/takeback`, `/pay/${id}`]) {
        for (const headers of [{}, IN]) assert.equal((await get(path, headers)).status, 404, path);
        assert.equal((await post(path, {})).status, 404, path);
      }
      assert.equal((await get(`/api/letters/${id}`, {})).status, 404, id);
    }
    assert.deepEqual(bugs, []);
  });
});

describe('what is to be done once', () => {
  it('is, and answers the same', async () => {
    const answers = [
      await post('/compose', { ...PAYMENT, once: 'o' }),
      await post('/compose', { ...PAYMENT, once: 'o' }),
    ];
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('location')]),
      answers.map(() => [303, `/sent/${ID}?done=sent`]),
    );
    assert.equal(asked.length, 1);
  });

  it('is not taken for something else that comes with its mark', async () => {
    await post('/compose', { ...PAYMENT, once: 'o' });
    const other = await post('/compose', { ...PAYMENT, amount: '6', once: 'o' });
    assert.equal(other.status, 409, other.text);
    assert.equal(asked.length, 1);
  });

  it('is remembered of nothing that moves no money, and of nobody who is not signed in', async () => {
    outcome = () => 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    const typed = { password: 'correct horse battery', once: 'o' };
    for (const _ of [1, 2]) assert.match((await post('/settings/words', typed)).text, /sausage/);
    assert.equal(asked.length, 2, 'no page of words is kept');
    for (const _ of [1, 2])
      await post('/recover', { name: 'ada', phrase: 'x', password: 'y', once: 'o' }, {});
    assert.equal(asked.length, 4);
    const token = { authorization: `Bearer ${SECRET.replace('A', 'B')}`, 'idempotency-key': 'k' };
    outcome = () => [];
    for (const _ of [1, 2]) assert.equal((await get('/api/invoices', token)).status, 200);
    assert.equal(asked.length, 6);
  });

  it('by a program, too: another order under the same key is refused', async () => {
    const headers = { authorization: `Bearer ${SECRET.replace('A', 'B')}`, 'idempotency-key': 'k' };
    const pay = async (amount: number) => {
      const body = JSON.stringify({ ...PAYMENT, amount });
      return app.request(`${ORIGIN}/api/pay`, { method: 'POST', body, headers }, env());
    };
    assert.deepEqual([(await pay(5)).status, (await pay(5)).status, (await pay(6)).status], [200, 200, 409]);
    assert.equal(asked.length, 1);
  });
});

describe('a doubt', () => {
  const currency = 'c'.repeat(64);

  it('is cleared by who is signed in, by the page’s own form, and of a currency of theirs', async () => {
    outcome = () => ({ amount: 5, gone: 1 });
    assert.equal((await post('/purse/doubt', { currency, csrf: 'x'.repeat(43) })).status, 403);
    assert.equal((await post('/purse/doubt', { currency }, {})).status, 401);
    await post('/purse/doubt', { currency: 'd'.repeat(64) });
    assert.deepEqual(asked, []);
    const cleared = await post('/purse/doubt', { currency });
    assert.deepEqual([cleared.status, cleared.headers.get('location')?.split('?')[0]], [303, '/purse']);
    assert.deepEqual(asked, [['clear', currency]]);
  });

  it('is cleared by a program', async () => {
    outcome = () => ({ amount: 0, gone: 6 });
    const headers = { authorization: `Bearer ${SECRET.replace('A', 'B')}` };
    const path = `${ORIGIN}/api/currencies/${currency}/clear-doubt`;
    const response = await app.request(path, { method: 'POST', headers }, env());
    assert.deepEqual(await response.json(), { amount: 0, gone: 6 });
    assert.deepEqual(asked, [['clear', currency]]);
  });
});

describe('a form of titles', () => {
  const { classes } = titles();
  const GIFT = { class: classes[0]!.id, to: 'bob', subject: '', text: '' };

  it('asks for at least one title, or for a whole number of what they are worth', async () => {
    const none = await post('/titles/give', { ...GIFT, how: 'titles' });
    assert.equal(none.status, 422);
    assert.match(none.text, /Tick at least one title\./);
    for (const amount of ['1.5', '0', 'seven', '', '-2']) {
      const { status, text } = await post('/titles/give', { ...GIFT, how: 'amount', amount });
      assert.equal(status, 422, amount);
      assert.match(text, /Type a whole number from 1\./, amount);
    }
    assert.deepEqual(asked, []);
    assert.equal((await post('/titles/give', { ...GIFT, how: 'titles', titles: '101' })).status, 303);
    assert.equal(asked.length, 1);
  });

  it('asks for a number to verify, and says of one that is not there no more than that', async () => {
    const { id } = classes[0]!;
    for (const serial of ['abc', '0', '1.5']) {
      const { status, text } = await post('/titles/verify', { class: id, serial });
      assert.equal(status, 422, serial);
      assert.match(text, /the number of the title, such as 12/, serial);
    }
    assert.deepEqual(asked, []);
    outcome = () => object('no such title', 'a line for programs');
    const { status, text } = await post('/titles/verify', { class: id, serial: ' 9999 ' });
    assert.equal(status, 404);
    assert.match(text, /There is no such title/);
    assert.doesNotMatch(text, /a line for programs/);
    assert.deepEqual(asked, [['look', { titleClass: id, serial: 9999 }]]);
  });
});

describe('recovery', () => {
  it('by one member is not kept from them by what others try elsewhere', async () => {
    const guess = (address: string) =>
      post(
        '/recover',
        { name: 'ada', phrase: 'x', password: 'a long password' },
        { 'x-forwarded-for': address },
      );
    for (let count = 0; count < 21; count++) await guess('192.0.2.66');
    assert.equal((await guess('192.0.2.66')).status, 429);
    assert.equal((await guess('198.51.100.1')).status, 401);
  });
});

describe('e-mails', () => {
  const mail = (to: string, address: string) =>
    post('/compose', { ...PAYMENT, to }, { ...IN, 'x-forwarded-for': address });

  it('are said to be sent only where a mail server has them', async () => {
    outcome = () => letter({ id: ID, folder: 'sent', way: 'mail', state: 'not taken', reason: '' });
    const goesOn = async () => (await mail('bo@mail.example', '192.0.2.1')).headers.get('location');
    assert.equal(await goesOn(), `/sent/${ID}?done=mailed`);
    app = hostApp(site({ hasMailServer: false }));
    assert.equal(await goesOn(), `/sent/${ID}?done=mailLaid`);
  });

  it('to one mailbox are few a day, however it is spelt and whoever sends them', async () => {
    for (let count = 0; count < 10; count++)
      assert.equal(
        (await mail(count % 2 === 0 ? `BO+${count}@mail.example` : 'bo@mail.example', '192.0.2.1')).status,
        303,
      );
    const refused = await mail('Bo@Mail.example', '192.0.2.9');
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal(asked.length, 10);
    assert.equal((await mail('eve@mail.example', '192.0.2.9')).status, 303);
    const again = await post(`/sent/${ID}/mail`, {}, { ...IN, 'x-forwarded-for': '192.0.2.9' });
    assert.equal(again.status, 429, 'nor is one mailed again');
  });

  it('that were not made count for nobody', async () => {
    outcome = () => object('not enough');
    for (let count = 0; count < 12; count++)
      assert.equal((await mail('bo@mail.example', '192.0.2.1')).status, 422);
    outcome = () => LETTER;
    assert.equal((await mail('bo@mail.example', '192.0.2.1')).status, 303);
    outcome = () => object('not mailed');
    for (let count = 0; count < 9; count++) await mail('bo@mail.example', '192.0.2.1');
    assert.equal(
      (await mail('bo@mail.example', '192.0.2.1')).status,
      429,
      'a mail server was asked each time',
    );
  });
});

describe('a mistake of ours', () => {
  const broken = () => {
    throw new Error('broken');
  };

  it('after a form that moves money says to look first, and not that nothing happened', async () => {
    outcome = broken;
    const { status, text } = await post('/compose', PAYMENT);
    assert.equal(status, 500);
    assert.match(text, /[Ll]ook into the history before you try again/);
    assert.match(text, /href="\/history"/);
    assert.doesNotMatch(text, /[Nn]othing is lost|[Nn]othing was/);
    assert.equal(bugs.length, 1);
  });

  it('is told to programs in the shape of every problem', async () => {
    outcome = broken;
    const headers = { authorization: `Bearer ${SECRET.replace('A', 'B')}` };
    const body = JSON.stringify({ ...PAYMENT, amount: 5 });
    const response = await app.request(`${ORIGIN}/api/pay`, { method: 'POST', body, headers }, env());
    const problem = (await response.json()) as { next: string };
    assert.equal(response.status, 500);
    assert.deepEqual(Object.keys(problem), ['error', 'details', 'next']);
    assert.match(problem.next, /look into the history/);
  });
});
