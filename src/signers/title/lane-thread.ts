/** One lane as the house sees it: a thread that answers parcels of checks in the order in which it got them. */
import { Worker } from 'node:worker_threads';
import type { SignatureCheck } from '../../title/server/ports.ts';
import { packChecks } from './parcel.ts';

/** A check and where its verdict goes; undefined: the thread ended before it had one. */
export interface CheckOrder extends SignatureCheck {
  readonly settle: (verdict: boolean | undefined) => void;
}

export interface LaneListener {
  /** Called when a parcel was answered. */
  answered(): void;
  /** Called when the thread has ended, for whatever reason. */
  died(lane: TitleLaneThread): void;
}

export class TitleLaneThread {
  readonly #worker: Worker;
  readonly #parcels: (readonly CheckOrder[])[] = [];
  /** Whether it has ever answered: one that dies before is not replaced, or a fault at its start would never end. */
  isProven = false;

  constructor(listener: LaneListener) {
    this.#worker = new Worker(new URL('./lane.ts', import.meta.url), { name: 'specie title lane' });
    this.#worker.on('message', (verdicts: readonly boolean[]) => {
      this.isProven = true;
      this.#parcels.shift()?.forEach(({ settle }, index) => settle(verdicts[index]));
      listener.answered();
    });
    // What went wrong is told by its end: whoever waits is told there.
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => {
      for (const orders of this.#parcels.splice(0)) for (const { settle } of orders) settle(undefined);
      listener.died(this);
    });
  }

  /** How many parcels it has not answered yet. */
  get waiting(): number {
    return this.#parcels.length;
  }

  /** Gives it work. Every order is settled once. */
  work(orders: readonly CheckOrder[]): void {
    this.#parcels.push(orders);
    const parcel = packChecks(orders);
    this.#worker.postMessage(parcel, [parcel]);
  }

  /** Ends the thread; what it has not answered is settled without a verdict. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
