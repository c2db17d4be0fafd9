/** The mint's hot operations on every core: threads in lanes, work handed out in parcels. */
import { availableParallelism } from 'node:os';
import type {
  BlindToSign,
  CoinCheck,
  CoinToCommit,
  KeyLoader,
  KeyMaker,
  NewKey,
  NewStatementKey,
  Signer,
} from '../mint/ports.ts';
import { makeCashierKey, signEd25519 } from './ed25519.ts';
import { LaneThread } from './lane-thread.ts';
import type { Order } from './lane-thread.ts';
import { nativeNamed } from './natives.ts';
import { bytesToText } from './parcel.ts';
import type { Answer, LaneKey, Task } from './parcel.ts';

/** About what the check of a cashier's signature takes, in µs of one core. */
const CASHIER_COST = 100;

/** The most a parcel may take, in µs: what waits behind it must not wait long, and a message costs about 20. */
const PARCEL_COST = 4_000;

/** Parcels at one lane: the second is there when the first is done, so that no lane idles for a message. */
const PARCELS_PER_LANE = 2;

/** Opens as many lanes as there are cores, or `count`. Rejects when one does not start. */
export async function openLanes(count = availableParallelism()): Promise<Lanes> {
  const lanes = new Lanes(count);
  await lanes.load([]);
  return lanes;
}

/** `Signer`, `KeyLoader` and `KeyMaker` of the mint. A lane that dies fails its work and is replaced. */
export class Lanes implements Signer, KeyLoader, KeyMaker {
  readonly #keys = new Map<string, LaneKey>();
  readonly #queue: Order[] = [];
  #queueCost = 0;
  #lanes: readonly LaneThread[];
  #sharing = false;
  #closed = false;
  /** Lanes that have answered nothing yet: one that dies so is not replaced, or a fault at start would never end. */
  readonly #unproven = new WeakSet<LaneThread>();

  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError('at least one lane');
    this.#lanes = Array.from({ length: count }, () => this.#openLane());
  }

  /** Gives every lane these key pairs, beside those it has. Rejects when one cannot be opened. */
  async load(keys: readonly LaneKey[]): Promise<void> {
    this.#mustBeOpen();
    await Promise.all(this.#lanes.map((lane) => this.#loadInto(lane, keys)));
    for (const key of keys) this.#keys.set(key.keyId, key);
  }

  async sign(blinds: readonly BlindToSign[]): Promise<readonly string[]> {
    const tasks = blinds.map(({ keyId, blind }): Task => ({
      operation: 'sign',
      key: keyId,
      text: blind,
      bytes: '',
    }));
    return this.#run(tasks, 'string');
  }

  async verify(checks: readonly CoinCheck[]): Promise<readonly boolean[]> {
    const tasks = checks.map(({ keyId, payload, signature }): Task => ({
      operation: 'verify',
      key: keyId,
      text: signature,
      bytes: bytesToText(payload),
    }));
    return this.#run(tasks, 'boolean');
  }

  async commit(coins: readonly CoinToCommit[]): Promise<readonly string[]> {
    const tasks = coins.map(({ keyId, identity }): Task => ({
      operation: 'commit',
      key: keyId,
      text: identity,
      bytes: '',
    }));
    return this.#run(tasks, 'string');
  }

  async verifyCashier(publicKey: string, bytes: Uint8Array, signature: string): Promise<boolean> {
    const task: Task = { operation: 'cashier', key: publicKey, text: signature, bytes: bytesToText(bytes) };
    const [verified] = await this.#run([task], 'boolean');
    return verified === true;
  }

  async make(suite: string, use: 'master' | 'mint'): Promise<NewKey> {
    const native = nativeNamed(suite);
    return use === 'master' ? native.makeMaster() : native.makeMintKey();
  }

  async signDocument(suite: string, masterSecret: Uint8Array, document: Uint8Array): Promise<string> {
    return nativeNamed(suite).signDocument(masterSecret, document);
  }

  makeStatementKey(): NewStatementKey {
    return makeCashierKey();
  }

  /** Here and not in a lane: it is one signature of 50 µs, and whoever asks waits for nothing else. */
  attest(statementSecret: Uint8Array, bytes: Uint8Array): string {
    return signEd25519(statementSecret, bytes);
  }

  /** About how long the queue will take, in µs of one core: what an issuer looks at before it takes more work. */
  get backlog(): number {
    return this.#queueCost;
  }

  /** Ends every lane; what is not answered by then is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    this.#abandonQueue('the signing lanes are closed');
  }

  /** Queues the tasks and waits for all their answers, in order. Rejects with the first fault. */
  #run(tasks: readonly Task[], type: 'string'): Promise<readonly string[]>;
  #run(tasks: readonly Task[], type: 'boolean'): Promise<readonly boolean[]>;
  #run(tasks: readonly Task[], type: 'string' | 'boolean'): Promise<readonly Answer[]> {
    this.#mustBeOpen();
    for (const { operation, key } of tasks) {
      if (operation !== 'cashier' && !this.#keys.has(key)) throw new Error(`no mint key ${key} is loaded`);
    }
    if (tasks.length === 0) return Promise.resolve([]);
    const { promise, resolve, reject } = Promise.withResolvers<readonly Answer[]>();
    const answers = new Array<Answer>(tasks.length);
    let left = tasks.length;
    tasks.forEach((task, index) => {
      const settle = (answer: Answer) => {
        if (typeof answer !== type)
          reject(new Error(typeof answer === 'object' ? answer.fault : 'a wrong answer'));
        answers[index] = answer;
        if (--left === 0) resolve(answers);
      };
      this.#queue.push({ ...task, settle });
      this.#queueCost += this.#costOf(task);
    });
    this.#shareSoon();
    return promise;
  }

  /** Shares out after what runs now: requests that were committed together then travel together. */
  #shareSoon(): void {
    if (this.#sharing) return;
    this.#sharing = true;
    setImmediate(() => {
      this.#sharing = false;
      this.#share();
    });
  }

  /** Gives the queue to the lanes with the least to do, evenly, in parcels of bounded cost. */
  #share(): void {
    while (this.#queue.length > 0) {
      const least = Math.min(...this.#lanes.map((lane) => lane.waiting));
      const [lane, ...others] = this.#lanes.filter(({ waiting }) => waiting === least);
      if (lane === undefined || least >= PARCELS_PER_LANE) return;
      lane.work(this.#take(Math.min(PARCEL_COST, this.#queueCost / (others.length + 1))));
    }
  }

  /** The oldest orders up to a cost, and at least one. */
  #take(most: number): readonly Order[] {
    let cost = 0;
    let count = 0;
    for (const order of this.#queue) {
      const own = this.#costOf(order);
      if (count > 0 && cost + own > most) break;
      cost += own;
      count++;
    }
    this.#queueCost -= cost;
    return this.#queue.splice(0, count);
  }

  #costOf({ operation, key }: Task): number {
    if (operation === 'cashier') return CASHIER_COST;
    const loaded = this.#keys.get(key);
    if (loaded === undefined) throw new Error(`no mint key ${key} is loaded`);
    return nativeNamed(loaded.suite).cost[operation];
  }

  #openLane(): LaneThread {
    const lane = new LaneThread({
      answered: () => this.#share(),
      died: (dead) => this.#replace(dead),
    });
    this.#unproven.add(lane);
    return lane;
  }

  async #loadInto(lane: LaneThread, keys: readonly LaneKey[]): Promise<void> {
    await lane.load(keys);
    this.#unproven.delete(lane);
  }

  #replace(dead: LaneThread): void {
    if (this.#closed) return;
    this.#lanes = this.#lanes.filter((lane) => lane !== dead);
    if (!this.#unproven.has(dead)) {
      const lane = this.#openLane();
      // Messages arrive in order: what is shared out to it from here on finds the keys loaded.
      this.#loadInto(lane, [...this.#keys.values()]).catch(() => lane.close());
      this.#lanes = [...this.#lanes, lane];
    }
    if (this.#lanes.length === 0) this.#abandonQueue('no signing lane is left');
    this.#share();
  }

  #abandonQueue(fault: string): void {
    this.#queueCost = 0;
    for (const order of this.#queue.splice(0)) order.settle({ fault });
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error('the signing lanes are closed');
    if (this.#lanes.length === 0) throw new Error('no signing lane is left');
  }
}
