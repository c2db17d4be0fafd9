/** Coins as text, to paste, mail or show as QR codes: spec/bindings/handing-over.md. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { canonicalBytes } from '../base/canonical.ts';
import { utf8 } from '../base/bytes.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Handover } from '../host/ports.ts';
import { decodeDocument } from '../protocol/codec.ts';
import type { CoinStack } from '../protocol/documents.ts';

const MARK = 'specie1.';
/** Characters in which coins are looked for: the largest stack, quoted and wrapped in a mail. */
const MOST_TEXT = 2 * LIMITS.messageBytes;
/** Places in a text that look like the beginning of coins and are tried. */
const MOST_TRIED = 8;

export const handover: Handover = { write: writeHandover, read: readHandover };

/** A stack as one word that survives any messenger. */
export function writeHandover(stack: CoinStack): string {
  return MARK + deflateRawSync(canonicalBytes({ ...stack }), { level: 9 }).toString('base64url');
}

/**
 * The stack in a text: as the word above, or as the JSON of an `.oc` file, either within other text, quoted in a mail, or
 * wrapped. Refuses 'malformed' or 'too large'; never throws, whatever the text.
 */
export function readHandover(text: string): CoinStack | Refusal {
  if (text.length > MOST_TEXT)
    return refuse('too large', `the text is longer than ${MOST_TEXT} characters; use the file`);
  const whole = stackIn(utf8(text.trim()));
  if (!(whole instanceof Refusal)) return whole;
  let refusal: Refusal | undefined;
  for (const bytes of candidates(text)) {
    const stack = bytes instanceof Refusal ? bytes : stackIn(bytes);
    if (!(stack instanceof Refusal)) return stack;
    refusal ??= stack;
  }
  return refusal ?? refuse('malformed', 'there are no coins in this text');
}

/** What a text may hold a stack as, the likeliest first. */
function* candidates(text: string): Generator<Uint8Array | Refusal> {
  for (const start of placesOf(text, MARK)) yield inflated(text.slice(start + MARK.length));
  const unquoted = text.replace(QUOTE_MARKS, '').replace(/[\r\n]/g, '');
  let end = 0;
  for (const start of placesOf(unquoted, '{')) {
    if (start < end) continue;
    const after = endOfObject(unquoted, start);
    if (after === undefined) continue;
    end = after;
    yield utf8(unquoted.slice(start, end));
  }
}

function placesOf(text: string, mark: string): readonly number[] {
  const places: number[] = [];
  let place = text.indexOf(mark);
  for (; place >= 0 && places.length < MOST_TRIED; place = text.indexOf(mark, place + 1)) places.push(place);
  return places;
}

/** What mail programs put before the lines of a mail that is answered. */
const QUOTE_MARKS = /^[ \t]*(?:[>|][ \t]*)+/gm;
/** What mail programs and messengers put into a long word: line breaks, quote marks, soft breaks. */
const PUT_IN = /[\s>|\u00ad\u200b\ufeff]|=(?=\r?\n)/g;

/** The bytes of a word whose end is not known: what is compressed says itself where it ends. */
function inflated(rest: string): Uint8Array | Refusal {
  const [word = ''] = /^[\w-]*/.exec(rest.replace(PUT_IN, '')) ?? [];
  try {
    return inflateRawSync(Buffer.from(word, 'base64url'), { maxOutputLength: LIMITS.messageBytes });
  } catch (error) {
    // Whatever zlib says: these characters come from anybody.
    const isTooLarge = error instanceof RangeError;
    return isTooLarge
      ? refuse('too large', `these coins are more than ${LIMITS.messageBytes} bytes`)
      : refuse('malformed', 'the coins in this text are cut off or damaged');
  }
}

/** Where the JSON object that begins at `start` ends; undefined where it does not. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let place = start; place < text.length; place++) {
    const character = text[place];
    if (isQuoted && character === '\\') place++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return place + 1;
  }
  return undefined;
}

function stackIn(bytes: Uint8Array): CoinStack | Refusal {
  const document = decodeDocument(bytes);
  if (document instanceof Refusal) return document;
  return document.type === 'coinstack' ? document : refuse('malformed', 'this is no coin stack');
}
