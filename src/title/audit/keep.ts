/** What an audit keeps, so that the next one goes on from there and proves that the past only grew. */
import { concatBytes, sameBytes, utf8 } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { Reader, Writer } from '../documents/bytes.ts';
import { SignedRoot, TitleClassCertificate } from '../documents/documents.ts';
import { MARK_BYTES } from './book.ts';
import { beginPast } from './fold.ts';
import type { AuditParts, Past } from './fold.ts';

const MAGIC = utf8('specie title audit 1\0');
const CHECK_BYTES = 32;
const MOVED_BYTES = 8 + MARK_BYTES;

/** What was found, and the statement that said so: with the server's signature, it is evidence. */
export interface Kept {
  readonly past: Past;
  readonly signedRoot: SignedRoot;
}

/** What is kept as bytes. Only of a log that was followed from its beginning. */
export function writeKept({ past, signedRoot }: Kept, { sha256 }: AuditParts): Uint8Array {
  const to = new Writer();
  to.raw(MAGIC);
  to.raw(past.server);
  to.integer(past.groups);
  to.raw(past.head ?? new Uint8Array(32));
  to.integer(past.time);
  to.integer(past.transfers);
  SignedRoot.write(signedRoot, to);
  to.uint32(past.versions.length);
  for (const version of past.versions) TitleClassCertificate.write(version, to);
  const moved = [...past.book.moved()];
  to.uint32(moved.length);
  for (const { cell, sequence, mark } of moved) {
    to.uint32(cell);
    to.uint32(sequence);
    to.raw(mark);
  }
  const bytes = to.finish();
  return concatBytes(bytes, sha256(bytes));
}

/** Reads what `writeKept` wrote. Refuses what it did not; `name`: of the file, for people. */
export function readKept(bytes: Uint8Array, parts: AuditParts, name = 'what was kept'): Kept | Refusal {
  const damaged = (why: string) => refuse('malformed', `${name} ${why}; choose another file`);
  const content = bytes.subarray(0, Math.max(0, bytes.length - CHECK_BYTES));
  const from = new Reader(content);
  if (!sameBytes(from.raw(MAGIC.length), MAGIC)) return damaged('was not kept by an audit of titles');
  if (!sameBytes(parts.sha256(content), bytes.subarray(content.length)))
    return damaged('is damaged: its checksum differs');
  const past = beginPast(from.raw(32), parts);
  past.groups = from.integer();
  past.head = from.raw(32);
  past.time = from.integer();
  past.transfers = from.integer();
  const signedRoot = SignedRoot.read(from);
  for (let left = from.uint32(); left > 0 && from.isFine(); left--) {
    const version = TitleClassCertificate.read(from);
    const known = past.classes.judge(version);
    if (known instanceof Refusal) return damaged(`holds a class that is refused: ${known.details}`);
    past.classes.keep(known);
    past.versions.push(version);
  }
  const count = from.uint32();
  if (from.left !== count * MOVED_BYTES) return damaged('is of another version');
  for (let left = count; left > 0; left--) past.book.set(from.uint32(), from.uint32(), from.raw(MARK_BYTES));
  return { past, signedRoot };
}
