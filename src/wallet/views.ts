/** What people see of a wallet: read from its book, never changing it. */
import { ZERO, add, sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { suiteNamed } from '../suites/index.ts';
import type { Promises } from '../suites/index.ts';
import type { Context } from './context.ts';
import { expiryOf } from './keys.ts';
import type { KnownCurrency, Operation } from './state.ts';

/** A currency in the words of its description. */
export interface CurrencyInfo {
  readonly id: string;
  readonly name: string;
  /** Smallest units in one main unit. */
  readonly divisor: number;
  /** Where it is described: the URL to give to others. */
  readonly location: string;
  readonly additionalInfo: string;
  /** Pages for people. */
  readonly info: readonly string[];
  readonly suite: string;
  readonly promises: Promises;
}

/** What the purse holds of one currency. */
export interface Balance {
  readonly currency: CurrencyInfo;
  /** What can be spent now. */
  readonly available: Amount;
  /** Coins of this purse in operations that are not finished. */
  readonly reserved: Amount;
  /** Coins that nobody takes any more. */
  readonly expired: Amount;
  /** How many coins make up `available`. */
  readonly coins: number;
}

/** One line of the history. */
export interface Entry {
  readonly number: number;
  readonly kind: Operation['kind'];
  readonly currency: string;
  readonly amount: Amount;
  readonly state: Operation['state'];
  readonly started: Instant;
  /** What the sender wrote; empty where there is none. */
  readonly subject: string;
  /** How to pay a purchase, in the bank's words; empty where there is nothing to pay. */
  readonly instructions: string;
  /** Why it was refused, and what to do; empty where it was not. */
  readonly reason: string;
}

/** What a stack claims to be. Nothing of it is verified. */
export interface Inspection {
  readonly currencyId: string;
  /** Undefined when the currency is not known here: `add` its `location` first. */
  readonly currency: CurrencyInfo | undefined;
  readonly location: string;
  readonly amount: Amount;
  readonly coins: number;
  readonly subject: string;
}
