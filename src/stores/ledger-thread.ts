import { Worker } from 'node:worker_threads';
import { Refusal } from '../base/refusal.ts';
import type { MintStore } from '../mint/ports.ts';
import { storeOf } from './mint-calls.ts';
import type { Call, CallResult } from './mint-calls.ts';

/** What became of one call of a batch. */
export type Performed = { readonly value: CallResult } | { readonly failed: string };

/** What the thread says: whether the books are open, then what became of each call of a batch, in order. */
export type LedgerReply =
  | { readonly opened: true }
  | { readonly refused: { readonly name: Refusal['name']; readonly details: string } }
  | { readonly performed: readonly Performed[] };

interface Waiting {
  readonly call: Call;
  readonly resolve: (result: CallResult) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Milliseconds from one batch to the next. An idle ledger commits at once; under load calls gather this long, so that
 * many share one sync and one message between threads.
 */
const BATCH_PACE = 2;

/**
 * The store on one SQLite file in a thread of its own. While it works on one batch, calls gather for the next, and
 * the thread that answers the network never waits for a disk.
 */
export async function openLedgerThread(path: string): Promise<MintStore | Refusal> {
  const worker = new Worker(new URL('./ledger-thread-worker.ts', import.meta.url), { workerData: { path } });
  const reply = await new Promise<LedgerReply>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if ('refused' in reply) return new Refusal(reply.refused.name, reply.refused.details);
  const queue = new BatchQueue(worker);
  return storeOf(
    (call) => queue.add(call),
    () => queue.close(),
  );
}

class BatchQueue {
  private readonly worker: Worker;
  private gathered: Waiting[] = [];
  private underway: readonly Waiting[] = [];
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

  add(call: Call): Promise<CallResult> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    return new Promise((resolve, reject) => {
      this.gathered.push({ call, resolve, reject });
      this.send();
    });
  }

  /** Lets all that was asked for end, then closes the file. */
  async close(): Promise<void> {
    if (this.dead !== undefined) return;
    await this.add({ verb: 'spent', coins: [] });
    const closed = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage([]);
    await closed;
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
    this.worker.postMessage(this.underway.map((each) => each.call));
  }

  private settle(reply: LedgerReply): void {
    const batch = this.underway;
    this.underway = [];
    if (!('performed' in reply)) throw new Error('the ledger answers batches only');
    for (const [index, each] of batch.entries()) {
      const performed = reply.performed[index] ?? { failed: 'the ledger left a call unanswered' };
      if ('failed' in performed) each.reject(new Error(performed.failed));
      else each.resolve(performed.value);
    }
    this.send();
  }

  private die(error: Error): void {
    this.dead ??= error;
    for (const each of [...this.underway, ...this.gathered]) each.reject(this.dead);
    this.underway = [];
    this.gathered = [];
  }
}
