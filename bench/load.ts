/** The load generator's side of the bench: a process of its own, which is given requests and sends them all. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where requests go: to fronts over HTTP in turns, to the box over frames, or to a front of titles as datagrams. */
export type LoadWay =
  | { readonly kind: 'http'; readonly ports: readonly number[] }
  | { readonly kind: 'frames'; readonly path: string; readonly context: string }
  | { readonly kind: 'udp'; readonly port: number };

export interface LoadJob {
  readonly way: LoadWay;
  /** Requests that are underway at once: over HTTP as many connections, otherwise one has all. */
  readonly inFlight: number;
  /** Over HTTP with their heads; as datagrams each with a reference of its own. */
  readonly requests: readonly Uint8Array[];
}

export interface LoadDone {
  readonly seconds: number;
  /** Seconds of processor time that sending and reading took. */
  readonly processor: number;
  /** In the order of the requests. */
  readonly answers: readonly Uint8Array[];
}

export interface Load {
  run(job: LoadJob): Promise<LoadDone>;
  close(): Promise<void>;
}

/** Starts the load generator. */
export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), {
    serialization: 'advanced',
  });
  const run = (job: LoadJob) =>
    new Promise<LoadDone>((resolve, reject) => {
      const ended = () => reject(new Error('the load generator has ended'));
      child.once('exit', ended);
      child.once('message', (done: LoadDone) => {
        child.off('exit', ended);
        resolve(done);
      });
      child.send(job);
    });
  return { run, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
}
