/** The wallet's pseudonyms: numbered for each server, each out of the secret. spec/wallet-derivation.md, Titles. */
import { bytesToHex } from '../../base/bytes.ts';
import { derive } from '../../base/derive.ts';
import type { Book, BookChange } from './book.ts';
import type { PseudonymSigner } from './ports.ts';
import type { KnownServer, Pseudonym } from './state.ts';

const SEED_BYTES = 32;
/** So many numbers in a row may hold nothing: a restore, which reads a server's whole log once, looks no further. */
export const PSEUDONYM_GAP = 1_000;

/** How far another copy of a wallet may be ahead: as much as can be looked for at any time. */
export const COPY_AHEAD = 100;

/** The seed of a server's pseudonym by its number: 32 bytes. */
export function pseudonymSeed(secret: Uint8Array, server: string, number: number): Uint8Array {
  return derive(secret, 'pseudonym', server, String(number)).slice(0, SEED_BYTES);
}

/** The pseudonym for the title at a place; where there are fewer pseudonyms than titles they take turns. */
export function pseudonymAt(pseudonyms: readonly Uint8Array[], at: number): Uint8Array {
  const pseudonym = pseudonyms[at % pseudonyms.length];
  if (pseudonym === undefined) throw new RangeError('an address has pseudonyms');
  return pseudonym;
}

/** Pseudonyms that were taken, with the change that keeps them: nobody is told of one before it is committed. */
export interface TakenPseudonyms {
  readonly keys: readonly Uint8Array[];
  readonly change: Pick<BookChange, 'servers' | 'pseudonyms'>;
}

export class Pseudonyms {
  readonly #secret: Uint8Array;
  readonly #signer: PseudonymSigner;
  readonly #book: Book;
  /** Numbers of keys ahead of the next one, by server and key: another copy of this wallet may have used them. */
  readonly #ahead = new Map<string, number>();
  readonly #derivedTo = new Map<string, number>();
  /** One above the last number that was found ahead, by server. */
  readonly #foundTo = new Map<string, number>();

  constructor(secret: Uint8Array, signer: PseudonymSigner, book: Book) {
    this.#secret = secret;
    this.#signer = signer;
    this.#book = book;
  }

  /**
   * Takes fresh pseudonyms. Where the last thousand hold nothing, those that were given out longest ago come once more, so
   * that a restore finds what they will hold. `before`: taken for the same change, and not committed yet.
   */
  take(
    { id }: Pick<KnownServer, 'id'>,
    count: number,
    before: TakenPseudonyms['change'] = {},
  ): TakenPseudonyms {
    const server = before.servers?.[0] ?? this.#book.servers.get(id);
    if (server === undefined) throw new Error('pseudonyms are of servers that the wallet knows');
    const ours = this.#book.pseudonymsOf(server.id);
    const lastUsed = ours.reduce((last, { isUsed, number }) => (isUsed ? Math.max(last, number) : last), -1);
    const end = lastUsed + 1 + PSEUDONYM_GAP;
    const fresh = Math.max(0, Math.min(count, end - server.next));
    const again = ours
      .filter(({ number }) => number > lastUsed)
      .sort((left, right) => left.number - right.number)
      .slice(0, count - fresh);
    const taken = Array.from({ length: fresh }, (_, at) => this.#pseudonym(server.id, server.next + at));
    return {
      keys: [...taken, ...again].map(({ server: id, number }) => this.#publicKey(id, number)),
      change: {
        servers: [{ ...server, next: server.next + fresh }],
        pseudonyms: [...(before.pseudonyms ?? []), ...taken],
      },
    };
  }

  /**
   * The pseudonym with this key, if it is this wallet's. Another copy of it may have used numbers that this one has not: looks so
   * many ahead.
   */
  find(server: string, publicKey: string, ahead: number): Pseudonym | undefined {
    const known = this.#book.pseudonym(server, publicKey);
    if (known !== undefined) return known;
    this.#lookAhead(server, ahead);
    const number = this.#ahead.get(`${server}/${publicKey}`);
    if (number === undefined) return undefined;
    this.#foundTo.set(server, Math.max(number + 1, this.#foundTo.get(server) ?? 0));
    return { server, number, publicKey, isUsed: false };
  }

  /** What has to be kept when pseudonyms were seen to hold something. */
  used(server: KnownServer, found: readonly Pseudonym[]): Pick<BookChange, 'servers' | 'pseudonyms'> {
    const last = found.reduce((most, { number }) => Math.max(most, number), -1);
    const known = this.#book.servers.get(server.id) ?? server;
    const skipped = Array.from({ length: Math.max(0, last + 1 - known.next) }, (_, at) =>
      this.#pseudonym(server.id, known.next + at),
    );
    return {
      servers: last >= known.next ? [{ ...known, next: last + 1 }] : [],
      pseudonyms: [...skipped, ...found.map((each) => ({ ...each, isUsed: true }))],
    };
  }

  sign({ server, number }: Pseudonym, bytes: Uint8Array): Uint8Array {
    return this.#signer.signWithSeed(pseudonymSeed(this.#secret, server, number), bytes);
  }

  #pseudonym(server: string, number: number): Pseudonym {
    return { server, number, publicKey: bytesToHex(this.#publicKey(server, number)), isUsed: false };
  }

  #publicKey(server: string, number: number): Uint8Array {
    return this.#signer.publicKeyOfSeed(pseudonymSeed(this.#secret, server, number));
  }

  #lookAhead(server: string, ahead: number): void {
    const next = Math.max(this.#book.servers.get(server)?.next ?? 0, this.#foundTo.get(server) ?? 0);
    const from = Math.max(next, this.#derivedTo.get(server) ?? 0);
    for (let number = from; number < next + ahead; number++)
      this.#ahead.set(`${server}/${this.#pseudonym(server, number).publicKey}`, number);
    this.#derivedTo.set(server, Math.max(from, next + ahead));
  }
}
