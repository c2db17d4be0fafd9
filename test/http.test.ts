/** Specie over HTTP, as clients of every kind meet it (spec/bindings/http.md). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { amount, formatAmount } from '../src/base/amount.ts';
import { utf8 } from '../src/base/bytes.ts';
import { LIMITS } from '../src/base/limits.ts';
import { Refusal, refuse } from '../src/base/refusal.ts';
import { failed, refused } from '../src/apps/issuer/exchange.ts';
import { decodeDocument, decodeResponse } from '../src/protocol/codec.ts';
import type { Cddc } from '../src/protocol/documents.ts';
import { serveHttp } from '../src/transports/http-server.ts';
import type { Answer, HttpResource, HttpServer, HttpService } from '../src/transports/http-server.ts';
import { startIssuer } from './support/processes.ts';
import type { IssuerProcess } from './support/processes.ts';

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

function ask(port: number, { method = 'GET', path = '/', headers = {}, body }: Asked = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false });
    request.on('error', reject).on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('error', reject).on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    request.end(body);
  });
}

function post(port: number, body: Uint8Array | string): Promise<Got> {
  return ask(port, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
}

/** The message that an answer's body is; fails when it is none, or not with the headers of one. */
function messageIn({ headers, body }: Got) {
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(Number(headers['content-length']), body.length);
  const message = decodeResponse(body);
  assert.ok(!(message instanceof Refusal), body.toString());
  return message;
}

/** What stands on every answer there is. */
function assertOpen({ headers }: Got): void {
  assert.equal(headers['access-control-allow-origin'], '*');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['set-cookie'], undefined);
}

/** A connection that is written to by hand. */
async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the server ends the connection. */
async function untilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  await once(socket, 'end');
  return text;
}

const MOST = 1_000;

/** A service that answers what it is told to, and keeps what it was asked and told. */
class FakeService implements HttpService {
  readonly exchanged: string[] = [];
  readonly bugs: Error[] = [];
  next: () => Promise<Answer> = () => Promise.resolve({ status: 200, body: utf8('{"answer":1}') });
  nextPage: () => Promise<string> = () => Promise.resolve('<p>£ page</p>');

  at(path: string): HttpResource | undefined {
    if (path === '/read-only')
      return { read: () => Promise.resolve({ status: 200, body: utf8('{"only":1}') }) };
    if (path !== '/') return undefined;
    return {
      exchange: (message) => {
        this.exchanged.push(Buffer.from(message).toString('latin1'));
        return this.next();
      },
      read: () => Promise.resolve({ status: 200, body: utf8('{"description":"£"}') }),
      page: () => this.nextPage(),
    };
  }
  tooLarge(): Answer {
    return refused(0, refuse('too large', `at most ${MOST} bytes`));
  }
  failed(): Answer {
    return failed();
  }
  bug(error: Error): void {
    this.bugs.push(error);
  }
}

async function withService(test: (service: FakeService, port: number) => Promise<void>): Promise<void> {
  const service = new FakeService();
  const server: HttpServer = await serveHttp(service, { host: '127.0.0.1', port: 0, messageBytes: MOST });
  try {
    await test(service, server.port);
  } finally {
    await server.close();
  }
}

describe('the HTTP server', () => {
  it('answers a POST with what the service answers', () =>
    withService(async (service, port) => {
      service.next = () =>
        Promise.resolve({ status: 202, retryAfterSeconds: 7, body: utf8('{"later":"£"}') });
      const got = await post(port, 'a message');
      assert.deepEqual(service.exchanged, ['a message']);
      assert.equal(got.status, 202);
      assert.equal(got.headers['retry-after'], '7');
      assert.equal(got.headers['access-control-expose-headers'], 'Retry-After');
      assert.equal(got.headers['content-type'], 'application/json');
      assert.equal(got.headers['cache-control'], 'no-store');
      assert.equal(got.body.toString(), '{"later":"£"}');
      assertOpen(got);
    }));

  it('says nothing of coming back where the answer does not', () =>
    withService(async (_service, port) => {
      assert.equal((await post(port, '')).headers['retry-after'], undefined);
    }));

  it('joins a message that comes in pieces, however it is cut', () =>
    withService(async (service, port) => {
      const bytes = Buffer.from('{"£":"é"}');
      const socket = await dial(port);
      socket.setNoDelay(true);
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (const byte of bytes) socket.write(Buffer.from([0x31, 13, 10, byte, 13, 10]));
      socket.write('0\r\n\r\n');
      assert.match(await untilEnd(socket), /^HTTP\/1\.1 200 OK\r\n/);
      assert.deepEqual(service.exchanged, [bytes.toString('latin1')]);
    }));

  it('ignores a query', () =>
    withService(async (_service, port) => {
      const got = await ask(port, { path: '/?from=a&link' });
      assert.equal(got.status, 200);
      assert.equal((await ask(port, { method: 'POST', path: '/?', body: 'x' })).status, 200);
    }));

  for (const accept of [undefined, '*/*', 'application/json', 'text/plain', 'application/xhtml+xml']) {
    it(`shows the description to who accepts ${accept ?? 'anything'}`, () =>
      withService(async (_service, port) => {
        const got = await ask(port, { headers: accept === undefined ? {} : { Accept: accept } });
        assert.equal(got.status, 200);
        assert.equal(got.headers['content-type'], 'application/json');
        assert.equal(got.headers['cache-control'], 'no-store');
        assert.equal(got.headers.vary, 'Accept');
        assert.equal(got.body.toString(), '{"description":"£"}');
        assertOpen(got);
      }));
  }

  for (const accept of ['text/html', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8']) {
    it(`shows the page to who accepts ${accept}`, () =>
      withService(async (_service, port) => {
        const got = await ask(port, { headers: { Accept: accept } });
        assert.equal(got.status, 200);
        assert.equal(got.headers['content-type'], 'text/html; charset=utf-8');
        assert.equal(got.headers.vary, 'Accept');
        assert.match(String(got.headers['content-security-policy']), /^default-src 'none';/);
        assert.match(String(got.headers['content-security-policy']), /frame-ancestors 'none'/);
        assert.doesNotMatch(String(got.headers['content-security-policy']), /script-src|unsafe-eval/);
        assert.equal(got.headers['referrer-policy'], 'no-referrer');
        assert.equal(got.body.toString(), '<p>£ page</p>');
        assertOpen(got);
      }));
  }

  for (const accept of ['application/json', 'text/html']) {
    it(`answers HEAD as GET, without the body (${accept})`, () =>
      withService(async (_service, port) => {
        const head = await ask(port, { method: 'HEAD', headers: { Accept: accept } });
        const get = await ask(port, { headers: { Accept: accept } });
        assert.equal(head.status, 200);
        assert.equal(head.body.length, 0);
        assert.deepEqual({ ...head.headers, date: '' }, { ...get.headers, date: '' });
      }));
  }

  it('lets pages of other origins ask', () =>
    withService(async (_service, port) => {
      const got = await ask(port, {
        method: 'OPTIONS',
        headers: { Origin: 'https://wallet.example', 'Access-Control-Request-Method': 'POST' },
      });
      assert.equal(got.status, 204);
      assert.equal(got.headers['access-control-allow-methods'], 'GET, POST');
      assert.equal(got.headers['access-control-allow-headers'], 'Content-Type');
      assert.equal(got.headers['access-control-allow-credentials'], undefined);
      assert.equal(got.body.length, 0);
      assertOpen(got);
    }));

  for (const method of ['PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
    it(`does not do ${method}, and says what it does`, () =>
      withService(async (service, port) => {
        const got = await ask(port, { method, body: 'x' });
        assert.equal(got.status, 405);
        assert.equal(got.headers.allow, 'GET, HEAD, POST, OPTIONS');
        assertOpen(got);
        assert.deepEqual(service.exchanged, []);
      }));
  }

  it('takes no message where there is only something to read', () =>
    withService(async (_service, port) => {
      assert.equal((await ask(port, { path: '/read-only' })).body.toString(), '{"only":1}');
      const got = await ask(port, { method: 'POST', path: '/read-only', body: 'x' });
      assert.equal(got.status, 405);
      assert.equal(got.headers.allow, 'GET, HEAD, OPTIONS');
    }));

  for (const path of ['/favicon.ico', '/index.html', '//', '/..', '/%2e', '/;/']) {
    it(`has nothing at ${path}`, () =>
      withService(async (service, port) => {
        for (const method of ['GET', 'POST', 'OPTIONS', 'PUT']) {
          const got = await ask(port, { method, path, headers: { Accept: 'text/html' } });
          assert.equal(got.status, 404);
          assert.match(got.headers['content-type'] ?? '', /^text\/plain/);
          assertOpen(got);
        }
        assert.deepEqual(service.exchanged, []);
      }));
  }

  it('takes a body of exactly the limit', () =>
    withService(async (service, port) => {
      assert.equal((await post(port, 'x'.repeat(MOST))).status, 200);
      assert.equal(service.exchanged[0]?.length, MOST);
    }));

  // One byte too many of a body that goes on: the answer comes without the rest, and the connection ends.
  const heads = {
    'of a said length': `Content-Length: ${MOST * 100}`,
    'in pieces': 'Transfer-Encoding: chunked',
  };
  for (const [kind, head] of Object.entries(heads)) {
    it(`refuses a body over the limit and reads no further, ${kind}`, () =>
      withService(async (service, port) => {
        const socket = await dial(port);
        const piece = 'x'.repeat(MOST + 1);
        const body = kind === 'in pieces' ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece;
        socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`);
        const text = await untilEnd(socket);
        assert.match(text, /^HTTP\/1\.1 413 Payload Too Large\r\n/);
        assert.match(text, /\r\nConnection: close\r\n/);
        const message = decodeResponse(Buffer.from(text.split('\r\n\r\n')[1] ?? '', 'latin1'));
        assert.ok(!(message instanceof Refusal) && message.type === 'response error');
        assert.equal(message.message_reference, 0);
        assert.equal(message.status_code, 413);
        assert.deepEqual(service.exchanged, []);
        assert.equal((await post(port, 'x')).status, 200);
      }));
  }

  it('is not harmed by half a request', () =>
    withService(async (service, port) => {
      const starts = [
        '',
        'POST / HT',
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"a"',
        'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a"',
      ];
      for (const start of starts) {
        for (const leave of ['end', 'resetAndDestroy'] as const) {
          const socket = await dial(port);
          const closed = once(socket, 'close');
          socket.on('error', () => undefined).resume();
          await new Promise((resolve) => socket.write(start, resolve));
          socket[leave]();
          await closed;
          assert.equal((await post(port, 'after')).status, 200);
        }
      }
      assert.deepEqual(new Set(service.exchanged), new Set(['after']));
      assert.deepEqual(service.bugs, []);
    }));

  it('is not harmed by who leaves before the answer', () =>
    withService(async (service, port) => {
      const asked = Promise.withResolvers<undefined>();
      const answer = Promise.withResolvers<Answer>();
      service.next = () => {
        asked.resolve(undefined);
        return answer.promise;
      };
      const socket = await dial(port);
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx');
      await asked.promise;
      const closed = once(socket, 'close');
      socket.resetAndDestroy();
      await closed;
      answer.resolve({ status: 200, body: utf8('{}') });
      assert.equal((await post(port, 'after')).status, 200);
      assert.deepEqual(service.bugs, []);
    }));

  it('answers a bug with 500 and no word of it, tells of it, and goes on', () =>
    withService(async (service, port) => {
      const bug = new Error('the secret key is 42');
      const works = service.next;
      service.next = () => Promise.reject(bug);
      const got = await post(port, 'x');
      assert.equal(got.status, 500);
      assertOpen(got);
      const message = messageIn(got);
      assert.equal(message.type, 'response delay');
      assert.equal(message.status_code, 500);
      assert.equal(message.message_reference, 0);
      assert.doesNotMatch(got.body.toString(), /secret|42|Error|at .*\.ts/);
      assert.deepEqual(service.bugs, [bug]);
      service.next = works;
      assert.equal((await post(port, 'x')).status, 200);
    }));

  it('answers a bug in the page alike, and a bug that is thrown at once or is no error', () =>
    withService(async (service, port) => {
      service.nextPage = () => Promise.reject(new Error('the secret page'));
      service.next = () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 'the secret text';
      };
      for (const asked of [{ headers: { Accept: 'text/html' } }, { method: 'POST', body: 'x' }]) {
        const got = await ask(port, asked);
        assert.equal(got.status, 500);
        assert.doesNotMatch(got.body.toString(), /secret/);
      }
      assert.equal(service.bugs.length, 2);
      assert.ok(service.bugs.every((each) => each instanceof Error));
    }));

  it('rejects when the port is taken', () =>
    withService(async (_service, port) => {
      const options = { host: '127.0.0.1', port, messageBytes: MOST };
      await assert.rejects(serveHttp(new FakeService(), options), { code: 'EADDRINUSE' });
    }));

  it('closes: open answers end first, and then nobody listens', async () => {
    const service = new FakeService();
    const server = await serveHttp(service, { host: '127.0.0.1', port: 0, messageBytes: MOST });
    const asked = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<Answer>();
    service.next = () => {
      asked.resolve(undefined);
      return answer.promise;
    };
    const got = post(server.port, 'x');
    await asked.promise;
    const closed = server.close();
    answer.resolve({ status: 200, body: utf8('{"last":1}') });
    assert.equal((await got).body.toString(), '{"last":1}');
    await closed;
    await assert.rejects(ask(server.port), { code: 'ECONNREFUSED' });
  });
});

const ESCAPES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** What a person reads of a page. */
function textOf(page: string): string {
  return page
    .replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, ' ')
    .replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (each) => ESCAPES[each] ?? '')
    .replaceAll(/\s+/g, ' ');
}

const NAME = `<script>alert("1")</script> & 'Söhne'`;

describe('an issuer over HTTP', () => {
  let issuer: IssuerProcess;
  before(async () => {
    issuer = await startIssuer({ args: ['--name', NAME] });
  });
  after(() => issuer.stop());

  const tell = (message: object) => post(issuer.port, JSON.stringify(message));
  const describeIt = async (): Promise<Cddc> => {
    const cddc = decodeDocument((await ask(issuer.port)).body);
    assert.ok(!(cddc instanceof Refusal) && cddc.type === 'cdd certificate');
    return cddc;
  };
  const order = async (transaction_reference: string, amount: number) => {
    const currency = (await describeIt()).cdd.id;
    const type = 'request order';
    return tell({ amount, currency, message_reference: 5, rail: 'test', transaction_reference, type });
  };

  it('gives its description as the document itself', async () => {
    const { cdd } = await describeIt();
    assert.equal(cdd.currency_name, NAME);
    assert.equal(cdd.cdd_location, issuer.url);
  });

  it('shows a page with the name, the float and every denomination', async () => {
    const { cdd } = await describeIt();
    const got = await ask(issuer.port, { headers: { Accept: 'text/html' } });
    assert.equal(got.status, 200);
    assertOpen(got);
    assert.match(String(got.headers['content-security-policy']), /^default-src 'none';/);
    const page = got.body.toString();
    const text = textOf(page);
    assert.ok(text.includes(NAME), 'the name');
    assert.ok(
      text.includes(` ${formatAmount(amount(0), cdd.currency_divisor)} in circulation `),
      'the float',
    );
    // A page may set thousands apart.
    const cells = [...page.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell = '']) =>
      textOf(cell).replaceAll(' ', ''),
    );
    assert.ok(cdd.denominations.length > 1);
    for (const each of cdd.denominations) {
      const written = formatAmount(amount(each), cdd.currency_divisor);
      assert.ok(cells.includes(written), written);
    }
  });

  it('escapes the name, and its page runs nothing and loads nothing', async () => {
    const page = (await ask(issuer.port, { headers: { Accept: 'text/html' } })).body.toString();
    assert.doesNotMatch(page, /<script|alert\("|<img|<link|<iframe| src=|@import|url\(| on[a-z]+=/i);
    assert.ok(page.includes('&lt;script&gt;'));
  });

  it('answers a message: 200', async () => {
    const got = await tell({ type: 'request cdd serial', message_reference: 17 });
    assert.equal(got.status, 200);
    const message = messageIn(got);
    assert.equal(message.type, 'response cdd serial');
    assert.equal(message.message_reference, 17);
    assertOpen(got);
  });

  it('says of a mint that nobody paid: later, 202 with Retry-After', async () => {
    const transaction_reference = 'a1'.repeat(16);
    assert.equal((await order(transaction_reference, 1)).status, 200);
    const asked = await tell({
      denominations: [1],
      message_reference: 1,
      mint_key_ids: [],
      type: 'request mint key certificates',
    });
    const certificates = messageIn(asked);
    assert.ok(certificates.type === 'response mint key certificates');
    const mint_key_id = certificates.keys[0]!.mint_key.id;
    const blind = { blinded_payload_hash: '2', mint_key_id, reference: 'a', type: 'blinded payload hash' };
    const mint = { blinds: [blind], transaction_reference, type: 'request mint' };
    const resume = { transaction_reference, type: 'request resume' };
    for (const [at, message] of [mint, resume].entries()) {
      const got = await tell({ ...message, message_reference: at });
      assert.equal(got.status, 202);
      assert.match(got.headers['retry-after'] ?? '', /^[1-9]\d*$/);
      const delay = messageIn(got);
      assert.equal(delay.type, 'response delay');
      assert.equal(delay.status_code, 300);
      assert.equal(delay.message_reference, at);
    }
  });

  it('does not know a reference: 404', async () => {
    const got = await tell({
      message_reference: 3,
      transaction_reference: '404'.repeat(12),
      type: 'request resume',
    });
    assert.equal(got.status, 404);
    const message = messageIn(got);
    assert.equal(message.type, 'response error');
    assert.equal(message.status_code, 404);
    assert.equal(message.message_reference, 3);
  });

  it('has a reference for another request: 409', async () => {
    assert.equal((await order('b2'.repeat(16), 1)).status, 200);
    const got = await order('b2'.repeat(16), 2);
    assert.equal(got.status, 409);
    assert.equal(messageIn(got).status_code, 409);
    assert.equal(got.headers['retry-after'], undefined);
  });

  const unreadable: Readonly<Record<string, [body: Uint8Array | string, reference: number]>> = {
    'an empty body': ['', 0],
    'invalid UTF-8': [new Uint8Array([0x22, 0xc3, 0x28, 0x22]), 0],
    'a byte order mark': ['\ufeff{"type":"request cdd serial","message_reference":1}', 0],
    'no JSON': ['<html>', 0],
    'no object': ['[1]', 0],
    'an unknown message': ['{"type":"request all","message_reference":8}', 8],
    'a document': ['{"type":"payload","message_reference":8}', 8],
    'a missing field': ['{"type":"request resume","message_reference":9}', 9],
    'a field too many': ['{"type":"request cdd serial","message_reference":9,"more":1}', 9],
    'a field twice': ['{"type":"request cdd serial","message_reference":9,"message_reference":9}', 0],
  };
  for (const [what, [body, reference]] of Object.entries(unreadable)) {
    it(`cannot read ${what}: 400`, async () => {
      const got = await post(issuer.port, body);
      assert.equal(got.status, 400);
      const message = messageIn(got);
      assert.ok(message.type === 'response error');
      assert.equal(message.status_code, 400);
      assert.equal(message.message_reference, reference);
      assert.notEqual(message.details, '');
    });
  }

  it('refuses a message over the limit: 413', async () => {
    const socket = await dial(issuer.port);
    const body = ' '.repeat(LIMITS.messageBytes + 1);
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const text = await untilEnd(socket);
    assert.match(text, /^HTTP\/1\.1 413 /);
    assert.match(text, /\r\nConnection: close\r\n/);
    const message = decodeResponse(Buffer.from(text.split('\r\n\r\n')[1] ?? '', 'latin1'));
    assert.ok(!(message instanceof Refusal) && message.type === 'response error');
    assert.equal(message.status_code, 413);
    assert.match(message.details, new RegExp(String(LIMITS.messageBytes)));
  });
});
