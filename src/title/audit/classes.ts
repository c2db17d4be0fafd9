/** Whether the classes that a server shows are those of its log. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import type { TitleClassCertificate } from '../documents/documents.ts';
import type { KnownClass } from '../documents/registry.ts';
import { classEntry, classId, classSigned } from '../documents/signed.ts';
import type { AuditParts, Past } from './fold.ts';

/**
 * The classes of the log, and what is wrong with those that are shown. What came after the log was read, or where it is lost, has
 * to be signed by its issuer and to begin with all that the log says.
 */
export function classFaults(
  past: Past,
  shown: readonly TitleClassCertificate[],
  parts: AuditParts,
): { readonly classes: readonly KnownClass[]; readonly faults: readonly string[] } {
  const ids = new Set(past.versions.map(idOf));
  const classes = [...ids].flatMap((id) => past.classes.get(id) ?? []);
  const faults: string[] = [];
  for (const [at, { id, certificate }] of classes.entries()) {
    const other = shown[at];
    if (other === undefined) faults.push(`classes: ${id} stands in the log and is not shown`);
    else if (!isSameOrLater(certificate, other))
      faults.push(`classes: what is shown of ${id} is not what the log says`);
  }
  const seen = new Set<string>();
  for (const certificate of shown) {
    const id = idOf(certificate);
    const fault = seen.has(id) ? 'is shown twice' : certificateFault(certificate, past.server, parts);
    if (fault !== undefined) faults.push(`classes: ${id} ${fault}`);
    seen.add(id);
  }
  return { classes, faults };
}

function idOf({ title_class }: TitleClassCertificate): string {
  return bytesToHex(classId(title_class.terms));
}

/** What is wrong with a version of a class by itself. */
function certificateFault(
  { title_class, signature }: TitleClassCertificate,
  server: Uint8Array,
  { verify }: AuditParts,
): string | undefined {
  const { terms, ranges } = title_class;
  if (!sameBytes(terms.server, server)) return 'is another server’s';
  if (!verify(terms.issuer, classSigned(title_class), signature)) return 'is not signed by its issuer';
  if (ranges.some(({ holder }) => sameBytes(holder, server)))
    return 'has a range that was issued to the server';
  return ranges.every(({ denomination }) => terms.denominations.includes(denomination))
    ? undefined
    : 'has a range of no denomination of its own';
}

/** One that is later has all ranges that the log knows, as they are, and one more at least for each version. */
function isSameOrLater(known: TitleClassCertificate, shown: TitleClassCertificate): boolean {
  const [before, after] = [known.title_class, shown.title_class];
  if (after.version === before.version) return sameBytes(classEntry(known), classEntry(shown));
  return (
    after.version > before.version &&
    idOf(known) === idOf(shown) &&
    after.ranges.length - before.ranges.length >= after.version - before.version &&
    before.ranges.every(({ denomination, count, holder }, at) => {
      const range = after.ranges[at];
      return range?.denomination === denomination && range.count === count && sameBytes(range.holder, holder);
    })
  );
}
