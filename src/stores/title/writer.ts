/** A thread that writes many small values into files: a disk that makes it wait keeps nobody else waiting. */
import { Worker } from 'node:worker_threads';

/** Values of one length, one after the other, and the position in the file of each. Both are handed over: they are gone then. */
export interface Scattered {
  readonly values: Uint8Array<ArrayBuffer>;
  readonly positions: Float64Array<ArrayBuffer>;
}

export interface WriterMessage extends Scattered {
  readonly id: number;
  readonly descriptor: number;
}

/** `code` is what the file system objects to. */
export interface WriterReply {
  readonly id: number;
  readonly code: string | undefined;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

let writer: Worker | undefined;
let messages = 0;
const waiting = new Map<number, Waiting>();

/** Writes values into an open file, which has to stay open for so long. Rejects with what the file system objects to. */
export async function writeScattered(descriptor: number, { values, positions }: Scattered): Promise<void> {
  const worker = (writer ??= begin());
  const message: WriterMessage = { id: ++messages, descriptor, values, positions };
  const done = new Promise<void>((resolve, reject) => waiting.set(message.id, { resolve, reject }));
  // Only while it works does it keep the process alive.
  worker.ref();
  worker.postMessage(message, [values.buffer, positions.buffer]);
  await done;
}

function begin(): Worker {
  const worker = new Worker(new URL('./writer-worker.ts', import.meta.url));
  worker.on('message', ({ id, code }: WriterReply) => {
    const each = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (code === undefined) each?.resolve();
    else each?.reject(Object.assign(new Error(`a file cannot be written: ${code}`), { code }));
  });
  worker.on('error', (error: Error) => {
    writer = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return worker;
}
