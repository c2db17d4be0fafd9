/** Datagrams with many underway: a client that costs little. */
import { createSocket } from 'node:dgram';
import { titleReferenceOf } from '../src/title/documents/codec.ts';

/** Milliseconds after which a datagram that was not answered is taken for lost, and sent again. */
const LOST = 1_000;
/** Bytes that the system keeps for us. */
const BUFFER = 8_388_608;

export interface Datagrams {
  /** Sends a request with a reference of its own, until it is answered. */
  exchange(request: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

interface Waiting {
  readonly request: Uint8Array;
  readonly resolve: (answer: Uint8Array) => void;
  sent: number;
}

/** Opens a socket to a port of this machine. */
export async function openDatagrams(port: number): Promise<Datagrams> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER, sendBufferSize: BUFFER });
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const waiting = new Map<number, Waiting>();
  socket.on('message', (bytes) => {
    const reference = titleReferenceOf(bytes);
    waiting.get(reference)?.resolve(new Uint8Array(bytes));
    waiting.delete(reference);
  });
  const timer = setInterval(() => {
    const now = performance.now();
    for (const each of waiting.values()) {
      if (now - each.sent < LOST) continue;
      each.sent = now;
      socket.send(each.request);
    }
  }, LOST / 4);
  let isOpen = true;
  return {
    exchange: (request) =>
      new Promise((resolve) => {
        waiting.set(titleReferenceOf(request), { request, resolve, sent: performance.now() });
        socket.send(request);
      }),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      socket.close();
    },
  };
}
