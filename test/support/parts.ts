/** The three programs under a supervisor, as /proc shows them (proc(5)), and whether they answer. */
import { readFileSync, readdirSync } from 'node:fs';

export type Part = 'box' | 'bank' | 'issuer';

/** What the command line of each program has in it, its arguments apart by a zero byte. */
const MARKS: Readonly<Record<Part, string>> = {
  box: '/src/apps/box/main.ts\0',
  bank: '/src/apps/cli/main.ts\0bank\0serve\0',
  issuer: '/src/apps/cli/main.ts\0issuer\0',
};
const PARTS = Object.keys(MARKS) as readonly Part[];
/** What is no part of an issuer: a wallet host, and a title server with a front of its own. */
const OTHERS = [
  '/src/apps/cli/main.ts\0wallet-host\0',
  '/src/apps/title/main.ts\0',
  '/src/apps/cli/main.ts\0title\0front\0',
];

/** Fields of /proc/<pid>/stat behind the name, which is in brackets: state, parent, and the times in ticks of 10 ms. */
const STATE = 0;
const PARENT = 1;
const USER_TIME = 11;
const SYSTEM_TIME = 12;
const TICKS_PER_SECOND = 100;

/** The programs that this supervisor runs now. */
export function childrenOf(supervisor: number): ReadonlyMap<Part, number> {
  const found = new Map<Part, number>();
  for (const pid of processes()) {
    if (isGone(pid) || Number(statOf(pid)?.[PARENT]) !== supervisor) continue;
    const part = partOf(commandOf(pid));
    if (part !== undefined) found.set(part, pid);
  }
  return found;
}

/** The process of a title box, whoever started it, with a folder's path among its arguments. */
export function titleBoxWith(folder: string): number | undefined {
  return programsWith(folder).find((pid) => commandOf(pid).includes('/src/apps/title/main.ts\0'));
}

/** The programs, whoever started them, that have a folder's path among their arguments. */
export function programsWith(folder: string): readonly number[] {
  return processes().filter((pid) => {
    const command = commandOf(pid);
    const isOurs = partOf(command) !== undefined || OTHERS.some((mark) => command.includes(mark));
    return command.includes(folder) && isOurs && !isGone(pid);
  });
}

/** Whether a process has ended. One that nobody has asked after yet still has its number. */
export function isGone(pid: number): boolean {
  const state = statOf(pid)?.[STATE];
  return state === undefined || state === 'Z' || state === 'X';
}

/** Seconds of processor time; 0 for a process that has gone. */
export function cpuSecondsOf(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat?.[USER_TIME] ?? 0) + Number(stat?.[SYSTEM_TIME] ?? 0)) / TICKS_PER_SECOND;
}

/** Something that only this program answers, asked over HTTP as a customer would. Busy is no answer. */
const QUESTIONS: Readonly<Record<Part, object>> = {
  box: { type: 'request float', message_reference: 1 },
  bank: { type: 'request voucher', code: 'none', message_reference: 1 },
  issuer: { type: 'request of nobody', message_reference: 1 },
};

/** Whether a program answers. */
export async function serves(part: Part, url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(QUESTIONS[part]) });
    await answer.arrayBuffer();
    return part === 'issuer' || answer.status !== 202;
  } catch (error) {
    // How fetch says that nobody listens, or that the connection broke.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function partOf(command: string): Part | undefined {
  return PARTS.find((part) => command.includes(MARKS[part]));
}

function processes(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`) ?? '';
}

function statOf(pid: number): readonly string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(') ') + 2).split(' ');
}

/** A file of /proc; undefined when its process has gone. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
