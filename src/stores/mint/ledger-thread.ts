import { Worker } from 'node:worker_threads';
import { Refusal } from '../../base/refusal.ts';
import type { MintStore } from '../../mint/ports.ts';
import { storeOf } from './calls.ts';
import type { Call, CallResult, Performer } from './calls.ts';

export interface LedgerOptions {
  /** A folder, on another disk, where every batch is written down before it takes effect. */
  readonly second?: string;
}

/** What became of one call of a batch. */
export type Performed = { readonly value: CallResult } | { readonly failed: string };

export type LedgerMessage =
  { readonly calls: readonly Call[] } | { readonly snapshot: string } | { readonly close: true };

/** What the thread says: whether the books are open, what became of each call of a batch in order, or of a snapshot. */
export type LedgerReply =
  | { readonly opened: true }
  | { readonly refused: { readonly name: Refusal['name']; readonly details: string } }
  | { readonly performed: readonly Performed[] }
  | { readonly snapshot: string; readonly failed?: string };

interface Waiting {
  readonly call: Call;
  readonly resolve: (result: CallResult) => void;
  readonly reject: (reason: Error) => void;
}

interface WaitingSnapshot {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Milliseconds from one batch to the next. An idle ledger commits at once; under load calls gather this long, so that
 * many share one sync and one message between threads.
 */
const BATCH_PACE = 2;

/**
 * The store on one SQLite file in a thread of its own. While it works on one batch, calls gather for the next, and
 * the thread that answers the network never waits for a disk. With a second place nothing is acknowledged that is not
 * there too. Refuses a file in use or not ours, and a second place that does not fit the books.
 */
export async function openLedgerThread(
  path: string,
  options: LedgerOptions = {},
): Promise<MintStore | Refusal> {
  const worker = new Worker(new URL('./ledger-thread-worker.ts', import.meta.url), {
    workerData: { ...options, path },
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const reply = await new Promise<LedgerReply>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if ('refused' in reply) {
    // Its files are closed and may be opened by others when this returns.
    await exited;
    return new Refusal(reply.refused.name, reply.refused.details);
  }
  return storeOf(new BatchQueue(worker));
}

class BatchQueue implements Performer {
  private readonly worker: Worker;
  private gathered: Waiting[] = [];
  private underway: readonly Waiting[] = [];
  private readonly snapshots = new Map<string, WaitingSnapshot>();
  private dead: Error | undefined;
  private paced = false;

  constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', (reply: LedgerReply) => {
      this.settle(reply);
    });
    worker.on('error', (error: Error) => {
      this.die(error);
      // A mint without its ledger is of no use: the program ends, and whoever supervises it starts it again.
      setImmediate(() => {
        throw error;
      });
    });
    worker.on('exit', () => {
      this.die(new Error('the ledger is closed'));
    });
  }

  perform(call: Call): Promise<CallResult> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    return new Promise((resolve, reject) => {
      this.gathered.push({ call, resolve, reject });
      this.send();
    });
  }

  snapshot(path: string): Promise<void> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    if (this.snapshots.has(path)) return Promise.reject(new Error(`a snapshot is being written to ${path}`));
    return new Promise((resolve, reject) => {
      this.snapshots.set(path, { resolve, reject });
      this.post({ snapshot: path });
    });
  }

  /** Lets all that was asked for end, then closes the file. */
  async close(): Promise<void> {
    if (this.dead !== undefined) return;
    await this.perform({ verb: 'spent', coins: [] });
    const closed = new Promise((resolve) => this.worker.once('exit', resolve));
    this.post({ close: true });
    await closed;
  }

  private post(message: LedgerMessage): void {
    this.worker.postMessage(message);
  }

  private send(): void {
    if (this.underway.length > 0 || this.gathered.length === 0 || this.paced) return;
    this.paced = true;
    setTimeout(() => {
      this.paced = false;
      this.send();
    }, BATCH_PACE);
    this.underway = this.gathered;
    this.gathered = [];
    this.post({ calls: this.underway.map((each) => each.call) });
  }

  private settle(reply: LedgerReply): void {
    if ('snapshot' in reply) this.settleSnapshot(reply);
    else if ('performed' in reply) this.settleBatch(reply.performed);
    else throw new Error('the ledger answers batches and snapshots only');
  }

  private settleBatch(performed: readonly Performed[]): void {
    const batch = this.underway;
    this.underway = [];
    for (const [index, each] of batch.entries()) {
      const outcome = performed[index] ?? { failed: 'the ledger left a call unanswered' };
      if ('failed' in outcome) each.reject(new Error(outcome.failed));
      else each.resolve(outcome.value);
    }
    this.send();
  }

  private settleSnapshot({ snapshot, failed }: { snapshot: string; failed?: string }): void {
    const waiting = this.snapshots.get(snapshot);
    this.snapshots.delete(snapshot);
    if (failed === undefined) waiting?.resolve();
    else waiting?.reject(new Error(failed));
  }

  private die(error: Error): void {
    this.dead ??= error;
    for (const each of [...this.underway, ...this.gathered, ...this.snapshots.values()])
      each.reject(this.dead);
    this.underway = [];
    this.gathered = [];
    this.snapshots.clear();
  }
}
