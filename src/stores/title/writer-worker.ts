/** The thread that `writer.ts` starts. */
import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { fileFault } from './disk.ts';
import type { WriterMessage, WriterReply } from './writer.ts';

const port = parentPort;
if (port === null) throw new Error('values are written in a worker thread');
port.on('message', (message: WriterMessage) => {
  const reply: WriterReply = { id: message.id, code: write(message) };
  port.postMessage(reply);
});

function write({ descriptor, values, positions }: WriterMessage): string | undefined {
  const length = values.length / Math.max(1, positions.length);
  try {
    for (let index = 0; index < positions.length;) {
      const [start, position = 0] = [index, positions[index]];
      // What follows each other is written together.
      do index++;
      while (positions[index] === position + (index - start) * length);
      const bytes = (index - start) * length;
      for (let done = 0; done < bytes;)
        done += writeSync(descriptor, values, start * length + done, bytes - done, position + done);
    }
    return undefined;
  } catch (error) {
    return fileFault(error);
  }
}
