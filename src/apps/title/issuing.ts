/** What an issuer of titles does: classes, new versions of them with more ranges, a pool that is filled. */
import { randomBytes } from 'node:crypto';
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { askTitles } from '../../title/audit/ask.ts';
import type { TitleWay } from '../../title/audit/ask.ts';
import type {
  SignedTransfer,
  TitleClass,
  TitleClassCertificate,
  TitleRange,
  TitleTerms,
} from '../../title/documents/documents.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import { classId, classSigned, transferHash, transferSigned } from '../../title/documents/signed.ts';

/** An issuer's Ed25519 key. `sign` gives 64 bytes. */
export interface IssuerKey {
  readonly publicKey: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** What a class is to say of itself. */
export type ClassWish = Pick<TitleTerms, 'name' | 'entitles' | 'unit' | 'denominations'>;

/** A class of no titles, signed; of a server at this address. */
export async function newClass(
  way: TitleWay,
  key: IssuerKey,
  wish: ClassWish,
): Promise<TitleClassCertificate | Refusal> {
  const said = await askTitles(way, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  const { name, entitles, unit, denominations } = wish;
  const salt = new Uint8Array(randomBytes(16));
  const terms = { server: said.server, issuer: key.publicKey, name, entitles, unit, denominations, salt };
  return signedClass(key, { terms, version: 1, ranges: [] });
}

/** The next version of a class, with these ranges behind those that it has. */
export function nextVersion(
  key: IssuerKey,
  { title_class: { terms, version, ranges } }: TitleClassCertificate,
  added: readonly TitleRange[],
): TitleClassCertificate | Refusal {
  if (!sameBytes(terms.issuer, key.publicKey))
    return refuse('unauthorised', `the class ${terms.name} is another issuer’s; name the key that made it`);
  const wrong = added.find(({ denomination }) => !terms.denominations.includes(denomination));
  if (wrong !== undefined)
    return refuse(
      'not possible',
      `${wrong.denomination} is none of the denominations of ${terms.name}; they are ${terms.denominations.join(', ')}`,
    );
  if (ranges.length + added.length > TITLE_LIMITS.ranges)
    return refuse('too large', `a class has at most ${TITLE_LIMITS.ranges} ranges, over all of its versions`);
  return signedClass(key, { terms, version: version + 1, ranges: [...ranges, ...added] });
}

function signedClass(key: IssuerKey, titleClass: TitleClass): TitleClassCertificate {
  return { title_class: titleClass, signature: key.sign(classSigned(titleClass)) };
}

/** Hands a class's version in; the same one again is taken again. Gives the class's id, in hexadecimal. */
export async function registerClass(
  way: TitleWay,
  certificate: TitleClassCertificate,
): Promise<string | Refusal> {
  const taken = await askTitles(way, { type: 'request title class', certificate });
  return taken instanceof Refusal ? taken : bytesToHex(taken.title_class);
}

/** The class of this name, id or unique beginning of an id. Refuses what is none, and what may be several. */
export async function findClass(way: TitleWay, named: string): Promise<TitleClassCertificate | Refusal> {
  const found: TitleClassCertificate[] = [];
  for (let from = 0; ;) {
    const page = await askTitles(way, { type: 'request title classes', from });
    if (page instanceof Refusal) return page;
    const { certificates } = page;
    found.push(...certificates.filter((each) => isNamed(each, named)));
    if (certificates.length === 0) break;
    from += certificates.length;
  }
  const [one, another] = found;
  if (one === undefined)
    return refuse('unknown', `the server has no class ${named}; its page shows which it has`);
  return another === undefined
    ? one
    : refuse(
        'not possible',
        `${named} may be several classes; name one by its id: ${found.map(idOf).join(', ')}`,
      );
}

/** A class's id, in hexadecimal. */
export function idOf({ title_class: { terms } }: TitleClassCertificate): string {
  return bytesToHex(classId(terms));
}

const ID_BEGINS = /^[0-9a-f]{6,64}$/;

function isNamed(certificate: TitleClassCertificate, named: string): boolean {
  return (
    certificate.title_class.terms.name === named ||
    (ID_BEGINS.test(named) && idOf(certificate).startsWith(named))
  );
}

/** Transfers that are asked about at once: the server commits together what comes together. */
const AT_ONCE = 32;

export interface Filling {
  /** Titles of one transfer: over UDP no more than a datagram takes. */
  readonly perTransfer?: number;
  readonly progress?: (done: number, of: number) => void;
}

/**
 * Moves all titles of a class that were issued to the issuer's own key into the pool. The transfers are the same however
 * often this is done, so what had gone there before stays as it is. Gives how many were issued so.
 */
export async function fillPool(
  way: TitleWay,
  key: IssuerKey,
  { title_class: { terms, ranges } }: TitleClassCertificate,
  { perTransfer = TITLE_LIMITS.titlesPerTransfer, progress = () => undefined }: Filling = {},
): Promise<number | Refusal> {
  const chunks = ownChunks(key, ranges, perTransfer);
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  for (let at = 0; at < chunks.length; at += AT_ONCE) {
    const transfers = chunks.slice(at, at + AT_ONCE).map((serials) => toPool(key, terms, serials));
    const answers = await Promise.all(
      transfers.map((each) => askTitles(way, { type: 'request title transfer', ...each })),
    );
    // What the pool has given out since is outdated: it had been there.
    const refused = answers.find((each) => each instanceof Refusal && each.name !== 'outdated proof');
    if (refused instanceof Refusal) return refused;
    progress(Math.min(total, (at + AT_ONCE) * perTransfer), total);
  }
  return total;
}

/** Serials that were issued to the key, so many together, and always the same ones. */
function ownChunks(
  key: IssuerKey,
  ranges: readonly TitleRange[],
  most: number,
): readonly (readonly number[])[] {
  const chunks: number[][] = [];
  let first = 1;
  for (const { count, holder } of ranges) {
    if (sameBytes(holder, key.publicKey))
      for (let at = 0; at < count; at += most) {
        const from = first + at;
        chunks.push(Array.from({ length: Math.min(most, count - at) }, (_, index) => from + index));
      }
    first += count;
  }
  return chunks;
}

const NO_SEAL = new Uint8Array(16);

function toPool(key: IssuerKey, terms: TitleTerms, serials: readonly number[]): SignedTransfer {
  const transfer = {
    title_class: classId(terms),
    inputs: serials.map((serial) => ({
      serial,
      sequence: 0,
      holder: key.publicKey,
      condition: undefined,
      seal: NO_SEAL,
      secret: undefined,
      to: { holder: terms.server, condition: undefined },
    })),
    change: [],
  };
  return { transfer, signatures: [key.sign(transferSigned(transferHash(terms.server, transfer)))] };
}

/** Titles that are to be issued, by denomination. */
export type IssueWish = readonly { readonly denomination: number; readonly count: number }[];

/** The ranges of what is wished for; where there are several holders, they take turns. There must be one at least. */
export function rangesFor(wish: IssueWish, holders: readonly Uint8Array[]): readonly TitleRange[] {
  return wish.map(({ denomination, count }, index) => {
    const holder = holders[index % holders.length];
    if (holder === undefined) throw new Error('somebody holds what is issued');
    return { denomination, count, holder };
  });
}
