/** What a wallet keeps: plain data, written as JSON by every store. Amounts are of the currency's smallest unit. */
import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import type { RefusalName } from '../base/refusal.ts';
import type {
  RevocationCertificate,
  SignedReceipt,
  StatementKeyCertificate,
} from '../protocol/attestations.ts';
import type { Cddc, Coin, MintKeyCertificate } from '../protocol/documents.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { SignedRegistration } from '../protocol/messages/registration.ts';

/** A currency that the wallet trusts, with the newest description it has seen. */
export interface KnownCurrency {
  /** The hash of the master key, which is the `id` of the description and the `issuer_id` of every coin. */
  readonly id: string;
  readonly cddc: Cddc;
  /** When its mint keys were last asked for. */
  readonly checked?: Instant;
  /** What signs the mint's own word. The first one seen is the only one, until a person accepts another. */
  readonly statementKey?: StatementKeyCertificate;
  /** Each verified when it came. */
  readonly revocations?: readonly RevocationCertificate[];
  /** Mint keys that are no longer held against the issuer, because a person accepted that they are not shown. */
  readonly excused?: readonly string[];
  /** Why nothing more is done with this currency, until a person accepts what its issuer shows now. */
  readonly stopped?: Stopped;
  /** Whether coins to come are made without blinding, as a person chose. */
  readonly unblinded?: true;
  /** Suites of two rounds: the cashier's word that this wallet's identity is an account's. */
  readonly registration?: SignedRegistration;
}

/** A contradiction between what an issuer has shown: the mark that it leaves on its currency. */
export interface Stopped {
  readonly since: Instant;
  /** In words for a person: what contradicts what, and what to do. */
  readonly details: string;
  /** Mint keys that the issuer admits to only when it is asked for them by name. */
  readonly hidden: readonly string[];
  /** The statement key that is not the one known. */
  readonly statementKey?: StatementKeyCertificate;
}

/**
 * Which transaction numbers of a currency were used: those under `next`. A restore gives up after
 * `LIMITS.restoreGap` numbers that nobody knows, so none is ever used further than that beyond `known`.
 */
export interface Counter {
  readonly currency: string;
  readonly next: number;
  /** The highest number that the mint or the bank is known to have taken; -1 before the first. */
  readonly known: number;
  /** Numbers above `known` that were refused, so that nobody has taken them. */
  readonly free: readonly number[];
}

/** A coin of the purse. One that is gone is no longer kept here. */
export interface HeldCoin {
  /** The coin's identity: the hash of its payload. */
  readonly id: string;
  /** Its signature as it is held; as it is handed from the moment on in which an operation reserves it. */
  readonly coin: Coin;
  /** The number of the operation that reserved it; null while it is available. */
  readonly reservedBy: number | null;
  /**
   * It came back from the phrase, in a suite that is safe offline: it may have been handed over, and used again it would
   * name its holder as one who pays twice. Nothing uses it until a person says that it was not (`doubt.ts`).
   */
  readonly doubtful?: true;
}

/** A coin to come: the `index`-th that a transaction makes under this mint key. */
export interface Output {
  readonly mintKeyId: string;
  readonly index: number;
}

/** Everything that, with the phrase, gives a request's blinds again bit for bit. */
export interface Transaction {
  /** Where in the currency's derivation the reference, serials and secrets come from. */
  readonly number: number;
  /** The `cdd_location` that the payloads carry. */
  readonly location: string;
  /** In the order in which they are sent; null when a wallet with the same phrase sent them and this one restored. */
  readonly outputs: readonly Output[] | null;
  /** Whether the blinds are made without blinding. */
  readonly unblinded?: true;
  /** Suites of two rounds: the mint's answers to the first, one for each output, kept before the blinds are sent. */
  readonly commitments?: readonly string[];
}

/** Why an operation was refused. */
export interface Reason {
  readonly name: RefusalName;
  readonly details: string;
  /** Whether the wallet itself says so, in a sentence for people; otherwise it is the issuer's word. */
  readonly own?: boolean;
}

interface Common {
  /** Counts the wallet's operations from 1; what a person calls it by. */
  readonly number: number;
  readonly currency: string;
  readonly amount: Amount;
  readonly started: Instant;
  readonly reason: Reason | null;
}

/** pending: kept, and taken up again until it is one of the others. */
export type Progress = 'pending' | 'done' | 'refused';

/** Coins against money. */
export interface Buy extends Common {
  readonly kind: 'buy';
  readonly state: Progress;
  readonly rail: string;
  /** Whether the wallet pays the order itself, which only the rail *test* allows. */
  readonly payTest: boolean;
  /** What the rail wants for the payment: a voucher's code. As secret as a coin, and dropped once it is settled. */
  readonly proof?: string;
  /** As the bank confirmed it; null until it did. */
  readonly order: Order | null;
  /** Whether the mint has the request, so that it can be resumed by its reference. */
  readonly asked: boolean;
  readonly transaction: Transaction;
}

/** Old coins for new ones: received from somebody, taken back, or the purse's own to keep it complete. */
export interface Renewal extends Common {
  readonly kind: 'receive' | 'takeback' | 'tidy';
  readonly state: Progress;
  /** The coins given, as they are handed; emptied when the operation is settled. */
  readonly coins: readonly Coin[];
  readonly coinIds: readonly string[];
  readonly subject: string;
  /** For a take-back the number of the operation that sent the coins. */
  readonly sentBy: number | null;
  /** Whether the coins were accepted without asking the mint: then they were paid, whatever it says of them. */
  readonly offline?: true;
  /** Its number is -1 as long as none was taken: coins that were accepted offline wait without one. */
  readonly transaction: Transaction;
}

/** Coins handed to somebody. */
export interface Send extends Common {
  readonly kind: 'send';
  /** sent: nobody has renewed the coins yet, as far as is known. */
  readonly state: 'sent' | 'taken' | 'taken back';
  readonly subject: string;
  /** The stack, its coins as they are handed; emptied when it was taken or taken back. */
  readonly coins: readonly Coin[];
  readonly coinIds: readonly string[];
}

/** Coins back to the issuer. */
export interface Redemption extends Common {
  readonly kind: 'redeem';
  readonly state: Progress;
  /** As they are handed. */
  readonly coins: readonly Coin[];
  readonly coinIds: readonly string[];
  /** The account at the bank that is to be credited; left out or empty where none was named. */
  readonly payee?: string;
  /** The mint's word that it has the coins, verified; from then on it is what they are worth. */
  readonly receipt?: SignedReceipt;
}

/** Money out of the account at the bank; `subject` is where it goes, in the customer's words. */
export interface PayoutOrder extends Common {
  readonly kind: 'payout';
  readonly state: Progress;
  readonly subject: string;
  /** What the bank knows it by. */
  readonly reference: string;
}

/** Coins found again from the phrase; `amount` is their sum. */
export interface Restoration extends Common {
  readonly kind: 'restore';
  readonly state: 'done';
}

export type Operation = Buy | Renewal | Send | Redemption | PayoutOrder | Restoration;

/** All that a store holds. */
export interface WalletState {
  readonly phrase: string;
  readonly currencies: readonly KnownCurrency[];
  readonly certificates: readonly MintKeyCertificate[];
  readonly counters: readonly Counter[];
  readonly coins: readonly HeldCoin[];
  readonly operations: readonly Operation[];
}

/** One atomic change: records added or replaced by their identity, and the coins that are gone. */
export interface WalletChange {
  readonly phrase?: string;
  /** By `id`. */
  readonly currencies?: readonly KnownCurrency[];
  /** By the `id` of the mint key. */
  readonly certificates?: readonly MintKeyCertificate[];
  /** By `currency`. */
  readonly counters?: readonly Counter[];
  /** By `id`. */
  readonly coins?: readonly HeldCoin[];
  /** Ids of coins that leave the purse; a coin is never in `coins` too. */
  readonly gone?: readonly string[];
  /** By `number`. */
  readonly operations?: readonly Operation[];
}
