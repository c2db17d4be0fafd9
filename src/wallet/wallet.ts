/** The wallet: one façade over the operations beside it. A command line, a host and a browser use this same one. */
import type { Amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { openAccount, payOut, showReceipt, voucherValue } from './account.ts';
import type { Account } from './account.ts';
import { Book } from './book.ts';
import { buy } from './buy.ts';
import type { BuyOptions } from './buy.ts';
import { checkSent } from './check-sent.ts';
import type { Context } from './context.ts';
import { addCurrency } from './currency.ts';
import type { AddOptions } from './currency.ts';
import { titlesSecret } from './derivation.ts';
import { clearDoubt } from './doubt.ts';
import type { Cleared } from './doubt.ts';
import { newPhrase } from './phrase.ts';
import { piles } from './piles.ts';
import type { Pile } from './piles.ts';
import type { WalletParts } from './ports.ts';
import { Queue } from '../base/queue.ts';
import { offeredRails } from './rails.ts';
import { payeeIn } from './payee.ts';
import { receiveOffline } from './offline.ts';
import { receive } from './receive.ts';
import { redeem } from './redeem.ts';
import type { RedeemOptions } from './redeem.ts';
import { restore } from './restore.ts';
import type { RestoreProgress, Restored } from './restore.ts';
import { EVERY_CURRENCY, renewDue, resumeAll, resumePending } from './resume.ts';
import type { IsAsked, Renewed, Resumed } from './resume.ts';
import { send, sentAs, stackOf } from './send.ts';
import type { SendOptions, Sent } from './send.ts';
import { takeback } from './takeback.ts';
import { isSpent, takenAs } from './taken.ts';
import { tidyPurse } from './tidy.ts';
import { balances, currencyInfo, history, inspect } from './views.ts';
import type { Balance, CurrencyInfo, Entry, Inspection } from './views.ts';

/** How to receive. */
export interface ReceiveOptions {
  /** Whether the coins are accepted without asking the issuer: only in a suite that is safe offline. */
  readonly offline?: boolean;
}

export type {
  Account,
  AddOptions,
  Balance,
  BuyOptions,
  Cleared,
  CurrencyInfo,
  Entry,
  Inspection,
  Pile,
  RedeemOptions,
  Renewed,
  RestoreProgress,
  Restored,
  Resumed,
  SendOptions,
  Sent,
};

/**
 * Opens the wallet in a store; in an empty one it makes a new phrase first. What a crash left unfinished is kept
 * until `resumeAll`. Rejects only when the store fails.
 */
export async function openWallet(parts: WalletParts): Promise<Wallet> {
  const book = await Book.open(parts.store, parts.seedOf);
  if (book.phrase === undefined) await book.commit({ phrase: newPhrase(parts.randomness) });
  return new Wallet(parts, book);
}

/**
 * One wallet with its purse in any number of currencies, each named by its id (`issuer_id`). Every amount is of the
 * smallest unit. What cannot be done comes back as a Refusal; a rejected promise means that the store failed or that
 * there is a bug, and the wallet has to be opened again. Operations run one after the other in the order of the calls.
 */
export class Wallet {
  readonly #context: Context;
  readonly #parts: WalletParts;
  readonly #queue = new Queue();

  constructor(parts: WalletParts, book: Book) {
    this.#parts = parts;
    const { messenger, clock, randomness, verifyEd25519, pause = () => Promise.resolve() } = parts;
    this.#context = { book, messenger, clock, randomness, verifyEd25519, pause };
  }

  /**
   * Gets to know the currency described at a URL, or refreshes what is known of it. Refuses 'distrusted' where its
   * keys contradict those seen before, and from then on does nothing with that currency (`CurrencyInfo.stopped`), until
   * it is added with `acceptKeys`.
   */
  add(url: string, options: AddOptions = {}): Promise<CurrencyInfo | Refusal> {
    return this.#queue.run(async () => {
      const currency = await addCurrency(this.#context, url, options);
      return currency instanceof Refusal ? currency : currencyInfo(currency);
    });
  }

  /** The currencies this wallet knows. */
  currencies(): readonly CurrencyInfo[] {
    return [...this.#context.book.currencies.values()].map(currencyInfo);
  }

  /** What the purse holds, by currency. */
  balance(): readonly Balance[] {
    return balances(this.#context);
  }

  /** The coins of a currency that can be spent now, by denomination, the largest first. */
  piles(currency: string): readonly Pile[] {
    return piles(this.#context, currency);
  }

  /** The names of the rails that a currency's bank offers. */
  rails(currency: string): Promise<readonly string[] | Refusal> {
    return this.#queue.run(() => offeredRails(this.#context, currency));
  }

  /**
   * Orders coins and mints them once they are paid. The entry is 'pending' with `instructions` as long as the order
   * is unpaid; `resumeAll` takes it up. On any other temporary refusal the operation is kept too.
   */
  buy(currency: string, amount: Amount, options: BuyOptions = {}): Promise<Entry | Refusal> {
    return this.#queue.run(() => buy(this.#context, currency, amount, options));
  }

  /**
   * What this wallet is known by at a currency's mint: whoever pays it says so to `send`. Refuses 'not possible' in a suite
   * whose coins cannot be handed to one payee.
   */
  payee(currency: string): string | Refusal {
    return payeeIn(this.#context, currency);
  }

  /**
   * Takes coins of exactly this amount out of the purse; works without the issuer when the coins at hand suffice. With a
   * payee nobody else can bring them to the mint, and nobody can take them back.
   */
  async send(
    currency: string,
    amount: Amount,
    subject: string,
    options: SendOptions = {},
  ): Promise<Sent | Refusal> {
    const sent = await this.#queue.run(() => send(this.#context, currency, amount, subject, options));
    if (!(sent instanceof Refusal)) this.#tidyLater(currency);
    return sent;
  }

  /** The stack of an earlier send once more, as long as it was neither taken nor taken back. */
  stackOf(number: number): CoinStack | Refusal {
    return stackOf(this.#context, number);
  }

  /** The number under which this wallet sent a stack. */
  sentAs(stack: CoinStack): number | Refusal {
    return sentAs(this.#context, stack);
  }

  /** The number under which this wallet took exactly these coins; undefined when it did not. */
  takenAs(stack: CoinStack): number | undefined {
    return takenAs(this.#context, stack);
  }

  /** Asks the issuer whether any coin of a stack was spent. Refuses 'unknown' when its currency is not known here. */
  isSpent(stack: CoinStack): Promise<boolean | Refusal> {
    return this.#queue.run(() => isSpent(this.#context, stack));
  }

  /** What a stack claims to be, and whether its currency is known here. Verifies nothing and asks nobody. */
  inspect(stack: CoinStack): Inspection | Refusal {
    return inspect(this.#context, stack);
  }

  /**
   * Verifies a stack and renews its coins into the purse. Own coins that nobody took are taken back. With `offline` it is
   * accepted by what is known here, without asking anybody, if it was handed to this wallet now (`payee`); the entry stays
   * 'pending' until `resumeAll` has renewed the coins.
   */
  receive(stack: CoinStack, { offline = false }: ReceiveOptions = {}): Promise<Entry | Refusal> {
    return this.#queue.run(() => (offline ? receiveOffline : receive)(this.#context, stack));
  }

  /** Takes back what was sent as operation `number`, if nobody has taken it. */
  takeback(number: number): Promise<Entry | Refusal> {
    return this.#queue.run(() => takeback(this.#context, number));
  }

  /**
   * Gives coins of this amount back to the issuer, for the credit of an account at its bank where one is named. The
   * entry holds the receipt; without a good one it stays 'pending' with a reason.
   */
  async redeem(currency: string, amount: Amount, options: RedeemOptions = {}): Promise<Entry | Refusal> {
    const entry = await this.#queue.run(() => redeem(this.#context, currency, amount, options));
    if (!(entry instanceof Refusal)) this.#tidyLater(currency);
    return entry;
  }

  /** The wallet's account at a currency's bank, by the phrase; opened where there is none. */
  account(currency: string): Promise<Account | Refusal> {
    return this.#queue.run(() => openAccount(this.#context, currency));
  }

  /** Orders money out of the account; `to` says where it goes, in words for the bank's teller. */
  payOut(currency: string, amount: Amount, to: string): Promise<Entry | Refusal> {
    return this.#queue.run(() => payOut(this.#context, currency, amount, to));
  }

  /** What a voucher is worth, in the smallest unit. */
  voucherValue(currency: string, code: string): Promise<number | Refusal> {
    return this.#queue.run(() => voucherValue(this.#context, currency, code));
  }

  /** Shows the bank the receipt of redemption `number`; whether it is credited. It will be in any case, later. */
  showReceipt(number: number): Promise<boolean | Refusal> {
    return this.#queue.run(() => showReceipt(this.#context, number));
  }

  /** Asks the issuers which of the sent stacks were taken; the entries whose state is now another. */
  checkSent(isAsked = EVERY_CURRENCY): Promise<readonly Entry[] | Refusal> {
    return this.#queue.run(() => checkSent(this.#context, isAsked));
  }

  /** What was done and is being done, oldest first; the purse's own housekeeping is left out. */
  history(): readonly Entry[] {
    return history(this.#context);
  }

  /** The twelve words from which everything here can be restored. Whoever knows them has the money. */
  phrase(): string {
    return this.#context.book.secretPhrase;
  }

  /** The secret of the titles that this phrase brings back: for a wallet of titles beside this one. */
  titlesSecret(): Uint8Array {
    return titlesSecret(this.#context.book.root);
  }

  /**
   * Brings a wallet back from its phrase: adds the currencies at these URLs and finds their coins. Into an empty
   * wallet, or into one that has this phrase already; may be repeated after a failure. In a suite that is safe offline
   * they are doubtful: nothing uses them before `clearDoubt`.
   */
  restore(
    phrase: string,
    urls: readonly string[],
    progress?: RestoreProgress,
  ): Promise<readonly Restored[] | Refusal> {
    return this.#queue.run(() => restore(this.#context, phrase, urls, progress));
  }

  /**
   * Makes doubtful coins of a currency usable: a person says that none of them was paid to anybody who has not brought it
   * to the mint. What the mint says was brought meanwhile is dropped first. After a refusal nothing has changed.
   */
  clearDoubt(currency: string): Promise<Cleared | Refusal> {
    return this.#queue.run(() => clearDoubt(this.#context, currency));
  }

  /**
   * Renews coins that are about to expire or whose mint key was revoked, and puts each purse in order. For whoever
   * keeps wallets open for long; `resumeAll` does it too.
   */
  renewDue(isAsked = EVERY_CURRENCY): Promise<readonly Renewed[]> {
    return this.#queue.run(() => renewDue(this.#context, isAsked));
  }

  /** Takes up every unfinished operation in the currencies that are asked for, and no more. */
  resumePending(isAsked: IsAsked): Promise<readonly Resumed[]> {
    return this.#queue.run(() => resumePending(this.#context, isAsked));
  }

  /** Takes up every unfinished operation in order, then puts each purse in order as `renewDue` does. */
  resumeAll(): Promise<readonly Resumed[]> {
    return this.#queue.run(() => resumeAll(this.#context));
  }

  /** Waits for what is running, and closes the store. */
  async close(): Promise<void> {
    try {
      await this.#queue.end();
    } finally {
      await this.#parts.store.close();
    }
  }

  /** The caller has its stack at once; a purse that cannot be tidied now is tidied later. */
  #tidyLater(currency: string): void {
    this.#queue.later(() => tidyPurse(this.#context, currency));
  }
}
