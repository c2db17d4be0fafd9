/** The entry of a thread that checks holders' signatures, one parcel after the other. */
import { parentPort } from 'node:worker_threads';
import { unpackChecks } from './parcel.ts';
import { verifyTitleSignature } from './signature.ts';

if (parentPort === null) throw new Error('a lane runs in a thread of its own');
const port = parentPort;

port.on('message', (parcel: ArrayBuffer) => {
  const verdicts = unpackChecks(parcel).map(({ publicKey, bytes, signature }) =>
    verifyTitleSignature(publicKey, bytes, signature),
  );
  port.postMessage(verdicts);
});
