import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../base/refusal.ts';
import type { FramesService } from './connection.ts';
import { serveFrames } from './server.ts';
import type { FramesServer, FramesServerOptions } from './server.ts';
import { FrameReader, writeFrame } from './frames.ts';
import type { Frame, FrameKind } from './frames.ts';

export const MESSAGE_BYTES = 1_048_576;

export const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();

export const bytesOf = (words: string): Uint8Array => new TextEncoder().encode(words);

export const frame = (kind: FrameKind, id: number, context = '', bytes: Uint8Array = bytesOf('')): Frame => ({
  kind,
  id,
  context,
  bytes,
});

/** What must hold for whoever awaits it: undefined is a fault of the test. */
export function some<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('nothing is there');
  return value;
}

/** A folder for one test, and what the test opened: all is closed in the end, the last first. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'frames-'));
  readonly path = join(this.folder, 'box');
  readonly #closers: (() => unknown)[] = [];

  later(close: () => unknown): void {
    this.#closers.push(close);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
    rmSync(this.folder, { recursive: true });
  }

  async serve(
    service: Partial<FramesService>,
    options: Partial<FramesServerOptions> = {},
  ): Promise<FramesServer> {
    const whole: FramesService = {
      answer: async (_context, bytes) => bytes,
      failed: (error) => {
        throw error;
      },
      ...service,
    };
    const server = await serveFrames(whole, { messageBytes: MESSAGE_BYTES, ...options, path: this.path });
    this.later(() => server.close());
    return server;
  }

  /** A front that does what the test says, and nothing else. */
  async raw(): Promise<RawFront> {
    const front = new RawFront(connect(this.path));
    this.later(() => front.socket.destroy());
    await once(front.socket, 'connect');
    return front;
  }
}

export class RawFront {
  readonly socket: Socket;
  /** Resolves when the box has dropped it. */
  readonly dropped: Promise<void>;
  readonly #reader = new FrameReader(MESSAGE_BYTES);

  constructor(socket: Socket) {
    this.socket = socket;
    // A box that drops a front resets what the front is still writing: that is what the tests wait for.
    socket.on('error', () => undefined);
    this.dropped = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  send(...frames: readonly Frame[]): void {
    this.socket.write(Buffer.concat(frames.map(writeFrame)));
  }

  async receive(): Promise<Frame> {
    for (;;) {
      const next = this.#reader.next();
      if (next instanceof Refusal) throw new Error(next.details);
      if (next !== undefined) return next;
      const chunk = this.socket.read() as Buffer | null;
      if (chunk !== null) this.#reader.push(chunk);
      else if (this.socket.readableEnded || this.socket.destroyed) throw new Error('the box sends no more');
      else await Promise.race([once(this.socket, 'readable'), this.dropped]);
    }
  }
}

/** Something that is waited for and let go by the test. */
export class Gate {
  readonly #reached = Promise.withResolvers<undefined>();
  readonly #opened = Promise.withResolvers<undefined>();

  /** Resolves when somebody waits at the gate. */
  readonly reached = this.#reached.promise;

  open(): void {
    this.#opened.resolve(undefined);
  }

  async pass(): Promise<void> {
    this.#reached.resolve(undefined);
    await this.#opened.promise;
  }
}
