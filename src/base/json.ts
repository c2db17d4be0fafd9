import { LIMITS } from './limits.ts';
import { Refusal, outsideName, refuse } from './refusal.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON strictly: UTF-8 without a byte order mark, within `LIMITS` in length, depth and number of values, every
 * number a safe integer in its one spelling (no `1.0`, `1e2` or `-0`), no key twice in one object, no half of a
 * surrogate pair. Never throws, whatever the bytes.
 */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.length > LIMITS.messageBytes) {
    return refuse('too large', `the message has ${bytes.length} bytes, the limit is ${LIMITS.messageBytes}`);
  }
  const text = decodeText(bytes);
  if (text instanceof Refusal) return text;
  const colons = scan(text);
  if (colons instanceof Refusal) return colons;
  const value = parse(text);
  if (value instanceof Refusal) return value;
  if (countFields(value) === colons) return value;
  // JSON.parse keeps the last of two equal keys; another reader might keep the first.
  return refuse('malformed', faultIn(value, 'message') ?? 'message: a field stands twice in one object');
}

function decodeText(bytes: Uint8Array): string | Refusal {
  try {
    return decoder.decode(bytes);
  } catch {
    return refuse('malformed', 'message: not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse('malformed', 'message: not JSON');
  }
}

/** One pass over the text outside of strings: depth, number of values, spelling of numbers. Gives the colons. */
function scan(text: string): number | Refusal {
  let depth = 0;
  let colons = 0;
  let commas = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x3a: // :
        colons++;
        break;
      case 0x2c: // ,
        if (++commas > LIMITS.jsonValues) return tooMany();
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > LIMITS.jsonDepth) return tooDeep();
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x2e: // .
        return misspelt(at);
      case 0x2d: // -
        if (text.charCodeAt(at + 1) === 0x30) return misspelt(at);
        break;
      case 0x45: // E
      case 0x65: // e, which also ends true and false
        if (isDigit(text.charCodeAt(at - 1))) return misspelt(at);
    }
  }
  return colons;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function tooMany(): Refusal {
  return refuse('too large', `the message holds more values than the limit, ${LIMITS.jsonValues}`);
}

function tooDeep(): Refusal {
  return refuse('malformed', `message: nested deeper than ${LIMITS.jsonDepth}`);
}

function misspelt(at: number): Refusal {
  return refuse(
    'malformed',
    `message: a number is not an integer in its one spelling, at character ${at + 1}`,
  );
}

/** The position of the quote that ends the string begun at `start`; the text's end when none does. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

/** How many fields all objects within hold; not a number when something within has a fault. */
function countFields(value: unknown): number {
  if (isFaulty(value)) return NaN;
  if (typeof value !== 'object' || value === null) return 0;
  let fields = 0;
  if (Array.isArray(value)) {
    for (const item of value) fields += countFields(item);
    return fields;
  }
  for (const [key, child] of Object.entries(value)) {
    fields += key.isWellFormed() ? 1 + countFields(child) : NaN;
  }
  return fields;
}

/** Where the first fault lies, and which. */
function faultIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'number' && isFaulty(value)) return `${path}: an integer beyond 2^53 - 1`;
  if (typeof value === 'string' && isFaulty(value)) return `${path}: half of a surrogate pair`;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const within = Array.isArray(value) ? `${path}[${key}]` : `${path}.${outsideName(key)}`;
    const fault = key.isWellFormed() ? faultIn(child, within) : `${within}: half of a surrogate pair`;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isFaulty(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isSafeInteger(value);
  return typeof value === 'string' && !value.isWellFormed();
}
