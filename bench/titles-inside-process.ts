/** The process that `titles-inside.ts` starts: a title server with its real parts, asked from within. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../src/base/refusal.ts';
import { openTitleChecker } from '../src/signers/title/checker.ts';
import { nativeSha256 } from '../src/signers/title/hash.ts';
import { titleServerKey } from '../src/signers/title/key.ts';
import { verifyTitleSignature } from '../src/signers/title/signature.ts';
import { openTitleStore } from '../src/stores/title/files.ts';
import { TITLE_LIMITS } from '../src/title/documents/limits.ts';
import { openTitleServer } from '../src/title/server/server.ts';
import { Crowd, answerIn, expect } from './titles-people.ts';
import type { InsideOrder, InsideRun } from './titles-inside.ts';

/** Transfers that are underway at once: some groups of 128. */
const UNDERWAY = 512;

const [folder = '', titles = '0'] = process.argv.slice(2);
const checker = openTitleChecker();
const server = await openTitleServer({
  store: await openStore(),
  key: titleServerKey(new Uint8Array(32).fill(7)),
  checker,
  verify: verifyTitleSignature,
  sha256: nativeSha256,
  clock: Date.now,
  pause: (milliseconds) => pause(milliseconds),
  issuers: undefined,
  mostTitles: TITLE_LIMITS.cells,
  udpPort: undefined,
});
const crowd = await Crowd.gather((request) => server.answer(request, Infinity), Number(titles));
let requests: readonly Uint8Array[] = [];

process.on('message', (order: InsideOrder) => {
  void obey(order).then((run) => process.send?.({ run }));
});

async function obey({ prepare, run, close }: InsideOrder): Promise<InsideRun | undefined> {
  if (prepare !== undefined) requests = await crowd.requests(prepare.kind, prepare.count);
  if (close === true) {
    await server.close();
    await checker.close();
  }
  return run === true ? measure() : undefined;
}

async function measure(): Promise<InsideRun> {
  const answers = new Array<Uint8Array>(requests.length);
  let next = 0;
  const go = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      const request = requests[at];
      if (request !== undefined) answers[at] = await server.answer(request, TITLE_LIMITS.datagramBytes);
    }
  };
  const all = process.cpuUsage();
  const own = process.threadCpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: UNDERWAY }, go));
  const seconds = (performance.now() - start) / 1_000;
  const [used, main] = [process.cpuUsage(all), process.threadCpuUsage(own)].map(
    ({ user, system }) => (user + system) / requests.length,
  );
  for (const answer of answers) expect('response title transfer', answerIn(answer));
  return { seconds, main: main ?? 0, others: (used ?? 0) - (main ?? 0) };
}

async function openStore() {
  const store = await openTitleStore({
    folder: join(folder, 'books'),
    places: [join(folder, 'place-1'), join(folder, 'place-2')],
    report: () => undefined,
  });
  if (store instanceof Refusal) throw new Error(store.details);
  return store;
}
