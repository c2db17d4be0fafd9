/** What processes use of processors and memory, as proc_pid_task(5) and proc_pid_status(5) show it. */
import { readFileSync, readdirSync } from 'node:fs';

/** The threads of one of our processes, by what they are there for. */
export type ThreadKind = 'main' | 'lanes' | 'ledger' | 'helpers';

/** The names that Node gives its threads, and those that we give, as far as the system keeps them; all others help Node. */
const KINDS: Readonly<Record<string, ThreadKind>> = {
  MainThread: 'main',
  'specie lane': 'lanes',
  'specie title la': 'lanes',
  WorkerThread: 'ledger',
};

const NANOSECONDS = 1e9;

/** Seconds of processor time that the threads of processes have used. */
export function processorOf(pids: readonly number[]): Readonly<Record<ThreadKind, number>> {
  const used = { main: 0, lanes: 0, ledger: 0, helpers: 0 };
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim();
      const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      used[KINDS[name] ?? 'helpers'] += Number(ran) / NANOSECONDS;
    }
  }
  return used;
}

export interface Memory {
  /** MiB, resident: now, and the most that it ever was. */
  readonly now: number;
  readonly peak: number;
}

/** What a process holds in memory: VmRSS and VmHWM. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}
