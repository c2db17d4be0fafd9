import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { networkSockets } from './sockets.test-helper.ts';
import { supervise } from './supervisor.ts';
import type { Program, Supervisor, SupervisorEvent, SupervisorOptions } from './supervisor.ts';

const PROGRAM = fileURLToPath(new URL('./program.test-helper.ts', import.meta.url));
const SUPERVISING = fileURLToPath(new URL('./supervising.test-helper.ts', import.meta.url));

function fake(name: string, ...deeds: readonly string[]): Program {
  return { name, command: process.execPath, args: [PROGRAM, ...deeds], ready: 'ready' };
}

interface Watched {
  readonly supervisor: Supervisor;
  /** All that happened, in order: what was reported, and what programs said. */
  readonly seen: string[];
  readonly events: SupervisorEvent[];
  /** Resolves when `isSo`, which is asked again whenever something happened. */
  readonly until: (isSo: () => boolean) => Promise<void>;
}

function watch(
  t: TestContext,
  programs: readonly Program[],
  options: Partial<SupervisorOptions> = {},
): Watched {
  const seen: string[] = [];
  const events: SupervisorEvent[] = [];
  const waiting = new Set<() => void>();
  const see = (what: string): void => {
    seen.push(what);
    for (const look of waiting) look();
  };
  const supervisor = supervise(programs, {
    pauses: { first: 10, most: 40, forgetAfter: 60_000 },
    clock: () => 0,
    random: () => 1,
    passOutput: true,
    output: see,
    errors: see,
    report: (event) => {
      events.push(event);
      see(`${event.program} ${event.event.slice('program '.length)}`);
    },
    ...options,
  });
  t.after(() => supervisor.stop());
  const until = (isSo: () => boolean): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const look = (): void => {
      if (!isSo()) return;
      waiting.delete(look);
      resolve(undefined);
    };
    waiting.add(look);
    look();
    return promise;
  };
  return { supervisor, seen, events, until };
}

function pidOf(supervisor: Supervisor, name: string): number {
  const pid = supervisor.pids().get(name);
  assert.ok(pid !== undefined, `${name} does not run`);
  return pid;
}

const count = (seen: readonly string[], what: string): number => seen.filter((each) => each === what).length;

describe('start', () => {
  test('each program is started only when the one before it serves', async (t) => {
    const programs = ['box', 'bank', 'issuer'].map((name) =>
      fake(name, `say=${name} up`, 'wait', 'say=ready'),
    );
    const { supervisor, seen, until } = watch(t, programs);
    const expected: string[] = [];
    for (const { name } of programs) {
      await until(() => seen.includes(`${name} up`));
      expected.push(`${name} started`, `${name} up`);
      assert.deepEqual(seen, expected);
      process.kill(pidOf(supervisor, name), 'SIGUSR2');
    }
    assert.equal(await supervisor.started, undefined);
    assert.deepEqual([...supervisor.pids().keys()], ['box', 'bank', 'issuer']);
  });

  const REFUSED: Readonly<Record<string, [program: Program, details: RegExp]>> = {
    'says why': [
      fake(
        'bank',
        'complain={"event":"bug"}',
        'complain=specie: The books are newer.',
        'complain={}',
        'exit=1',
      ),
      /^bank did not start: The books are newer$/,
    ],
    crashes: [fake('bank', 'crash=no such table'), /^bank did not start: no such table$/],
    'says nothing': [fake('bank', 'exit=3'), /^bank did not start: it ended with status 3$/],
    'ends well': [fake('bank', 'exit=0'), /^bank did not start: it ended with status 0$/],
    'is not there': [{ ...fake('bank'), command: '/nowhere/specie' }, /^bank did not start: .*ENOENT/],
  };
  for (const [how, [program, details]] of Object.entries(REFUSED)) {
    test(`a program that ${how} before it ever served ends all, and is not started again`, async (t) => {
      const after = fake('issuer', 'say=ready');
      const { supervisor, seen } = watch(t, [fake('box', 'polite=box', 'say=ready'), program, after]);
      const refusal = await supervisor.started;
      assert.equal(refusal?.name, 'not possible');
      assert.match(refusal.details, details);
      assert.equal(supervisor.pids().size, 0);
      assert.ok(count(seen, 'bank started') <= 1);
      assert.equal(count(seen, 'bank ended'), 1);
      assert.deepEqual(seen.slice(-2), ['box told to stop', 'box ended']);
      assert.ok(!seen.includes('issuer started'));
    });
  }

  test('a program that is killed before it ever served is started again', async (t) => {
    const { supervisor, seen, events, until } = watch(t, [fake('box', 'say=up', 'wait', 'say=ready')]);
    await until(() => seen.includes('up'));
    process.kill(pidOf(supervisor, 'box'), 'SIGKILL');
    await until(() => count(seen, 'up') === 2);
    process.kill(pidOf(supervisor, 'box'), 'SIGUSR2');
    assert.equal(await supervisor.started, undefined);
    assert.deepEqual(events[1], {
      event: 'program ended',
      program: 'box',
      status: null,
      signal: 'SIGKILL',
      pauseMilliseconds: 10,
    });
  });

  test('stopped before all serve, it says so and runs nothing more', async (t) => {
    const { supervisor, seen, until } = watch(t, [fake('box', 'say=up', 'wait'), fake('bank', 'say=ready')]);
    await until(() => seen.includes('up'));
    await supervisor.stop();
    assert.match((await supervisor.started)?.details ?? '', /box was stopped before it served/);
    assert.equal(supervisor.pids().size, 0);
    assert.ok(!seen.includes('bank started'));
  });
});

describe('restart', () => {
  test('the pause grows to the most, and begins anew after a calm time; the others go on', async (t) => {
    let now = 0;
    const programs = [fake('box', 'say=box up', 'say=ready'), fake('bank', 'say=ready')];
    const { supervisor, seen, events, until } = watch(t, programs, { clock: () => now });
    assert.equal(await supervisor.started, undefined);
    const bank = pidOf(supervisor, 'bank');
    for (let deaths = 1; deaths <= 6; deaths += 1) {
      if (deaths === 6) now += 60_000;
      const box = pidOf(supervisor, 'box');
      process.kill(box, 'SIGKILL');
      await until(() => count(seen, 'box up') === deaths + 1);
      assert.notEqual(pidOf(supervisor, 'box'), box);
    }
    const pauses = events.flatMap((each) => (each.event === 'program ended' ? [each.pauseMilliseconds] : []));
    assert.deepEqual(pauses, [10, 20, 40, 40, 40, 10]);
    assert.equal(pidOf(supervisor, 'bank'), bank);
  });

  test('one that has served and then does not start is tried again, whatever its status', async (t) => {
    const path = join(mkdtempSync(join(tmpdir(), 'sp-')), 'marker');
    t.after(() => rmSync(join(path, '..'), { recursive: true }));
    const script = `
      const { existsSync, writeFileSync } = require('node:fs');
      if (existsSync(${JSON.stringify(path)})) process.exit(1);
      writeFileSync(${JSON.stringify(path)}, '');
      console.log('ready');
      process.stdin.resume();`;
    const { supervisor, seen, until } = watch(t, [{ ...fake('box'), args: ['-e', script] }]);
    assert.equal(await supervisor.started, undefined);
    process.kill(pidOf(supervisor, 'box'), 'SIGKILL');
    await until(() => count(seen, 'box ended') === 3);
    rmSync(path);
    await until(() => count(seen, 'box started') > count(seen, 'box ended'));
  });

  test('nothing is started again once it is to stop', async (t) => {
    const pauses = { first: 3_600_000, most: 3_600_000, forgetAfter: 60_000 };
    const { supervisor, seen, until } = watch(t, [fake('box', 'say=ready')], { pauses });
    assert.equal(await supervisor.started, undefined);
    process.kill(pidOf(supervisor, 'box'), 'SIGKILL');
    await until(() => seen.includes('box ended'));
    assert.equal(supervisor.pids().size, 0);
    await supervisor.stop();
    assert.equal(count(seen, 'box started'), 1);
  });
});

describe('stop', () => {
  const polite = ['box', 'bank', 'issuer'].map((name) => fake(name, `polite=${name}`, 'say=ready'));

  test('the last is told first, and each only when the one before it has ended', async (t) => {
    const { supervisor, seen, events } = watch(t, polite);
    assert.equal(await supervisor.started, undefined);
    const from = seen.length;
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    const order = ['issuer', 'bank', 'box'].flatMap((name) => [`${name} told to stop`, `${name} ended`]);
    assert.deepEqual(seen.slice(from), order);
    for (const each of events.slice(-3)) {
      assert.deepEqual(each, { ...each, status: 0, signal: null, pauseMilliseconds: null });
    }
  });

  test('what does not end in time is killed, and no other', async (t) => {
    const stubborn = fake('bank', 'stubborn', 'say=ready');
    const { supervisor, events } = watch(t, [polite[0]!, stubborn, polite[2]!], { grace: 300 });
    assert.equal(await supervisor.started, undefined);
    await supervisor.stop();
    const signals = events.flatMap((each) => (each.event === 'program ended' ? [each.signal] : []));
    assert.deepEqual(signals, [null, 'SIGKILL', null]);
  });
});

describe('what programs say', () => {
  const says = fake(
    'box',
    'say=before',
    'complain={"event":"x"}',
    'complain=a sentence',
    'say=ready',
    'say=ready twice',
  );

  test('errors are passed on line by line as they are, output only when asked for, the ready line never', async (t) => {
    const loud = watch(t, [says]);
    await loud.until(() =>
      ['{"event":"x"}', 'a sentence', 'ready twice'].every((each) => loud.seen.includes(each)),
    );
    assert.ok(loud.seen.includes('before'));
    assert.ok(!loud.seen.includes('ready'));
    const quiet = watch(t, [says], { passOutput: false });
    assert.equal(await quiet.supervisor.started, undefined);
    await quiet.until(() => quiet.seen.includes('a sentence'));
    await quiet.supervisor.stop();
    assert.deepEqual(quiet.seen, ['box started', '{"event":"x"}', 'a sentence', 'box ended']);
  });

  test('a line that goes on for ever is passed on in parts', async (t) => {
    const script = `process.stderr.write('x'.repeat(200_000) + '\\n'); process.stdin.resume()`;
    const { seen, until } = watch(t, [{ ...fake('box'), args: ['-e', script] }]);
    const parts = (): string[] => seen.filter((each) => each.startsWith('x'));
    await until(() => parts().join('').length === 200_000);
    assert.ok(parts().length > 1);
  });
});

test('a secret comes by standard input at every start, and is nowhere else to be seen', async (t) => {
  const input = 'correct horse battery staple ü';
  const hash = `read ${createHash('sha256').update(input).digest('hex')}`;
  const { supervisor, seen, events, until } = watch(t, [
    { ...fake('box', 'input', 'orphan', 'say=ready'), input },
  ]);
  assert.equal(await supervisor.started, undefined);
  for (const times of [1, 2]) {
    await until(() => count(seen, hash) === times && supervisor.pids().has('box'));
    const pid = pidOf(supervisor, 'box');
    if (process.platform === 'linux') {
      const shown = ['cmdline', 'environ', 'comm'].map((name) =>
        readFileSync(`/proc/${pid}/${name}`, 'utf8'),
      );
      assert.ok(shown[0]!.includes('program.test-helper.ts'));
      assert.ok(!shown.join().includes('battery'));
      assert.deepEqual(networkSockets(pid), []);
    }
    if (times === 1) process.kill(pid, 'SIGKILL');
  }
  await supervisor.stop();
  assert.ok(!JSON.stringify([seen, events]).includes('battery'));
});

test('standard input stays open behind a secret, unless it is told not to', async (t) => {
  const script = `process.stdin.on('end', () => console.log('ready')).resume();`;
  const program = { ...fake('box'), args: ['-e', script], input: 'secret' };
  const closed = watch(t, [{ ...program, keepInput: false }]);
  assert.equal(await closed.supervisor.started, undefined);
  const open = watch(t, [program, fake('bank', 'say=ready')]);
  await open.until(() => open.seen.includes('box started'));
  await open.supervisor.stop();
  assert.match((await open.supervisor.started)?.details ?? '', /box was stopped/);
});

describe('a supervisor in a process of its own', { skip: process.platform === 'win32' }, () => {
  /** Starts one with two programs; `gone` resolves when both have ended, which their sockets show. */
  async function launched(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'sp-'));
    let open = 0;
    const gone = Promise.withResolvers<undefined>();
    const server = createServer((socket) => {
      open += 1;
      socket.on('error', () => undefined).resume();
      socket.once('close', () => {
        open -= 1;
        if (open === 0) gone.resolve(undefined);
      });
    }).listen(join(folder, 's'));
    await once(server, 'listening');
    const child = spawn(process.execPath, [SUPERVISING, join(folder, 's'), 'box', 'bank'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    t.after(() => {
      child.kill('SIGKILL');
      server.close();
      rmSync(folder, { recursive: true });
    });
    const said: string[] = [];
    createInterface(child.stderr).on('line', (line) => said.push(line));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    assert.equal(line, 'all serve');
    assert.equal(open, 2);
    return { child, said, gone: gone.promise };
  }

  test('its programs end when it is killed', async (t) => {
    const { child, gone } = await launched(t);
    child.kill('SIGKILL');
    await gone;
  });

  test('Ctrl-C reaches it alone, and its programs end in their order', async (t) => {
    const { child, said, gone } = await launched(t);
    const closed = once(child, 'close');
    process.kill(-child.pid!, 'SIGINT');
    await Promise.all([gone, closed]);
    assert.deepEqual(said, ['bank told to stop', 'bank ended', 'box told to stop', 'box ended']);
    assert.equal(child.exitCode, 0);
  });
});
