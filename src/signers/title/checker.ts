/** Holders' signatures are checked on every core: threads in lanes, checks handed out in parcels. */
import { availableParallelism } from 'node:os';
import type { SignatureCheck, SignatureChecker } from '../../title/server/ports.ts';
import { TitleLaneThread } from './lane-thread.ts';
import type { CheckOrder } from './lane-thread.ts';
import { isWhole } from './parcel.ts';

/** Checks in a parcel: some milliseconds of work, where a message costs about as much as a fifth of one check. */
const PARCEL_CHECKS = 48;
/** Parcels at one lane: the second is there when the first is done, so that no lane idles for a message. */
const PARCELS_PER_LANE = 2;

/** A checker that ends its threads when it is closed. */
export interface TitleChecker extends SignatureChecker {
  /** Ends every lane; what is not answered by then is rejected. */
  close(): Promise<void>;
}

/** Opens as many lanes as there are cores, or `count`. */
export function openTitleChecker(count = availableParallelism()): TitleChecker {
  return new Checker(count);
}

/** A lane that dies fails its work and is replaced. */
class Checker implements TitleChecker {
  #queue: CheckOrder[] = [];
  #lanes: readonly TitleLaneThread[];
  #isSharing = false;
  #isClosed = false;

  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError('at least one lane');
    this.#lanes = Array.from({ length: count }, () => this.#openLane());
  }

  /** Verdicts in the order of the checks. Rejects where a thread ended before it had one: nothing is known then. */
  check(checks: readonly SignatureCheck[]): Promise<readonly boolean[]> {
    if (this.#isClosed || this.#lanes.length === 0)
      return Promise.reject(new Error('no lane is left to check signatures'));
    if (checks.length === 0) return Promise.resolve([]);
    const { promise, resolve, reject } = Promise.withResolvers<readonly boolean[]>();
    const verdicts = new Array<boolean>(checks.length).fill(false);
    let left = checks.length;
    const settle = (index: number, verdict: boolean | undefined): void => {
      if (verdict === undefined) reject(new Error('a lane ended before it had checked a signature'));
      verdicts[index] = verdict === true;
      if (--left === 0) resolve(verdicts);
    };
    checks.forEach((check, index) => {
      if (!isWhole(check)) settle(index, false);
      else this.#queue.push({ ...check, settle: (verdict) => settle(index, verdict) });
    });
    this.#shareSoon();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    this.#abandonQueue();
  }

  /** Shares out after what runs now: what came together travels together. */
  #shareSoon(): void {
    if (this.#isSharing) return;
    this.#isSharing = true;
    setImmediate(() => {
      this.#isSharing = false;
      this.#share();
    });
  }

  /** Gives the queue to the lanes with the least to do, evenly, in parcels of bounded size. */
  #share(): void {
    let taken = 0;
    while (taken < this.#queue.length) {
      const least = Math.min(...this.#lanes.map(({ waiting }) => waiting));
      const [lane, ...others] = this.#lanes.filter(({ waiting }) => waiting === least);
      if (lane === undefined || least >= PARCELS_PER_LANE) break;
      const fair = Math.ceil((this.#queue.length - taken) / (others.length + 1));
      const count = Math.min(PARCEL_CHECKS, fair);
      lane.work(this.#queue.slice(taken, taken + count));
      taken += count;
    }
    if (taken > 0) this.#queue = this.#queue.slice(taken);
  }

  #openLane(): TitleLaneThread {
    return new TitleLaneThread({
      answered: () => this.#share(),
      died: (dead) => this.#replace(dead),
    });
  }

  #replace(dead: TitleLaneThread): void {
    if (this.#isClosed) return;
    this.#lanes = this.#lanes.filter((lane) => lane !== dead);
    if (dead.isProven) this.#lanes = [...this.#lanes, this.#openLane()];
    if (this.#lanes.length === 0) this.#abandonQueue();
    this.#share();
  }

  #abandonQueue(): void {
    for (const { settle } of this.#queue.splice(0)) settle(undefined);
  }
}
