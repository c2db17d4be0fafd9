/** The load generator's process: sends what it is given as fast as it is answered. It ends when its parent lets go. */
import { LIMITS } from '../src/base/limits.ts';
import { openFramesClient } from '../src/transports/frames/client.ts';
import { Connection } from './http-load.ts';
import type { LoadDone, LoadJob, LoadWay } from './load.ts';
import { openDatagrams } from './titles-datagrams.ts';

type Exchange = (request: Uint8Array) => Promise<Uint8Array>;

interface Line {
  readonly exchange: Exchange;
  close(): void;
}

process.on('message', (job: LoadJob) => {
  void run(job).then((done) => process.send?.(done));
});

async function run({ way, inFlight, requests }: LoadJob): Promise<LoadDone> {
  const lines = await open(way, inFlight);
  const answers = new Array<Uint8Array>(requests.length);
  let next = 0;
  const drive = async ({ exchange }: Line) => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index];
      if (request !== undefined) answers[index] = await exchange(request);
    }
  };
  const before = process.cpuUsage();
  const start = performance.now();
  await Promise.all(lines.map(drive));
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(before);
  for (const line of lines) line.close();
  return { seconds, processor: (user + system) / 1e6, answers };
}

/** As many lines as requests may be underway. */
async function open(way: LoadWay, count: number): Promise<readonly Line[]> {
  if (way.kind === 'frames') {
    const client = openFramesClient({ path: way.path, messageBytes: LIMITS.messageBytes });
    const exchange = async (request: Uint8Array) => {
      const answer = await client.ask(way.context, request);
      if (answer === undefined) throw new Error('the box did not answer');
      return answer;
    };
    return Array.from({ length: count }, () => ({ exchange, close: () => client.close() }));
  }
  if (way.kind === 'udp') {
    const line = await openDatagrams(way.port);
    return Array.from({ length: count }, () => line);
  }
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const connection = await Connection.open(way.ports[index % way.ports.length] ?? 0);
      return {
        exchange: (request: Uint8Array) => connection.exchange(request),
        close: () => connection.close(),
      };
    }),
  );
}
