/** The classes that a wallet knows. A server that shows two versions of one which do not fit together is distrusted. */
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
}

/** Where a wallet looks a class up: those it has to do with are in the book, others as long as it is open. */
export class ClassShelf {
  readonly #book: Book;
  readonly #verify: VerifySignature;
  readonly #classes = new Map<string, WalletClass>();

  constructor(book: Book, verify: VerifySignature) {
    this.#book = book;
    this.#verify = verify;
    for (const kept of book.classes.values()) this.#classes.set(kept.id, readKept(kept));
  }

  get(id: string): WalletClass | undefined {
    return this.#classes.get(id);
  }

  /** A class that the wallet has titles or operations in. */
  known(id: string): WalletClass {
    const known = this.#classes.get(id);
    if (known === undefined) throw new Error('a wallet keeps the classes that it has to do with');
    return known;
  }

  /** All of a server's. */
  of(server: string): readonly WalletClass[] {
    return [...this.#classes.values()].filter((each) => each.server === server);
  }

  /**
   * Takes what a server shows as a class, or one that is newer already. Refuses 'distrusted' what its issuer has not signed
   * and what does not fit to a version that was shown before.
   */
  take(server: string, certificate: TitleClassCertificate): WalletClass | Refusal {
    const { title_class: shown, signature } = certificate;
    const { terms, ranges } = shown;
    if (bytesToHex(terms.server) !== server)
      return refuse('distrusted', 'it shows a class of another server');
    const known = walletClass(server, certificate);
    const before = this.#classes.get(known.id);
    if (before !== undefined && sameBytes(bytesOf(before.certificate), bytesOf(certificate))) return before;
    if (!this.#verify(terms.issuer, classSigned(shown), signature))
      return refuse('distrusted', 'it shows a class that its issuer has not signed');
    if (ranges.some(({ denomination }) => !terms.denominations.includes(denomination)))
      return refuse('distrusted', 'it shows a class with titles of a denomination that the class has not');
    if (before === undefined) return this.#put(known);
    if (!fits(before, known))
      return refuse('distrusted', `it shows two versions of the class ${known.id} that do not fit together`);
    return shown.version > before.certificate.title_class.version ? this.#put(known) : before;
  }

  /** What of a class is to be kept, in its newest version; nothing where the book has it so. */
  change({ id, server }: WalletClass): readonly KeptClass[] {
    const certificate = bytesToHex(bytesOf(this.known(id).certificate));
    return this.#book.classes.get(id)?.certificate === certificate ? [] : [{ id, server, certificate }];
  }

  #put(known: WalletClass): WalletClass {
    this.#classes.set(known.id, known);
    return known;
  }
}

/** The range that a serial is in; undefined where no such title was issued. */
export function rangeOf({ ranges }: WalletClass, serial: number): IssuedRange | undefined {
  return ranges.find(({ first, count }) => serial >= first && serial < first + count);
}

function walletClass(server: string, certificate: TitleClassCertificate): WalletClass {
  const idBytes = classId(certificate.title_class.terms);
  let first = 1;
  const ranges = certificate.title_class.ranges.map((range) => {
    const placed = { ...range, first };
    first += range.count;
    return placed;
  });
  return { id: bytesToHex(idBytes), idBytes, server, certificate, ranges };
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
  return walletClass(server, read);
}
