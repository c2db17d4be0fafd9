/** The entry of a lane's thread: opens the keys it is given, and works on one parcel after the other. */
import { parentPort } from 'node:worker_threads';
import { verifyEd25519 } from './ed25519.ts';
import type { NativeKey } from './native.ts';
import { nativeNamed } from './natives.ts';
import { textToBytes, unpack } from './parcel.ts';
import type { FromLane, LaneKey, Task, ToLane } from './parcel.ts';

if (parentPort === null) throw new Error('a lane runs in a thread of its own');
const port = parentPort;
const keys = new Map<string, NativeKey>();

port.on('message', (message: ToLane) => {
  const answer: FromLane =
    'load' in message
      ? { loaded: load(message.load) }
      : { answers: unpack(message.parcel).map((task) => attempt(() => perform(task))) };
  port.postMessage(answer);
});

function load(added: readonly LaneKey[]): true | { readonly fault: string } {
  return attempt(() => {
    for (const { keyId, suite, publicKey, secret } of added) {
      keys.set(keyId, nativeNamed(suite).open(publicKey, secret));
    }
    return true;
  });
}

function perform({ operation, key, text, bytes }: Task): string | boolean {
  switch (operation) {
    case 'sign':
      return keyOf(key).sign(text);
    case 'verify':
      return keyOf(key).verify(textToBytes(bytes), text);
    case 'commit':
      return commit(keyOf(key), text);
    case 'cashier':
      return verifyEd25519(key, textToBytes(bytes), text);
  }
}

function commit(key: NativeKey, identity: string): string {
  if (key.commit === undefined) throw new Error('this suite has no first round');
  return key.commit(identity);
}

function keyOf(id: string): NativeKey {
  const key = keys.get(id);
  if (key === undefined) throw new Error(`no mint key ${id} is loaded`);
  return key;
}

/** A bug in one task is that task's answer: the rest of the parcel belongs to others. */
function attempt<Result>(work: () => Result): Result | { readonly fault: string } {
  try {
    return work();
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'an operation failed' };
  }
}
