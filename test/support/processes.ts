/** Specie's programs in processes of their own, as people start them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SUITES } from '../../src/suites/index.ts';
import { childrenOf, cpuSecondsOf, isGone, programsWith, serves } from './parts.ts';
import type { Part } from './parts.ts';

export type { Part } from './parts.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const SPECIE = join(ROOT, 'bin', 'specie.js');

/** The longest that a command, or an issuer's start, may take. What takes longer fails and says what it was. */
const PATIENCE = 60_000;

export interface Ended {
  /** The exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when standard output holds `text`. */
  said(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  /** The Node that runs it; the one that runs the tests when not given. */
  readonly node?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What stands on its standard input; at its end at once when not given. */
  readonly input?: string;
}

/** Runs one command to its end. */
export function specie(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const running = launch(options.node ?? process.execPath, [SPECIE, ...args], options);
  return inTime(running, args, running.ended);
}

/** Waits for something of a program's; kills it and rejects when that takes too long. */
async function inTime<Value>(
  running: Running,
  args: readonly string[],
  event: Promise<Value>,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    running.child.kill('SIGKILL');
    late.reject(new Error(`specie ${args.join(' ')} took longer than ${PATIENCE} ms`));
  }, PATIENCE);
  try {
    return await Promise.race([event, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Launches a program. It does not outlive this process. */
export function launch(program: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: 'pipe' });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  }
  // A program that ends without reading its input is no fault of the test.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      process.removeListener('exit', kill);
      resolve({ status, signal, ...texts });
    });
  });
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (texts.stdout.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      look();
    });
  return { child, said, ended };
}

/** For tests in which any suite will do: its keys are made at once. */
export const QUICK_SUITE = ['SECP256K1-WAGNER'];

export interface IssuerOptions {
  /** Where its books are; a temporary folder, gone after `stop`, when not given. */
  readonly folder?: string;
  /** A free one when not given. */
  readonly port?: number;
  /** Where wallets are served; none are when not given. */
  readonly walletPort?: number;
  /** A currency for each of these; for the default suite alone when not given. */
  readonly suites?: readonly string[];
  /** Whether a title server is beside it; none is when not given. */
  readonly titles?: boolean;
  /** Further arguments of `specie start`. */
  readonly args?: readonly string[];
}

export interface IssuerProcess {
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  /** Seconds of processor time that the supervisor and its three programs have used, over all their threads. */
  cpuSeconds(): number;
  /** The programs that run now. */
  pids(): ReadonlyMap<Part, number>;
  /** Kills one of the programs with SIGKILL, and resolves when the one that was started in its place serves. */
  killPart(part: Part): Promise<void>;
  /**
   * Sends the supervisor a signal, and resolves when it and its programs have ended. The folder stays: start another
   * one on it.
   */
  kill(signal: NodeJS.Signals): Promise<Ended>;
  /** Ends it as an operator does. Rejects when it did not end well or logged a bug. Does nothing when it has ended. */
  stop(): Promise<void>;
}

/** The last thing that `specie start` says: all serve, and it waits to be stopped. */
const STARTED = 'npx specie wallet add';

/** Starts an issuer and waits until it says that it serves. */
export async function startIssuer(options: IssuerOptions = {}): Promise<IssuerProcess> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'specie-issuer-'));
  const port = options.port ?? (await freePort());
  const wallets =
    options.walletPort === undefined ? ['--no-wallets'] : ['--wallet-port', String(options.walletPort)];
  const suites = options.suites ?? SUITES.slice(0, 1).map(({ name }) => name);
  const titles = options.titles === true ? [] : ['--no-titles'];
  const places = ['--data', folder, '--port', String(port), ...wallets, ...titles];
  const args = ['start', ...places, '--suite', suites.join(','), ...(options.args ?? [])];
  const running = launch(process.execPath, [SPECIE, ...args]);
  const end = await inTime(running, args, Promise.race([running.said(STARTED), running.ended]));
  if (end !== undefined) throw new Error(`the issuer ended at its start: ${JSON.stringify(end)}`);
  const url = `http://127.0.0.1:${port}/`;
  const pid = running.child.pid ?? 0;
  const kill = async (signal: NodeJS.Signals) => {
    running.child.kill(signal);
    const end = await running.ended;
    await until(() => programsWith(folder).length === 0, 'the programs outlive their supervisor');
    return end;
  };
  const stop = async () => {
    const isOver = running.child.exitCode !== null || running.child.signalCode !== null;
    const end = isOver ? undefined : await kill('SIGTERM');
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    if (end !== undefined && (end.status !== 0 || end.stderr.includes('"event":"bug"'))) {
      throw new Error(`the issuer did not end well: ${JSON.stringify(end)}`);
    }
  };
  const killPart = async (part: Part) => {
    const victim = childrenOf(pid).get(part);
    if (victim === undefined) throw new Error(`no ${part} runs`);
    process.kill(victim, 'SIGKILL');
    await until(() => isGone(victim), `the ${part} outlives SIGKILL`);
    await until(() => serves(part, url), `the ${part} does not come back`);
  };
  const cpuSeconds = () =>
    [pid, ...childrenOf(pid).values()].reduce((sum, each) => sum + cpuSecondsOf(each), 0);
  return { folder, port, url, cpuSeconds, pids: () => childrenOf(pid), killPart, kill, stop };
}

/** Between two looks at what no event tells of: processes that are not our children. Milliseconds. */
const LOOK_PACE = 10;

/** Resolves once something holds; rejects with `otherwise` when it does not within the patience. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  otherwise: string,
  patience = PATIENCE,
): Promise<void> {
  const end = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(otherwise);
    await pause(LOOK_PACE);
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
