/** A program that tries all that a confined one must not do, in its main thread and in a worker, and says what came of it. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import http from 'node:http';
import http2 from 'node:http2';
import net, { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { utf8 } from '../../base/bytes.ts';
import { decodeRequest } from '../../protocol/codec.ts';
import { libsecp256k1 } from '../../signers/secp256k1.ts';

/** What became of an attempt: 'done', or the code or message of what was thrown. */
export type Outcomes = Record<string, string>;

const PREBUILDS = fileURLToPath(new URL('../../../node_modules/secp256k1/prebuilds', import.meta.url));

type Attempts = Readonly<Record<string, () => unknown>>;

const [folder, outside, port] = (workerData ?? process.argv.slice(2)) as [string, string, string];
const url = `http://127.0.0.1:${port}/`;

const FORBIDDEN: Attempts = {
  'read outside': () => readFileSync('/etc/hostname'),
  'list outside': () => readdirSync('/etc'),
  'read own environment': () => readFileSync('/proc/self/environ'),
  'write outside': () => writeFileSync(join(outside, 'written'), 'x'),
  'write own code': () => writeFileSync(new URL('./planted.ts', import.meta.url), 'x'),
  'write beyond dots': () => writeFileSync(`${folder}/../written`, 'x'),
  'write beside': () => writeFileSync(`${folder}-beside`, 'x'),
  'copy from outside': () => cpSync('/etc/hostname', join(folder, 'copied')),
  'link to outside': () => linkSync('/etc/hostname', join(folder, 'linked')),
  'symbolic link to outside': () => symlinkSync('/etc/hostname', join(folder, 'pointer')),
  'child process': () => execFileSync('/bin/true'),
  'another program': () => process.execve?.('/bin/true', ['true'], {}),
  'native addon': () => process.dlopen({ exports: {} }, join(folder, 'addon.node')),
  'our native addon, from a folder that can be written': () => {
    const own = join(folder, 'secp256k1.node');
    copyFileSync(join(PREBUILDS, 'linux-x64', 'secp256k1.glibc.node'), own);
    process.dlopen({ exports: {} }, own);
  },
  'native addon beside ours': () =>
    process.dlopen({ exports: {} }, join(PREBUILDS, '..', '..', 'other', 'addon.node')),
  'native addon by require': () => createRequire(import.meta.url)(join(folder, 'secp256k1.node')) as unknown,
  'internal binding': () => (process as unknown as { binding(name: string): unknown }).binding('tcp_wrap'),
  'database outside': () => new DatabaseSync(join(outside, 'books.sqlite')).close(),
  'database by its URI': () => new DatabaseSync(`file:${outside}/books.sqlite`).close(),
  'database opened later': () => new DatabaseSync(join(outside, 'late.sqlite'), { open: false }).open(),
  'database by the prototype': () =>
    new (DatabaseSync.prototype.constructor as typeof DatabaseSync)(join(outside, 'proto.sqlite')).close(),
  'attach outside': () => inMemory((books) => books.exec(`ATTACH '${outside}/attached.sqlite' AS other`)),
  'attach outside, opened later': () => {
    const books = new DatabaseSync(':memory:', { open: false });
    books.open();
    books.exec(`ATTACH '${outside}/attached.sqlite' AS other`);
  },
  'vacuum to outside': () =>
    inMemory((books) => books.exec(`CREATE TABLE t (a); VACUUM INTO '${outside}/copy.sqlite'`)),
  'backup to outside': () => inMemory((books) => backup(books, join(outside, 'backup.sqlite'))),
  'temporary files elsewhere': () =>
    inMemory((books) => books.exec(`PRAGMA temp_store_directory = '${outside}'`)),
  'another authoriser': () => inMemory((books) => books.setAuthorizer(null)),
  'thread with execArgv': () => new Worker(new URL(import.meta.url), { execArgv: [] }),
  'thread with env': () => new Worker(new URL(import.meta.url), { env: {} }),
  'thread by the prototype': () =>
    new (Worker.prototype.constructor as typeof Worker)(new URL(import.meta.url), { execArgv: [] }),
  'listen on TCP': () => createServer().listen(0),
  'listen on TCP with a path': () => createServer().listen({ port: 0, path: join(folder, 'p.sock') }),
  'listen on an inherited descriptor': () => createServer().listen({ fd: 3 }),
  'listen by the back door': () =>
    (createServer() as unknown as { _listen2(...args: unknown[]): void })._listen2('127.0.0.1', 0, 4),
  'handle by the back door': () =>
    (net as unknown as { _createServerHandle(...args: unknown[]): void })._createServerHandle(
      '127.0.0.1',
      0,
      4,
    ),
  'bound socket': () =>
    new (net as unknown as { BoundSocket: new (options: object) => object }).BoundSocket({}),
  'HTTP server': () => http.createServer().listen(0),
  'connect TCP': () => connect(Number(port), '127.0.0.1'),
  'connect TCP, port as text': () => new net.Socket().connect(port as unknown as number),
  'connect TLS': () => tls.connect(Number(port), '127.0.0.1'),
  'connect HTTP/2': () => http2.connect(url),
  'get over HTTP': () => http.get(url),
  fetch: () => fetch(url),
  WebSocket: () => new WebSocket(`ws://127.0.0.1:${port}/`),
  'UDP socket': () => createSocket('udp4'),
  'look up a name': () => lookup('localhost', () => undefined),
  'UNIX socket outside': () => createServer().listen(join(outside, 'outside.sock')),
  'UNIX socket without a file': () => createServer().listen('\0specie'),
  'connect to a UNIX socket outside': () => connect(join(outside, 'there.sock')),
};

const ALLOWED: Attempts = {
  libsecp256k1: () => libsecp256k1().privateKeyVerify(new Uint8Array(32).fill(1)),
  'own code with its packages': () => decodeRequest(utf8('{}')),
  'make a folder': () => mkdirSync(join(folder, 'deep', 'deeper'), { recursive: true, mode: 0o700 }),
  'write, for its owner alone': () => {
    writeFileSync(join(folder, 'file'), 'x');
    chmodSync(join(folder, 'file'), 0o600);
  },
  'append and sync': () =>
    writeSync(
      openSync(join(folder, 'file'), constants.O_APPEND | constants.O_WRONLY | constants.O_DSYNC),
      'x',
    ),
  'sync a file and its folder': async () => {
    for (const path of [join(folder, 'file'), folder]) {
      await using handle = await open(path);
      await handle.sync();
    }
  },
  'database in WAL mode, copied': () => {
    const name = isMainThread ? 'main' : 'worker';
    const books = new DatabaseSync(join(folder, `${name}.sqlite`));
    books.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a); INSERT INTO t VALUES (1)',
    );
    books.prepare('VACUUM INTO ?').run(join(folder, `${name}-copy.sqlite`));
    books.exec(`ATTACH '${folder}/${name}-copy.sqlite' AS other; VACUUM`);
    const { n } = books.prepare('SELECT count(*) AS n FROM other.t').get() ?? {};
    const { journal_mode: mode } = books.prepare('PRAGMA journal_mode').get() ?? {};
    books.close();
    if (n !== 1 || mode !== 'wal') throw new Error(`${String(n)} rows in mode ${String(mode)}`);
  },
  'UNIX socket in the folder': () => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const path = join(folder, `${isMainThread ? 'main' : 'worker'}.sock`);
    const server = createServer((socket) => socket.end('hello')).on('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      connect(path)
        .on('error', reject)
        .on('data', () => server.close(() => resolve(undefined)));
    });
    return promise;
  },
  'remove a folder': () => rmSync(join(folder, 'deep'), { recursive: true }),
};

function inMemory(use: (books: DatabaseSync) => unknown): unknown {
  return use(new DatabaseSync(':memory:'));
}

async function outcomes(attempts: Attempts): Promise<Outcomes> {
  const found: Outcomes = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      found[name] = 'done';
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      found[name] = code === 'ERR_SQLITE_ERROR' ? message : (code ?? message);
    }
  }
  return found;
}

const tried = { forbidden: await outcomes(FORBIDDEN), allowed: await outcomes(ALLOWED) };
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: [folder, outside, port] });
  worker.once('message', (fromWorker: unknown) => {
    process.stdout.write(`ready ${JSON.stringify({ main: tried, worker: fromWorker })}\n`);
  });
  process.stdin.resume();
} else {
  parentPort?.postMessage(tried);
}
