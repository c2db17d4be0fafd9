import type { Readable, Writable } from 'node:stream';
import { Refusal, refuse } from '../../base/refusal.ts';
import { Deadline } from './deadline.ts';
import { Outbox } from './outbox.ts';
import type { OutboxLimits } from './outbox.ts';
import { FrameReader } from './frames.ts';
import type { Frame } from './frames.ts';

export interface PipeLimits extends OutboxLimits {
  /** Bytes of the largest message, both ways. */
  readonly messageBytes: number;
  /** How long a frame may take from its first byte to its last. */
  readonly frameMilliseconds: number;
}

/** The limits of a pipe where nothing else is said. */
export const PIPE_LIMITS = {
  waitingBytes: 4 * 1_048_576,
  takeMilliseconds: 30_000,
  frameMilliseconds: 30_000,
} as const;

export interface PipeOwner {
  /** Something came: call `next` until it gives undefined, or as often as there is room; the rest waits unread. */
  arrived(): void;
  /** The other side took something of what was sent. */
  taken(): void;
  /** The other side will send no more; it may still take. */
  finished(): void;
  /** It is over; `why` when it was the other side's fault. Told once. */
  ended(why: Refusal | undefined): void;
}

/** Frames over a pair of byte streams. What is not asked for is not read: the other side has to wait. */
export class FramePipe {
  readonly #readable: Readable;
  readonly #writable: Writable;
  readonly #owner: PipeOwner;
  readonly #reader: FrameReader;
  readonly #outbox: Outbox;
  readonly #frameDeadline: Deadline;
  #drained = true;
  #paused = false;
  #ended = false;

  constructor(ends: readonly [Readable, Writable], limits: PipeLimits, owner: PipeOwner) {
    [this.#readable, this.#writable] = ends;
    this.#owner = owner;
    this.#reader = new FrameReader(limits.messageBytes);
    this.#frameDeadline = new Deadline(limits.frameMilliseconds, () => {
      this.end(refuse('malformed', 'a frame was begun and not ended in time'));
    });
    this.#outbox = new Outbox(this.#writable, limits, {
      taken: () => owner.taken(),
      stalled: () => this.end(refuse('malformed', 'what was sent was not taken in time')),
    });
    const over = (): void => this.end(undefined);
    for (const end of new Set<Readable | Writable>(ends)) end.on('error', over).on('close', over);
    this.#readable.on('data', (chunk: Uint8Array) => this.#take(chunk));
    this.#readable.once('end', () => {
      this.#frameDeadline.end();
      if (!this.#ended) owner.finished();
    });
  }

  get isOver(): boolean {
    return this.#ended;
  }

  /** Whether more waits to be taken than should: whoever goes on sending does so at the cost of memory. */
  get full(): boolean {
    return this.#outbox.full;
  }

  /** Whether everything sent was taken. */
  get empty(): boolean {
    return this.#outbox.empty;
  }

  /** Sends a frame; once the pipe has ended, nothing. @throws RangeError for a frame that may not be */
  send(frame: Frame): void {
    this.#outbox.send(frame);
  }

  /** The next frame; undefined when there is none yet. Ends the pipe when what came is no frame. */
  next(): Frame | undefined {
    if (this.#ended) return undefined;
    const frame = this.#reader.next();
    if (frame instanceof Refusal) {
      this.end(frame);
      return undefined;
    }
    if (frame === undefined) this.#readOn();
    else this.#frameDeadline.lift();
    return frame;
  }

  /** Ends the pipe at once; what waits is lost. */
  end(why: Refusal | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#frameDeadline.end();
    this.#outbox.end();
    this.#readable.destroy();
    this.#writable.destroy();
    this.#owner.ended(why);
  }

  #take(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#reader.push(chunk);
    this.#drained = false;
    this.#owner.arrived();
    this.#pauseUnlessDrained();
  }

  #pauseUnlessDrained(): void {
    if (this.#drained || this.#paused) return;
    this.#paused = true;
    this.#readable.pause();
  }

  /** Everything that came was asked for: what comes next may come. */
  #readOn(): void {
    this.#drained = true;
    if (this.#reader.midway && !this.#frameDeadline.set) this.#frameDeadline.start();
    if (!this.#paused) return;
    this.#paused = false;
    this.#readable.resume();
  }
}
