import type { Writable } from 'node:stream';
import { Deadline } from './deadline.ts';
import { frameHead } from './frames.ts';
import type { Frame } from './frames.ts';

export interface OutboxLimits {
  /** Bytes that wait to be taken: beyond that the outbox says it is full. */
  readonly waitingBytes: number;
  /** How long the other side may take over one batch. */
  readonly takeMilliseconds: number;
}

export interface OutboxOwner {
  /** Told whenever something was taken. */
  taken(): void;
  /** Told when the other side takes nothing any more. */
  stalled(): void;
}

/** Bytes of one write. That one was taken is how progress is seen, so it must not take a slow line for ever. */
const BATCH_BYTES = 65_536;
/** From here on a message is written as it is: copying it would cost more than a write of its own. */
const LARGE_BYTES = 16_384;
/** Stands where a piece was that is written, so that its memory is free. */
const GONE = new Uint8Array(0);

/** What waits to be written: one write at a time, and what comes meanwhile or in the same tick goes together. */
export class Outbox {
  readonly #writable: Writable;
  readonly #limits: OutboxLimits;
  readonly #owner: OutboxOwner;
  readonly #deadline: Deadline;
  #pieces: Uint8Array[] = [];
  #first = 0;
  #waiting = 0;
  #busy = false;
  #ended = false;

  constructor(writable: Writable, limits: OutboxLimits, owner: OutboxOwner) {
    this.#writable = writable;
    this.#limits = limits;
    this.#owner = owner;
    this.#deadline = new Deadline(limits.takeMilliseconds, () => owner.stalled());
  }

  /** The frame's bytes are the outbox's from here on: they must not be changed any more. */
  send(frame: Frame): void {
    if (this.#ended) return;
    this.#put(frameHead(frame));
    if (frame.bytes.length > 0) this.#put(frame.bytes);
    if (this.#busy) return;
    this.#busy = true;
    process.nextTick(() => this.#write());
  }

  get full(): boolean {
    return this.#waiting > this.#limits.waitingBytes;
  }

  /** Whether everything was taken. */
  get empty(): boolean {
    return this.#waiting === 0;
  }

  /** Forgets what waits, and takes no more. */
  end(): void {
    this.#ended = true;
    this.#pieces = [];
    this.#waiting = 0;
    this.#deadline.end();
  }

  #put(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#waiting += piece.length;
  }

  #write(): void {
    if (this.#ended) return;
    const batch = this.#batch();
    this.#deadline.start();
    this.#writable.write(batch, (error) => {
      // Whoever owns the stream hears of its error from the stream itself.
      if (this.#ended || (error !== null && error !== undefined)) return;
      this.#deadline.lift();
      this.#waiting -= batch.length;
      if (this.#waiting > 0) this.#write();
      else this.#busy = false;
      this.#owner.taken();
    });
  }

  /** The next bytes to write: part of a large piece, or small pieces copied together. */
  #batch(): Uint8Array {
    const first = this.#pieces[this.#first] ?? GONE;
    if (first.length >= LARGE_BYTES) return this.#partOf(first);
    let end = this.#first;
    let length = 0;
    for (let piece = this.#pieces[end]; piece !== undefined; piece = this.#pieces[++end]) {
      if (piece.length >= LARGE_BYTES || length + piece.length > BATCH_BYTES) break;
      length += piece.length;
    }
    const batch =
      end - this.#first === 1 ? first : Buffer.concat(this.#pieces.slice(this.#first, end), length);
    this.#passTo(end);
    return batch;
  }

  #partOf(piece: Uint8Array): Uint8Array {
    if (piece.length <= BATCH_BYTES) this.#passTo(this.#first + 1);
    else this.#pieces[this.#first] = piece.subarray(BATCH_BYTES);
    return piece.subarray(0, BATCH_BYTES);
  }

  /** Lets go of all pieces before `end`; an array is cut only when half of it is done with. */
  #passTo(end: number): void {
    this.#pieces.fill(GONE, this.#first, end);
    this.#first = end;
    if (this.#first * 2 < this.#pieces.length) return;
    this.#pieces = this.#pieces.slice(this.#first);
    this.#first = 0;
  }
}
