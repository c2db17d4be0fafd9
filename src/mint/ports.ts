import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import type { SignedOrder } from '../protocol/governance.ts';
import type { KeyTotals, SignedEntry } from '../protocol/journal.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import type { KeyDocument } from '../suites/index.ts';

/** A coin to be checked: canonical payload and signature under the mint key with this id. */
export interface CoinCheck {
  readonly keyId: string;
  readonly payload: Uint8Array;
  readonly signature: string;
}

/** A blind to be signed under the mint key with this id. */
export interface BlindToSign {
  readonly keyId: string;
  readonly blind: string;
}

/** A coin of a suite of two rounds, for which an account asks the first. */
export interface CoinToCommit {
  readonly keyId: string;
  readonly identity: string;
}

/** The hot operations of a currency's mint keys, on every core. */
export interface Signer {
  /** For each coin whether its signature verifies. */
  verify(checks: readonly CoinCheck[]): Promise<readonly boolean[]>;
  /** The blind signatures, each checked before it leaves. The same blind makes the same coin, whenever it is signed. */
  sign(blinds: readonly BlindToSign[]): Promise<readonly string[]>;
  /** The first round of a suite of two, each coin under a nonce of its own. */
  commit(coins: readonly CoinToCommit[]): Promise<readonly string[]>;
  /** Whether an Ed25519 signature (128 hex digits) by this key (64 hex digits) covers the bytes. */
  verifyCashier(publicKey: string, bytes: Uint8Array, signature: string): Promise<boolean>;
}

/** A key pair fresh from the maker. `secret` is bytes that only the suite reads. */
export interface NewKey {
  readonly publicKey: KeyDocument;
  readonly secret: Uint8Array;
}

/** An Ed25519 key pair: `publicKey` is 64 hex digits, `secret` PKCS #8 DER. */
export interface NewStatementKey {
  readonly publicKey: string;
  readonly secret: Uint8Array;
}

/** Makes keys and signs with those that make no coins: what a currency needs beside its signer. */
export interface KeyMaker {
  make(suite: string, use: 'master' | 'mint'): Promise<NewKey>;
  signDocument(suite: string, masterSecret: Uint8Array, document: Uint8Array): Promise<string>;
  makeStatementKey(): NewStatementKey;
  /** An Ed25519 signature of 128 hex digits. Deterministic. */
  attest(statementSecret: Uint8Array, bytes: Uint8Array): string;
}

/** Whether an Ed25519 signature (128 hex digits) by this key (64 hex digits) covers the bytes. Never throws. */
export type VerifySignature = (publicKey: string, bytes: Uint8Array, signature: string) => boolean;

/** Seals secrets for the store. `name` is bound to what is sealed: a secret under another's name does not open. */
export interface Vault {
  seal(name: string, secret: Uint8Array): Uint8Array;
  /** Throws on what this vault did not seal under this name. */
  open(name: string, sealed: Uint8Array): Uint8Array;
}

/** A mint key's secret as the lanes get it, opened. */
export interface LoadedKey {
  readonly keyId: string;
  readonly suite: string;
  readonly publicKey: KeyDocument;
  readonly secret: Uint8Array;
}

/** Takes mint keys into the lanes and out of them. */
export interface KeyLoader {
  load(keys: readonly LoadedKey[]): Promise<void>;
}

/** A cashier: who may fund, and up to how much. Amounts are of the smallest unit; a day is a day in UTC. */
export interface Cashier {
  /** Ed25519 public key, 64 hex digits. */
  readonly publicKey: string;
  readonly limitPerOperation: Amount;
  readonly limitPerDay: Amount;
}

/** A coin to be spent: its id and the mint key that made it. */
export interface Spend {
  readonly keyId: string;
  readonly coinId: string;
  /**
   * Suites that are safe offline: the coin's signature as it was shown, which answers one payment. Kept with the spent
   * coin: a second answer to another payment tells who handed the coin over twice.
   */
  readonly answer?: string;
  /** Which payment the answer is to. Two answers to one payment give nobody away; without this no two are alike. */
  readonly payment?: string;
}

/** A coin that came back in two payments: both of its answers. Numbered from 1, without a gap. */
export interface KeptDoublePayment {
  readonly number: number;
  readonly keyId: string;
  readonly coinId: string;
  readonly first: string;
  readonly second: string;
}

/** What a request asks for: this, and not its message reference or its coins' signatures, makes two requests the same. */
export interface Wish {
  readonly kind: 'mint' | 'renew' | 'redeem';
  /** The `transaction_reference`, or for a redemption the hash of its set of coins. */
  readonly reference: string;
  readonly blinds: readonly { readonly keyId: string; readonly reference: string; readonly blind: string }[];
  /** The coins to be spent. */
  readonly spends: readonly Spend[];
  /** For a redemption the account that is to be credited; empty where none was named. */
  readonly payee: string;
}

/** What a request comes to once it was checked: all that `MintStore.commit` has to know. */
export interface Intent extends Wish {
  /** For each mint key what this issues and redeems of its coins. */
  readonly moves: readonly Move[];
  /** When the last of the keys that the blinds or coins need expires: the intent may be forgotten then. */
  readonly expires: Instant;
  /** When the first of the keys that the blinds need stops signing: an intent that still waits is void from then on. */
  readonly lapses: Instant;
}

/** What one intent does to one mint key's counters. */
export interface Move {
  readonly keyId: string;
  readonly issued: Amount;
  readonly redeemed: Amount;
}

/** An intent in the store: one that waits for its payment has signed nothing yet. */
export interface KeptIntent extends Intent {
  readonly state: 'waiting' | 'committed';
}

/** What one mint key issued and took back since it was made. */
export interface KeyCount {
  readonly issued: Amount;
  readonly redeemed: Amount;
  /** Whether it was revoked: the ledger itself commits nothing more that it would sign. */
  readonly stopped: boolean;
}

/** The counters. At all times treasury + float = authorised, and float = Σ (issued − redeemed) over the keys. */
export interface Counters {
  readonly authorised: Amount;
  readonly treasury: Amount;
  readonly float: Amount;
  /** How many commits moved them. */
  readonly sequence: number;
  readonly keys: ReadonlyMap<string, KeyCount>;
  readonly head: Head;
}

/** Where the journal ends: how many entries there are, and the hash of the last (64 zeros before the first). */
export interface Head {
  readonly entries: number;
  readonly hash: string;
}

/** What a redemption brought in, as the ledger numbers it: from 1, without a gap. */
export interface KeptReceipt {
  readonly sequence: number;
  /** The hash of the set of the coins' ids: the intent's reference without its prefix. */
  readonly redemption: string;
  readonly amount: Amount;
  readonly payee: string;
  readonly time: Instant;
}

/** What became of a commit. All but the first two left the books as they were. */
export type CommitOutcome =
  /** Done now, or done before by the same request: nothing moved then, and its answer may be given again. */
  | { readonly kind: 'committed' | 'repeated'; readonly receipt?: KeptReceipt }
  /** No funding yet: the intent waits under its reference. */
  | { readonly kind: 'unpaid' }
  | { readonly kind: 'funding differs'; readonly funded: Amount }
  | { readonly kind: 'funding expired' }
  /** It waited for its payment until its mint keys stopped to sign; the reference is free for other blinds. */
  | { readonly kind: 'lapsed' }
  | { readonly kind: 'reference reused' }
  /** Of those handed over twice, each is kept as a double payment; it left the books as they were otherwise. */
  | {
      readonly kind: 'spent';
      readonly coinIds: readonly string[];
      readonly twice: readonly KeptDoublePayment[];
    }
  | { readonly kind: 'treasury exhausted' }
  /** More of a key's coins would come back than were ever issued: its coins are being forged. */
  | { readonly kind: 'overdrawn'; readonly keyId: string };

/** What became of a funding. Recorded once; asked for twice, it is the same. */
export type FundOutcome = {
  readonly kind: 'recorded' | 'repeated' | 'reference reused' | 'over the day limit';
};

/** Entries of the journal, and what takes effect with them: all of it or nothing. */
export interface JournalStep {
  /** In order; the first follows the head that its maker knew. */
  readonly entries: readonly SignedEntry[];
  /** By how much authorised and treasury change. */
  readonly authorised: number;
  /** Sealed secrets that are kept with these entries. */
  readonly secrets: readonly SealedSecret[];
  /** Mint keys that are counted from now on. */
  readonly opens: readonly string[];
  /** Mint keys whose coins have expired: what is left of them goes from float to treasury, and their spent coins go. */
  readonly closes: readonly KeyTotals[];
  /** Mint keys that are revoked: of them nothing is issued from now on. */
  readonly stops: readonly string[];
  /** Cashiers that are none any more: what they funded and nobody has minted is void. */
  readonly dismisses: readonly string[];
  /** The serial of the order that these entries carry out, which then waits no more. */
  readonly settles: string | null;
  readonly now: Instant;
}

export interface SealedSecret {
  readonly name: string;
  readonly sealed: Uint8Array;
}

export type JournalOutcome = {
  /** head moved: the entries do not follow what is kept. */
  readonly kind: 'recorded' | 'head moved' | 'treasury exhausted';
};

/** What a store holds when it is opened. */
export interface Books {
  readonly counters: Counters;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** The latest time that any call that moved something had. */
  readonly latest: Instant;
}

/**
 * Where a mint keeps its books: a few atomic verbs. Each has either happened whole and durably when its promise
 * resolves, or left no trace. A rejected promise says neither: the same call may be made again.
 */
export interface MintStore {
  /** What was kept; undefined in an empty store. Throws when the books contradict themselves. */
  load(): Promise<Books | undefined>;
  /** Entries of the journal from a number on, at most so many. */
  journal(from: number, most: number): Promise<readonly SignedEntry[]>;
  /** Appends to the journal, with all that takes effect with it. The first step founds the currency. */
  record(step: JournalStep): Promise<JournalOutcome>;
  /**
   * Keeps an order with the signatures it has, in the place of the one with its serial; forgets those that expired, and
   * those that none of `operators`, the public keys of the policy's, has signed.
   */
  keepOrder(order: SignedOrder, operators: readonly string[], now: Instant): Promise<'kept' | 'too many'>;
  /** The orders that wait for signatures. */
  orders(): Promise<readonly SignedOrder[]>;
  /** Records a cashier's word, once, within the cashier's limit for that day. */
  fund(funding: Funding, cashier: Cashier, now: Instant): Promise<FundOutcome>;
  /** Spends every coin, keeps the intent, moves the counters and numbers the receipt; or none of it. */
  commit(intent: Intent, now: Instant): Promise<CommitOutcome>;
  /** What is kept under a reference. */
  recall(reference: string): Promise<KeptIntent | undefined>;
  /** For each coin id whether it was spent. */
  spent(coins: readonly string[]): Promise<readonly boolean[]>;
  /** Receipts after a sequence number, in order, at most so many. */
  receipts(after: number, most: number): Promise<readonly KeptReceipt[]>;
  /** Double payments after a number, in order, at most so many. Kept for ever. */
  doublePayments(after: number, most: number): Promise<readonly KeptDoublePayment[]>;
  counters(): Promise<Counters>;
  /** Forgets some of what has expired: intents, fundings, spent coins of closed keys. Resolves to whether there is more. */
  sweep(now: Instant): Promise<boolean>;
  /** Writes a copy of the books as they are at one moment to a new file, while calls go on. */
  snapshot(path: string): Promise<void>;
  close(): Promise<void>;
}
