/** A front's side of frames: asks the box, and carries messages for it where that was offered. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { FramePipe, PIPE_LIMITS } from './pipe.ts';
import type { PipeLimits, PipeOwner } from './pipe.ts';
import { mustBeContext } from './frames.ts';
import type { Frame } from './frames.ts';

/** What a front that offers to carry must do. */
export interface Carriage {
  /** Posts a message to a URL and gives the answer; undefined when nobody answered there. */
  carry(url: string, bytes: Uint8Array): Promise<Uint8Array | undefined>;
  /** Told of a bug: `carry` has rejected. The box is told that nobody answered. */
  failed(error: Error): void;
}

export interface FramesClientLimits extends PipeLimits {
  /** How long a request may take, waiting included, in milliseconds. */
  readonly patience: number;
  /** Requests that are sent and not answered; the server must allow as many. */
  readonly underway: number;
  /** Requests that wait to be sent; one more is not taken. */
  readonly waiting: number;
  /** Messages that are carried at once. */
  readonly carrying: number;
  /** The pause after the first attempt to connect that failed; each after it is twice as long. */
  readonly firstPause: number;
  readonly longestPause: number;
}

/** Milliseconds before one more attempt at a socket whose queue is full. */
const QUEUE_PAUSE = 10;

type NoCarriage = { readonly [Name in keyof Carriage]?: undefined };

/** `messageBytes`, the bytes of the largest message, must be said; all limits else have defaults. */
export type FramesClientOptions = Partial<FramesClientLimits> & { readonly messageBytes: number } & (
    Carriage | NoCarriage
  );

export interface FramesClient {
  /**
   * Asks the box. Undefined when it cannot be reached, goes away before it answered, takes longer than the patience, or
   * too much waits already: it may have been done all the same. Nothing is sent twice.
   * @throws RangeError (rejects) for a context or a message that fits no frame
   */
  ask(context: string, bytes: Uint8Array): Promise<Uint8Array | undefined>;
  /** Ends the connection; what is not answered gets undefined, and so does whatever is asked later. */
  close(): void;
}

/** The limits of a client where nothing else is said. */
export const FRAMES_CLIENT_LIMITS = {
  ...PIPE_LIMITS,
  patience: 30_000,
  underway: 256,
  waiting: 4_096,
  carrying: 64,
  firstPause: 50,
  longestPause: 5_000,
} as const;

/** Begins an attempt to connect, and gives what abandons it. Calls one of both functions once, later. */
type Dial = (opened: (ends: readonly [Readable, Writable]) => void, failed: () => void) => () => void;

/** Opens a client of the box at a UNIX socket. It connects when first asked, or at once when it offers to carry. */
export function openFramesClient(options: FramesClientOptions & { readonly path: string }): FramesClient {
  const client = new Client(options, dialSocket(options.path));
  if (options.carry !== undefined) client.connect();
  return client;
}

/** A socket whose queue is full is no dead one: many connect just now, and this one gets its turn. */
function dialSocket(path: string): Dial {
  return (opened, failed) => {
    let socket: Socket;
    let timer: NodeJS.Timeout | undefined;
    const attempt = (): void => {
      socket = connect(path);
      const refused = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'EAGAIN') timer = setTimeout(attempt, QUEUE_PAUSE).unref();
        else failed();
      };
      socket.once('error', refused);
      socket.once('connect', () => {
        socket.off('error', refused);
        opened([socket, socket]);
      });
    };
    attempt();
    return () => {
      clearTimeout(timer);
      socket.destroy();
    };
  };
}

/** A client of the box at the other end of a pair of streams. When they end, so does it. */
export function openFramesClientOn(
  readable: Readable,
  writable: Writable,
  options: FramesClientOptions,
): FramesClient {
  const client = new Client(options, undefined);
  client.open([readable, writable]);
  return client;
}

interface Ask {
  readonly context: string;
  readonly bytes: Uint8Array;
  /** Gives the one who asked an answer, the first time. */
  readonly settle: (answer: Uint8Array | undefined) => void;
  isSettled: boolean;
}

class Client implements FramesClient, PipeOwner {
  readonly #options: FramesClientOptions;
  readonly #limits: FramesClientLimits;
  readonly #dial: Dial | undefined;
  readonly #waiting = new Set<Ask>();
  /** By id. One whose time is over stays until it is answered: the box is still at work on it. */
  readonly #underway = new Map<number, Ask>();
  #lastId = 0;
  #pipe: FramePipe | undefined;
  #abandon: (() => void) | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  /** Whether anything came on this connection. */
  #heard = false;
  #carrying = 0;
  #closed = false;

  constructor(options: FramesClientOptions, dial: Dial | undefined) {
    this.#options = options;
    this.#limits = { ...FRAMES_CLIENT_LIMITS, ...options };
    this.#dial = dial;
  }

  async ask(context: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    mustBeContext(context);
    const { messageBytes, waiting } = this.#limits;
    if (bytes.length > messageBytes)
      throw new RangeError(`a message of ${bytes.length} bytes, over ${messageBytes}`);
    if (this.#closed || this.#waiting.size >= waiting) return undefined;
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
    const timer = setTimeout(() => this.#giveUp(ask), this.#limits.patience);
    const ask: Ask = {
      context,
      bytes,
      isSettled: false,
      settle: (answer) => {
        clearTimeout(timer);
        ask.isSettled = true;
        resolve(answer);
      },
    };
    this.#waiting.add(ask);
    this.#flow();
    // While the pause after a failed attempt runs, what is asked waits for the next: a dead box is not besieged.
    if (this.#failures === 0) this.connect();
    return promise;
  }

  close(): void {
    this.#closed = true;
    this.#abandon?.();
    clearTimeout(this.#retry);
    this.#pipe?.end(undefined);
    this.#loseWaiting();
  }

  /** Connects now, if it is not connected, connecting or closed. */
  connect(): void {
    if (this.#closed || this.#pipe !== undefined || this.#abandon !== undefined) return;
    clearTimeout(this.#retry);
    this.#abandon = this.#dial?.(
      (ends) => this.open(ends),
      () => this.#fail(),
    );
  }

  open(ends: readonly [Readable, Writable]): void {
    this.#abandon = undefined;
    this.#heard = false;
    this.#pipe = new FramePipe(ends, this.#limits, this);
    const context = this.#options.carry === undefined ? '' : 'carries';
    this.#pipe.send({ kind: 'hello', id: 0, context, bytes: new Uint8Array(0) });
    this.#flow();
  }

  arrived(): void {
    this.#heard = true;
    this.#failures = 0;
    for (let frame = this.#pipe?.next(); frame !== undefined; frame = this.#pipe?.next()) this.#hear(frame);
    this.#flow();
  }

  taken(): void {
    this.#flow();
  }

  finished(): void {
    this.#pipe?.end(undefined);
  }

  ended(_why: Refusal | undefined): void {
    this.#pipe = undefined;
    const lost = [...this.#underway.values()];
    this.#underway.clear();
    for (const ask of lost) ask.settle(undefined);
    if (this.#dial === undefined) this.close();
    // A box that takes connections and says nothing on them is no better than one that takes none.
    else if (!this.#heard) this.#fail();
    else if (this.#waiting.size > 0) this.connect();
    else this.#connectLater(this.#limits.firstPause);
  }

  #fail(): void {
    this.#abandon = undefined;
    this.#loseWaiting();
    this.#connectLater(Math.min(this.#limits.firstPause * 2 ** this.#failures, this.#limits.longestPause));
    this.#failures++;
  }

  #connectLater(pause: number): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), pause).unref();
  }

  #loseWaiting(): void {
    const lost = [...this.#waiting];
    this.#waiting.clear();
    for (const ask of lost) ask.settle(undefined);
  }

  /** Sends what waits, as far as there is room. */
  #flow(): void {
    const pipe = this.#pipe;
    if (pipe === undefined) return;
    for (const ask of this.#waiting) {
      if (this.#underway.size >= this.#limits.underway || pipe.full) return;
      this.#waiting.delete(ask);
      do this.#lastId = (this.#lastId + 1) >>> 0;
      while (this.#underway.has(this.#lastId));
      this.#underway.set(this.#lastId, ask);
      pipe.send({ kind: 'request', id: this.#lastId, context: ask.context, bytes: ask.bytes });
    }
  }

  #giveUp(ask: Ask): void {
    this.#waiting.delete(ask);
    ask.settle(undefined);
    const { size } = this.#underway;
    // A box that answers none of all that it was asked is not worth waiting for.
    if (size >= this.#limits.underway && [...this.#underway.values()].every(({ isSettled }) => isSettled)) {
      this.#pipe?.end(refuse('unreachable', 'the box answers nothing'));
    }
  }

  #hear(frame: Frame): void {
    const ask = this.#underway.get(frame.id);
    if (frame.kind === 'answer' && ask !== undefined) {
      this.#underway.delete(frame.id);
      ask.settle(frame.bytes);
    } else if (frame.kind === 'carry' && this.#options.carry !== undefined) {
      void this.#carry(this.#options, frame);
    } else {
      this.#pipe?.end(refuse('malformed', `no ${frame.kind} with this id may come here`));
    }
  }

  async #carry(carriage: Carriage, { id, context, bytes }: Frame): Promise<void> {
    const pipe = this.#pipe;
    this.#carrying++;
    const answer =
      this.#carrying > this.#limits.carrying ? undefined : await this.#post(carriage, context, bytes);
    this.#carrying--;
    const reached = answer !== undefined && answer.length <= this.#limits.messageBytes;
    if (reached) pipe?.send({ kind: 'carried', id, context: '', bytes: answer });
    else pipe?.send({ kind: 'carried', id, context: 'unreachable', bytes: new Uint8Array(0) });
  }

  async #post(carriage: Carriage, url: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await carriage.carry(url, bytes);
    } catch (error) {
      carriage.failed(error instanceof Error ? error : new Error('something that is no error was thrown'));
      return undefined;
    }
  }
}
