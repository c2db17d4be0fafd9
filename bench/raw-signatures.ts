/** How many raw RSA-2048 signatures OpenSSL makes a second on all cores of this machine: the limit we measure against. */
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

/** Signatures a second over all cores, measured for `seconds`. */
export async function rawSignaturesPerSecond(seconds: number): Promise<number> {
  const counts = Array.from({ length: availableParallelism() }, () => oneCore(seconds));
  return (await Promise.all(counts)).reduce((total, each) => total + each, 0);
}

function oneCore(seconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { seconds } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread && parentPort !== null) {
  const { seconds } = workerData as { seconds: number };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const message = Buffer.alloc(256, 7);
  message[0] = 0;
  const key = { key: privateKey, padding: constants.RSA_NO_PADDING };
  for (let warm = 0; warm < 200; warm++) privateDecrypt(key, message);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < seconds * 1_000) {
    privateDecrypt(key, message);
    count++;
  }
  parentPort.postMessage((count * 1_000) / (performance.now() - start));
}
