/** What a wallet host keeps: plain rows. Whatever could be worth money to a thief is sealed in them. */
import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';

/**
 * The member key (32 bytes) under something that a member knows or has. It opens everything of the member's, and is kept
 * nowhere but so.
 */
export type Lock =
  /** Under argon2id of the password; the salt is 16 bytes in hex. */
  | { readonly kind: 'password'; readonly salt: string; readonly sealed: string }
  /** Under the twelve words, for who has forgotten the password. */
  | { readonly kind: 'phrase'; readonly sealed: string }
  /** Under the secret that a passkey gives for this host (WebAuthn's extension *prf*). */
  | { readonly kind: 'passkey'; readonly credential: string; readonly sealed: string };

/** A passkey, as WebAuthn knows it. Bytes are base64url. */
export interface Passkey {
  readonly credential: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  /** What the member calls it. */
  readonly name: string;
  readonly created: Instant;
}

/** A person with a wallet on this host. */
export interface MemberRow {
  /** 32 hexadecimal digits, at random: names the folder of the wallet. */
  readonly id: string;
  /** As the member writes it. */
  readonly name: string;
  /** The name as it is compared: no two members have the same. */
  readonly handle: string;
  readonly created: Instant;
  /** 'en', 'de'; empty: as the browser asks. */
  readonly language: string;
  /** The age recipient to which is sealed what arrives while the member is away. */
  readonly recipient: string;
  /** The identity of that recipient, sealed under the member key; hex. */
  readonly identity: string;
  readonly locks: readonly Lock[];
  readonly passkeys: readonly Passkey[];
  /** Whether a password alone does not open: a passkey has to be shown too. */
  readonly secondFactor: boolean;
}

/** page: a browser that is signed in; half: one whose passkey is still missing; token: a program. */
export type SessionKind = 'page' | 'half' | 'token';

/** Somebody who is signed in. The secret is with the browser or the program alone. */
export interface SessionRow {
  /** SHA-256 of the session's secret, in hex. */
  readonly hash: string;
  readonly member: string;
  readonly kind: SessionKind;
  /** What a token is called by; which browser it was. */
  readonly label: string;
  readonly created: Instant;
  readonly seen: Instant;
  readonly expires: Instant;
  /** The member key under the session's secret, in hex. */
  readonly sealed: string;
}

/** A payment as a letter, sealed. All that is legible is whose it is, when it came and where it lies. */
export interface LetterRow {
  /** 32 hexadecimal digits. The two letters of one payment have ids that only the sender's key can match. */
  readonly id: string;
  readonly member: string;
  readonly folder: 'inbox' | 'sent';
  /** The hour in which it was written; when exactly is sealed, so that no two rows can be matched by it. */
  readonly time: Instant;
  /** To the member's recipient, by somebody else; or under the member key, once the member has read it. */
  readonly sealedTo: 'recipient' | 'key';
  readonly sealed: Uint8Array;
}

/** A letter left at the host for whoever has its link: the link holds the key, the host what it opens. */
export interface DropRow {
  /** Derived from the link's key; tells nothing of it. 32 hexadecimal digits. */
  readonly id: string;
  readonly member: string;
  /** The sender's letter, which is told when it is taken. */
  readonly letter: string;
  /** The hour, as a letter's time. */
  readonly created: Instant;
  readonly expires: Instant;
  readonly sealed: Uint8Array;
}

/** An address to which titles may be transferred that are for a member. Each is for one giver. */
export interface TitleAddressRow {
  readonly member: string;
  /** The id of the title server. */
  readonly server: string;
  readonly address: string;
  /** ready: for a member of this host who gives by name; shown: the member may have told it to somebody. */
  readonly use: 'ready' | 'shown';
}

/** A request for money, for whoever has its link. */
export interface InvoiceRow {
  /** 32 hexadecimal digits, at random: who does not know it does not find it. */
  readonly id: string;
  readonly member: string;
  readonly currency: string;
  /** Where the currency is described. */
  readonly location: string;
  readonly amount: Amount;
  readonly subject: string;
  readonly created: Instant;

  /** paying: by `letter`, as long as that is in the member's inbox or on its way there; else it is as good as open. */
  readonly state: 'open' | 'paying' | 'paid' | 'withdrawn';
  /** The letter in the member's inbox that pays or paid it; empty while there is none. */
  readonly letter: string;
}
