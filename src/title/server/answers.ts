/** Answers as bytes that fit where they have to go. */
import { utf8 } from '../../base/bytes.ts';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import { ENVELOPE_BYTES, formBytes, writeTitleResponse } from '../documents/codec.ts';
import { TitleClassCertificate } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said, TitleResponse } from '../documents/messages.ts';
import { OutdatedProof } from './outdated.ts';

const NOTHING = new Uint8Array(0);
/** Envelope, and the length of the list. */
const GROUPS_START = writeTitleResponse({
  reference: 0,
  message: { type: 'response title groups', groups: [] },
});

/** What an answer has at least, with neither paths nor conditions: for less room nothing has to be looked up. */
const HEAD_BYTES = 84 + 64;
const HOLDING_BYTES = 32 + 4 + 8 + 4 + 32 + 1 + 32;
const STATEMENT_BYTES = 84 + 64;
/** A title with its proof. */
export const LEAST_PROVEN_BYTES = ENVELOPE_BYTES + 8 + 4 + 33 + 1 + HOLDING_BYTES + 16 + HEAD_BYTES + 4 + 2;
/** A group: that of a class with nothing in it is the smallest. */
export const LEAST_GROUPS_BYTES = GROUPS_START.length + HEAD_BYTES + 1 + 166 + 2;

/** A root with these pages, where there are so many titles. */
export function leastRootBytes(pages: readonly number[], titles: number): number {
  let length = ENVELOPE_BYTES + STATEMENT_BYTES + 2;
  for (const page of pages) {
    const cells = Math.min(TITLE_LIMITS.pageCells, titles - page * TITLE_LIMITS.pageCells);
    length += 4 + 4 + 4 * Math.max(0, cells) + 2;
  }
  return length;
}

/** The answer, or that it is too large for `room`; nothing where not even that fits. */
export function fitting(reference: number, message: TitleResponse | Refusal, room: number): Uint8Array {
  const said = 'type' in message ? message : refusalMessage(message);
  const bytes = writeTitleResponse({ reference, message: said });
  if (bytes.length <= room) return bytes;
  if (said.type !== 'response title refusal') return fitting(reference, tooLarge(), room);
  const short = writeTitleResponse({ reference, message: { ...said, details: '' } });
  return short.length <= room ? short : NOTHING;
}

export function tooLarge(): Refusal {
  return refuse('too large', 'the answer does not fit where the question came from; ask over HTTP');
}

/** A refusal as it is answered. */
export function refusalMessage(refusal: Refusal): Said<'response title refusal'> {
  const { serial, sequence } =
    refusal instanceof OutdatedProof ? refusal : { serial: undefined, sequence: undefined };
  return {
    type: 'response title refusal',
    status_code: refusal.code,
    name: refusal.name,
    details: cut(refusal.details),
    serial,
    sequence,
  };
}

/** As much of a text as details may have. */
function cut(details: string): string {
  let text = details;
  while (utf8(text).length > TITLE_LIMITS.details) text = text.slice(0, -1);
  return text;
}

/** Classes as many as fit; that it is too large where none does. */
export function fittingClasses(
  reference: number,
  message: Said<'response title classes'>,
  room: number,
): Uint8Array {
  let length = ENVELOPE_BYTES + 2;
  let count = 0;
  for (const certificate of message.certificates) {
    length += lengthOf(certificate);
    if (length > room) break;
    count++;
  }
  if (count === 0 && message.certificates.length > 0) return fitting(reference, tooLarge(), room);
  return fitting(reference, { ...message, certificates: message.certificates.slice(0, count) }, room);
}

/** How long classes are as bytes: anybody may ask for them, and they are written only where they fit. */
const lengths = new WeakMap<TitleClassCertificate, number>();

function lengthOf(certificate: TitleClassCertificate): number {
  const known = lengths.get(certificate);
  if (known !== undefined) return known;
  const { length } = formBytes(TitleClassCertificate, certificate);
  lengths.set(certificate, length);
  return length;
}

/** Groups as the log has them: nothing of them is read to be written again. */
export function fittingGroups(reference: number, groups: readonly Uint8Array[], room: number): Uint8Array {
  let length = GROUPS_START.length;
  let count = 0;
  for (const group of groups) {
    if (length + group.length > room) break;
    length += group.length;
    count++;
  }
  if (count === 0 && groups.length > 0) return fitting(reference, tooLarge(), room);
  if (length > room) return NOTHING;
  const bytes = new Uint8Array(length);
  bytes.set(GROUPS_START);
  const view = new DataView(bytes.buffer);
  view.setUint32(3, reference);
  view.setUint16(GROUPS_START.length - 2, count);
  let at = GROUPS_START.length;
  for (const group of groups.slice(0, count)) {
    bytes.set(group, at);
    at += group.length;
  }
  return bytes;
}
