/** A title server inside a process of its own, without box, front and network: what its parts do by themselves. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TransferKind } from './titles-people.ts';

export interface InsideOrder {
  /** Builds requests, and then waits for the word to send them. */
  readonly prepare?: { readonly kind: TransferKind; readonly count: number };
  readonly run?: true;
  readonly close?: true;
}

export interface InsideRun {
  readonly seconds: number;
  /** Microseconds of processor time that a transfer took: of the main thread, and of all other threads. */
  readonly main: number;
  readonly others: number;
}

export interface Inside {
  prepare(kind: TransferKind, count: number): Promise<void>;
  /** Has everything answered that was prepared. */
  run(): Promise<InsideRun>;
  /** Ends server and process; the folder stays. */
  close(): Promise<void>;
}

/** Starts one on an empty folder, with so many titles. */
export function startInside(folder: string, titles: number): Inside {
  const program = fileURLToPath(new URL('./titles-inside-process.ts', import.meta.url));
  const child = fork(program, [folder, String(titles)], { serialization: 'advanced' });
  const order = (what: InsideOrder) =>
    new Promise<InsideRun | undefined>((resolve, reject) => {
      const ended = () => reject(new Error('the title server inside has ended'));
      child.once('exit', ended);
      child.once('message', (done: { readonly run?: InsideRun }) => {
        child.off('exit', ended);
        resolve(done.run);
      });
      child.send(what);
    });
  return {
    prepare: async (kind, count) => {
      await order({ prepare: { kind, count } });
    },
    run: async () => {
      const run = await order({ run: true });
      if (run === undefined) throw new Error('nothing was measured');
      return run;
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await order({ close: true });
      child.disconnect();
      await ended;
    },
  };
}
