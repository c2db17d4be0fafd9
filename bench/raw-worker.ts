/** One core at a raw operation of OpenSSL's: told an operation and a time, it answers how many it made and what they took. */
import { constants, generateKeyPairSync, privateDecrypt, sign, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { RawAnswer, RawOrder } from './raw.ts';

if (parentPort === null) throw new Error('this is the entry of a thread');
const port = parentPort;

const WARM_UP = 200;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const message = Buffer.alloc(256, 7);
message[0] = 0;
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
const signature = sign('sha384', message, { key: privateKey, ...pss });
// Options on the key itself, as the lanes have them: src/signers/rsa.ts says why.
const raw = Object.assign(privateKey, { padding: constants.RSA_NO_PADDING });
const verifying = Object.assign(publicKey, pss);

const OPERATIONS: Readonly<Record<RawOrder['operation'], () => unknown>> = {
  sign: () => privateDecrypt(raw, message),
  verify: () => verify('sha384', message, verifying, signature),
};

port.on('message', ({ operation, seconds }: RawOrder) => {
  const operate = OPERATIONS[operation];
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
