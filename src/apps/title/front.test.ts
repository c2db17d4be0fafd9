import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { accepted } from '../../base/accepted.test-helper.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { nativeSha256 } from '../../signers/title/hash.ts';
import { titleServerKey } from '../../signers/title/key.ts';
import { verifyTitleSignature } from '../../signers/title/signature.ts';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import { askTitles } from '../../title/audit/ask.ts';
import type { TitleWay } from '../../title/audit/ask.ts';
import {
  readTitleResponse,
  readTitleResponseJson,
  writeTitleJson,
  writeTitleRequest,
  writeTitleResponse,
} from '../../title/documents/codec.ts';
import type { TitleClassCertificate } from '../../title/documents/documents.ts';
import type { TitleRequest } from '../../title/documents/messages.ts';
import { classId, classSigned, transferHash, transferSigned } from '../../title/documents/signed.ts';
import { openTitleServer } from '../../title/server/server.ts';
import type { TitleServer } from '../../title/server/server.ts';
import type { FramesServer } from '../../transports/frames/server.ts';
import type { HttpServer } from '../../transports/http-server.ts';
import { askUdp } from '../../transports/udp-client.ts';
import type { UdpServer } from '../../transports/udp-server.ts';
import { serveAt } from '../issuer/serve.ts';
import { openTitleFront, serveTitleUdp } from './front.ts';
import type { TitleFront } from './front.ts';
import { titleService } from './http.ts';
import { fillPool } from './filling.ts';
import { findClass, idOf, newClass, nextVersion, rangesFor, registerClass } from './issuing.ts';
import { serveTitleBox } from './serve-box.ts';

const HOST = '127.0.0.1';
const BINARY = 'application/octet-stream';
const issuer = titleServerKey(new Uint8Array(32).fill(1));
const holder = titleServerKey(new Uint8Array(32).fill(2)).publicKey;
const WORDS = { name: 'Alder <shares>', entitles: 'A share.', unit: 'share', denominations: [1, 5] };

const folder = mkdtempSync(join(tmpdir(), 'specie-title-front-'));
const socket = join(folder, 'title.sock');
let server: TitleServer;
let box: FramesServer;
let front: TitleFront;
let http: HttpServer;
let udp: UdpServer;
let url: string;
let titleClass: string;

before(async () => {
  server = await openTitleServer({
    store: openMemoryTitleStore(),
    key: titleServerKey(new Uint8Array(32).fill(3)),
    checker: {
      check: async (checks) =>
        checks.map(({ publicKey, bytes, signature }) => verifyTitleSignature(publicKey, bytes, signature)),
    },
    verify: verifyTitleSignature,
    sha256: nativeSha256,
    clock: () => 1_700_000_000_000,
    pause: () => Promise.resolve(),
    issuers: undefined,
    mostTitles: 1_000,
    udpPort: 7,
  });
  box = await serveTitleBox(server, socket, fail);
  front = accepted(await openTitleFront(socket));
  http = accepted(await serveAt(titleService(front), HOST, 0));
  udp = accepted(await serveTitleUdp(front, { host: HOST, port: 0 }));
  url = `http://${HOST}:${http.port}/title`;
  const first = accepted(await newClass(post, issuer, WORDS));
  titleClass = accepted(await registerClass(post, first));
  const ranges = rangesFor([{ denomination: 1, count: 20 }], [issuer.publicKey]);
  const more = rangesFor([{ denomination: 5, count: 2 }], [holder]);
  const second = accepted(nextVersion(issuer, first, [...ranges, ...more]));
  accepted(await registerClass(post, second));
});

after(async () => {
  await udp.close();
  await http.close();
  front.close();
  await box.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

function fail(error: unknown): void {
  throw error;
}

/** The way to the server: a request over HTTP, in its binary form. */
async function post(request: Uint8Array): Promise<Uint8Array> {
  const { bytes } = await send(request);
  return bytes;
}

async function send(body: Uint8Array, path = '') {
  const answer = await fetch(url + path, { method: 'POST', body: new Uint8Array(body) });
  return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

async function get(path: string, accept = 'application/json') {
  const answer = await fetch(url + path, { headers: { Accept: accept } });
  return { answer, text: await answer.text() };
}

async function getJson(path: string): Promise<Record<string, unknown>> {
  const { answer, text } = await get(path);
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as Record<string, unknown>;
}

const TITLE = (): TitleRequest => ({
  type: 'request title',
  title_class: hexToBytes(titleClass),
  serial: 21,
});

describe('titles over HTTP', () => {
  it('are asked about in both forms, each answered in its own', async () => {
    for (const message of [TITLE(), { type: 'request title server' } as const]) {
      const binary = await send(writeTitleRequest({ reference: 9, message }));
      assert.equal(binary.answer.headers.get('content-type'), BINARY);
      const json = await send(writeTitleJson({ reference: 9, message }));
      assert.equal(json.answer.headers.get('content-type'), 'application/json');
      const read = accepted(readTitleResponse(binary.bytes));
      assert.deepEqual(accepted(readTitleResponseJson(json.bytes)), read);
      assert.equal(read.reference, 9);
      assert.equal(read.message.type, message.type.replace('request', 'response'));
    }
    const spaced = await send(concatBytes(utf8('\n  '), writeTitleJson({ reference: 9, message: TITLE() })));
    assert.equal(spaced.answer.status, 200);
  });

  it('are refused with the status of the refusal, in the form of the question', async () => {
    const message: TitleRequest = { ...TITLE(), title_class: new Uint8Array(32) } as TitleRequest;
    const binary = await send(writeTitleRequest({ reference: 3, message }));
    const json = await send(writeTitleJson({ reference: 3, message }));
    for (const { answer } of [binary, json]) assert.equal(answer.status, 404);
    const read = accepted(readTitleResponse(binary.bytes));
    assert.deepEqual(accepted(readTitleResponseJson(json.bytes)), read);
    assert.ok(read.message.type === 'response title refusal' && read.message.name === 'unknown');
  });

  it('junk is a refusal that names what is wrong, and never a bug', async () => {
    const junk: readonly [string | Uint8Array, RegExp][] = [
      ['', /does not begin/],
      ['{', /JSON|malformed/],
      ['{"type":"response title pool","message_reference":1}', /message\.type/],
      ['{"type":"request title pool","message_reference":1}', /title_class/],
      ['[]', /does not begin/],
      [new Uint8Array(2_000), /does not begin/],
      [writeTitleRequest({ reference: 1, message: TITLE() }).subarray(0, 20), /ends too early/],
    ];
    for (const [body, wrong] of junk) {
      const { answer, bytes } = await send(typeof body === 'string' ? utf8(body) : body);
      assert.equal(answer.status, 400, String(body));
      assert.match(Buffer.from(bytes).toString('latin1'), wrong);
    }
    const large = await send(new Uint8Array(1_048_577));
    assert.equal(large.answer.status, 413);
  });

  it('are read by programs without a message', async () => {
    const said = await getJson('');
    assert.equal(said['server'], bytesToHex(titleServerKey(new Uint8Array(32).fill(3)).publicKey));
    assert.equal(said['udp_port'], 7);
    assert.deepEqual(await getJson('/'), said);
    const { origin } = new URL(url);
    for (const path of ['/', '/root', `/${titleClass}/21`]) {
      const { status } = await fetch(origin + path);
      assert.equal(status, 200, `${path} without ${new URL(url).pathname} before it`);
    }
    assert.equal(((await getJson('/classes'))['certificates'] as unknown[]).length, 1);
    assert.equal(((await getJson('/classes?from=1'))['certificates'] as unknown[]).length, 0);
    assert.equal((await getJson('/root'))['type'], 'response title root');
    assert.ok(((await getJson('/groups'))['groups'] as unknown[]).length >= 2);
    assert.ok(((await getJson('/groups?from=2'))['groups'] as unknown[]).length >= 1);
    const title = await getJson(`/${titleClass}/21`);
    assert.equal(title['denomination'], 5);
    assert.deepEqual(title['to'], { holder: bytesToHex(holder) });
  });

  it('has nothing at other paths, and says what is not known', async () => {
    const nothing = ['/x', '/groups?from=0', '/groups?from=x', '/classes?from=-1', `/${titleClass}`];
    for (const path of [
      ...nothing,
      `/${titleClass}/0`,
      `/${titleClass}/4294967296`,
      `/${titleClass}/1/2`,
      '/constructor',
    ])
      assert.equal((await get(path)).answer.status, 404, path);
    const { answer, text } = await get(`/${titleClass}/23`);
    assert.equal(answer.status, 404);
    assert.match(text, /23 was not issued/);
  });

  it('shows people what there is, with nothing of it taken for HTML', async () => {
    const certificate = accepted(await findClass(post, 'Alder <shares>'));
    assert.equal(accepted(await fillPool(post, issuer, certificate)), 20);
    assert.equal(accepted(await fillPool(post, issuer, certificate)), 20, 'a second time is as the first');
    const { answer, text } = await get('', 'text/html');
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
    assert.ok(text.includes('Alder &lt;shares&gt;') && !text.includes('<shares>'));
    assert.ok(text.includes(titleClass));
    assert.match(text.replaceAll(/\s+/g, ''), />1<\/th><td[^>]*>20<\/td><td[^>]*>20<\/td>/);
    assert.match(text.replaceAll(/\s+/g, ''), />5<\/th><td[^>]*>2<\/td><td[^>]*>0<\/td>/);
    assert.match(text, /the root<\/a>/);
    for (const command of ['add', 'audit'])
      assert.ok(text.includes(`<code>npx specie title ${command} ${url}</code>`));
  });

  it('shows the address that it was asked for at, and none that is no address', async () => {
    const shown = async (headers: Readonly<Record<string, string>>) => {
      const asked = httpRequest(url, { headers: { Accept: 'text/html', ...headers } }).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return /npx specie title add ([^<]*)</.exec((await answer.toArray()).join(''))?.[1];
    };
    assert.equal(await shown({ Host: 'titles.example' }), 'http://titles.example/title');
    const proxied = { Host: 'titles.example', 'X-Forwarded-Proto': 'https' };
    assert.equal(await shown(proxied), 'https://titles.example/title');
    assert.equal(await shown({ Host: '[::1]:8090' }), 'http://[::1]:8090/title');
    for (const host of ['a b', '$(reboot)', 'a;b', 'x"><b>', "'"])
      assert.equal(await shown({ Host: host }), 'URL');
  });
});

describe('an issuer of titles', () => {
  it('finds a class by its name, its id and the beginning of it', async () => {
    for (const named of [WORDS.name, titleClass, titleClass.slice(0, 6)])
      assert.equal(bytesToHex(classId(accepted(await findClass(post, named)).title_class.terms)), titleClass);
    for (const named of ['none', titleClass.slice(0, 5), 'f'.repeat(64)]) {
      const none = await findClass(post, named);
      assert.ok(none instanceof Refusal && none.name === 'unknown', named);
    }
    const twin = accepted(await newClass(post, issuer, WORDS));
    accepted(await registerClass(post, twin));
    const several = await findClass(post, WORDS.name);
    assert.ok(several instanceof Refusal && several.name === 'not possible');
    assert.match(several.details, new RegExp(titleClass));
  });

  it('signs no version that its server would refuse', async () => {
    const certificate = accepted(await findClass(post, titleClass));
    const other = titleServerKey(new Uint8Array(32).fill(9));
    const range = { denomination: 5, count: 1, holder };
    const refused = [
      nextVersion(other, certificate, [range]),
      nextVersion(issuer, certificate, [{ ...range, denomination: 3 }]),
      nextVersion(issuer, certificate, new Array<typeof range>(255).fill(range)),
    ];
    assert.deepEqual(
      refused.map((each) => (each instanceof Refusal ? each.name : '')),
      ['unauthorised', 'not possible', 'too large'],
    );
  });
});

/** The way to the server, with somebody on it who changes the classes that it shows. */
function changing(change: (certificate: TitleClassCertificate) => TitleClassCertificate): TitleWay {
  return async (request) => {
    const bytes = await post(request);
    const { reference, message } = accepted(readTitleResponse(bytes));
    if (message.type !== 'response title classes') return bytes;
    const certificates = message.certificates.map(change);
    return writeTitleResponse({ reference, message: { ...message, certificates } });
  };
}

describe('an issuer of titles with somebody between it and its server', () => {
  it('signs no range that others have put into its class', async () => {
    const stolen = {
      denomination: 5,
      count: 100,
      holder: titleServerKey(new Uint8Array(32).fill(8)).publicKey,
    };
    const way = changing(({ title_class, signature }) => ({
      title_class: { ...title_class, ranges: [...title_class.ranges, stolen] },
      signature,
    }));
    const shown = accepted(await findClass(way, titleClass));
    for (const refused of [nextVersion(issuer, shown, [stolen]), await fillPool(way, issuer, shown)])
      assert.ok(refused instanceof Refusal && refused.name === 'bad signature');
    const { title_class } = accepted(await findClass(post, titleClass));
    assert.equal(title_class.ranges.length, 2);
  });

  it('does nothing to a class that another server keeps', async () => {
    const elsewhere = titleServerKey(new Uint8Array(32).fill(7)).publicKey;
    const signedElsewhere = ({ title_class }: TitleClassCertificate): TitleClassCertificate => {
      const terms = { ...title_class.terms, name: 'Elsewhere', server: elsewhere };
      const other = { ...title_class, terms };
      return { title_class: other, signature: issuer.sign(classSigned(other)) };
    };
    const way = changing((certificate) =>
      idOf(certificate) === titleClass ? signedElsewhere(certificate) : certificate,
    );
    const genuine = accepted(await findClass(post, titleClass));
    for (const refused of [
      await findClass(way, 'Elsewhere'),
      await fillPool(post, issuer, signedElsewhere(genuine)),
    ])
      assert.ok(refused instanceof Refusal && refused.details.includes('kept by another server'));
  });
});

describe('a pool', () => {
  it('is filled with the rest where titles have gone elsewhere, and it says which', async () => {
    const first = accepted(await newClass(post, issuer, { ...WORDS, name: 'Birch shares' }));
    accepted(await registerClass(post, first));
    const ranges = rangesFor([{ denomination: 1, count: 40 }], [issuer.publicKey]);
    const certificate = accepted(nextVersion(issuer, first, ranges));
    accepted(await registerClass(post, certificate));
    const id = classId(certificate.title_class.terms);
    const server = certificate.title_class.terms.server;
    for (const serial of [3, 5, 20]) {
      const transfer = {
        title_class: id,
        inputs: [
          {
            serial,
            sequence: 0,
            holder: issuer.publicKey,
            condition: undefined,
            seal: new Uint8Array(16),
            secret: undefined,
            to: { holder: serial === 20 ? server : holder, condition: undefined },
          },
        ],
        change: [],
      };
      const signatures = [issuer.sign(transferSigned(transferHash(server, transfer)))];
      accepted(await askTitles(post, { type: 'request title transfer', transfer, signatures }));
    }
    for (let times = 0; times < 2; times++) {
      const elsewhere: number[] = [];
      const filled = await fillPool(post, issuer, certificate, {
        elsewhere: (serial) => elsewhere.push(serial),
      });
      assert.equal(accepted(filled), 38);
      assert.deepEqual(elsewhere, [3, 5]);
      const { stock } = accepted(await askTitles(post, { type: 'request title pool', title_class: id }));
      assert.equal(stock[0]?.count, 38);
    }
  });
});

describe('titles over UDP', () => {
  it('are asked about in one datagram and answered in another', async () => {
    const request = writeTitleRequest({ reference: 5, message: TITLE() });
    const answer = accepted(await askUdp(HOST, udp.port, request));
    const { bytes } = await send(request);
    assert.deepEqual(answer, bytes);
  });

  it('are never answered with more bytes than were asked with', async () => {
    const asking = createSocket('udp4');
    await new Promise<void>((resolve) => asking.bind(0, HOST, resolve));
    const long = writeTitleRequest({ reference: 6, message: { type: 'request title groups', from: 1 } });
    for (const length of [long.length, 60, 200, 1_200]) {
      const padded = new Uint8Array(length);
      padded.set(long);
      asking.send(padded, udp.port, HOST);
      if (length < 60) continue;
      const [answer] = (await once(asking, 'message')) as [Uint8Array];
      assert.ok(answer.length <= length, `${answer.length} for ${length}`);
    }
    asking.close();
  });
});

describe('a front whose box is away', () => {
  it('says so, and is there again with it', async () => {
    await box.close();
    const request = writeTitleRequest({ reference: 4, message: TITLE() });
    const binary = await send(request);
    assert.equal(binary.answer.status, 202);
    assert.equal(binary.answer.headers.get('retry-after'), '1');
    const { reference, message } = accepted(readTitleResponse(binary.bytes));
    assert.ok(message.type === 'response title refusal' && message.name === 'busy');
    assert.equal(reference, 4);
    const json = await send(writeTitleJson({ reference: 4, message: TITLE() }));
    assert.deepEqual(accepted(readTitleResponseJson(json.bytes)), { reference, message });
    const silent = await askUdp(HOST, udp.port, request, { tries: 2, firstPause: 5 });
    assert.ok(silent instanceof Refusal && silent.name === 'unreachable');
    const none = await openTitleFront(socket);
    assert.ok(none instanceof Refusal && none.name === 'unreachable');
    box = await serveTitleBox(server, socket, fail);
    for (let status = 202; status !== 200;) ({ status } = (await send(request)).answer);
  });
});
