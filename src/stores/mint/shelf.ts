import type { Instant } from '../../base/dates.ts';
import type { KeptFunding, LedgerView } from '../../mint/ledger.ts';
import type {
  Counters,
  Intent,
  KeptDoublePayment,
  KeptIntent,
  KeptReceipt,
  SealedSecret,
  Spend,
} from '../../mint/ports.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import type { SignedEntry } from '../../protocol/journal.ts';

/**
 * Where a mint's books lie, without any judgement: a store gives these and `carryOut` makes the port's verbs of them,
 * the same for every store. Nothing here is atomic by itself.
 */
export interface Shelf extends LedgerView {
  /** The latest `now` of a call that moved something. */
  readonly latest: Instant;
  /** How many intents wait for their payment. */
  readonly waiting: number;
  /** Something moved, at this time. */
  touch(now: Instant): void;
  setCounters(next: Counters): void;

  append(entries: readonly SignedEntry[]): void;
  journal(from: number, most: number): readonly SignedEntry[];
  keepSecrets(secrets: readonly SealedSecret[]): void;
  dropSecrets(names: readonly string[]): void;
  secrets(): ReadonlyMap<string, Uint8Array>;

  /** Whether a mint key was ever opened, closed ones too. */
  knowsKey(keyId: string): boolean;
  openKeys(keyIds: readonly string[]): void;
  /** From now on all of these keys' coins read as spent. */
  closeKeys(keyIds: readonly string[]): void;

  /** Keeps an order in the place of the one with its serial. */
  putOrder(order: SignedOrder): void;
  dropOrder(serial: string): void;
  orders(): readonly SignedOrder[];

  addFunding(word: KeptFunding): void;
  /** Drops what this cashier funded and nobody has minted. */
  dismiss(cashier: string): void;
  /** What this cashier funded on this day. */
  fundedOn(cashier: string, day: number): number;

  /** Keeps an intent under a reference that is free. It may be swept after `until`. */
  keep(intent: Intent, state: KeptIntent['state'], until: Instant): void;
  forget(kept: KeptIntent): void;
  oldestWaiting(): KeptIntent | undefined;

  /** Spends coins, and keeps what they answer for as long. */
  spend(coins: readonly Spend[]): void;
  /** For each coin id whether it was spent under any key. */
  spentAnywhere(coinIds: readonly string[]): readonly boolean[];
  /** Throws when this redemption has a receipt. */
  addReceipt(receipt: KeptReceipt): void;
  receipts(after: number, most: number): readonly KeptReceipt[];
  receiptSpan(): Span;

  /** Throws when there is one of this coin. */
  addDoublePayment(found: KeptDoublePayment): void;
  doublePayments(after: number, most: number): readonly KeptDoublePayment[];
  doublePaymentSpan(): Span;

  /** Each drops some of what has expired, the oldest first, and returns how many. */
  sweepIntents(now: Instant, most: number): number;
  sweepFundings(now: Instant, most: number): number;
  /** Sums of days before this one. */
  sweepDays(day: number): number;
  /** Coins of closed keys. */
  sweepCoins(most: number): number;
  /** What coins of closed keys answered. */
  sweepAnswers(most: number): number;
}

/** How many rows there are, and the numbers of the first and of the last of them; 0 where there is none. */
export interface Span {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/**
 * The first 128 bits of a coin's id, in hexadecimal: what the double-spend table keeps. A cut id can only make an
 * unspent coin read as spent, never the other way round. By chance that takes two ids of 128 equal bits, which among
 * 10^10 coins has a probability of 10^-19. Whoever makes two such payloads on purpose (2^64 hashes) has two coins of his
 * own of which he loses one; for another's coin it would take 2^128 hashes and the serial, which nobody else knows.
 */
export function shortId(coinId: string): string {
  if (!/^[0-9a-f]{64}$/.test(coinId)) throw new Error('a coin id has 64 hexadecimal digits');
  return coinId.slice(0, 32);
}
