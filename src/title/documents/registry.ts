/** Which classes and titles there are: what the versions of classes add up to, in the order in which the server took them. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { TitleClassCertificate, TitleRange } from './documents.ts';
import { TITLE_LIMITS } from './limits.ts';
import type { VerifySignature } from './proof.ts';
import { classEntry, classId, classSigned } from './signed.ts';

/** A range, and where it stands among all titles. */
export interface PlacedRange extends TitleRange {
  /** The serial of its first title. */
  readonly first: number;
  /** The cell of its first title: its place in the array of all sequence numbers. */
  readonly cell: number;
}

export interface KnownClass {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly certificate: TitleClassCertificate;
  readonly ranges: readonly PlacedRange[];
}

/** A title that exists. */
export interface PlacedTitle {
  readonly cell: number;
  readonly range: PlacedRange;
}

/** The classes of one server. */
export class Registry {
  readonly #server: Uint8Array;
  readonly #verify: VerifySignature;
  /** Titles that may exist at most. */
  readonly most: number;
  readonly #classes = new Map<string, KnownClass>();
  /** By the first bytes of their ids: what is asked for with every transfer needs no text of it. */
  readonly #byStart = new Map<number, KnownClass[]>();
  #titles = 0;

  constructor(server: Uint8Array, verify: VerifySignature, most: number = TITLE_LIMITS.cells) {
    this.#server = server;
    this.#verify = verify;
    this.most = most;
  }

  /** How many titles exist. */
  get titles(): number {
    return this.#titles;
  }

  /** In the order in which they came first. */
  get classes(): readonly KnownClass[] {
    return [...this.#classes.values()];
  }

  get(id: string): KnownClass | undefined {
    return this.#classes.get(id);
  }

  /** The class of these 32 bytes. */
  find(id: Uint8Array): KnownClass | undefined {
    return this.#byStart.get(startOf(id))?.find(({ idBytes }) => sameBytes(idBytes, id));
  }

  /** Where a title is; undefined where none was issued. */
  place(known: KnownClass, serial: number): PlacedTitle | undefined {
    const range = known.ranges.find(({ first, count }) => serial >= first && serial < first + count);
    return range === undefined ? undefined : { cell: range.cell + serial - range.first, range };
  }

  /**
   * The class as this version leaves it, without keeping it; the class as it is, where this very version is known. Refuses what
   * the issuer has not signed, another server's, one that takes a range away or changes one, and too many titles.
   */
  judge(certificate: TitleClassCertificate): KnownClass | Refusal {
    const { title_class, signature } = certificate;
    const { terms, version, ranges } = title_class;
    if (!sameBytes(terms.server, this.#server))
      return refuse('unknown', 'title_class.terms.server: another server');
    const idBytes = classId(terms);
    const id = bytesToHex(idBytes);
    const before = this.#classes.get(id);
    if (before !== undefined && sameBytes(classEntry(before.certificate), classEntry(certificate)))
      return before;
    if (!this.#verify(terms.issuer, classSigned(title_class), signature))
      return refuse('bad signature', 'signature: not the issuer’s over this class');
    const known = before?.ranges ?? [];
    if (version !== (before?.certificate.title_class.version ?? 0) + 1)
      return refuse(
        'outdated proof',
        `title_class.version: the next one is ${(before?.certificate.title_class.version ?? 0) + 1}`,
      );
    if (known.some((range, at) => !isSameRange(range, ranges[at])))
      return refuse(
        'not possible',
        'title_class.ranges: a new version begins with all ranges of the one before, as they are',
      );
    if (before !== undefined && ranges.length === known.length)
      return refuse('not possible', 'title_class.ranges: a new version has more than the one before');
    if (before === undefined && this.#classes.size >= TITLE_LIMITS.classes)
      return refuse(
        'too large',
        `title_class: this server has ${TITLE_LIMITS.classes} classes, and takes no more`,
      );
    const pooled = ranges.findIndex(({ holder }) => sameBytes(holder, this.#server));
    if (pooled >= 0)
      return refuse(
        'not possible',
        `title_class.ranges[${pooled}].holder: the server’s own; a pool is filled by transfers`,
      );
    const wrong = ranges.findIndex(({ denomination }) => !terms.denominations.includes(denomination));
    if (wrong >= 0)
      return refuse('not possible', `title_class.ranges[${wrong}].denomination: not one of the class’s`);
    const placed = this.#placed(known, ranges.slice(known.length));
    return placed instanceof Refusal ? placed : { id, idBytes, certificate, ranges: placed };
  }

  /** How many titles there are with what `judge` gave. */
  titlesWith({ id, ranges }: KnownClass): number {
    const before = this.#classes.get(id)?.ranges.length ?? 0;
    return ranges.slice(before).reduce((total, { count }) => total + count, this.#titles);
  }

  /** Keeps what `judge` gave. */
  keep(known: KnownClass): void {
    this.#titles = this.titlesWith(known);
    this.#classes.set(known.id, known);
    const start = startOf(known.idBytes);
    const others = (this.#byStart.get(start) ?? []).filter(({ id }) => id !== known.id);
    this.#byStart.set(start, [...others, known]);
  }

  #placed(known: readonly PlacedRange[], fresh: readonly TitleRange[]): readonly PlacedRange[] | Refusal {
    const placed = [...known];
    const last = known.at(-1);
    let first = last === undefined ? 1 : last.first + last.count;
    let cell = this.#titles;
    for (const range of fresh) {
      placed.push({ ...range, first, cell });
      first += range.count;
      cell += range.count;
    }
    return cell <= this.most && first <= TITLE_LIMITS.cells
      ? placed
      : refuse(
          'too large',
          `title_class.ranges: this server counts at most ${this.most} titles, and has ${this.#titles}`,
        );
  }
}

function startOf(id: Uint8Array): number {
  return new DataView(id.buffer, id.byteOffset, 4).getUint32(0);
}

function isSameRange({ denomination, count, holder }: TitleRange, other: TitleRange | undefined): boolean {
  return other?.denomination === denomination && other.count === count && sameBytes(other.holder, holder);
}
