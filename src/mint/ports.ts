import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import type { Cddc, MintKeyCertificate } from '../protocol/documents.ts';
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

/** The hot operations of a currency's mint keys, on every core. */
export interface Signer {
  /** For each coin whether its signature verifies. */
  verify(checks: readonly CoinCheck[]): Promise<readonly boolean[]>;
  /** The blind signatures, each checked against the public key before it leaves. Deterministic. */
  sign(blinds: readonly BlindToSign[]): Promise<readonly string[]>;
  /** Whether an Ed25519 signature (128 hex digits) by this key (64 hex digits) covers the bytes. */
  verifyCashier(publicKey: string, bytes: Uint8Array, signature: string): Promise<boolean>;
}

/** A key pair fresh from the maker. `secret` is PKCS #8 DER. */
export interface NewKey {
  readonly publicKey: KeyDocument;
  readonly secret: Uint8Array;
}

/** Makes keys and certifies documents: what a currency needs when it is founded. */
export interface KeyMaker {
  make(suite: string, use: 'master' | 'mint'): Promise<NewKey>;
  signDocument(suite: string, masterSecret: Uint8Array, document: Uint8Array): Promise<string>;
}

/** A mint key as the store keeps it. */
export interface StoredKey {
  readonly certificate: MintKeyCertificate;
  readonly secret: Uint8Array;
}

/** A cashier: who may fund, and up to how much. Amounts are of the smallest unit; a day is a day in UTC. */
export interface Cashier {
  /** Ed25519 public key, 64 hex digits. */
  readonly publicKey: string;
  readonly limitPerOperation: Amount;
  readonly limitPerDay: Amount;
}

/** All that makes up a currency at its founding. */
export interface Currency {
  readonly cddc: Cddc;
  readonly masterSecret: Uint8Array;
  readonly keys: readonly StoredKey[];
  readonly cashiers: readonly Cashier[];
  /** What may be issued at the start: the first authorised change of the treasury. */
  readonly treasury: Amount;
}

/** What a request asks for: this, and not its message reference or its coins' signatures, makes two requests the same. */
export interface Wish {
  readonly kind: 'mint' | 'renew' | 'redeem';
  /** The `transaction_reference`, or for a redemption the hash of its set of coins. */
  readonly reference: string;
  readonly blinds: readonly { readonly keyId: string; readonly reference: string; readonly blind: string }[];
  /** The coins to be spent. */
  readonly spends: readonly { readonly keyId: string; readonly coinId: string }[];
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

/** The counters. At all times treasury + float = authorised, and float = Σ (issued − redeemed) over the keys. */
export interface Counters {
  readonly authorised: Amount;
  readonly treasury: Amount;
  readonly float: Amount;
  readonly keys: ReadonlyMap<string, { readonly issued: Amount; readonly redeemed: Amount }>;
}

/** What became of a commit. All but the first two left the books as they were. */
export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** The same request was committed before: nothing moved, and its answer may be given again. */
  | { readonly kind: 'repeated' }
  /** No funding yet: the intent waits under its reference. */
  | { readonly kind: 'unpaid' }
  | { readonly kind: 'funding differs'; readonly funded: Amount }
  | { readonly kind: 'funding expired' }
  /** It waited for its payment until its mint keys stopped to sign; the reference is free for other blinds. */
  | { readonly kind: 'lapsed' }
  | { readonly kind: 'reference reused' }
  | { readonly kind: 'spent'; readonly coinIds: readonly string[] }
  | { readonly kind: 'treasury exhausted' }
  /** More of a key's coins would come back than were ever issued: its coins are being forged. */
  | { readonly kind: 'overdrawn'; readonly keyId: string };

/** What became of a funding. Recorded once; asked for twice, it is the same. */
export type FundOutcome = {
  readonly kind: 'recorded' | 'repeated' | 'reference reused' | 'over the day limit';
};

/**
 * Where a mint keeps its books: a few atomic verbs. Each has either happened whole and durably when its promise
 * resolves, or left no trace. A rejected promise says neither: the same call may be made again.
 */
export interface MintStore {
  /** The currency as founded; undefined in an empty store. */
  load(): Promise<Currency | undefined>;
  /** Founds a currency in an empty store. Throws where there is one. */
  found(currency: Currency): Promise<void>;
  /** Records a cashier's word, once, within the cashier's limit for that day. */
  fund(funding: Funding, now: Instant): Promise<FundOutcome>;
  /** Spends every coin, keeps the intent and moves the counters; or none of it. */
  commit(intent: Intent, now: Instant): Promise<CommitOutcome>;
  /** What is kept under a reference. */
  recall(reference: string): Promise<KeptIntent | undefined>;
  /** For each coin whether it was spent. */
  spent(coins: readonly string[]): Promise<readonly boolean[]>;
  counters(): Promise<Counters>;
  close(): Promise<void>;
}
