/** HTTP/1.1 over plain sockets, requests written beforehand: a client that costs little. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A POST of one message, ready for the wire. Its head says nothing of the port: any front takes it. */
export function wireRequest(message: Uint8Array): Buffer {
  const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${message.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), message]);
}

/** More than the head of any answer has, in bytes. */
const HEAD_MOST = 1_024;

/**
 * One keep-alive connection that sends one request at a time. Only for answers with a Content-Length. Servers close one
 * that is quiet for some seconds: open it when it is needed.
 */
export class Connection {
  readonly #socket: Socket;
  #parts: Buffer[] = [];
  #received = 0;
  /** Bytes of the whole answer, once its head has said it. */
  #whole = Infinity;
  #bodyAt = 0;
  #waiting: PromiseWithResolvers<Buffer> | undefined;

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
      this.#parts.push(part);
      this.#received += part.length;
      if (this.#whole === Infinity) this.#readHead();
      if (this.#received >= this.#whole) this.#deliver();
    });
    socket.on('close', () => this.#waiting?.reject(new Error('the front has closed the connection')));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  /** Sends one request and gives the answer's body. Throws on any status but 200. Rejects when the connection ends. */
  exchange(request: Uint8Array): Promise<Buffer> {
    this.#waiting = Promise.withResolvers<Buffer>();
    if (this.#socket.writable) this.#socket.write(request);
    else this.#waiting.reject(new Error('the connection is closed'));
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #readHead(): void {
    const bytes = this.#joined();
    const head = bytes.toString('latin1', 0, HEAD_MOST);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(bytes.toString());
    this.#bodyAt = end + 4;
    this.#whole = this.#bodyAt + Number(/content-length: (\d+)/i.exec(head)?.[1]);
  }

  #deliver(): void {
    const body = this.#joined().subarray(this.#bodyAt);
    this.#parts = [];
    this.#received = 0;
    this.#whole = Infinity;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(body);
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
  }
}
