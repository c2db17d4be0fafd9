/** Frames: messages over any stream of bytes. The layout, and what may be in it, is spec/bindings/frames.md. */
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';

/** The kinds of frames, by the number that stands for each. */
export const FRAME_KINDS = { request: 1, answer: 2, carry: 3, carried: 4, hello: 5 } as const;

export type FrameKind = keyof typeof FRAME_KINDS;

export interface Frame {
  readonly kind: FrameKind;
  /** 0 to 2^32 - 1: an answer has its request's. */
  readonly id: number;
  /** What the bytes are meant for, at most `CONTEXT_BYTES` in UTF-8. */
  readonly context: string;
  readonly bytes: Uint8Array;
}

/** Bytes of the longest context: a URL, as browsers and proxies bear it, fits. */
export const CONTEXT_BYTES = 2_048;

/** Bytes before the context: length (4), kind (1), id (4), the context's length (2). */
export const HEAD_BYTES = 11;

/** Bytes of the length itself, which it does not count. */
const LENGTH_BYTES = 4;
/** What a length counts beside context and message. */
const COUNTED_HEAD = HEAD_BYTES - LENGTH_BYTES;
/** The first piece of memory for a frame that arrives in parts: what a peer announces costs nothing until it comes. */
const FIRST_HELD = 4_096;
const GROWTH = 4;

const NOTHING = new Uint8Array(0);
const kindNames = new Map<number, FrameKind>(
  Object.entries(FRAME_KINDS).map(([name, number]) => [number, name as FrameKind]),
);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Rule = (context: string, bytes: Uint8Array) => boolean;

/** What context and bytes each kind of frame may have. */
const RULES: Readonly<Record<FrameKind, Rule>> = {
  request: () => true,
  answer: (context) => context === '',
  carry: (context) => context !== '',
  carried: (context, bytes) => context === '' || (context === 'unreachable' && bytes.length === 0),
  hello: (context, bytes) => (context === '' || context === 'carries') && bytes.length === 0,
};

/** Throws a RangeError when a text cannot be a context: too long, or a lone surrogate in it. */
export function mustBeContext(context: string): void {
  if (Buffer.byteLength(context) > CONTEXT_BYTES) throw new RangeError('a context longer than a frame takes');
  if (!context.isWellFormed()) throw new RangeError('a context that is no text');
}

/**
 * Everything of a frame that comes before its bytes, so that a large message need not be copied.
 * @throws RangeError when the frame breaks a rule that its reader would hold it to
 */
export function frameHead({ kind, id, context, bytes }: Frame): Uint8Array {
  mustBeContext(context);
  if (!RULES[kind](context, bytes)) throw new RangeError(`this is no ${kind}`);
  const head = Buffer.allocUnsafe(HEAD_BYTES + Buffer.byteLength(context));
  // Each of these throws a RangeError for a number out of its range.
  head.writeUInt32BE(head.length - LENGTH_BYTES + bytes.length, 0);
  head.writeUInt8(FRAME_KINDS[kind], 4);
  head.writeUInt32BE(id, 5);
  head.writeUInt16BE(head.length - HEAD_BYTES, 9);
  if (context !== '') head.write(context, HEAD_BYTES);
  return head;
}

/** A frame as it travels. @throws RangeError as `frameHead` */
export function writeFrame(frame: Frame): Uint8Array {
  const head = frameHead(frame);
  const whole = new Uint8Array(head.length + frame.bytes.length);
  whole.set(head);
  whole.set(frame.bytes, head.length);
  return whole;
}

/**
 * Takes bytes as they come and gives the frames in them one by one, when asked: what nobody asks for stays as it came.
 * A frame's bytes are a view of the chunk they came in; only a frame in several chunks is put together, in memory that
 * grows with what has arrived.
 */
export class FrameReader {
  readonly #messageBytes: number;
  #chunks: Uint8Array[] = [];
  #current = 0;
  /** Where in the current chunk the next frame, or its next part, begins. */
  #at = 0;
  /** The frame that came in part, and how much of it is there. */
  #held: Uint8Array = NOTHING;
  #filled = 0;
  #fault: Refusal | undefined;

  /** `messageBytes`: the most bytes a frame may have beside its head and context. */
  constructor(messageBytes: number) {
    this.#messageBytes = messageBytes;
  }

  /** Takes what arrived. The chunk is the reader's from here on: it must not be changed any more. */
  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** Whether a frame has begun that is not whole yet. Says so once `next` has given undefined. */
  get midway(): boolean {
    return this.#filled > 0;
  }

  /** The next frame; undefined when more must arrive first; a refusal, for ever, once the bytes are no frames. */
  next(): Frame | Refusal | undefined {
    while (this.#fault === undefined) {
      const chunk = this.#chunks[this.#current];
      if (chunk === undefined) return undefined;
      const rest = this.#at === 0 ? chunk : chunk.subarray(this.#at);
      const frame = this.#filled === 0 ? this.#begin(rest) : this.#goOn(rest);
      if (frame !== undefined) return frame;
    }
    return this.#fault;
  }

  #begin(rest: Uint8Array): Frame | Refusal | undefined {
    const extent = this.#extent(rest);
    if (typeof extent !== 'number') return this.#fail(extent);
    if (extent <= rest.length) {
      this.#consume(extent, rest.length);
      return this.#frame(rest.subarray(0, extent));
    }
    this.#hold(rest, extent);
    return undefined;
  }

  #goOn(rest: Uint8Array): Frame | Refusal | undefined {
    const known = this.#extent(this.#held.subarray(0, this.#filled));
    if (typeof known !== 'number') return this.#fail(known);
    this.#hold(rest.subarray(0, known - this.#filled), known);
    const extent = this.#extent(this.#held.subarray(0, this.#filled));
    if (typeof extent !== 'number') return this.#fail(extent);
    if (this.#filled < extent) return undefined;
    const whole = this.#held.subarray(0, extent);
    this.#held = NOTHING;
    this.#filled = 0;
    return this.#frame(whole);
  }

  /** Keeps a part of a frame that will have `extent` bytes, as far as is known. */
  #hold(part: Uint8Array, extent: number): void {
    const needed = this.#filled + part.length;
    if (needed > this.#held.length) {
      const larger = new Uint8Array(
        Math.min(Math.max(extent, FIRST_HELD), Math.max(needed * GROWTH, FIRST_HELD)),
      );
      larger.set(this.#held.subarray(0, this.#filled));
      this.#held = larger;
    }
    this.#held.set(part, this.#filled);
    this.#filled = needed;
    this.#consume(part.length, (this.#chunks[this.#current]?.length ?? 0) - this.#at);
  }

  /** Goes on by `length` of the `left` bytes of the current chunk. */
  #consume(length: number, left: number): void {
    this.#at += length;
    if (length < left) return;
    this.#at = 0;
    this.#current++;
    if (this.#current < this.#chunks.length) return;
    this.#chunks = [];
    this.#current = 0;
  }

  /** How long the frame that begins here is; as long as its head while that is not whole; or why it is no frame. */
  #extent(bytes: Uint8Array): number | Refusal {
    if (bytes.length < LENGTH_BYTES) return HEAD_BYTES;
    const length = number32(bytes, 0);
    if (length < COUNTED_HEAD) return refuse('malformed', `a frame of ${length} bytes cannot be`);
    if (length > COUNTED_HEAD + CONTEXT_BYTES + this.#messageBytes) return this.#tooLarge(length);
    const kind = bytes[4];
    if (kind !== undefined && !kindNames.has(kind))
      return refuse('malformed', `frames of kind ${kind} are not known`);
    if (bytes.length < HEAD_BYTES) return HEAD_BYTES;
    const context = number16(bytes, 9);
    if (context > CONTEXT_BYTES || context > length - COUNTED_HEAD) {
      return refuse('malformed', `a context of ${context} bytes is too long for its frame`);
    }
    if (length - COUNTED_HEAD - context > this.#messageBytes) return this.#tooLarge(length);
    return LENGTH_BYTES + length;
  }

  #frame(whole: Uint8Array): Frame | Refusal {
    const kind = kindNames.get(whole[4] ?? 0);
    const from = HEAD_BYTES + number16(whole, 9);
    const context = textOf(whole.subarray(HEAD_BYTES, from));
    const bytes = whole.subarray(from);
    if (kind === undefined || context === undefined || !RULES[kind](context, bytes)) {
      return this.#fail(refuse('malformed', `the context of a ${kind ?? 'frame'} is wrong`));
    }
    return { kind, id: number32(whole, 5), context, bytes };
  }

  #tooLarge(length: number): Refusal {
    return refuse('too large', `a frame of ${length} bytes; a message may have ${this.#messageBytes}`);
  }

  #fail(fault: Refusal): Refusal {
    this.#fault = fault;
    this.#chunks = [];
    this.#held = NOTHING;
    this.#filled = 0;
    return fault;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return '';
  try {
    return decoder.decode(bytes);
  } catch (error) {
    // How a fatal decoder says that these bytes are no UTF-8.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function number16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 0x100 + (bytes[at + 1] ?? 0);
}

function number32(bytes: Uint8Array, at: number): number {
  return number16(bytes, at) * 0x1_0000 + number16(bytes, at + 2);
}
