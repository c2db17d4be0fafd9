/** What a wallet of titles keeps. Ids, keys and documents are hexadecimal; times are milliseconds since 1970. */
import type { RefusalName } from '../../base/refusal.ts';
import type { TitleOperationView } from './facade.ts';

/** A title server that the wallet knows. */
export interface KnownServer {
  /** Its public key. */
  readonly id: string;
  readonly url: string;
  /** Where it takes datagrams, on the URL's host; null: nowhere. */
  readonly udpPort: number | null;
  /** The number of the next pseudonym. */
  readonly next: number;
  /** Why nothing is done with it any more; empty while it is trusted. */
  readonly stopped: string;
}

/** A pseudonym of this wallet. */
export interface Pseudonym {
  readonly server: string;
  readonly number: number;
  readonly publicKey: string;
  /** Whether it was ever seen to hold something: a restore finds the ones before it. */
  readonly isUsed: boolean;
}

/** The newest version of a class that the wallet has to do with. */
export interface KeptClass {
  readonly id: string;
  readonly server: string;
  /** A TitleClassCertificate. */
  readonly certificate: string;
  /** Why nothing new is done with its titles; empty or missing while it is trusted. */
  readonly stopped?: string;
}

/** A title with the server's proof that a pseudonym of this wallet holds it, or is its fallback. */
export interface ProvenTitle {
  readonly titleClass: string;
  readonly serial: number;
  /** A TitleProof. */
  readonly proof: string;
  /** When the server last said that it is so. */
  readonly checked: number;
}

/** Titles that were issued to a pseudonym of this wallet and never changed hands: serials from each first to its last. */
export interface IssuedTitles {
  readonly titleClass: string;
  /** The serial of the range's first title, which tells ranges apart. */
  readonly first: number;
  readonly denomination: number;
  readonly holder: string;
  readonly spans: readonly (readonly [number, number])[];
  readonly checked: number;
}

/** What was done; what it sends is kept before it is sent. */
export interface TitleOperation {
  readonly number: number;
  readonly kind: TitleOperationView['kind'];
  readonly state: TitleOperationView['state'];
  readonly server: string;
  readonly titleClass: string;
  readonly amount: number;
  /** Of the titles that it brings. */
  readonly serials: readonly number[];
  readonly time: number;
  readonly reason: string;
  /** The name of the refusal, where it was refused. */
  readonly refusal: RefusalName | undefined;
  /**
   * Of what was refused: 'over' where it can never be done, since another transfer is proven to have moved a title of it;
   * 'untold' where it may have been done, and nobody can say so. Otherwise none of its titles has moved.
   */
  readonly fate?: 'over' | 'untold' | undefined;
  /** What its asker called it. */
  readonly reference: string;
  /** A SignedTransfer; empty where something was received. */
  readonly transfer: string;
  /** The `reference` of its request. */
  readonly request: number;
  /** Proofs of what others got by it, once it is done: a handover is made of them. */
  readonly proofs: readonly string[];
  /** The serials of what came out of the pool to this wallet, once it is done. */
  readonly change?: readonly number[];
}
