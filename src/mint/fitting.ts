/** What fits into one message: readers count bytes and commas (spec/protocol.md, Limits). */
import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';

/** For an answer's own fields beside its lists: a statement key's certificate is the largest, with 4 KiB. */
const BYTES = LIMITS.messageBytes - 16_384;
const VALUES = LIMITS.jsonValues - 64;

/** The first of a list that fit into one message together. One at least, where there is one. */
export function fitting<Item extends Canonical>(items: readonly Item[]): readonly Item[] {
  let bytes = 0;
  let values = 0;
  const most = items.findIndex((each) => {
    bytes += canonicalBytes(each).length + 1;
    values += commasIn(each) + 1;
    return bytes > BYTES || values > VALUES;
  });
  return most === -1 ? items : items.slice(0, Math.max(1, most));
}

/** Why an order or a founding is too much to be carried and kept; `field` is what the answer names. */
export function sizeFault(field: string, document: Canonical): Refusal | undefined {
  const bytes = canonicalBytes(document).length;
  if (bytes > LIMITS.orderBytes)
    return refuse('too large', `${field}: ${bytes} bytes in canonical form; at most ${LIMITS.orderBytes}`);
  const values = commasIn(document);
  return values > LIMITS.orderValues
    ? refuse('too large', `${field}: ${values} values; at most ${LIMITS.orderValues}`)
    : undefined;
}

/** The commas of a document's canonical form, outside of strings. */
function commasIn(document: Canonical): number {
  if (typeof document !== 'object' || document === null) return 0;
  const parts = Object.values(document).filter((each) => each !== undefined);
  return parts.reduce<number>((sum, each: Canonical) => sum + commasIn(each), Math.max(0, parts.length - 1));
}
