/** Who holds titles in the bench, and transfers that are ready to be sent: each title is under a pseudonym of its own. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Refusal } from '../src/base/refusal.ts';
import { nativeSha256 } from '../src/signers/title/hash.ts';
import { readTitleResponse, writeTitleRequest } from '../src/title/documents/codec.ts';
import type { Transfer, TransferInput } from '../src/title/documents/documents.ts';
import { TITLE_LIMITS } from '../src/title/documents/limits.ts';
import type { TitleRequest, TitleResponse } from '../src/title/documents/messages.ts';
import { classId, classSigned, transferHash, transferSigned } from '../src/title/documents/signed.ts';

/** How a title server is asked. */
export type Ask = (request: Uint8Array) => Promise<Uint8Array>;

/** One title for another holder, or one of 2 for two of 1 out of the pool. */
export type TransferKind = 'transfer' | 'split';

interface Somebody {
  readonly publicKey: Uint8Array;
  readonly secret: KeyObject;
}

interface Title extends Pick<TransferInput, 'serial' | 'sequence' | 'seal'> {
  readonly holder: Somebody;
}

const NO_SEAL = new Uint8Array(16);
/** Titles of 1, all for the pool. */
const SMALL = 400_000;
/** Requests that are underway at once while titles are handed out. */
const UNDERWAY = 32;
/** Shares no factor with any number of titles that is measured: the titles that move stand far apart, and each once. */
const STEP = 61_803_401;

/** The class that is measured: a range of 2s, as large as was asked for, and a range of 1s. */
export class Crowd {
  readonly #ask: Ask;
  readonly #server: Uint8Array;
  readonly #titleClass: Uint8Array;
  readonly #issuer: Somebody;
  readonly #large: number;
  #handedOut = 0;
  #pooled = 0;

  private constructor(
    ask: Ask,
    { server, titleClass }: { readonly server: Uint8Array; readonly titleClass: Uint8Array },
    issuer: Somebody,
    large: number,
  ) {
    this.#ask = ask;
    this.#server = server;
    this.#titleClass = titleClass;
    this.#issuer = issuer;
    this.#large = large;
  }

  /** Registers a class, so that there are so many titles, at a server that has none. */
  static async gather(ask: Ask, titles: number): Promise<Crowd> {
    const { server } = expect('response title server', await askFor(ask, { type: 'request title server' }));
    const issuer = somebody();
    const terms = {
      server,
      issuer: issuer.publicKey,
      name: 'Bench shares',
      entitles: 'a share of what there is',
      unit: 'share',
      denominations: [1, 2],
      salt: new Uint8Array(randomBytes(16)),
    };
    const holder = issuer.publicKey;
    const ranges = [
      { denomination: 2, count: titles - SMALL, holder },
      { denomination: 1, count: SMALL, holder },
    ];
    const title_class = { terms, version: 1, ranges };
    const certificate = { title_class, signature: signed(issuer, classSigned(title_class)) };
    expect('response title class', await askFor(ask, { type: 'request title class', certificate }));
    return new Crowd(ask, { server, titleClass: classId(terms) }, issuer, titles - SMALL);
  }

  /** So many requests, padded to a datagram: no two are about the same title, or signed by the same key. */
  async requests(kind: TransferKind, count: number): Promise<readonly Uint8Array[]> {
    if (kind === 'split') await this.#fillPool(2 * count);
    const titles = await this.#handOut(count);
    return titles.map((title, reference) => {
      const transfer = this.#transfer([title], kind === 'split' ? [this.#server] : [stranger()]);
      const change =
        kind === 'split' ? [1, 1].map((denomination) => ({ denomination, to: to(stranger()) })) : [];
      return this.#request(reference, { ...transfer, change }, title.holder, TITLE_LIMITS.datagramBytes);
    });
  }

  /** Titles for as many people who never held one. */
  async #handOut(count: number): Promise<readonly Title[]> {
    const start = this.#handedOut;
    this.#handedOut += count;
    const batches = inBatches(Array.from({ length: count }, (_, index) => start + index));
    const titles = await inTurns(batches, async (numbers) => {
      const holders = numbers.map(somebody);
      const serials = numbers.map((number) => 1 + ((number * STEP) % this.#large));
      const receipt = await this.#give(
        serials,
        holders.map(({ publicKey }) => publicKey),
      );
      return receipt.titles.map(({ serial, sequence, seal }, at): Title => {
        const holder = holders[at];
        if (holder === undefined) throw new Error('every title has its holder');
        return { serial, sequence, seal, holder };
      });
    });
    return titles.flat();
  }

  async #fillPool(count: number): Promise<void> {
    const first = this.#large + 1 + this.#pooled;
    this.#pooled += count;
    const batches = inBatches(Array.from({ length: count }, (_, index) => first + index));
    await inTurns(batches, (serials) =>
      this.#give(
        serials,
        serials.map(() => this.#server),
      ),
    );
  }

  /** Titles that never moved, from the issuer. */
  async #give(serials: readonly number[], holders: readonly Uint8Array[]) {
    const titles = serials.map((serial) => ({ serial, sequence: 0, seal: NO_SEAL, holder: this.#issuer }));
    const request = this.#request(0, this.#transfer(titles, holders), this.#issuer, 0);
    return expect('response title transfer', answerIn(await this.#ask(request)));
  }

  #transfer(titles: readonly Title[], holders: readonly Uint8Array[]): Transfer {
    const inputs = titles.map(({ serial, sequence, seal, holder }, at) => ({
      serial,
      sequence,
      holder: holder.publicKey,
      condition: undefined,
      seal,
      secret: undefined,
      to: to(holders[at] ?? stranger()),
    }));
    return { title_class: this.#titleClass, inputs, change: [] };
  }

  #request(reference: number, transfer: Transfer, signer: Somebody, length: number): Uint8Array {
    const hash = transferHash(this.#server, transfer, nativeSha256);
    const signatures = [signed(signer, transferSigned(hash))];
    return writeTitleRequest(
      { reference, message: { type: 'request title transfer', transfer, signatures } },
      length,
    );
  }
}

/** Asks for something else than a transfer. */
export async function askFor(ask: Ask, message: TitleRequest): Promise<TitleResponse> {
  return answerIn(await ask(writeTitleRequest({ reference: 0, message })));
}

/** An answer's bytes as an answer. Throws when they are none. */
export function answerIn(bytes: Uint8Array): TitleResponse {
  const answer = readTitleResponse(bytes);
  if (answer instanceof Refusal) throw new Error(answer.details);
  return answer.message;
}

/** The answer, which has to be of a type. */
export function expect<Type extends TitleResponse['type']>(
  type: Type,
  answer: TitleResponse,
): Extract<TitleResponse, { readonly type: Type }> {
  if (answer.type !== type) throw new Error(`${answer.type}: ${JSON.stringify(answer)}`);
  return answer as Extract<TitleResponse, { readonly type: Type }>;
}

function somebody(): Somebody {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from(x, 'base64url')), secret: privateKey };
}

/** Somebody who will do nothing. */
function stranger(): Uint8Array {
  return new Uint8Array(randomBytes(32));
}

function to(holder: Uint8Array) {
  return { holder, condition: undefined };
}

function signed({ secret }: Somebody, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, bytes, secret));
}

function inBatches(numbers: readonly number[]): readonly (readonly number[])[] {
  const batches: (readonly number[])[] = [];
  const length = TITLE_LIMITS.titlesPerTransfer;
  for (let from = 0; from < numbers.length; from += length) batches.push(numbers.slice(from, from + length));
  return batches;
}

/** Does something with each, some at a time. */
async function inTurns<Item, Made>(
  items: readonly Item[],
  act: (item: Item) => Promise<Made>,
): Promise<readonly Made[]> {
  const made = new Array<Made>(items.length);
  let next = 0;
  const go = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) made[at] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: UNDERWAY }, go));
  return made;
}
