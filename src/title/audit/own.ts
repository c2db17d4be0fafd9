/** Whether the titles that somebody believes to hold stand in the log as they believe. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import type { Condition } from '../documents/documents.ts';
import { markOf } from './book.ts';
import type { AuditParts, Past } from './fold.ts';

/** A title as its holder knows it. */
export interface OwnTitle {
  readonly titleClass: Uint8Array;
  readonly serial: number;
  readonly sequence: number;
  /** Its holder as the proof says: where the condition’s fallback is one’s own, somebody else. */
  readonly holder: Uint8Array;
  readonly condition: Condition | undefined;
  /** Whether a transfer of it is underway: it may have moved. */
  readonly isLeaving: boolean;
}

const ANOTHER = 'has another holder in the log than you believe, or another condition';

/** What is wrong with titles that somebody believes to hold. */
export function ownFaults(past: Past, own: readonly OwnTitle[], parts: AuditParts): readonly string[] {
  return own.map((title) => ownFault(past, title, parts)).filter((fault) => fault !== undefined);
}

function ownFault(past: Past, title: OwnTitle, { sha256 }: AuditParts): string | undefined {
  const { serial, sequence, holder, condition, isLeaving } = title;
  const id = bytesToHex(title.titleClass);
  const name = `own titles: title ${serial} of class ${id.slice(0, 16)}…`;
  const known = past.classes.get(id);
  const placed = known === undefined ? undefined : past.classes.place(known, serial);
  if (placed === undefined) return `${name} stands in no range that was issued`;
  const now = past.book.sequence(placed.cell);
  if (now < sequence) return `${name} is at sequence ${now} in the log, and the server had said ${sequence}`;
  if (now > sequence)
    return isLeaving
      ? undefined
      : `${name} moved on to sequence ${now}, with your pseudonym’s signature; you hold it at ${sequence}`;
  if (sequence === 0)
    return condition === undefined && sameBytes(holder, placed.range.holder)
      ? undefined
      : `${name} ${ANOTHER}`;
  return sameBytes(past.book.mark(placed.cell), markOf({ holder, condition }, sha256))
    ? undefined
    : `${name} ${ANOTHER}`;
}
