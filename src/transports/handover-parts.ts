/** Texts too large for one QR code, as several: spec/bindings/handing-over.md. */
import { createHash } from 'node:crypto';
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';

/** Parts of one text: three digits of them, and as much as anybody will hold a camera before. */
const MOST_PARTS = 999;
const PART = /^SP1:([1-9]\d{0,2})\/([1-9]\d{0,2}):([0-9a-f]{8}):(.+)$/s;

/**
 * A text in parts of at most `most` characters each, for one QR code each. A text that fits into one code is its own only
 * part. Each part says which it is and of what, so that they can be read in any order, and those of two texts are never
 * mixed. Throws when there would be more than 999.
 */
export function qrParts(text: string, most = 900): readonly string[] {
  if (text.length <= most) return [text];
  const check = checkOf(text);
  const room = most - `SP1:${MOST_PARTS}/${MOST_PARTS}:${check}:`.length;
  const count = Math.ceil(text.length / room);
  if (room < 1 || count > MOST_PARTS) throw new RangeError('a text of too many parts');
  return Array.from(
    { length: count },
    (_, index) => `SP1:${index + 1}/${count}:${check}:${text.slice(index * room, (index + 1) * room)}`,
  );
}

/** The text whose parts these are, in any order, some perhaps twice. Refuses 'malformed' what is not exactly one text's. */
export function joinParts(parts: readonly string[]): string | Refusal {
  const [first = ''] = parts;
  if (parts.length === 1 && !first.startsWith('SP1:')) return first;
  const pieces = new Map<number, string>();
  const wholes = new Set<string>();
  for (const part of parts) {
    const match = PART.exec(part);
    if (match === null) return refuse('malformed', 'one of these is no part');
    const [, index = '', count = '', check = '', piece = ''] = match;
    if (Number(index) > Number(count)) return refuse('malformed', 'a part with a number beyond the last');
    wholes.add(`${count} ${check}`);
    pieces.set(Number(index), piece);
  }
  const [whole = '', another] = wholes;
  if (another !== undefined) return refuse('malformed', 'these are parts of several texts');
  const [count = '', check = ''] = whole.split(' ');
  if (pieces.size !== Number(count)) return refuse('malformed', `these are ${pieces.size} of ${count} parts`);
  const text = Array.from({ length: pieces.size }, (_, index) => pieces.get(index + 1) ?? '').join('');
  return checkOf(text) === check ? text : refuse('malformed', 'the parts do not fit together');
}

/** The beginning of the text's SHA-256. */
function checkOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
