/** Classes as their latest versions have them, where the log that led to them is lost. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { TitleClassCertificate } from '../documents/documents.ts';
import type { KnownClass, PlacedRange, PlacedTitle } from '../documents/registry.ts';
import { classId, classSigned } from '../documents/signed.ts';
import type { AuditParts, Classes } from './fold.ts';

/** Cells are counted in the order of the classes, which need not be the server's: they only tell titles apart. */
export interface LatestClasses extends Classes {
  readonly all: readonly KnownClass[];
}

/** The classes that a server shows. What is wrong with them `classFaults` says. */
export function knownClasses(shown: readonly TitleClassCertificate[], { verify }: AuditParts): LatestClasses {
  const classes = new Map<string, KnownClass>();
  let titles = 0;
  const isSigned = ({ title_class, signature }: TitleClassCertificate) =>
    verify(title_class.terms.issuer, classSigned(title_class), signature);
  for (const certificate of shown) {
    const { terms, ranges } = certificate.title_class;
    const idBytes = classId(terms);
    const id = bytesToHex(idBytes);
    const placed = placedOf(ranges, titles);
    titles += ranges.reduce((sum, { count }) => sum + count, 0);
    classes.set(id, { id, idBytes, certificate, ranges: placed });
  }
  return {
    titles,
    all: [...classes.values()],
    get: (id) => classes.get(id),
    place,
    judge: (certificate) =>
      judge(classes.get(bytesToHex(classId(certificate.title_class.terms))), certificate, isSigned),
    keep: () => undefined,
  };
}

function placedOf(
  ranges: TitleClassCertificate['title_class']['ranges'],
  from: number,
): readonly PlacedRange[] {
  let [first, cell] = [1, from];
  return ranges.map((range) => {
    const placed = { ...range, first, cell };
    first += range.count;
    cell += range.count;
    return placed;
  });
}

function place(known: KnownClass, serial: number): PlacedTitle | undefined {
  const range = known.ranges.find(({ first, count }) => serial >= first && serial < first + count);
  return range === undefined ? undefined : { cell: range.cell + serial - range.first, range };
}

/** A version in the log is the latest one, or has less ranges than it. */
function judge(
  latest: KnownClass | undefined,
  certificate: TitleClassCertificate,
  isSigned: (certificate: TitleClassCertificate) => boolean,
): KnownClass | Refusal {
  if (latest === undefined) return refuse('unknown', 'it is not among those that are shown');
  if (!isSigned(certificate)) return refuse('bad signature', 'it is not signed by its issuer');
  const { ranges } = certificate.title_class;
  const isPart = ranges.every(({ denomination, count, holder }, at) => {
    const range = latest.ranges[at];
    return range?.denomination === denomination && range.count === count && sameBytes(range.holder, holder);
  });
  return isPart ? latest : refuse('not possible', 'a later version took a range of it away');
}
