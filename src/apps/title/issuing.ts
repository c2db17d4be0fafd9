/** What an issuer of titles does: classes, new versions of them with more ranges, a pool that is filled. */
import { randomBytes } from 'node:crypto';
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { verifyTitleSignature } from '../../signers/title/signature.ts';
import { askClasses, askTitles } from '../../title/audit/ask.ts';
import type { TitleWay } from '../../title/audit/ask.ts';
import type {
  TitleClass,
  TitleClassCertificate,
  TitleRange,
  TitleTerms,
} from '../../title/documents/documents.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import { classId, classSigned } from '../../title/documents/signed.ts';

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

/**
 * The next version of a class, with these ranges behind those that it has. Refuses what the key itself has not signed: whoever
 * stands between issuer and server could have put ranges of their own into it.
 */
export function nextVersion(
  key: IssuerKey,
  certificate: TitleClassCertificate,
  added: readonly TitleRange[],
): TitleClassCertificate | Refusal {
  const fault = signatureFault(key, certificate);
  if (fault !== undefined) return fault;
  const { terms, version, ranges } = certificate.title_class;
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

/** Whether a class as it is shown is what the key has signed. */
export function signatureFault(
  { publicKey }: IssuerKey,
  { title_class, signature }: TitleClassCertificate,
): Refusal | undefined {
  const { issuer, name } = title_class.terms;
  if (!sameBytes(issuer, publicKey))
    return refuse('unauthorised', `the class ${name} is another issuer’s; name the key that made it`);
  return verifyTitleSignature(publicKey, classSigned(title_class), signature)
    ? undefined
    : refuse('bad signature', `what is shown of the class ${name} was never signed with this key`);
}

/** Whether a class is kept by the server that is asked: of another, nothing is signed on this one's word. */
export async function serverFault(
  way: TitleWay,
  { title_class: { terms } }: TitleClassCertificate,
): Promise<Refusal | undefined> {
  const said = await askTitles(way, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  return sameBytes(said.server, terms.server)
    ? undefined
    : refuse('not possible', `the class ${terms.name} is kept by another server than the one that shows it`);
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

/**
 * The class of this name, id or unique beginning of an id. Refuses what is none, what may be several, and what another server
 * keeps. Who has signed it is not asked here.
 */
export async function findClass(way: TitleWay, named: string): Promise<TitleClassCertificate | Refusal> {
  const all = await askClasses(way);
  if (all instanceof Refusal) return all;
  const found = all.filter((each) => isNamed(each, named));
  const [one, another] = found;
  if (one === undefined)
    return refuse('unknown', `the server has no class ${named}; its page shows which it has`);
  if (another !== undefined)
    return refuse(
      'not possible',
      `${named} may be several classes; name one by its id: ${found.map(idOf).join(', ')}`,
    );
  return (await serverFault(way, one)) ?? one;
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
