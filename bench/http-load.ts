/** A load generator that costs little: HTTP/1.1 over plain sockets, requests written beforehand. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A POST of one message, ready for the wire. */
export function wireRequest(port: number, message: Uint8Array): Buffer {
  const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${message.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), message]);
}

/** One keep-alive connection that sends one request at a time. Only for answers with a Content-Length. */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: ((answer: Buffer) => void) | undefined;

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Connection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (part: Buffer) => {
      this.#received = this.#received.length === 0 ? part : Buffer.concat([this.#received, part]);
      this.#deliver();
    });
  }

  /** Sends one request and gives the answer's body. Throws on any status but 200. */
  exchange(request: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #deliver(): void {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const whole = end + 4 + length;
    if (this.#received.length < whole) return;
    const body = this.#received.subarray(end + 4, whole);
    if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`${head.slice(0, 40)} ${body.toString()}`);
    this.#received = this.#received.subarray(whole);
    this.#waiting?.(body);
  }
}

/** Sends all requests over as many connections, each its next as soon as it has its answer. */
export async function sendAll(
  port: number,
  connections: number,
  requests: readonly Buffer[],
  answered: (index: number, answer: Buffer) => void,
): Promise<void> {
  let next = 0;
  const drive = async () => {
    const connection = await Connection.open(port);
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index];
      if (request !== undefined) answered(index, await connection.exchange(request));
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, drive));
}
