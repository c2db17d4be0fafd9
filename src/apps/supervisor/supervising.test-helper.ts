/** A supervisor in a process of its own; its arguments are the names of its programs and the socket that they hold. */
import { fileURLToPath } from 'node:url';
import { supervise } from './supervisor.ts';

const PROGRAM = fileURLToPath(new URL('./program.test-helper.ts', import.meta.url));
const [path = '', ...names] = process.argv.slice(2);

const supervisor = supervise(
  names.map((name) => ({
    name,
    command: process.execPath,
    args: [PROGRAM, `interruptible=${name}`, `polite=${name}`, 'orphan', `hold=${path}`, 'say=ready'],
    ready: 'ready',
  })),
  {
    report: (event) => {
      if (event.event === 'program ended') process.stderr.write(`${event.program} ended\n`);
    },
  },
);
process.once('SIGINT', () => void supervisor.stop().then(() => process.exit(0)));
if ((await supervisor.started) !== undefined) process.exit(1);
process.stdout.write('all serve\n');
