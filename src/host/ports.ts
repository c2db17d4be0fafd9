import type { Instant } from '../base/dates.ts';
import type { Clock, Randomness } from '../base/ports.ts';
import type { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import type { TitleWallet } from '../title/wallet/facade.ts';
import type { Messenger, Pause, SeedOf, VerifyEd25519, WalletStore } from '../wallet/ports.ts';
import type { DropRow, InvoiceRow, LetterRow, MemberRow, SessionRow, TitleAddressRow } from './state.ts';

/** Where a host keeps everything but the wallets. Each call is atomic, and durable once its promise resolves. */
export interface HostStore {
  /** False when there is a member with this handle: nothing was added. */
  addMember(row: MemberRow): Promise<boolean>;
  /** Replaces a member's row; no other may have its handle. */
  putMember(row: MemberRow): Promise<void>;
  member(id: string): Promise<MemberRow | undefined>;
  memberNamed(handle: string): Promise<MemberRow | undefined>;
  memberWith(credential: string): Promise<MemberRow | undefined>;
  /**
   * The member and all that is theirs but the wallet: sessions, letters, invoices, addresses. Drops stay until they expire: their
   * coins were given away.
   */
  removeMember(id: string): Promise<void>;
  members(): Promise<number>;

  putSession(row: SessionRow): Promise<void>;
  session(hash: string): Promise<SessionRow | undefined>;
  sessionsOf(member: string): Promise<readonly SessionRow[]>;
  removeSession(hash: string): Promise<void>;
  /** All of a member's sessions but one. */
  removeSessionsOf(member: string, butHash: string): Promise<void>;
  /** Those that expired before `now`; and the drops. */
  removeExpired(now: Instant): Promise<void>;

  /** Adds a letter, or replaces the one of the same member and id. False when there is no such member: nothing was kept. */
  putLetter(row: LetterRow): Promise<boolean>;
  letter(member: string, id: string): Promise<LetterRow | undefined>;
  /** In the order of their times. */
  letters(member: string): Promise<readonly LetterRow[]>;
  /** How many a member has in a folder. */
  countLetters(member: string, folder: LetterRow['folder']): Promise<number>;
  removeLetter(member: string, id: string): Promise<void>;

  putDrop(row: DropRow): Promise<void>;
  drop(id: string): Promise<DropRow | undefined>;
  removeDrop(id: string): Promise<void>;

  putInvoice(row: InvoiceRow): Promise<void>;
  invoice(id: string): Promise<InvoiceRow | undefined>;
  /** Newest first. */
  invoicesOf(member: string): Promise<readonly InvoiceRow[]>;
  /** To paid by this letter, from open, or from being paid by it. False when it was neither, unless this very letter had paid it. */
  settleInvoice(id: string, letter: string): Promise<boolean>;

  /** Adds an address, or replaces it; nothing is kept for who is no member. */
  putTitleAddress(row: TitleAddressRow): Promise<void>;
  /** A member's, in the order in which they came. */
  titleAddresses(member: string): Promise<readonly TitleAddressRow[]>;
  /** Takes the first that is ready away: nobody else is given it. Undefined when there is none. */
  takeTitleAddress(member: string, server: string): Promise<string | undefined>;
  removeTitleAddress(member: string, address: string): Promise<void>;

  close(): Promise<void>;
}

/** What keeps secrets: argon2id, HKDF, AES-GCM and age, by native code. All keys are 32 bytes. */
export interface Secrets {
  /**
   * argon2id (RFC 9106, its second recommended option: 64 MiB, 3 passes, 4 lanes). Salt: 16 bytes. A few run at once, the
   * others wait their turn; undefined when too many wait: say 'too many'.
   */
  stretch(password: string, salt: Uint8Array): Promise<Uint8Array | undefined>;
  /** A key for one use: HKDF-SHA256. */
  subkey(key: Uint8Array, label: string): Uint8Array;
  /** Opens under the same key and the same name only; 29 bytes longer. */
  seal(key: Uint8Array, name: string, bytes: Uint8Array): Uint8Array;
  /** Undefined when key, name or bytes are others. */
  open(key: Uint8Array, name: string, sealed: Uint8Array): Uint8Array | undefined;
  /** SHA-256 in hex. */
  hash(bytes: Uint8Array): string;
  /** A new age identity and its recipient. */
  newIdentity(): Promise<{ readonly identity: string; readonly recipient: string }>;
  sealTo(recipient: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Undefined when it is not for this identity, or is damaged. */
  openWith(identity: string, sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

/** An e-mail that carries a payment. */
export interface Mail {
  /** The same for the same letter, so that a mail sent twice is one. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The coins as a file. */
  readonly stack: CoinStack;
  readonly fileName: string;
}

/** Hands mails to whoever delivers them. */
export interface Postman {
  /** Resolves when the mail is taken over; refuses 'unreachable' or 'not possible' when it is not. */
  send(mail: Mail): Promise<Refusal | undefined>;
  /** The mail's coins are taken, or taken back: what still lies here of it is removed. May be asked for twice. */
  forget(id: string): Promise<void>;
}

/** Coins as text: in a file, to paste, in a QR code. */
export interface Handover {
  /** `specie1.` and base64url of the deflated stack; characters that survive any messenger. */
  write(stack: CoinStack): string;
  /** Reads the text, the JSON of an `.oc` file, or either within other text. Refuses 'malformed' or 'too large'. */
  read(text: string): CoinStack | Refusal;
}

/** Wallets on the disk, each sealed under its member's key. */
export interface Wallets {
  /** The wallet's store, made where there is none. Refuses 'busy', 'unauthorised', 'not possible'. */
  open(member: string, key: Uint8Array): WalletStore | Refusal;
  /** The wallet's file is gone once this returns. */
  remove(member: string): Promise<void>;
}

/** Wallets of titles, each sealed under its member's key; where a member's wallet is removed, its titles go with it. */
export interface TitleWallets {
  /** The addresses of the title servers that every wallet knows. */
  readonly servers: readonly string[];
  /** The wallet, made where there is none; `secret`: what its pseudonyms come from, out of the member's twelve words. */
  open(member: string, key: Uint8Array, secret: Uint8Array): Promise<TitleWallet | Refusal>;
}

/** What a host is put together from. */
export interface HostParts {
  readonly store: HostStore;
  readonly wallets: Wallets;
  /** Undefined: this host keeps no titles. */
  readonly titles?: TitleWallets | undefined;
  readonly secrets: Secrets;
  readonly postman: Postman;
  readonly handover: Handover;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly verifyEd25519: VerifyEd25519;
  readonly seedOf?: SeedOf | undefined;
  readonly pause?: Pause | undefined;
  /** The host's own address as people type it, with a slash at its end. */
  readonly url: string;
  /** Currencies that every new wallet knows, by their addresses. */
  readonly currencies: readonly string[];
  /** Told of what is nobody's fault but the program's. */
  readonly bug: (error: Error) => void;
}
