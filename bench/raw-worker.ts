/** One core at a raw operation: told an operation and a time, it answers how many it made and what they took. */
import { parentPort } from 'node:worker_threads';
import { RAW_OPERATIONS } from './raw-operations.ts';
import type { RawOperation } from './raw-operations.ts';
import type { RawAnswer, RawOrder } from './raw.ts';

if (parentPort === null) throw new Error('this is the entry of a thread');
const port = parentPort;

const WARM_UP = 200;

const opened = new Map<RawOperation, () => unknown>();

port.on('message', ({ operation, seconds }: RawOrder) => {
  const operate = opened.get(operation) ?? RAW_OPERATIONS[operation]();
  opened.set(operation, operate);
  for (let warm = 0; warm < WARM_UP; warm++) operate();
  const before = process.threadCpuUsage();
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < seconds * 1_000; count++) operate();
  const elapsed = (performance.now() - start) / 1_000;
  const { user, system } = process.threadCpuUsage(before);
  const answer: RawAnswer = { perSecond: count / elapsed, processor: (user + system) / count };
  port.postMessage(answer);
});
