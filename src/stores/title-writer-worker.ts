/** The thread that `title-writer.ts` starts. */
import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { fileFault } from './title-disk.ts';
import type { WriterMessage, WriterReply } from './title-writer.ts';

const port = parentPort;
if (port === null) throw new Error('values are written in a worker thread');
port.on('message', (message: WriterMessage) => {
  const reply: WriterReply = { id: message.id, code: write(message) };
  port.postMessage(reply);
});

function write({ descriptor, values, positions }: WriterMessage): string | undefined {
  const length = values.length / Math.max(1, positions.length);
  try {
    for (const [index, position] of positions.entries())
      for (let done = 0; done < length;)
        done += writeSync(descriptor, values, index * length + done, length - done, position + done);
    return undefined;
  } catch (error) {
    return fileFault(error);
  }
}
