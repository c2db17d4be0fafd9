/** What there is to say about titles: classes, who holds what, and what the server's signature covers. spec/title.md. */
import { bytes, integer, list, optional, record, text, uint32 } from './form.ts';
import type { Formed } from './form.ts';
import { TITLE_LIMITS } from './limits.ts';

/** An Ed25519 public key: of a server, of an issuer, or a pseudonym. */
export const Key = bytes(32, 'an Ed25519 public key');
export const Digest = bytes(32, 'a SHA-256 hash');
export const Signature = bytes(64, 'an Ed25519 signature');
/** The server's own mark on a proof, which it checks instead of its signature: HMAC-SHA-256, the first half. */
export const Seal = bytes(16, 'a seal');
export const Secret = bytes(32, 'a secret');

/** What never changes about a class; its hash is the class's id. */
export const TitleTerms = record({
  server: Key,
  /** Who answers for it, and signs its versions. */
  issuer: Key,
  name: text(TITLE_LIMITS.name),
  /** What a title entitles its holder to, in words. */
  entitles: text(TITLE_LIMITS.entitles),
  /** What denominations count: "share", "euro", "seat". */
  unit: text(TITLE_LIMITS.unit),
  denominations: list(integer(1), 1, TITLE_LIMITS.denominations),
  /** Tells two classes of the same words apart. */
  salt: bytes(16, 'a salt'),
});
export type TitleTerms = Formed<typeof TitleTerms>;

/** Titles issued together, of one denomination; their serials follow those of the range before, from 1. */
export const TitleRange = record({
  denomination: integer(1),
  count: uint32(1),
  /** Who holds them while their sequence is 0. */
  holder: Key,
});
export type TitleRange = Formed<typeof TitleRange>;

/** A class as of a version: a later one has all ranges of the earlier, and more. */
export const TitleClass = record({
  terms: TitleTerms,
  version: uint32(1),
  ranges: list(TitleRange, 0, TITLE_LIMITS.ranges),
});
export type TitleClass = Formed<typeof TitleClass>;

export const TitleClassCertificate = record({ title_class: TitleClass, signature: Signature });
export type TitleClassCertificate = Formed<typeof TitleClassCertificate>;

/** Binds a title: until `until` its holder passes it on with the secret whose SHA-256 this is; from then on it is the fallback's. */
export const Condition = record({
  hash: Digest,
  /** Milliseconds since 1970: the first one at which the fallback has it. */
  until: integer(),
  fallback: Key,
});
export type Condition = Formed<typeof Condition>;

/** Who is to hold a title. The server's own key: it goes to the pool. */
export const Destination = record({ holder: Key, condition: optional(Condition) });
export type Destination = Formed<typeof Destination>;

/** A title that is transferred, and to whom. */
export const TransferInput = record({
  serial: uint32(1),
  sequence: uint32(),
  holder: Key,
  condition: optional(Condition),
  /** Of the proof; zeros where the sequence is 0, since the class says whose it is. */
  seal: Seal,
  /** Where a condition binds the title, and its time is not over. */
  secret: optional(Secret),
  to: Destination,
});
export type TransferInput = Formed<typeof TransferInput>;

/** A title that is wanted out of the pool. */
export const Change = record({ denomination: integer(1), to: Destination });
export type Change = Formed<typeof Change>;

/** What the holders sign. What goes to the pool is worth what comes out of it. */
export const Transfer = record({
  title_class: Digest,
  inputs: list(TransferInput, 1, TITLE_LIMITS.titlesPerTransfer),
  change: list(Change, 0, TITLE_LIMITS.titlesPerTransfer),
});
export type Transfer = Formed<typeof Transfer>;

/** A signature for each of those who have to sign (`signersOf`), in the order of the inputs. */
export const SignedTransfer = record({
  transfer: Transfer,
  signatures: list(Signature, 1, TITLE_LIMITS.titlesPerTransfer),
});
export type SignedTransfer = Formed<typeof SignedTransfer>;

/** Who holds a title: the content of a proof, a leaf of its group. */
export const Holding = record({
  title_class: Digest,
  serial: uint32(1),
  denomination: integer(1),
  sequence: uint32(1),
  holder: Key,
  condition: optional(Condition),
  /** The hash of the transfer that brought it. */
  transfer: Digest,
});
export type Holding = Formed<typeof Holding>;

/** What of a holding the server seals. */
export const Sealed = record({
  title_class: Digest,
  serial: uint32(1),
  sequence: uint32(1),
  holder: Key,
  condition: optional(Condition),
});
export type Sealed = Formed<typeof Sealed>;

/** The head of a group: what the server's signature covers. Each names the one before, so that there is one past. */
export const GroupHead = record({
  /** From 1, without a gap. */
  number: integer(1),
  /** The hash of the head before; zeros for the first. */
  previous: Digest,
  /** Milliseconds since 1970. */
  time: integer(),
  /** How many leaves. */
  size: uint32(1),
  /** The Merkle tree hash over the leaves (RFC 6962 §2.1). */
  root: Digest,
});
export type GroupHead = Formed<typeof GroupHead>;

export const SignedHead = record({ head: GroupHead, signature: Signature });
export type SignedHead = Formed<typeof SignedHead>;

/** The server's word that somebody holds a title; anyone can check it with the server's public key alone. */
export const TitleProof = record({
  holding: Holding,
  seal: Seal,
  signed_head: SignedHead,
  /** The leaf's place in the group, from 0. */
  index: uint32(),
  path: list(Digest, 0, TITLE_LIMITS.groupPath),
});
export type TitleProof = Formed<typeof TitleProof>;

/** Of the titles of one transfer: what is not in the transfer itself. First its inputs, then its change, in their order. */
export const Receipt = record({
  transfer: Digest,
  signed_head: SignedHead,
  /** The place of the first leaf; the others follow. */
  index: uint32(),
  titles: list(
    record({
      serial: uint32(1),
      sequence: uint32(1),
      seal: Seal,
      path: list(Digest, 0, TITLE_LIMITS.groupPath),
    }),
    1,
    2 * TITLE_LIMITS.titlesPerTransfer,
  ),
});
export type Receipt = Formed<typeof Receipt>;

/** A transfer as the log keeps it: `serials` are those that came out of the pool, `sequences` those after it, change last. */
export const LoggedTransfer = record({
  signed_transfer: SignedTransfer,
  serials: list(uint32(1), 0, TITLE_LIMITS.titlesPerTransfer),
  sequences: list(uint32(1), 1, 2 * TITLE_LIMITS.titlesPerTransfer),
});
export type LoggedTransfer = Formed<typeof LoggedTransfer>;

/** A group as the log keeps it: a class's new version, or transfers. All leaves follow from it. */
export const Group = record({
  signed_head: SignedHead,
  title_class: optional(TitleClassCertificate),
  transfers: list(LoggedTransfer, 0, TITLE_LIMITS.groupLeaves),
});
export type Group = Formed<typeof Group>;

/** The server's word on everything there is at one moment. */
export const RootStatement = record({
  /** How many groups there are, and the hash of the last head: the whole past. */
  groups: integer(),
  head: Digest,
  time: integer(),
  /** How many titles exist: all ranges of all classes. */
  titles: uint32(),
  /** The Merkle tree hash over the pages of all sequence numbers. */
  root: Digest,
});
export type RootStatement = Formed<typeof RootStatement>;

export const SignedRoot = record({ statement: RootStatement, signature: Signature });
export type SignedRoot = Formed<typeof SignedRoot>;
