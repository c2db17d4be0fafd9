/** A stack too large for one code, as its codes come past a camera: in any order, some twice. See spec/bindings/handing-over.md. */
export interface Parts {
  /** What all parts of one stack have in common; empty before the first came. */
  readonly check: string;
  readonly count: number;
  /** The parts as they were read, by their number from 1. */
  readonly seen: ReadonlyMap<number, string>;
}

export const NO_PARTS: Parts = { check: '', count: 0, seen: new Map() };

const PART = /^SP1:([1-9]\d{0,2})\/([1-9]\d{0,2}):([0-9a-f]{8}):(.+)$/s;

/**
 * Parts with one more. A part of another stack begins anew: the camera has turned to another code. Undefined where the
 * text is no part.
 */
export function withPart(parts: Parts, text: string): Parts | undefined {
  const match = PART.exec(text);
  if (match === null) return undefined;
  const [, index = '', count = '', check = '', piece = ''] = match;
  if (Number(index) > Number(count)) return undefined;
  const isSame = parts.check === check && parts.count === Number(count);
  const seen = new Map(isSame ? parts.seen : []);
  seen.set(Number(index), piece);
  return { check, count: Number(count), seen };
}

/** The whole; undefined while a part is missing. */
export function joined(parts: Parts): string | undefined {
  if (parts.count === 0 || parts.seen.size < parts.count) return undefined;
  return Array.from({ length: parts.count }, (_, index) => parts.seen.get(index + 1) ?? '').join('');
}
