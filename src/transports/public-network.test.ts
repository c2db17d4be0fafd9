/** A host that fetches what strangers name reaches nothing inside its own network, however the name is written. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { utf8 } from '../base/bytes.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { isPublicAddress } from './public-address.ts';
import { guardedMessenger } from './public-network.ts';
import type { Guard } from './public-network.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let handler: Handler;
const seen: {
  method: string | undefined;
  url: string | undefined;
  host: string | undefined;
  body: string;
}[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { method, url, headers } = request;
    seen.push({ method, url, host: headers.host, body: Buffer.concat(parts).toString() });
    handler(request, response);
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
after(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  handler = (_, response) => response.end('answer');
});
afterEach(() => {
  seen.length = 0;
});

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const INSIDE = { address: '10.0.0.1', family: 4 };

/** A network where 127.0.0.1 is public, and names are what the test says. */
function network(names: Readonly<Record<string, readonly { address: string; family: number }[]>>): Guard {
  return {
    allowed: [],
    resolve: async (name) => names[name] ?? Promise.reject(new Error('no such name')),
    isPublic: (address) => address === '127.0.0.1' || isPublicAddress(address),
  };
}

const text = (answer: Uint8Array | Refusal): string => {
  assert.ok(!(answer instanceof Refusal), answer instanceof Refusal ? answer.details : '');
  return Buffer.from(answer).toString();
};

const name = (answer: Uint8Array | Refusal): string => {
  assert.ok(answer instanceof Refusal, 'it was answered');
  return answer.name;
};

const MESSAGE = utf8('{"type":"request float"}');

describe('a guarded messenger', () => {
  it('carries messages and gets descriptions, at the name that was asked for', async () => {
    const messenger = guardedMessenger(network({ 'mint.test': [LOOPBACK] }));
    handler = (_, response) => response.writeHead(202).end('later');
    assert.equal(text(await messenger.exchange(`http://mint.test:${port}/a?b=c`, MESSAGE)), 'later');
    assert.equal(text(await messenger.describe(`http://mint.test:${port}/d`)), 'later');
    const host = `mint.test:${port}`;
    assert.deepEqual(seen, [
      { method: 'POST', url: '/a?b=c', host, body: Buffer.from(MESSAGE).toString() },
      { method: 'GET', url: '/d', host, body: '' },
    ]);
  });

  it('goes nowhere inside, by whichever name or number', async () => {
    const messenger = guardedMessenger({
      allowed: [],
      resolve: async (host) => {
        if (host === 'localhost') return [{ address: '::1', family: 6 }, LOOPBACK];
        return host === 'both.test' ? [{ address: '93.184.215.14', family: 4 }, INSIDE] : [INSIDE];
      },
    });
    const hosts = [
      'localhost',
      'inside.test',
      'both.test',
      '127.0.0.1',
      '127.1',
      '0x7f000001',
      '2130706433',
      '0',
      '10.0.0.1',
      '169.254.169.254',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[fd00::1]',
      '[fe80::1]',
    ];
    for (const host of hosts) {
      const url = `http://${host}:${port}/`;
      assert.equal(name(await messenger.exchange(url, MESSAGE)), 'not possible', host);
      assert.equal(name(await messenger.describe(url)), 'not possible', host);
      assert.equal(name(await messenger.describe(`https://${host}/`)), 'not possible', host);
    }
    assert.deepEqual(seen, []);
  });

  it('connects to what was checked, not to what the name says a moment later', async () => {
    let asked = 0;
    const messenger = guardedMessenger({
      ...network({}),
      resolve: async () => (asked++ === 0 ? [LOOPBACK] : [INSIDE]),
    });
    handler = (_, response) => response.setHeader('Connection', 'close').end('answer');
    assert.equal(text(await messenger.describe(`http://rebound.test:${port}/`)), 'answer');
    assert.equal(asked, 1, 'one look-up a connection');
    assert.equal(name(await messenger.describe(`http://rebound.test:${port}/`)), 'not possible');
    assert.equal(seen.length, 1);
  });

  it('goes to origins that are allowed wherever they are, and to nothing beside them', async () => {
    const messenger = guardedMessenger({ allowed: [`http://127.0.0.1:${port}`, 'http://localhost:1'] });
    assert.equal(text(await messenger.exchange(`http://127.0.0.1:${port}/x`, MESSAGE)), 'answer');
    for (const url of ['http://127.0.0.1/', `https://127.0.0.1:${port}/`, `http://localhost:${port}/`])
      assert.equal(name(await messenger.describe(url)), 'not possible', url);
    assert.equal(name(await messenger.describe('http://localhost:1/')), 'unreachable');
  });

  it('asks HTTP at its usual ports and at free ones only', async () => {
    const messenger = guardedMessenger(network({ 'mint.test': [LOOPBACK] }));
    for (const url of ['http://mint.test:25/', 'http://mint.test:22/', 'https://mint.test:993/'])
      assert.equal(name(await messenger.exchange(url, MESSAGE)), 'not possible', url);
    for (const url of ['', 'file:///etc/passwd', 'ftp://mint.test/', 'data:,x', 'mint.test', 'gopher://x'])
      assert.equal(name(await messenger.describe(url)), 'malformed', url);
  });

  it('follows no redirect of a message', async () => {
    const messenger = guardedMessenger(network({ 'mint.test': [LOOPBACK] }));
    for (const status of [301, 302, 303, 307, 308]) {
      handler = (_, response) => response.writeHead(status, { Location: '/elsewhere' }).end();
      assert.equal(name(await messenger.exchange(`http://mint.test:${port}/`, MESSAGE)), 'unreachable');
    }
    assert.ok(seen.every(({ url }) => url === '/'));
  });

  it('checks every redirect of a description anew, and follows three', async () => {
    const messenger = guardedMessenger(network({ 'mint.test': [LOOPBACK], 'inside.test': [INSIDE] }));
    const lead = (location: string): Handler => {
      return ({ url }, response) => {
        if (url === '/end') response.end('answer');
        else response.writeHead(302, { Location: location }).end();
      };
    };
    const start = `http://mint.test:${port}/start`;
    handler = lead('/end');
    assert.equal(text(await messenger.describe(start)), 'answer');
    const inside = ['http://inside.test/', 'http://10.0.0.1/', 'http://[::1]/', 'http://mint.test:22/'];
    for (const location of inside) {
      handler = lead(location);
      assert.equal(name(await messenger.describe(start)), 'not possible', location);
    }
    handler = lead('file:///etc/passwd');
    assert.equal(name(await messenger.describe(start)), 'malformed');
    handler = lead('http://[');
    assert.equal(name(await messenger.describe(start)), 'unreachable');
    seen.length = 0;
    handler = ({ url = '' }, response) =>
      response.writeHead(307, { Location: `/${Number(url.slice(1)) + 1}` }).end();
    assert.equal(name(await messenger.describe(`http://mint.test:${port}/0`)), 'unreachable');
    assert.deepEqual(
      seen.map(({ url }) => url),
      ['/0', '/1', '/2', '/3'],
    );
  });

  it('reads no more than a message', async () => {
    const messenger = guardedMessenger(network({ 'mint.test': [LOOPBACK] }));
    const url = `http://mint.test:${port}/`;
    handler = (_, response) => response.end(Buffer.alloc(LIMITS.messageBytes, 'x'));
    assert.equal(text(await messenger.describe(url)).length, LIMITS.messageBytes);
    handler = (_, response) => {
      // More than it reads, and no end to it.
      const pour = () => {
        while (response.write(Buffer.alloc(65_536, 'x')));
      };
      response.on('drain', pour);
      pour();
    };
    assert.equal(name(await messenger.describe(url)), 'too large');
  });

  it('says unreachable of whatever breaks off, answers nonsense, or has no name', async () => {
    const messenger = guardedMessenger(network({ 'mint.test': [LOOPBACK] }));
    const url = `http://mint.test:${port}/`;
    const broken: readonly Handler[] = [
      ({ socket }) => socket.destroy(),
      ({ socket }) => socket.end('nonsense\r\n\r\n'),
      ({ socket }) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
      (_, response) => response.writeHead(304).end(),
    ];
    for (const each of broken) {
      handler = each;
      assert.equal(name(await messenger.exchange(url, MESSAGE)), 'unreachable');
      assert.equal(name(await messenger.describe(url)), 'unreachable');
    }
    assert.equal(name(await messenger.describe('http://nobody.test/')), 'unreachable');
    const empty = guardedMessenger(network({ 'empty.test': [] }));
    assert.ok((await empty.describe('http://empty.test/')) instanceof Refusal);
  });
});

describe('an address', () => {
  it('is public when the whole internet routes it', () => {
    const open = [
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '93.184.215.14',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '223.255.255.255',
      '2606:4700::1111',
      '2a00:1450::1',
      '2001:4860::8888',
    ];
    for (const address of open) assert.ok(isPublicAddress(address), address);
  });

  it('is not, when it is local, private, shared, documentation, multicast, translated, or none', () => {
    const closed = [
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.0',
      '10.255.255.255',
      '100.64.0.0',
      '100.127.255.255',
      '127.0.0.1',
      '127.255.255.255',
      '169.254.169.254',
      '172.16.0.0',
      '172.31.255.255',
      '192.0.0.8',
      '192.0.2.1',
      '192.88.99.1',
      '192.168.1.1',
      '198.19.255.255',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '239.255.255.255',
      '240.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      '::ffff:8.8.8.8',
      '::ffff:127.0.0.1',
      '::127.0.0.1',
      '64:ff9b::808:808',
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:10::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fd12:3456::1',
      'fe80::1',
      'fe80::1%eth0',
      'fec0::1',
      'ff02::1',
      '',
      'localhost',
      '1.1.1',
      '1.1.1.1.',
    ];
    for (const address of closed) assert.ok(!isPublicAddress(address), address);
  });
});
