import type { Readable, Writable } from 'node:stream';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { FramePipe } from './pipe.ts';
import type { PipeLimits, PipeOwner } from './pipe.ts';
import type { Taker, Turns } from './turns.ts';
import { mustBeContext } from './frames.ts';
import type { Frame } from './frames.ts';

/** One front, as the service sees it. */
export interface FramesPeer {
  /** 1 for the first that connected, and so on: tells connections apart as long as the server runs. */
  readonly number: number;
  /** Whether it offered to carry messages. */
  readonly carries: boolean;
}

/** What is served over frames. */
export interface FramesService {
  /**
   * Answers a message. `context` came from outside and is not looked at by the transport. Never rejects for what a
   * front sent. The answer is the transport's from here on: it must not be changed any more.
   */
  answer(context: string, bytes: Uint8Array, peer: FramesPeer): Promise<Uint8Array>;
  /** Told of a bug, `answer` having rejected or given too long an answer; gives what is answered instead. */
  failed(error: Error): Uint8Array;
}

export interface ConnectionLimits extends PipeLimits {
  /** Requests of one connection that are worked on at once; the next is not read before. */
  readonly underway: number;
  /** Messages that one front may be carrying at once. */
  readonly carrying: number;
  /** How long a front may take to carry a message. */
  readonly carryMilliseconds: number;
}

/** What a connection tells the server it belongs to. */
export interface ConnectionOwner {
  readonly service: FramesService;
  readonly limits: ConnectionLimits;
  readonly turns: Turns;
  /** Something was heard from it. */
  heard(connection: FramesConnection): void;
  /** It offered to carry. */
  offers(connection: FramesConnection): void;
  /** It may have become quiet. */
  changed(): void;
  gone(connection: FramesConnection): void;
}

type Carried = (answer: Uint8Array | undefined) => void;

/** The box's side of one connection: requests one by one to the service, answers back as they come. */
export class FramesConnection implements FramesPeer, Taker, PipeOwner {
  readonly number: number;
  readonly #owner: ConnectionOwner;
  readonly #pipe: FramePipe;
  readonly #carrying = new Map<number, Carried>();
  #lastCarry = 0;
  #carries = false;
  #silent = true;
  #closing = false;
  #finished = false;
  /** The request that is next; nothing behind it is read. */
  #next: Frame | undefined;
  #underway = 0;

  constructor(number: number, ends: readonly [Readable, Writable], owner: ConnectionOwner) {
    this.number = number;
    this.#owner = owner;
    this.#pipe = new FramePipe(ends, owner.limits, this);
  }

  get carries(): boolean {
    return this.#carries;
  }

  /** Whether no frame has come from it yet. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Whether nothing is underway here, neither work nor an answer that is not taken. */
  get quiet(): boolean {
    return this.#underway === 0 && this.#carrying.size === 0 && this.#pipe.empty;
  }

  ready(): boolean {
    const room = this.#underway < this.#owner.limits.underway && !this.#pipe.full;
    return this.#next !== undefined && room && !this.#closing && !this.#pipe.isOver;
  }

  get canCarry(): boolean {
    return this.#carries && this.#carrying.size < this.#owner.limits.carrying && !this.#pipe.full;
  }

  /** Hands the next request to the service. */
  start(): void {
    const request = this.#next;
    if (request === undefined) return;
    this.#next = undefined;
    this.#underway++;
    void this.#answer(request);
    this.#advance();
  }

  /** Has the front carry a message; undefined when it did not. @throws RangeError for what fits no frame */
  carry(url: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
    const id = (this.#lastCarry + 1) >>> 0;
    this.#pipe.send({ kind: 'carry', id, context: url, bytes });
    this.#lastCarry = id;
    const timer = setTimeout(() => this.#carried(id, undefined), this.#owner.limits.carryMilliseconds);
    this.#carrying.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    return promise;
  }

  /** Takes no further request; what is underway goes on. */
  finish(): void {
    this.#closing = true;
  }

  /** Drops the connection. */
  drop(): void {
    this.#pipe.end(undefined);
  }

  arrived(): void {
    this.#owner.heard(this);
    this.#advance();
    this.#owner.turns.want(this);
  }

  taken(): void {
    this.#owner.turns.want(this);
    this.#settle();
  }

  finished(): void {
    this.#finished = true;
    this.#settle();
  }

  ended(_why: Refusal | undefined): void {
    this.#next = undefined;
    this.#owner.turns.leave(this);
    for (const id of [...this.#carrying.keys()]) this.#carried(id, undefined);
    this.#owner.gone(this);
  }

  /** Takes frames up to the next request. */
  #advance(): void {
    while (this.#next === undefined) {
      const frame = this.#pipe.next();
      if (frame === undefined) return;
      this.#hear(frame);
      this.#silent = false;
    }
  }

  #hear(frame: Frame): void {
    if (frame.kind === 'request') this.#next = frame;
    else if (frame.kind === 'carried')
      this.#carried(frame.id, frame.context === '' ? frame.bytes : undefined);
    else if (frame.kind === 'hello' && this.#silent) this.#greet(frame.context);
    else this.#pipe.end(refuse('malformed', `no ${frame.kind} may come here`));
  }

  #greet(context: string): void {
    this.#carries = context === 'carries';
    if (this.#carries) this.#owner.offers(this);
  }

  async #answer({ id, context, bytes }: Frame): Promise<void> {
    const answer = await this.#ask(context, bytes);
    this.#underway--;
    if (!this.#pipe.isOver) this.#pipe.send({ kind: 'answer', id, context: '', bytes: answer });
    this.#owner.turns.done();
    this.#owner.turns.want(this);
    this.#settle();
  }

  async #ask(context: string, bytes: Uint8Array): Promise<Uint8Array> {
    const { service, limits } = this.#owner;
    try {
      const answer = await service.answer(context, bytes, this);
      if (answer.length <= limits.messageBytes) return answer;
      return service.failed(
        new RangeError(`an answer of ${answer.length} bytes, over ${limits.messageBytes}`),
      );
    } catch (error) {
      return service.failed(
        error instanceof Error ? error : new Error('something that is no error was thrown'),
      );
    }
  }

  /** An answer to what is not being carried came too late, or is nobody's: nobody waits for it. */
  #carried(id: number, answer: Uint8Array | undefined): void {
    const resolve = this.#carrying.get(id);
    if (resolve === undefined) return;
    this.#carrying.delete(id);
    resolve(answer);
    this.#settle();
  }

  /** A front that will send no more and has all its answers is done with. */
  #settle(): void {
    if (this.#finished && this.quiet && this.#next === undefined) this.drop();
    this.#owner.changed();
  }
}

/** Throws a RangeError when this cannot be asked of a front. */
export function mustBeCarriage(url: string, bytes: Uint8Array, messageBytes: number): void {
  mustBeContext(url);
  if (url === '') throw new RangeError('a message is carried to a URL');
  if (bytes.length > messageBytes)
    throw new RangeError(`a message of ${bytes.length} bytes, over ${messageBytes}`);
}
