/** Renewals and redemptions under load: rates as shares of the machine's own, and where the processors' time went. */
import { availableParallelism } from 'node:os';
import { encode } from '../src/protocol/codec.ts';
import type { Request } from '../src/protocol/catalogue.ts';
import type { Coin } from '../src/protocol/documents.ts';
import { answerIn, coinsOf, renewal } from './coins.ts';
import { wireRequest } from './http-load.ts';
import type { LoadWay } from './load.ts';
import { processorOf } from './processor.ts';
import type { ThreadKind } from './processor.ts';
import { boundsOf } from './raw-operations.ts';
import type { Bounds } from './raw-operations.ts';
import type { RawAnswer } from './raw.ts';
import type { Stage } from './stage.ts';
import { median, printTable, spread } from './table.ts';

/** What is done with coins, how they travel, and how many at a time. */
export interface Kind {
  readonly work: 'renew' | 'redeem';
  /** Fronts that stand before the box; none when the load speaks frames itself. */
  readonly fronts: number;
  /** Coins of one request. */
  readonly batch: number;
}

export interface Plan {
  readonly kinds: readonly Kind[];
  /** How often all kinds are measured, in turns. */
  readonly rounds: number;
  /** Coins of one measurement. */
  readonly coins: number;
}

/** Seconds of a raw measurement, one before and one after each of ours. */
const RAW_SECONDS = 0.3;
/** Requests and coins underway: enough that every core always has work, and no more, since it would only wait. */
const REQUESTS_IN_FLIGHT = 96;
const COINS_IN_FLIGHT = 512;

/** One measurement; what is by the coin is in microseconds of a processor. */
interface Sample {
  readonly rate: number;
  readonly raw: RawAnswer;
  readonly box: Threads;
  readonly fronts: number;
  readonly load: number;
}

type Threads = Readonly<Record<ThreadKind, number>>;

/** Which of the raw operations underneath a suite bounds each kind of work. */
const BOUND: Readonly<Record<Kind['work'], keyof Bounds>> = { renew: 'sign', redeem: 'verify' };

/** Measures every kind in turns, as often as the plan says, and prints a line for each. */
export async function measureThroughput(stage: Stage, { kinds, rounds, coins }: Plan): Promise<void> {
  const samples = kinds.map((): Sample[] => []);
  for (const kind of kinds.slice(0, 1)) await measure(stage, kind, Math.ceil(coins / 2));
  for (let round = 0; round < rounds; round++) {
    for (const [index, kind] of kinds.entries()) samples[index]?.push(await measure(stage, kind, coins));
  }
  print(kinds, samples);
}

async function measure(stage: Stage, kind: Kind, count: number): Promise<Sample> {
  const fronts = await stage.fronts(kind.fronts);
  const coins = await stage.purse.take(Math.ceil(count / kind.batch) * kind.batch);
  const tasks = inBatches(coins, kind.batch).map((batch) => TASKS[kind.work](stage, batch));
  const way: LoadWay =
    fronts.length === 0
      ? { kind: 'frames', path: stage.socket, context: stage.target.cdd.id }
      : { kind: 'http', ports: fronts.map(({ port }) => port) };
  const requests = tasks.map(({ request }) => (way.kind === 'http' ? wireRequest(request) : request));
  const inFlight = Math.max(2, Math.min(REQUESTS_IN_FLIGHT, Math.ceil(COINS_IN_FLIGHT / kind.batch)));
  const bound = boundsOf(stage.target.suite.name)[BOUND[kind.work]];
  const before = await stage.raw.measure(bound, RAW_SECONDS);
  const pids = { box: [stage.boxPid], fronts: fronts.map(({ pid }) => pid) };
  const used = { box: processorOf(pids.box), fronts: processorOf(pids.fronts) };
  const done = await stage.load.run({ way, inFlight, requests });
  const byCoin = (seconds: number) => (seconds * 1e6) / coins.length;
  const spent = {
    box: mapped(processorOf(pids.box), (each, kind) => byCoin(each - used.box[kind])),
    fronts: byCoin(sum(processorOf(pids.fronts)) - sum(used.fronts)),
    load: byCoin(done.processor),
  };
  const after = await stage.raw.measure(bound, RAW_SECONDS);
  for (const [index, answer] of done.answers.entries()) tasks[index]?.settle(answer);
  return { rate: coins.length / done.seconds, raw: between(before, after), ...spent };
}

interface Task {
  readonly request: Uint8Array;
  /** Looks at the answer, once the clock has stopped. Throws when it is not the one that was asked for. */
  settle(answer: Uint8Array): void;
}

const TASKS: Readonly<Record<Kind['work'], (stage: Stage, coins: readonly Coin[]) => Task>> = {
  renew: ({ target, purse }, coins) => {
    const { fresh, request } = renewal(target, coins);
    return { request: encode(request), settle: (bytes) => purse.put(coinsOf(fresh, answerIn(bytes))) };
  },
  redeem: (_stage, coins) => {
    const request: Request = { coins: [...coins], message_reference: 1, type: 'request redeem' };
    const settle = (bytes: Uint8Array) => {
      const answer = answerIn(bytes);
      if (answer.type !== 'response redeem') throw new Error(JSON.stringify(answer));
    };
    return { request: encode(request), settle };
  },
};

function inBatches(coins: readonly Coin[], size: number): readonly (readonly Coin[])[] {
  return Array.from({ length: Math.ceil(coins.length / size) }, (_, index) =>
    coins.slice(index * size, (index + 1) * size),
  );
}

function between(before: RawAnswer, after: RawAnswer): RawAnswer {
  return {
    perSecond: (before.perSecond + after.perSecond) / 2,
    processor: (before.processor + after.processor) / 2,
  };
}

function mapped(threads: Threads, of: (value: number, kind: ThreadKind) => number): Threads {
  const { main, lanes, ledger, helpers } = threads;
  return {
    main: of(main, 'main'),
    lanes: of(lanes, 'lanes'),
    ledger: of(ledger, 'ledger'),
    helpers: of(helpers, 'helpers'),
  };
}

function sum({ main, lanes, ledger, helpers }: Threads): number {
  return main + lanes + ledger + helpers;
}

/** What of all processors, for one coin, none of ours used: they idled, or others had them. */
function idle({ rate, box, fronts, load }: Sample): number {
  return (availableParallelism() / rate) * 1e6 - sum(box) - fronts - load;
}

/**
 * `of raw`: the rate as a share of the raw rate. `by processor`: what a raw operation takes of a processor, as a share of
 * what box and fronts take for a coin; others on the machine trouble it less. The rest in µs of a processor for a coin.
 */
const COLUMNS: Readonly<Record<string, (samples: readonly Sample[]) => string>> = {
  'coins/s': middle(({ rate }) => rate, 0),
  'of raw': middle(ratio, 3),
  'from-to': (samples) => {
    const ratios = samples.map(ratio);
    return `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`;
  },
  'by processor': middle(({ raw, box, fronts }) => raw.processor / (sum(box) + fronts), 3),
  'µs: raw': middle(({ raw }) => raw.processor, 1),
  'box lanes': middle(({ box }) => box.lanes, 1),
  main: middle(({ box }) => box.main, 1),
  ledger: middle(({ box }) => box.ledger, 1),
  helpers: middle(({ box }) => box.helpers, 1),
  fronts: middle(({ fronts }) => fronts, 1),
  load: middle(({ load }) => load, 1),
  'idle or others': middle(idle, 1),
};

function middle(of: (sample: Sample) => number, digits: number): (samples: readonly Sample[]) => string {
  return (samples) => median(samples.map(of)).toFixed(digits);
}

function ratio({ rate, raw }: Sample): number {
  return rate / raw.perSecond;
}

function print(kinds: readonly Kind[], samples: readonly (readonly Sample[])[]): void {
  const rows = kinds.map(({ fronts, batch }, index) => [
    fronts === 0 ? 'frames' : String(fronts),
    String(batch),
    ...Object.values(COLUMNS).map((cell) => cell(samples[index] ?? [])),
  ]);
  printTable(['by', 'batch', ...Object.keys(COLUMNS)], rows);
  const raws = samples.flat().map(({ raw }) => raw.perSecond);
  console.log(`raw meanwhile, a second: ${spread(raws)}`);
}
