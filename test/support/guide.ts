/**
 * Guides word for word: their commands are run in a folder of its own, and what they print is what the guide shows. Only
 * ports are others, and what people type comes by standard input.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ROOT, launch } from './processes.ts';
import type { Running } from './processes.ts';

const PATIENCE = 60_000;

export const BANK_READY = 'the bank is ready';

/** Commands that run until they are stopped, and the line that says that they serve. */
const SERVING = [
  [/^npx specie box --/, 'the box is ready'],
  [/^npx specie bank serve /, BANK_READY],
  [/^npx specie issuer /, 'the issuer is ready'],
  [/^npx specie start /, 'npx specie wallet add'],
  [/^npx specie wallet-host /, 'the wallet host is ready'],
  [/^npx specie title serve /, 'Titles are served at'],
] as const;

/** A program that goes on, and what it has said so far. */
export interface Serving {
  readonly running: Running;
  readonly printed: string;
}

export interface Step {
  readonly commands: readonly string[];
  /** Lines that are shown behind the commands; … stands for what differs each time. */
  readonly shown: readonly string[];
}

/** The blocks of a guide that are to be typed, each with what it shows. */
export function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(/^```sh\n([^]*?)^```\n(?:\n```text\n([^]*?)^```\n)?/gm)].map(
    ([, commands = '', shown = '']) => ({ commands: linesOf(commands), shown: linesOf(shown) }),
  );
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** The same page with other ports, in addresses and as options. */
export function withPorts(page: string, ports: Readonly<Record<string, number>>): string {
  return Object.entries(ports).reduce(
    (text, [from, to]) =>
      text.replaceAll(new RegExp(`(127\\.0\\.0\\.1:|localhost:|--port )${from}\\b`, 'g'), `$1${to}`),
    page,
  );
}

/** A checkout as npm ci leaves it, but with its own data folder. */
export function checkout(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'specie-op-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['package.json', 'bin', 'src', 'docs', 'node_modules'])
    symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** Where a guide is followed, and what is typed when a command asks. */
export interface Desk {
  readonly folder: string;
  readonly input: string;
}

function started({ folder, input }: Desk, command: string, isServing: boolean): Running {
  const said = command.startsWith('npx specie operator sign ') ? `${command} --yes` : command;
  const line = said.replaceAll('npx specie', `"${process.execPath}" bin/specie.js`);
  // A serving program takes the shell's place, so that it gets the signals.
  const script = isServing ? `exec ${line}` : line;
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return launch('sh', ['-e', '-c', script], { cwd: folder, env, input: `${input}\n` });
}

/** Each line that the guide shows is printed, in that order. */
function compare({ commands, shown }: Step, printed: string): void {
  let rest = linesOf(printed);
  for (const line of shown) {
    const parts = line.split('…').map((part) => RegExp.escape(part));
    const pattern = new RegExp(`^${parts.join('.*')}$`);
    const at = rest.findIndex((each) => pattern.test(each));
    assert.notEqual(at, -1, `the guide shows: ${line}\nfor: ${commands.join('\n')}\nprinted:\n${printed}`);
    rest = rest.slice(at + 1);
  }
}

/** Starts a program that goes on, and waits for the line that says that it serves. */
export async function serve(desk: Desk, command: string, ready: string): Promise<Serving> {
  const running = started(desk, command, true);
  let printed = '';
  running.child.stdout?.on('data', (text: string) => (printed += text));
  const late = AbortSignal.timeout(PATIENCE);
  const gaveUp = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => reject(new Error(`${command} is not ready in time`)));
  });
  const end = await Promise.race([running.said(ready), running.ended, gaveUp]);
  assert.equal(end, undefined, `${command} ended: ${JSON.stringify(end)}`);
  return { running, printed };
}

async function run(desk: Desk, command: string): Promise<string> {
  const { status, stdout, stderr } = await started(desk, command, false).ended;
  assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a step; gives the program that goes on running, where it is one. */
export async function take(desk: Desk, step: Step): Promise<Running | undefined> {
  const serving = SERVING.find(([pattern]) => step.commands.some((each) => pattern.test(each)));
  if (serving === undefined) {
    let printed = '';
    for (const command of step.commands) printed += await run(desk, command);
    compare(step, printed);
    return undefined;
  }
  assert.equal(step.commands.length, 1, 'a program that goes on running has a block of its own');
  const { running, printed } = await serve(desk, step.commands.join(), serving[1]);
  compare(step, printed);
  return running;
}

/** Stops a program, which must end well and have had no bug. */
export async function ended(running: Running): Promise<void> {
  running.child.kill('SIGTERM');
  const { status, stderr } = await running.ended;
  assert.equal(status, 0, stderr);
  assert.ok(!stderr.includes('"event":"bug"'), stderr);
}
