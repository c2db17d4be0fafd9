/** What a title server needs of the world. */
import type { Clock, Pause } from '../../base/ports.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Group } from '../documents/documents.ts';
import type { Sha256 } from '../documents/merkle.ts';
import type { VerifySignature } from '../documents/proof.ts';

/** The server's own key: an Ed25519 pair, and a secret for seals that is derived from it. */
export interface TitleServerKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** An Ed25519 signature of 64 bytes. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  /** HMAC-SHA-256 under the secret for seals, the first 16 bytes. */
  readonly seal: (bytes: Uint8Array) => Uint8Array;
}

/** A holder's signature that is to be checked. */
export interface SignatureCheck {
  readonly publicKey: Uint8Array;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Checks signatures, on every core. Rejects where nothing was checked; asked again, it may be. */
export interface SignatureChecker {
  check(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>;
}

/** A title whose sequence number moves on. */
export interface CellChange {
  readonly cell: number;
  readonly sequence: number;
}

/** A title in the pool, with what a proof of it would repeat. */
export interface PooledTitle {
  readonly cell: number;
  /** 64 hexadecimal digits. */
  readonly titleClass: string;
  readonly serial: number;
  readonly sequence: number;
  readonly denomination: number;
}

/** A group that takes effect: all of it or nothing. */
export interface GroupRecord {
  readonly number: number;
  /** The group as its form writes it. */
  readonly bytes: Uint8Array;
  /** The hash of its head, and its time in milliseconds. */
  readonly head: Uint8Array;
  readonly time: number;
  /** Whether it brings a class's version. */
  readonly isClass: boolean;
  /** How many titles there are after it; those that are new have sequence 0. */
  readonly titles: number;
  /** Every title that changes, each once. */
  readonly cells: readonly CellChange[];
  /** Titles that are in the pool after it and were not before. */
  readonly pooled: readonly PooledTitle[];
  /** Cells of titles that were in the pool before it and are not after. */
  readonly unpooled: readonly number[];
}

/** What a store knows when it is opened. */
export interface TitleStart {
  /** How many groups took effect; the hash of the last head (32 zeros where there is none), and its time. */
  readonly groups: number;
  readonly head: Uint8Array;
  readonly time: number;
  readonly titles: number;
  /** Every group that brought a class's version, as bytes, in their order. */
  readonly classes: readonly Uint8Array[];
  readonly pool: readonly PooledTitle[];
}

/**
 * The server's storage. Sequence numbers, classes and pool are its own folder's; groups are documents, in two places. What
 * `commit` has answered is durable. A promise that rejects leaves unknown what is kept: the server has to be started again.
 */
export interface TitleStore {
  /** Called once, first. */
  start(): Promise<TitleStart>;
  /** The sequence number of a title as of the last commit that was answered; 0 for one that never changed. */
  sequence(cell: number): number;
  /** Makes groups take effect, in their order, with one sync. Never called twice at once. */
  commit(groups: readonly GroupRecord[]): Promise<void>;
  /**
   * Why nothing should be committed for now (`busy`): documents cannot be written in either place. What is committed all the
   * same is durable. Asking makes the store try again by and by.
   */
  obstacle(): Refusal | undefined;
  /**
   * What is found in the group of a title's last change; undefined where nothing is, or both places were lost since. Others may
   * write where documents lie: `find` is given what each place has as that group, one after the other, until it finds
   * something. As of the same moment as `sequence` then.
   */
  lastGroup<Found>(cell: number, find: (group: Group) => Found | undefined): Promise<Found | undefined>;
  /**
   * Groups from a number on, in the form's bytes, up to `most` bytes but at least one; none behind the end, or where they were
   * lost. Where the places do not agree, `isIt` says which one has it.
   */
  groups(from: number, most: number, isIt?: (group: Group) => boolean): Promise<readonly Uint8Array[]>;
  /** Sequences of a page as of the last commit that was answered: four bytes each, big-endian, up to the last title. */
  page(page: number): Uint8Array;
  close(): Promise<void>;
}

export interface TitleServerParts {
  readonly store: TitleStore;
  readonly key: TitleServerKey;
  readonly checker: SignatureChecker;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  readonly clock: Clock;
  /** Why nothing should take effect for now, beside what the store says. */
  readonly obstacle?: () => Refusal | undefined;
  /** Lets what else there is to do be done: long work is cut into slices by it. */
  readonly pause: Pause;
  /** Issuers whose classes are taken, in hexadecimal; undefined: anybody's. */
  readonly issuers: readonly string[] | undefined;
  /** How many titles it counts at most. */
  readonly mostTitles: number;
  /** Where its fronts take datagrams; undefined where they take none. */
  readonly udpPort: number | undefined;
}
