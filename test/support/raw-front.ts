/** A front that keeps to no rule but the frames', and remembers every byte that it was answered. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Refusal } from '../../src/base/refusal.ts';
import { LIMITS } from '../../src/base/limits.ts';
import type { Request, Response } from '../../src/protocol/catalogue.ts';
import { decodeResponse, encode } from '../../src/protocol/codec.ts';
import { FrameReader, writeFrame } from '../../src/transports/frames/frames.ts';

/** The longest that an answer may take, in milliseconds. A box that takes longer has failed its honest fronts. */
const PATIENCE = 30_000;

export class RawFront {
  /** What the box has sent on this connection. */
  readonly heard: Buffer[] = [];
  readonly socket: Socket;
  /** Resolves when the connection is over. */
  readonly ended: Promise<void>;
  readonly #reader = new FrameReader(LIMITS.messageBytes);
  readonly #waiting = new Map<number, (answer: Uint8Array | undefined) => void>();
  #lastId = 0;

  static connect(path: string): Promise<RawFront> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawFront(socket));
      });
    });
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.ended = promise;
    // How a connection that the box drops shows itself; `close` follows.
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.once('close', () => {
      for (const settle of this.#waiting.values()) settle(undefined);
      this.#waiting.clear();
      resolve(undefined);
    });
  }

  /** Says hello as fronts do. */
  greet(): void {
    this.socket.write(writeFrame({ kind: 'hello', id: 0, context: '', bytes: new Uint8Array(0) }));
  }

  /** Asks; undefined when the connection ended before the answer came. */
  async ask(context: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
    if (this.socket.destroyed) return undefined;
    this.#waiting.set(id, resolve);
    this.socket.write(writeFrame({ kind: 'request', id, context, bytes }));
    const late = setTimeout(() => this.socket.destroy(), PATIENCE);
    const answer = await promise;
    clearTimeout(late);
    return answer;
  }

  /** Asks, and reads the answer. Throws where there is none. */
  async request(context: string, request: Request): Promise<Response> {
    const bytes = await this.ask(context, encode(request));
    if (bytes === undefined) throw new Error(`the box has not answered a ${request.type}`);
    const answer = decodeResponse(bytes);
    if (answer instanceof Refusal) throw new Error(`the box answers what cannot be read: ${answer.details}`);
    return answer;
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.heard.push(chunk);
    this.#reader.push(chunk);
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      if (frame instanceof Refusal) throw new Error(`the box sends what is no frame: ${frame.details}`);
      this.#waiting.get(frame.id)?.(frame.bytes);
      this.#waiting.delete(frame.id);
    }
  }
}
