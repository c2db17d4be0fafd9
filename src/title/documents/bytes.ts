/** Bytes as they are written and read, number after number: big-endian, nothing between. */
import { MOST_INTEGER } from './limits.ts';

const FIRST_BYTES = 1_024;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Where a writer writes. */
interface Space {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function spaceOf(length: number): Space {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Spaces that no writer uses now: most documents are short, and a space costs more than what is written into it. */
const spare: Space[] = [];
const MOST_SPARE = 4;
const MOST_SPARE_BYTES = 524_288;

/** Short answers are cut out of this: a buffer of its own for each would cost more than what is written into it. */
let slab = new Uint8Array(0);
let cut = 0;
const SLAB_BYTES = 65_536;
const MOST_CUT_BYTES = 4_096;

/** Writes fields one after the other, and `finish`es once. */
export class Writer {
  /** Undefined when it has finished. */
  #space: Space | undefined = spare.pop() ?? spaceOf(FIRST_BYTES);
  #at = 0;

  uint8(value: number): void {
    this.#room(1).view.setUint8(this.#at, value);
    this.#at += 1;
  }

  uint16(value: number): void {
    this.#room(2).view.setUint16(this.#at, value);
    this.#at += 2;
  }

  uint32(value: number): void {
    this.#room(4).view.setUint32(this.#at, value);
    this.#at += 4;
  }

  /** Eight bytes of a safe integer that is not negative. */
  integer(value: number): void {
    this.uint32(Math.floor(value / 2 ** 32));
    this.uint32(value % 2 ** 32);
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length).bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  text(value: string): void {
    const bytes = encoder.encode(value);
    this.uint16(bytes.length);
    this.raw(bytes);
  }

  /** What was written, as bytes of its own. */
  finish(): Uint8Array {
    return this.lend((bytes) => bytes.slice());
  }

  /** The same for what is soon forgotten: for as long as it is there, others that were made at its time are kept as well. */
  finishShortLived(): Uint8Array {
    return this.lend((bytes) => {
      if (bytes.length > MOST_CUT_BYTES) return bytes.slice();
      if (cut + bytes.length > slab.length) {
        slab = new Uint8Array(SLAB_BYTES);
        cut = 0;
      }
      const own = slab.subarray(cut, cut + bytes.length);
      own.set(bytes);
      cut += bytes.length;
      return own;
    });
  }

  /** Lends what was written to whoever needs it for a moment only, a hash for example; finishes. */
  lend<Made>(use: (bytes: Uint8Array) => Made): Made {
    const space = this.#room(0);
    this.#space = undefined;
    const made = use(space.bytes.subarray(0, this.#at));
    if (spare.length < MOST_SPARE && space.bytes.length <= MOST_SPARE_BYTES) spare.push(space);
    return made;
  }

  /** The space, with room for so many bytes more. */
  #room(length: number): Space {
    const space = this.#space;
    if (space === undefined) throw new Error('a writer finishes once');
    const end = this.#at + length;
    if (end <= space.bytes.length) return space;
    const longer = spaceOf(Math.max(end, 2 * space.bytes.length));
    longer.bytes.set(space.bytes.subarray(0, this.#at));
    this.#space = longer;
    return longer;
  }
}

/**
 * Reads fields one after the other. What cannot be read is noted once, and read as zero from there on: whoever has read
 * everything asks whether it `isFine`.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #fault: string | undefined;
  /** The names of the fields around the fault, the outermost first. */
  readonly path: string[] = [];

  readonly #isLent: boolean;

  /** Where they are lent, what is read as bytes are views into them: for what is forgotten before they change. */
  constructor(bytes: Uint8Array, isLent = false) {
    this.#bytes = bytes;
    this.#isLent = isLent;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that were not read yet; none after a fault. */
  get left(): number {
    return this.isFine() ? this.#bytes.length - this.#at : 0;
  }

  /** What is wrong, in words that follow the name of the field; the first fault counts. */
  fail(fault: string): void {
    this.#fault ??= fault;
  }

  isFine(): boolean {
    return this.#fault === undefined;
  }

  /** What is wrong, with the name of its field before it. */
  fault(): string {
    return `${this.path.join('')}: ${this.#fault ?? 'nothing'}`;
  }

  uint8(): number {
    return this.#has(1) ? this.#view.getUint8(this.#at++) : 0;
  }

  uint16(): number {
    return this.#has(2) ? this.#view.getUint16(this.#step(2)) : 0;
  }

  uint32(): number {
    return this.#has(4) ? this.#view.getUint32(this.#step(4)) : 0;
  }

  integer(): number {
    const value = this.uint32() * 2 ** 32 + this.uint32();
    if (value <= MOST_INTEGER) return value;
    this.fail(`must be at most ${MOST_INTEGER}`);
    return 0;
  }

  /** Bytes of their own unless they are lent: what came is not kept alive by them. */
  raw(length: number): Uint8Array {
    if (!this.#has(length)) return new Uint8Array(0);
    const at = this.#step(length);
    return this.#isLent ? this.#bytes.subarray(at, at + length) : this.#bytes.slice(at, at + length);
  }

  text(most: number): string {
    const length = this.uint16();
    if (length > most) this.fail(`must have at most ${most} bytes`);
    const bytes = this.raw(this.isFine() ? length : 0);
    try {
      return decoder.decode(bytes);
    } catch {
      // A TextDecoder says by throwing that bytes are no UTF-8; it has no other way.
      this.fail('must be UTF-8');
      return '';
    }
  }

  /** Whether all that is left is zero: padding. */
  onlyZeros(): boolean {
    const end = this.#bytes.length;
    let at = this.#at;
    // Four at a time: most of a datagram is padding.
    while (at + 4 <= end && this.#view.getUint32(at) === 0) at += 4;
    while (at < end && this.#bytes[at] === 0) at++;
    return at === end;
  }

  #has(length: number): boolean {
    if (this.left < length) this.fail('ends too early');
    return this.isFine();
  }

  #step(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
