/** The classes that a wallet knows. One of which there are two versions that do not fit together is stopped. */
import { bytesToHex, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { formBytes, readForm } from '../documents/codec.ts';
import { TitleClassCertificate } from '../documents/documents.ts';
import type { TitleRange } from '../documents/documents.ts';
import type { VerifySignature } from '../documents/proof.ts';
import { classId, classSigned } from '../documents/signed.ts';
import type { Book } from './book.ts';
import type { KeptClass } from './state.ts';

/** Titles of a class that were issued together. */
export interface IssuedRange extends TitleRange {
  /** The serial of its first title. */
  readonly first: number;
}

export interface WalletClass {
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly server: string;
  readonly certificate: TitleClassCertificate;
  readonly ranges: readonly IssuedRange[];
  /** Bytes of the certificate. */
  readonly size: number;
}

/** Bytes of certificates of classes that the wallet has nothing to do with, and remembers for a while. */
const OTHERS_BYTES = 262_144;

/** Two versions of a class, both signed by its issuer, that do not fit together: proven to everybody. */
export class Contradiction extends Refusal {
  readonly titleClass: WalletClass;

  constructor(titleClass: WalletClass) {
    super(
      'distrusted',
      `there are two versions of the class ${titleClass.id} that do not fit together, both signed by its issuer`,
    );
    this.titleClass = titleClass;
  }
}

/** Where a wallet looks a class up: those it has to do with are in the book; of others it remembers the last few. */
export class ClassShelf {
  readonly #book: Book;
  readonly #verify: VerifySignature;
  /** Of classes in the book, in the newest versions that were shown. */
  readonly #own = new Map<string, WalletClass>();
  /** The one that was asked for last is the last. */
  readonly #others = new Map<string, WalletClass>();
  #othersBytes = 0;

  constructor(book: Book, verify: VerifySignature) {
    this.#book = book;
    this.#verify = verify;
  }

  get(id: string): WalletClass | undefined {
    const kept = this.#book.classes.get(id);
    if (kept !== undefined) {
      const own = this.#own.get(id) ?? readKept(kept);
      this.#own.set(id, own);
      this.#forget(id);
      return own;
    }
    const other = this.#others.get(id);
    if (other === undefined) return undefined;
    this.#others.delete(id);
    this.#others.set(id, other);
    return other;
  }

  /** A class that the wallet has titles or operations in. */
  known(id: string): WalletClass {
    const known = this.get(id);
    if (known === undefined) throw new Error('a wallet keeps the classes that it has to do with');
    return known;
  }

  /** Those of a server's that the wallet has to do with. */
  of(server: string): readonly WalletClass[] {
    return [...this.#book.classes.values()]
      .filter((each) => each.server === server)
      .map(({ id }) => this.known(id));
  }

  /** Refuses 'distrusted' a class of which a contradiction was found. */
  stopped(id: string): Refusal | undefined {
    const why = this.#book.classes.get(id)?.stopped ?? '';
    return why === '' ? undefined : refuse('distrusted', why);
  }

  /**
   * Takes what a server shows as a class, or one that is newer already. Refuses 'distrusted' what its issuer has not signed, and
   * as a contradiction what does not fit to a version that was shown before.
   */
  take(server: string, certificate: TitleClassCertificate): WalletClass | Refusal {
    const { title_class: shown, signature } = certificate;
    const { terms, ranges } = shown;
    if (bytesToHex(terms.server) !== server)
      return refuse('distrusted', 'it shows a class of another server');
    const bytes = bytesOf(certificate);
    const known = walletClass(server, certificate, bytes.length);
    const before = this.get(known.id);
    if (before !== undefined && sameBytes(bytesOf(before.certificate), bytes)) return before;
    if (!this.#verify(terms.issuer, classSigned(shown), signature))
      return refuse('distrusted', 'it shows a class that its issuer has not signed');
    if (ranges.some(({ denomination }) => !terms.denominations.includes(denomination)))
      return refuse('distrusted', 'it shows a class with titles of a denomination that the class has not');
    if (before === undefined) return this.#put(known);
    if (!fits(before, known)) return new Contradiction(before);
    return shown.version > before.certificate.title_class.version ? this.#put(known) : before;
  }

  /** What of a class is to be kept, in its newest version; nothing where the book has it so. */
  change(known: WalletClass): readonly KeptClass[] {
    const { id, server } = known;
    const certificate = bytesToHex(bytesOf((this.get(id) ?? known).certificate));
    const before = this.#book.classes.get(id);
    return before?.certificate === certificate ? [] : [{ ...before, id, server, certificate }];
  }

  #put(known: WalletClass): WalletClass {
    if (this.#book.classes.has(known.id)) {
      this.#own.set(known.id, known);
      return known;
    }
    this.#forget(known.id);
    this.#others.set(known.id, known);
    this.#othersBytes += known.size;
    for (const id of this.#others.keys()) {
      if (this.#othersBytes <= OTHERS_BYTES || id === known.id) break;
      this.#forget(id);
    }
    return known;
  }

  #forget(id: string): void {
    this.#othersBytes -= this.#others.get(id)?.size ?? 0;
    this.#others.delete(id);
  }
}

/** The range that a serial is in; undefined where no such title was issued. */
export function rangeOf({ ranges }: WalletClass, serial: number): IssuedRange | undefined {
  return ranges.find(({ first, count }) => serial >= first && serial < first + count);
}

function walletClass(server: string, certificate: TitleClassCertificate, size: number): WalletClass {
  const idBytes = classId(certificate.title_class.terms);
  let first = 1;
  const ranges = certificate.title_class.ranges.map((range) => {
    const placed = { ...range, first };
    first += range.count;
    return placed;
  });
  return { id: bytesToHex(idBytes), idBytes, server, certificate, ranges, size };
}

/** Versions only add ranges: the shorter begins the longer, and one version has one content. */
function fits(before: WalletClass, now: WalletClass): boolean {
  const [old, fresh] = [before.certificate.title_class, now.certificate.title_class];
  const isNewer = fresh.version > old.version;
  if (fresh.version === old.version && fresh.ranges.length !== old.ranges.length) return false;
  const [short, long] = isNewer ? [old.ranges, fresh.ranges] : [fresh.ranges, old.ranges];
  return short.every((range, at) => isSame(range, long[at]));
}

function isSame({ denomination, count, holder }: TitleRange, other: TitleRange | undefined): boolean {
  return other?.denomination === denomination && other.count === count && sameBytes(other.holder, holder);
}

function bytesOf(certificate: TitleClassCertificate): Uint8Array {
  return formBytes(TitleClassCertificate, certificate);
}

function readKept({ server, certificate }: KeptClass): WalletClass {
  const read = readForm(TitleClassCertificate, hexToBytes(certificate), 'a kept class');
  if (read instanceof Refusal) throw new Error(`the wallet is damaged: ${read.details}`);
  return walletClass(server, read, certificate.length / 2);
}
