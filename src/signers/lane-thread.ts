/** One lane as the house sees it: a thread that answers parcels in the order in which it got them. */
import { Worker } from 'node:worker_threads';
import { pack } from './parcel.ts';
import type { Answer, FromLane, LaneKey, Task, ToLane } from './parcel.ts';

/** A task and where its answer goes. */
export interface Order extends Task {
  settle(answer: Answer): void;
}

export class LaneThread {
  readonly #worker: Worker;
  readonly #parcels: (readonly Order[])[] = [];
  readonly #loads: PromiseWithResolvers<undefined>[] = [];
  #cause: unknown;

  /** `answered` is called when it has answered a parcel, `died` when the thread has ended, for whatever reason. */
  constructor(listener: { answered(): void; died(lane: LaneThread): void }) {
    this.#worker = new Worker(new URL('./lane.ts', import.meta.url), { name: 'specie lane' });
    this.#worker.on('message', (message: FromLane) => {
      if ('loaded' in message) this.#loaded(message.loaded);
      else {
        this.#answered(message.answers);
        listener.answered();
      }
    });
    this.#worker.on('error', (error: unknown) => {
      this.#cause = error;
    });
    this.#worker.on('exit', () => {
      this.#abandon();
      listener.died(this);
    });
  }

  /** How many parcels it has not answered yet. */
  get waiting(): number {
    return this.#parcels.length;
  }

  /** Gives it keys. Rejects when one cannot be opened, or when the thread ends first. */
  load(keys: readonly LaneKey[]): Promise<undefined> {
    const load = Promise.withResolvers<undefined>();
    this.#loads.push(load);
    this.#post({ load: keys });
    return load.promise;
  }

  /** Gives it work. Every order is settled once, with a fault where the thread ends first. */
  work(orders: readonly Order[]): void {
    this.#parcels.push(orders);
    this.#post({ parcel: pack(orders) });
  }

  /** Ends the thread; what it has not answered is settled with a fault. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(message: ToLane): void {
    this.#worker.postMessage(message);
  }

  #loaded(outcome: true | { readonly fault: string }): void {
    const load = this.#loads.shift();
    if (outcome === true) load?.resolve(undefined);
    else load?.reject(new Error(outcome.fault));
  }

  #answered(answers: readonly Answer[]): void {
    const orders = this.#parcels.shift() ?? [];
    orders.forEach((order, index) => {
      order.settle(answers[index] ?? { fault: 'a signing lane left a task out' });
    });
  }

  #abandon(): void {
    const reason = this.#cause instanceof Error ? `: ${this.#cause.message}` : '';
    const fault = `a signing lane ended before it answered${reason}`;
    for (const load of this.#loads.splice(0)) load.reject(new Error(fault));
    for (const orders of this.#parcels.splice(0)) for (const order of orders) order.settle({ fault });
  }
}
