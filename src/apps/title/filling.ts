/** A pool is filled: what was issued to the issuer's own key goes there, once, however often that is done. */
import { sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { askTitles } from '../../title/audit/ask.ts';
import type { TitleWay } from '../../title/audit/ask.ts';
import type {
  SignedTransfer,
  TitleClassCertificate,
  TitleRange,
  TitleTerms,
} from '../../title/documents/documents.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import { classId, transferHash, transferSigned } from '../../title/documents/signed.ts';
import { ServerRefusal } from '../../title/wallet/ask.ts';
import { serverFault, signatureFault } from './issuing.ts';
import type { IssuerKey } from './issuing.ts';

/** Transfers that are asked about at once: the server commits together what comes together. */
const AT_ONCE = 32;

export interface Filling {
  /** Titles of one transfer: over UDP no more than a datagram takes. */
  readonly perTransfer?: number;
  readonly progress?: (done: number, of: number) => void;
  /** Told of every title that somebody else got, and not the pool. */
  readonly elsewhere?: (serial: number) => void;
}

/** What transfers are made of. */
interface Giver {
  readonly way: TitleWay;
  readonly key: IssuerKey;
  readonly terms: TitleTerms;
}

/**
 * Moves all titles of a class that were issued to the issuer's own key into the pool. The transfers are the same however
 * often this is done, so what had gone there before stays as it is. Gives how many went there, now or before. Refuses a class
 * that the key has not signed as it is shown, and one of another server.
 */
export async function fillPool(
  way: TitleWay,
  key: IssuerKey,
  certificate: TitleClassCertificate,
  {
    perTransfer = TITLE_LIMITS.titlesPerTransfer,
    progress = () => undefined,
    elsewhere = () => undefined,
  }: Filling = {},
): Promise<number | Refusal> {
  const fault = signatureFault(key, certificate) ?? (await serverFault(way, certificate));
  if (fault !== undefined) return fault;
  const { terms, ranges } = certificate.title_class;
  const giver = { way, key, terms };
  const chunks = ownChunks(key, ranges, perTransfer);
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  let pooled = total;
  for (let at = 0; at < chunks.length; at += AT_ONCE) {
    const others = await Promise.all(chunks.slice(at, at + AT_ONCE).map((serials) => give(giver, serials)));
    for (const given of others) {
      if (given instanceof Refusal) return given;
      pooled -= given.length;
      for (const serial of given) elsewhere(serial);
    }
    progress(Math.min(total, (at + AT_ONCE) * perTransfer), total);
  }
  return pooled;
}

/** Gives titles to the pool, those that have moved left out. Gives which of them had gone to somebody else. */
async function give(giver: Giver, serials: readonly number[]): Promise<readonly number[] | Refusal> {
  const others: number[] = [];
  for (let left = serials; left.length > 0;) {
    const answer = await askTitles(giver.way, {
      type: 'request title transfer',
      ...toPool(giver, left),
    });
    if (!(answer instanceof Refusal)) break;
    const moved = answer instanceof ServerRefusal && answer.name === 'outdated proof' ? answer : undefined;
    const serial = left.find((each) => each === moved?.serial);
    if (serial === undefined) return answer;
    left = left.filter((each) => each !== serial);
    // What the pool has given out since has moved at least twice.
    const isElsewhere = moved?.sequence === 1 ? await hasGoneElsewhere(giver, serial) : false;
    if (isElsewhere instanceof Refusal) return isElsewhere;
    if (isElsewhere) others.push(serial);
  }
  return others;
}

/** Whether a title that moved once is not in the pool. Where the server's documents are lost, nobody can tell: it is taken to be. */
async function hasGoneElsewhere({ way, terms }: Giver, serial: number): Promise<boolean | Refusal> {
  const title = await askTitles(way, { type: 'request title', title_class: classId(terms), serial });
  if (title instanceof Refusal) return title.name === 'outdated proof' ? false : title;
  return title.sequence === 1 && !sameBytes(title.to.holder, terms.server);
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

function toPool({ key, terms }: Giver, serials: readonly number[]): SignedTransfer {
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
