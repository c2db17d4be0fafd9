import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { isForPeople } from './last-words.ts';
import { eachLine } from './lines.ts';

/** What a supervisor keeps running. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Its whole environment; the supervisor's own when not given. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The beginning of the line on its standard output that says that it serves. */
  readonly ready: string;
  /**
   * A secret, written with a line feed to its standard input at every start and nowhere else: `readInput` of
   * `orphan.ts` reads it.
   */
  readonly input?: string;
  /** False closes its standard input behind `input`; it then cannot notice that the supervisor is gone. */
  readonly keepInput?: boolean;
}

/** How a run of a program ended. */
export interface RunEnd {
  /** The exit status; null when a signal ended it, or it could not be run at all. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line on its standard error that is for people; empty when there was none. */
  readonly lastWords: string;
}

/** One run of a program, from its start to its end. */
export interface Run {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<RunEnd>;
  /** Sends SIGTERM, and SIGKILL to what has not ended within `grace` milliseconds. Resolves at its end. */
  stop(grace: number): Promise<void>;
}

export interface RunListeners {
  readonly ready: () => void;
  readonly output: (line: string) => void;
  readonly errors: (line: string) => void;
}

/** Milliseconds that the pipes of a program that has ended may stay open: something it left behind may hold them. */
const PIPES_LINGER = 500;

/**
 * Starts a program, in a process group of its own: Ctrl-C in a terminal reaches the supervisor alone, which then ends
 * its programs in their order.
 */
export function run(program: Program, listeners: RunListeners): Run {
  const child = spawn(program.command, program.args, {
    stdio: 'pipe',
    detached: true,
    ...(program.environment === undefined ? {} : { env: { ...program.environment } }),
  });
  let lastWords = '';
  let serves = false;
  eachLine(child.stderr, (line) => {
    if (isForPeople(line)) lastWords = line;
    listeners.errors(line);
  });
  eachLine(child.stdout, (line) => {
    if (serves || !line.startsWith(program.ready)) {
      listeners.output(line);
      return;
    }
    serves = true;
    listeners.ready();
  });
  // One that ends before it has read its input breaks the pipe; its end says so better.
  child.stdin.on('error', () => undefined);
  if (program.input !== undefined) child.stdin.write(`${program.input}\n`);
  if (program.keepInput === false) child.stdin.end();
  const ended = endOf(child).then((end) => ({ ...end, lastWords: end.failed ?? lastWords }));
  return { pid: child.pid, ended, stop: (grace) => stopRun(child, ended, grace) };
}

function endOf(child: ChildProcess): Promise<Omit<RunEnd, 'lastWords'> & { readonly failed?: string }> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ status: null, signal: null, failed: message }));
    child.once('exit', () => {
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, PIPES_LINGER);
      child.once('close', () => clearTimeout(timer));
    });
    child.once('close', (status: number | null, signal: NodeJS.Signals | null) =>
      resolve({ status, signal }),
    );
  });
}

async function stopRun(child: ChildProcess, ended: Promise<unknown>, grace: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), grace);
  await ended;
  clearTimeout(timer);
}
