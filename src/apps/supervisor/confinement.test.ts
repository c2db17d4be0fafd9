import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../base/refusal.ts';
import { confinedNode, socketPath } from './confined.ts';
import type { ConfinedCommand, Confinement } from './confined.ts';
import type { Outcomes } from './confined-program.test-helper.ts';
import { outsideNetwork } from './network-namespace.ts';
import { networkSockets } from './sockets.test-helper.ts';

const PROGRAM = fileURLToPath(new URL('./confined-program.test-helper.ts', import.meta.url));
const DENIED = [
  'ERR_ACCESS_DENIED',
  'ERR_DLOPEN_DISABLED',
  'ERR_WORKER_UNSUPPORTED_OPERATION',
  'not authorized',
  'authorization denied',
];
/** A UNIX socket's path is short, and a test's temporary folder may not be. */
const top = realpathSync(mkdtempSync(join(tmpdir(), 'sp-')));
after(() => rmSync(top, { recursive: true }));

function confined(confinement: Partial<Confinement> & { folder: string }): ConfinedCommand {
  const command = confinedNode({ entry: PROGRAM, args: [], ...confinement });
  assert.ok(!(command instanceof Refusal));
  return command;
}

interface Tried {
  readonly forbidden: Outcomes;
  readonly allowed: Outcomes;
}

interface Said {
  readonly main: Tried;
  readonly worker: Tried;
}

/** Runs a command until it has said what came of its attempts; `look` sees it while it still runs. */
async function told(given: ConfinedCommand, look: (pid: number) => unknown = () => undefined): Promise<Said> {
  const child = spawn(given.command, given.args, {
    env: { ...given.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('ready ')) continue;
      await look(child.pid!);
      return JSON.parse(line.slice('ready '.length)) as Said;
    }
    throw new Error('it ended before it said anything');
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

describe('a confined program', () => {
  const folder = join(top, 'own');
  const outside = join(top, 'outside');
  let said: Said;
  let sockets: string[] | undefined;
  let calls = 0;

  before(async () => {
    mkdirSync(outside);
    const server = createServer((socket) => {
      calls += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const args = [folder, outside, String((server.address() as AddressInfo).port)];
    said = await told(confined({ folder, args }), (pid) => (sockets = networkSockets(pid)));
    server.close();
  });

  for (const thread of ['main', 'worker'] as const) {
    test(`can do nothing outside of its folder: ${thread} thread`, () => {
      const { forbidden } = said[thread];
      const done = Object.entries(forbidden).filter(([, outcome]) => !DENIED.includes(outcome));
      assert.deepEqual(done, []);
      assert.ok(Object.keys(forbidden).length > 40);
    });

    test(`can do its work within: ${thread} thread`, () => {
      assert.deepEqual(new Set(Object.values(said[thread].allowed)), new Set(['done']));
    });
  }

  test('leaves nothing outside of its folder and reaches nobody', () => {
    assert.deepEqual(readdirSync(outside), []);
    assert.deepEqual(readdirSync(top).sort(), ['outside', 'own']);
    assert.equal(calls, 0);
  });

  test('holds no network socket', { skip: process.platform !== 'linux' }, () => {
    assert.deepEqual(sockets, []);
  });

  test('has a folder for its owner alone', () => {
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });
});

test('what is denied can be done without confinement: the attempts are real', async () => {
  const folder = join(top, 'free');
  const outside = join(top, 'free-outside');
  mkdirSync(folder);
  mkdirSync(outside);
  const script = `
    import { createServer } from 'node:net';
    import { readFileSync } from 'node:fs';
    import { DatabaseSync } from 'node:sqlite';
    readFileSync('/etc/hostname');
    new DatabaseSync(${JSON.stringify(join(outside, 'books.sqlite'))}).exec('CREATE TABLE t (a)');
    const server = createServer().listen(0, '127.0.0.1', () => console.log('ready ' + JSON.stringify({ main: server.address().port })));
    process.stdin.resume();`;
  const command = {
    command: process.execPath,
    args: ['--input-type=module', '-e', script],
    environment: {},
  };
  let sockets: string[] | undefined;
  const { main: port } = await told(command, (pid) => (sockets = networkSockets(pid)));
  assert.deepEqual(readdirSync(outside), ['books.sqlite']);
  if (sockets === undefined) return;
  const expected = Number(port).toString(16).toUpperCase().padStart(4, '0');
  assert.deepEqual(sockets, [`tcp 0100007F:${expected}`]);
});

test('in a network namespace of its own, a program that is not fenced in at all reaches nobody', async (t) => {
  const script = `
    import { networkInterfaces } from 'node:os';
    import { connect } from 'node:net';
    connect(Number(process.argv[1]), '127.0.0.1').on('error', ({ code }) => {
      console.log('ready ' + JSON.stringify({ main: code, worker: Object.keys(networkInterfaces()) }));
    });
    process.stdin.resume();`;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const args = ['--input-type=module', '-e', script, String(port)];
  const command = outsideNetwork({
    command: process.execPath,
    args,
    environment: { PATH: process.env['PATH'] ?? '' },
  });
  if (command === undefined) {
    t.skip('this system gives no network namespace');
    return;
  }
  const found: unknown = await told(command);
  assert.deepEqual(found, { main: 'ENETUNREACH', worker: [] });
});

test("both fences together: cut off from the network, it serves its folder's socket to the outside", async (t) => {
  const folder = join(top, 'both');
  const entry = join(top, 'serve.ts');
  writeFileSync(
    entry,
    `import { createServer } from 'node:net';
    import { networkInterfaces } from 'node:os';
    createServer((socket) => socket.end(JSON.stringify(Object.keys(networkInterfaces()))))
      .listen(process.argv[2] as string, () => console.log('ready {}'));`,
  );
  const path = socketPath(folder, 's');
  assert.ok(typeof path === 'string');
  const command = outsideNetwork(confined({ entry, folder, args: [path], alsoReadable: [entry] }));
  if (command === undefined) {
    t.skip('this system gives no network namespace');
    return;
  }
  let answer: Promise<unknown[]> | undefined;
  await told(command, async () => {
    const socket = connect(path);
    answer = once(socket, 'data');
    await answer;
  });
  assert.equal(String((await answer)?.[0]), '[]');
});

test('the environment of a confined program cannot widen its permissions', () => {
  const before = process.env['NODE_OPTIONS'];
  process.env['NODE_OPTIONS'] = '--allow-fs-read=*';
  process.env['SPECIE_SECRET'] = 'secret';
  const { environment } = confined({ folder: join(top, 'environment') });
  delete process.env['SPECIE_SECRET'];
  if (before === undefined) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = before;
  assert.ok(!('NODE_OPTIONS' in environment) && !('SPECIE_SECRET' in environment));
});

test('the fences do not run without the permission model', async () => {
  const fences = new URL('./fences.ts', import.meta.url).href;
  const child = spawn(process.execPath, [`--import=${fences}`, '-e', 'process.exit(0)'], { stdio: 'ignore' });
  const [status] = (await once(child, 'exit')) as [number];
  assert.equal(status, 1);
});

test('a folder that holds a symbolic link, at any depth, is refused', () => {
  const folder = join(top, 'linked');
  mkdirSync(join(folder, 'deep'), { recursive: true });
  writeFileSync(join(folder, 'file'), 'x');
  confined({ folder });
  const link = join(folder, 'deep', 'out');
  symlinkSync('/etc', link);
  for (const path of [{ folder }, { folder: join(top, 'another'), alsoWritable: [folder] }]) {
    const refused = confinedNode({ entry: PROGRAM, args: [], ...path });
    assert.ok(refused instanceof Refusal);
    assert.ok(refused.details.includes(link));
  }
});

test('a folder whose name the permission model reads as a pattern is refused', () => {
  assert.ok(confinedNode({ entry: PROGRAM, args: [], folder: join(top, 'st*r') }) instanceof Refusal);
});

test('a folder that is itself reached by a link is the folder that it leads to', () => {
  mkdirSync(join(top, 'real'));
  symlinkSync(join(top, 'real'), join(top, 'link'));
  const { args } = confined({ folder: join(top, 'link') });
  assert.ok(args.includes(`--allow-fs-write=${join(top, 'real')}`));
});

test('a socket path is taken up to the most bytes that the system takes, and refused above', async () => {
  const most = process.platform === 'linux' ? 107 : 103;
  const name = (length: number) => 'é'.repeat(2) + 'x'.repeat(length - top.length - 1 - 4);
  const path = socketPath(top, name(most));
  assert.equal(typeof path, 'string');
  const server = createServer().listen(path as string);
  await once(server, 'listening');
  server.close();
  const refused = socketPath(top, name(most + 1));
  assert.ok(refused instanceof Refusal);
  assert.match(refused.details, new RegExp(`${most + 1} bytes`));
});
