/** What the machine can do by itself: the limits that everything else is measured against. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RawOperation } from './raw-operations.ts';

export interface RawOrder {
  readonly operation: RawOperation;
  readonly seconds: number;
}

export interface RawAnswer {
  readonly perSecond: number;
  /** Microseconds of processor time that one operation takes. */
  readonly processor: number;
}

/** Threads on all cores that make nothing but raw operations, when asked. */
export class RawCores {
  readonly #workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./raw-worker.ts', import.meta.url)),
  );

  /** Operations a second over all cores, and what one takes of a processor. */
  async measure(operation: RawOrder['operation'], seconds: number): Promise<RawAnswer> {
    const answers = await Promise.all(this.#workers.map((worker) => order(worker, { operation, seconds })));
    const sum = (of: (answer: RawAnswer) => number) => answers.reduce((total, each) => total + of(each), 0);
    return {
      perSecond: sum((each) => each.perSecond),
      processor: sum((each) => each.processor) / answers.length,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function order(worker: Worker, what: RawOrder): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: RawAnswer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(what);
  });
}

const PAGE = Buffer.alloc(4_096, 1);

/** How often a second the disk of a folder takes a page and says that it is safe. */
export function rawSyncs(folder: string, seconds: number): number {
  const path = join(folder, 'raw-syncs');
  const descriptor = openSync(path, 'w');
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < seconds * 1_000; count++) {
    writeSync(descriptor, PAGE);
    fdatasyncSync(descriptor);
  }
  const elapsed = (performance.now() - start) / 1_000;
  closeSync(descriptor);
  rmSync(path);
  return count / elapsed;
}
