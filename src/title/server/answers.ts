/** Answers as bytes that fit where they have to go. */
import { utf8 } from '../../base/bytes.ts';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import { writeTitleResponse } from '../documents/codec.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said, TitleResponse } from '../documents/messages.ts';
import { OutdatedProof } from './outdated.ts';

const NOTHING = new Uint8Array(0);
/** Envelope, and the length of the list. */
const GROUPS_START = writeTitleResponse({
  reference: 0,
  message: { type: 'response title groups', groups: [] },
});

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
  for (let length = message.certificates.length; length > 0; length--) {
    const certificates = message.certificates.slice(0, length);
    const bytes = writeTitleResponse({ reference, message: { ...message, certificates } });
    if (bytes.length <= room) return bytes;
  }
  return message.certificates.length === 0
    ? fitting(reference, message, room)
    : fitting(reference, tooLarge(), room);
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
