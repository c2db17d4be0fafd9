/** What people see of a wallet: read from its book, never changing it. */
import { ZERO, add, amount, isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { SignedReceipt } from '../protocol/attestations.ts';
import type { CoinStack } from '../protocol/documents.ts';
import type { Promises } from '../suites/index.ts';
import type { Context } from './context.ts';
import { suiteOf } from './keys.ts';
import { plainReason } from './plain.ts';
import { isLive } from './purse.ts';
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
  /** Whether this wallet's coins to come are blinded. Where they are not, nothing is promised about who can trace them. */
  readonly blinded: boolean;
  readonly promises: Promises;
  /**
   * Why nothing more is done with this currency, and what to do; empty where it goes on. Its balance can still be
   * seen; `add` with `acceptKeys` lets it go on.
   */
  readonly stopped: string;
}

/** What the purse holds of one currency. */
export interface Balance {
  readonly currency: CurrencyInfo;
  /** What can be spent now. */
  readonly available: Amount;
  /** Coins of this purse in operations that are not finished. */
  readonly reserved: Amount;
  /** Coins that came back from the phrase and may have been handed over: no use before `clearDoubt`. */
  readonly doubtful: Amount;
  /** Coins that nobody takes any more: they are worth nothing, and no part of the balance. */
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
  /** In words, why it was refused, or why a redemption that the mint has carried out is not settled; else empty. */
  readonly reason: string;
  /** The account that a redemption credits; empty where none was named. */
  readonly payee: string;
  /** What a redemption that is done proves itself by; null for all else. */
  readonly receipt: SignedReceipt | null;
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

/** A currency as people see it. */
export function currencyInfo({ id, cddc, stopped, unblinded }: KnownCurrency): CurrencyInfo {
  const { cdd } = cddc;
  const { blinding, promises } = suiteOf(cdd);
  const blinded = blinding !== 'never' && unblinded === undefined;
  return {
    id,
    name: cdd.currency_name,
    divisor: cdd.currency_divisor,
    location: cdd.cdd_location,
    additionalInfo: cdd.additional_info,
    info: cdd.info_service.toSorted(([left], [right]) => left - right).map(([, url]) => url),
    suite: cdd.issuer_cipher_suite,
    blinded,
    promises: { ...promises, untraceable: promises.untraceable && blinded },
    stopped: stopped?.details ?? '',
  };
}

/** An operation as people see it. */
export function entryOf(operation: Operation): Entry {
  const { number, kind, currency, state, started, reason } = operation;
  const isUnpaid = kind === 'buy' && state === 'pending' && operation.order?.state === 'unpaid';
  return {
    number,
    kind,
    currency,
    amount: operation.amount,
    state,
    started,
    subject: 'subject' in operation ? operation.subject : '',
    instructions: isUnpaid ? operation.order.instructions : '',
    reason: reason === null ? '' : plainReason(reason),
    payee: operation.kind === 'redeem' ? (operation.payee ?? '') : '',
    receipt: operation.kind === 'redeem' ? (operation.receipt ?? null) : null,
  };
}

/** All operations but tidying, oldest first. */
export function history({ book }: Context): readonly Entry[] {
  const shown = [...book.operations.values()].filter(({ kind }) => kind !== 'tidy');
  return shown.sort((left, right) => left.number - right.number).map(entryOf);
}

/** The purse, by currency in the order in which they were added. */
export function balances(context: Context): readonly Balance[] {
  return [...context.book.currencies.values()].map((currency) => balance(context, currency));
}

function balance(context: Context, currency: KnownCurrency): Balance {
  let [available, reserved, doubtful, expired, coins] = [ZERO, ZERO, ZERO, ZERO, 0];
  for (const held of context.book.coinsOf(currency.id)) {
    const value = amount(held.coin.payload.denomination);
    if (!isLive(context, held)) expired = add(expired, value);
    else if (held.reservedBy !== null) reserved = add(reserved, value);
    else if (held.doubtful === true) doubtful = add(doubtful, value);
    else {
      available = add(available, value);
      coins++;
    }
  }
  return { currency: currencyInfo(currency), available, reserved, doubtful, expired, coins };
}

/** What a stack claims to be; refuses one of several currencies, or without a coin. */
export function inspect({ book }: Context, { coins, subject }: CoinStack): Inspection | Refusal {
  const [first] = coins;
  if (first === undefined) return refuse('malformed', 'coins: there are none');
  const { issuer_id, cdd_location } = first.payload;
  if (coins.some(({ payload }) => payload.issuer_id !== issuer_id)) {
    return refuse('not possible', 'the coins are of several currencies');
  }
  const known = book.currencies.get(issuer_id);
  const denominations = coins.map(({ payload }) => payload.denomination);
  const total = denominations.reduce((left, right) => left + right, 0);
  if (!isAmount(total)) return refuse('too large', 'coins: their sum is beyond 2^53 - 1');
  return {
    currencyId: issuer_id,
    currency: known === undefined ? undefined : currencyInfo(known),
    location: cdd_location,
    amount: total,
    coins: coins.length,
    subject,
  };
}
