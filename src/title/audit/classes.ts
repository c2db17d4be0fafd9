/** Whether the classes that a server shows are those of its log. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import type { TitleClassCertificate } from '../documents/documents.ts';
import type { KnownClass } from '../documents/registry.ts';
import { classEntry, classId } from '../documents/signed.ts';
import type { Past } from './fold.ts';

/** The classes of the log, and what is wrong with those that are shown. One may have grown since the log was read. */
export function classFaults(
  past: Past,
  shown: readonly TitleClassCertificate[],
): { readonly classes: readonly KnownClass[]; readonly faults: readonly string[] } {
  const ids = new Set(past.versions.map(({ title_class }) => bytesToHex(classId(title_class.terms))));
  const classes = [...ids].flatMap((id) => past.classes.get(id) ?? []);
  const faults: string[] = [];
  for (const [at, { id, certificate }] of classes.entries()) {
    const other = shown[at];
    if (other === undefined) faults.push(`classes: ${id} stands in the log and is not shown`);
    else if (!isSameOrNewer(past, certificate, other))
      faults.push(`classes: what is shown of ${id} is not what the log says`);
  }
  for (const certificate of shown.slice(classes.length)) {
    const known = past.classes.judge(certificate);
    // A version that is not the first may have come since, too.
    const isLater = certificate.title_class.version > 1;
    if (known instanceof Refusal && !isLater)
      faults.push(`classes: one that is shown is refused: ${known.details}`);
  }
  return { classes, faults };
}

/** One that is newer has all ranges that the log knows. */
function isSameOrNewer(past: Past, known: TitleClassCertificate, shown: TitleClassCertificate): boolean {
  if (sameBytes(classEntry(known), classEntry(shown))) return true;
  const { title_class } = shown;
  if (title_class.version !== known.title_class.version + 1)
    return title_class.version > known.title_class.version && sameTerms(known, shown);
  return !(past.classes.judge(shown) instanceof Refusal);
}

function sameTerms(known: TitleClassCertificate, shown: TitleClassCertificate): boolean {
  return sameBytes(classId(known.title_class.terms), classId(shown.title_class.terms));
}
