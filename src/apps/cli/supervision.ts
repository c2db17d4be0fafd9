/** How commands watch over the programs that they start. */
import { Refusal } from '../../base/refusal.ts';
import { reportDeaths } from '../log.ts';
import { isForPeople } from '../supervisor/last-words.ts';
import type { Program } from '../supervisor/run.ts';
import { supervise } from '../supervisor/supervisor.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { complain, progress, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

/**
 * Runs programs until `stopped`, which may also come while they start; `serving` is called when all serve, and complained
 * about where it refuses.
 */
export async function runUntil(
  stopped: Promise<void>,
  programs: readonly Program[],
  serving: () => Promise<Refusal | undefined> | undefined,
): Promise<ExitStatus> {
  const supervisor = watchOver(programs);
  const first = await Promise.race([supervisor.started, stopped.then(() => 'stopped' as const)]);
  if (first instanceof Refusal) return complain(first);
  const refused = first === undefined ? await Promise.race([serving(), stopped]) : undefined;
  if (refused instanceof Refusal) complain(refused);
  await stopped;
  await supervisor.stop();
  return 0;
}

/**
 * Passes on what programs say. Until all serve, sentences on their standard error are kept back: the supervisor's refusal
 * ends with the one that matters, and saying it twice helps nobody.
 */
function watchOver(programs: readonly Program[]): Supervisor {
  let serves = false;
  const supervisor = supervise(programs, {
    report: reportDeaths,
    passOutput: true,
    output: sayProgress(),
    errors: (line) => {
      if (serves || !isForPeople(line)) console.error(line);
    },
  });
  void supervisor.started.then(() => {
    serves = true;
  });
  return supervisor;
}

/** Shows how far key making is, and passes on what else a program says. */
function sayProgress(): (line: string) => void {
  const show = progress('making mint keys:');
  return (line) => {
    const made = /^making mint keys: (\d+) of (\d+)$/.exec(line);
    if (made === null) say(line);
    else show(Number(made[1]), Number(made[2]));
  };
}
