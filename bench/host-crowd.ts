/** The people of the bench: a process of their own, so that what they do does not stand in the way of who measures. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Somebody {
  readonly name: string;
  readonly address: string;
  readonly token: string;
}

export interface CrowdJob {
  /** The host's address. */
  readonly url: string;
  readonly people: readonly Somebody[];
  readonly currency: string;
  readonly seconds: number;
  readonly way:
    | {
        readonly kind: 'at their pace';
        /** Milliseconds between two deeds of one person. */
        readonly pace: number;
      }
    | {
        readonly kind: 'as fast as they can';
        /** Payments underway at once. */
        readonly inFlight: number;
      };
}

export interface CrowdDone {
  readonly seconds: number;
  /** Seconds of processor time that the people took themselves. */
  readonly processor: number;
  /** How long each payment by name took until it was answered, in milliseconds. */
  readonly payments: readonly number[];
  readonly deeds: number;
  /** What was refused, by name. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Lets the people do it, and resolves when they have done. */
export function crowd(job: CrowdJob): Promise<CrowdDone> {
  const child = fork(fileURLToPath(new URL('./host-crowd-process.ts', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the crowd has ended with status ${status ?? 'none'}`)));
    child.once('message', (done: CrowdDone) => {
      child.removeAllListeners('exit');
      child.disconnect();
      resolve(done);
    });
    child.send(job);
  });
}
