/** The box's side of frames: a service over a UNIX socket, or over a pair of streams. */
import { createServer } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { FramesConnection, mustBeCarriage } from './connection.ts';
import type { ConnectionLimits, ConnectionOwner, FramesService } from './connection.ts';
import { PIPE_LIMITS } from './pipe.ts';
import { listenAt } from './socket.ts';
import { Turns } from './turns.ts';

export type { FramesPeer, FramesService } from './connection.ts';

export interface FramesServerLimits extends ConnectionLimits {
  /** Requests of all connections together that are worked on at once. */
  readonly underwayOverAll: number;
  /** Connections at once; for one more, one that is quiet gives way. */
  readonly connections: number;
  /** How long what is underway may take when the server closes. */
  readonly graceMilliseconds: number;
}

/** `messageBytes`, the bytes of the largest message, must be said; all other limits have defaults. */
export type FramesServerOptions = Partial<FramesServerLimits> & { readonly messageBytes: number };

export interface FramesServer {
  /**
   * Has one front that offered it carry a message to a URL and bring back the answer. Fronts take turns. Undefined when
   * there is none, it goes away, it could not, or it takes too long: the message may have arrived all the same.
   * @throws RangeError (rejects) for a URL or a message that fits no frame
   */
  carry(url: string, bytes: Uint8Array): Promise<Uint8Array | undefined>;
  /** Takes nothing more, lets what is underway end, drops every connection, removes the socket file, then resolves. */
  close(): Promise<void>;
  /** Resolves when the server has closed; over a pair of streams also when the other side has gone. */
  readonly ended: Promise<void>;
}

/** The limits of a server where nothing else is said. */
export const FRAMES_SERVER_LIMITS = {
  ...PIPE_LIMITS,
  underway: 256,
  underwayOverAll: 1_024,
  carrying: 64,
  carryMilliseconds: 30_000,
  // More than a socket's queue of 511: whoever connects is heard before so many others could push it out.
  connections: 1_024,
  graceMilliseconds: 5_000,
} as const;

/** Listens on a UNIX socket. Rejects as `listenAt` does. */
export async function serveFrames(
  service: FramesService,
  options: FramesServerOptions & { readonly path: string },
): Promise<FramesServer> {
  const hub = new Hub(service, options);
  // Half open: a front may send what it has, say that this was all, and still get its answers.
  const server = createServer({ allowHalfOpen: true }, (socket) => hub.open(socket, socket));
  const removeSocket = await listenAt(server, options.path);
  // A connection that cannot be accepted is its front's loss: nothing else is.
  server.on('error', () => undefined);
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  const close = once(async () => {
    // Until all is done the socket stays, so that no other program takes this one for dead.
    await hub.close();
    await removeSocket();
    await new Promise((done) => server.close(done));
    resolve(undefined);
  });
  return { close, ended, carry: (url, bytes) => hub.carry(url, bytes) };
}

/** Serves one front over a pair of streams, such as standard input and output. */
export function serveFramesOn(
  readable: Readable,
  writable: Writable,
  service: FramesService,
  options: FramesServerOptions,
): FramesServer {
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  const hub = new Hub(service, options, () => resolve(undefined));
  hub.open(readable, writable);
  return { close: once(() => hub.close()), ended, carry: (url, bytes) => hub.carry(url, bytes) };
}

/** All connections of a server, and what they share. */
class Hub implements ConnectionOwner {
  readonly service: FramesService;
  readonly limits: FramesServerLimits;
  readonly turns: Turns;
  readonly #emptied: () => void;
  /** The one that was heard longest ago first. */
  readonly #connections = new Set<FramesConnection>();
  /** The one that carried longest ago first. */
  readonly #carriers = new Set<FramesConnection>();
  #opened = 0;
  #closing = false;
  #quiet: (() => void) | undefined;

  constructor(service: FramesService, options: FramesServerOptions, emptied: () => void = () => undefined) {
    this.service = service;
    this.limits = { ...FRAMES_SERVER_LIMITS, ...options };
    this.turns = new Turns(this.limits.underwayOverAll);
    this.#emptied = emptied;
  }

  open(readable: Readable, writable: Writable): void {
    if (this.#closing || !this.#makeRoom()) {
      readable.destroy();
      writable.destroy();
      return;
    }
    this.#opened++;
    this.#connections.add(new FramesConnection(this.#opened, [readable, writable], this));
  }

  async carry(url: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    mustBeCarriage(url, bytes, this.limits.messageBytes);
    for (const connection of this.#carriers) {
      if (!connection.canCarry) continue;
      this.#carriers.delete(connection);
      this.#carriers.add(connection);
      return connection.carry(url, bytes);
    }
    return undefined;
  }

  heard(connection: FramesConnection): void {
    this.#connections.delete(connection);
    this.#connections.add(connection);
  }

  offers(connection: FramesConnection): void {
    this.#carriers.add(connection);
  }

  changed(): void {
    if (this.#quiet !== undefined && this.#isQuiet()) this.#quiet();
  }

  gone(connection: FramesConnection): void {
    this.#connections.delete(connection);
    this.#carriers.delete(connection);
    this.changed();
    if (this.#connections.size === 0) this.#emptied();
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const connection of this.#connections) connection.finish();
    if (!this.#isQuiet()) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#quiet = () => resolve(undefined);
      const grace = new AbortController();
      const late = pause(this.limits.graceMilliseconds, undefined, { signal: grace.signal }).catch(
        () => undefined,
      );
      await Promise.race([promise, late]);
      grace.abort();
    }
    for (const connection of [...this.#connections]) connection.drop();
  }

  #isQuiet(): boolean {
    return [...this.#connections].every(({ quiet }) => quiet);
  }

  /** Whether one more connection may be. If there are too many, one that never spoke goes, or else one long quiet. */
  #makeRoom(): boolean {
    if (this.#connections.size < this.limits.connections) return true;
    const all = [...this.#connections];
    const leaving = all.find(({ silent }) => silent) ?? all.find(({ quiet }) => quiet);
    leaving?.drop();
    return leaving !== undefined;
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}
