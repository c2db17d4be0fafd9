import { utf8 } from './bytes.ts';

/** What canonical form can write: JSON with integers only. */
export type Canonical =
  null | boolean | number | string | readonly Canonical[] | { readonly [key: string]: Canonical | undefined };

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/**
 * Canonical form, which is what is hashed and signed: JSON with keys sorted by code point, `", "` and `": "`
 * as separators, ASCII only, integers only. Throws on what it cannot write (fractions, unsafe integers):
 * decode has already refused those. Fields that are undefined are left out. Source: spec/protocol.md, Canonical form.
 */
export function canonical(value: Canonical): string {
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new Error('canonical form: integers only');
    return String(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  const fields = value as Readonly<Record<string, Canonical | undefined>>;
  const written: string[] = [];
  for (const key of Object.keys(fields).sort(byCodePoint)) {
    const field = fields[key];
    if (field !== undefined) written.push(`${canonicalText(key)}: ${canonical(field)}`);
  }
  return `{${written.join(', ')}}`;
}

/** The bytes of the canonical form. */
export function canonicalBytes(value: Canonical): Uint8Array {
  return utf8(canonical(value));
}

function canonicalText(text: string): string {
  // DEL is escaped too, as the draft's own implementation does (spec/divergences.md).
  const escaped = text.replace(
    /[^ !#-[\]-~]/g,
    (unit) => shortEscapes[unit] ?? '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
  return `"${escaped}"`;
}

/** JavaScript sorts by UTF-16 unit, which puts U+FF5E after U+1F600; code points do not. */
function byCodePoint(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    if (left.charCodeAt(at) !== right.charCodeAt(at)) return pointAround(left, at) - pointAround(right, at);
  }
  return left.length - right.length;
}

/** The code point that the unit at a position belongs to. */
function pointAround(text: string, at: number): number {
  const here = text.codePointAt(at) ?? 0;
  if (here < 0xdc00 || here > 0xdfff || at === 0) return here;
  const before = text.codePointAt(at - 1) ?? 0;
  return before > 0xffff ? before : here;
}
