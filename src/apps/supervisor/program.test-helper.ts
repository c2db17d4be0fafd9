/** A program for a supervisor, as small as one can be: what it does is its arguments, in order. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { endWithParent, readInput } from './orphan.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Something that keeps a program running. */
setInterval(() => undefined, 1_000_000);

/** Listened for from the beginning: it may come as soon as the program has said anything. */
const told = once(process, 'SIGUSR2');

const DEEDS: Readonly<Record<string, (value: string) => unknown>> = {
  say,
  complain,
  /** Waits for SIGUSR2. */
  wait: () => told,
  /** Ends well when told to, and says so. */
  polite: (name) =>
    process.on('SIGTERM', () => {
      complain(`${name} told to stop`);
      process.exit(0);
    }),
  stubborn: () => process.on('SIGTERM', () => undefined),
  /** Says when Ctrl-C reaches it. */
  interruptible: (name) => process.on('SIGINT', () => complain(`${name} interrupted`)),
  /** Reads its input and says its hash. */
  input: async () =>
    say(
      `read ${createHash('sha256')
        .update((await readInput()) ?? '')
        .digest('hex')}`,
    ),
  orphan: () => endWithParent(() => process.exit(0)),
  /** Holds a connection until its end, however that comes. */
  hold: (path) => new Promise<void>((resolve) => connect(path, resolve)),
  crash: (message) => {
    throw new Error(message);
  },
  exit: (status) => process.exit(Number(status)),
};

for (const argument of process.argv.slice(2)) {
  const [deed = '', value = ''] = argument.split(/=(.*)/s);
  await DEEDS[deed]?.(value);
}
