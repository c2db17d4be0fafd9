/** A title server as `specie title serve` runs it: supervisor, confined box, front. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../src/base/refusal.ts';
import { programsWith } from '../test/support/parts.ts';
import { startTitles } from '../test/support/titles.ts';
import type { TitleProcess } from '../test/support/titles.ts';
import { wireRequest } from './http-load.ts';
import type { LoadJob } from './load.ts';
import { memoryOf, processorOf } from './processor.ts';
import { Crowd, answerIn, askFor, expect } from './titles-people.ts';

export type Way = 'udp' | 'http';

/** Requests that are underway at once. */
const UNDERWAY: Readonly<Record<Way, number>> = { udp: 512, http: 64 };

export interface ServedTitles {
  job(way: Way, count: number): Promise<LoadJob>;
  /** Throws where a transfer was not done. */
  mustBeDone(way: Way, answers: readonly Uint8Array[]): void;
  /** Seconds of processor: of the box's main thread, of its others, of the front. */
  processor(): readonly number[];
  /** MiB that the box holds now. */
  memory(): number;
  /** Ends it and starts it again; the seconds from there until it says that it serves, and until it answered. */
  restart(): Promise<{ readonly ready: number; readonly transfer: number; readonly root: number }>;
  close(): Promise<void>;
}

/** Starts one in an empty folder with so many titles. */
export async function serveTitles(folder: string, count: number): Promise<ServedTitles> {
  mkdirSync(folder);
  const options = { data: join(folder, 'titles'), args: ['--anybody', '--most-titles', String(count)] };
  let titles: TitleProcess = await startTitles(options);
  const ask = async (request: Uint8Array) => {
    const answer = await titles.overHttp(request);
    if (answer instanceof Refusal) throw new Error(answer.details);
    return answer;
  };
  const crowd = await Crowd.gather(ask, count);
  return {
    job: async (way, transfers) => {
      const requests = await crowd.requests('transfer', transfers);
      return way === 'udp'
        ? { way: { kind: 'udp', port: titles.port }, inFlight: UNDERWAY.udp, requests }
        : {
            way: { kind: 'http', ports: [titles.port] },
            inFlight: UNDERWAY.http,
            requests: requests.map(wireRequest),
          };
    },
    mustBeDone: (_, answers) => {
      for (const answer of answers) expect('response title transfer', answerIn(answer));
    },
    processor: () => {
      const box = titles.boxPid();
      const { main, ...others } = processorOf([box]);
      const front = processorOf(programsWith(options.data).filter((pid) => pid !== box));
      return [main, sum(Object.values(others)), sum(Object.values(front))];
    },
    memory: () => memoryOf(titles.boxPid()).now,
    restart: async () => {
      const [request = new Uint8Array(0)] = await crowd.requests('transfer', 1);
      await titles.stop();
      const start = performance.now();
      const elapsed = () => (performance.now() - start) / 1_000;
      titles = await startTitles(options);
      const ready = elapsed();
      expect('response title transfer', answerIn(await ask(request)));
      const transfer = elapsed();
      expect('response title root', await askFor(ask, { type: 'request title root', pages: [] }));
      return { ready, transfer, root: elapsed() };
    },
    close: async () => {
      await titles.stop();
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
