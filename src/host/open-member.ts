import { bytesToHex } from '../base/bytes.ts';
import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { Queue } from '../base/queue.ts';
import * as account from './members/account.ts';
import type { AccountDesk } from './members/account.ts';
import { openBooks } from './books.ts';
import type { MemberBooks } from './books.ts';
import { removeMember } from './members/closing.ts';
import type { HostContext } from './context.ts';
import { ID_BYTES, letterOf, markRead, view } from './desk.ts';
import type { Desk } from './desk.ts';
import * as invoices from './letters/invoices.ts';
import type { LetterRecord } from './letter-record.ts';
import { HOST_TIMES } from './limits.ts';
import { lookAs } from './letters/look.ts';
import { News } from './news.ts';
import { Objection, object, passOn } from './objections.ts';
import { pay, reconcile } from './letters/pay.ts';
import { currencyView, hasMoney, hasTitles, history, purses } from './money/purse-views.ts';
import { receive } from './letters/receive.ts';
import { removeLetter } from './letters/remove.ts';
import { Rests } from './money/rests.ts';
import type * as schema from './schemas.ts';
import { mailAgain, takeBack } from './letters/sent.ts';
import type { MemberRow, Passkey } from './state.ts';
import { takeAway } from './take-away.ts';
import type { TakenFile } from './take-away.ts';
import { takeLetter } from './letters/take.ts';
import { MemberTitles } from './titles/titles.ts';
import * as trade from './money/trade.ts';
import { attendChanged, keepUp } from './upkeep.ts';

type Maybe<Result> = Promise<Result | Objection>;

/** Opens a member's wallet and letters under the member key. Objects 'busy' where the wallet is open elsewhere. */
export async function openMember(
  context: HostContext,
  row: MemberRow,
  key: Uint8Array,
): Promise<OpenMember | Objection> {
  const books = await openBooks(context.parts, row, key);
  if (books instanceof Objection) return books;
  const member = new OpenMember(context, row, key, books);
  try {
    await member.begin();
    return member;
  } catch (error) {
    await member.close();
    throw error;
  }
}

/**
 * A member whose wallet is open in memory: one for all of the member's sessions. What cannot be done is an Objection; a
 * rejected promise means a failed store or a bug: the member has to be opened again. Letters change one after the other.
 */
export class OpenMember {
  readonly news = new News();
  readonly titles: MemberTitles;
  readonly #desk: Desk;
  readonly #account: AccountDesk;
  readonly #queue = new Queue();
  #row: MemberRow;
  #isBroken = false;
  #isClosed = false;
  #kept: number | undefined;
  readonly #rests: Rests;

  constructor(context: HostContext, row: MemberRow, key: Uint8Array, books: MemberBooks) {
    this.#row = row;
    const { secrets, clock } = context.parts;
    this.#rests = new Rests(clock);
    const inboxId = (letter: string): string =>
      bytesToHex(secrets.subkey(key, `inbox ${letter}`)).slice(0, 2 * ID_BYTES);
    this.#desk = { context, ...books, news: this.news, row: () => this.#row, inboxId };
    const inTurn = <Result>(job: () => Promise<Result>) => this.#inTurn(job);
    this.titles = new MemberTitles({ desk: this.#desk, inTurn, changing: (job) => this.#trading(job) });
    const setRow = async (changed: MemberRow): Promise<void> => {
      await context.parts.store.putMember(changed);
      this.#row = changed;
    };
    this.#account = { context, key, row: () => this.#row, setRow };
  }

  get id(): string {
    return this.#row.id;
  }

  get name(): string {
    return this.#row.name;
  }

  get language(): string {
    return this.#row.language;
  }

  /** Whether something failed that makes it unsafe to go on: to be closed, and opened again. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The row as somebody else has just stored it. */
  rowChanged(row: MemberRow): void {
    this.#row = row;
  }

  /** Mends what a crash left, before anything else is done. */
  begin(): Promise<void> {
    return this.#inTurn(() => reconcile(this.#desk));
  }

  /** Letters in the inbox that were not read yet. */
  unread(): number {
    const inbox = this.#desk.letters.folder('inbox');
    return inbox.filter(({ isRead, state }) => !isRead && state !== 'arriving').length;
  }

  account(sessionHash: string): Maybe<schema.AccountView> {
    return account.account(this.#account, sessionHash);
  }

  /** Ends all other browser sessions; `endTokens`: programs' tokens too. */
  changePassword(before: string, after: string, sessionHash: string, endTokens = false): Maybe<undefined> {
    return account.changePassword(this.#account, before, after, sessionHash, endTokens);
  }

  setLanguage(language: string): Maybe<undefined> {
    return account.setLanguage(this.#account, language);
  }

  /** The twelve words, against the password. */
  async phrase(password: string): Maybe<string> {
    const objection = await account.checkPassword(this.#account, password);
    return objection ?? this.#desk.wallet.phrase();
  }

  checkPassword(password: string): Maybe<undefined> {
    return account.checkPassword(this.#account, password);
  }

  addPasskey(passkey: Passkey, prf: Uint8Array | undefined): Maybe<undefined> {
    return account.addPasskey(this.#account, passkey, prf);
  }

  /** The last one ends the second factor. */
  removePasskey(credential: string, password: string): Maybe<undefined> {
    return account.removePasskey(this.#account, credential, password);
  }

  setSecondFactor(on: boolean, password: string): Maybe<undefined> {
    return account.setSecondFactor(this.#account, on, password);
  }

  /** A program's token: the secret, shown once. */
  newToken(label: string, password: string): Maybe<string> {
    return account.newToken(this.#account, label, password);
  }

  /** Ends a session by its `SessionView.id`. */
  endSession(id: string): Maybe<undefined> {
    return account.endSession(this.#account, id);
  }

  /** Objects 'money left' or 'titles left' unless there are none or it is confirmed; 'busy' while a payment is on its way here. */
  closeAccount(password: string, confirmed: boolean): Maybe<undefined> {
    return account.closeAccount(this.#account, password, () =>
      this.#inTurn(() => removeMember(this.#desk, confirmed)),
    );
  }

  /** Whether closing the account would leave money: in purses, in the inbox, sent and not taken, or not finished. */
  hasMoney(): boolean {
    return hasMoney(this.#desk);
  }

  /** Whether it would leave titles. */
  hasTitles(): boolean {
    return hasTitles(this.#desk);
  }

  /** Newest first. */
  inbox(): readonly schema.LetterView[] {
    return this.#desk.letters.folder('inbox').map((letter) => view(this.#desk, letter));
  }

  /** Newest first. */
  sent(): readonly schema.LetterView[] {
    return this.#desk.letters.folder('sent').map((letter) => view(this.#desk, letter));
  }

  letter(id: string): schema.LetterView | Objection {
    const letter = this.#desk.letters.get(id);
    return letter === undefined ? object('no letter') : view(this.#desk, letter);
  }

  markRead(id: string): Maybe<undefined> {
    return this.#inTurn(() => markRead(this.#desk, id));
  }

  /**
   * Objects 'not possible' while a letter is not settled. One that arrived in a currency that the wallet does not know goes
   * with its coins, and they are lost: 'not confirmed' unless that is confirmed.
   */
  removeLetter(id: string, confirmed = false): Maybe<undefined> {
    return this.#inTurn(() => removeLetter(this.#desk, id, confirmed));
  }

  /** What comes twice with the same `once` is paid once; empty: each time. */
  pay(input: schema.PayInput, once = ''): Maybe<schema.LetterView> {
    return this.#letterBy(() => pay(this.#desk, input, once));
  }

  /** Tries at once to mail what could not be mailed; objects 'not mailed'. */
  mailAgain(id: string): Maybe<schema.LetterView> {
    return this.#letterBy(async () => {
      const letter = this.#sentLetter(id);
      return letter instanceof Objection ? letter : mailAgain(this.#desk, letter);
    });
  }

  /** Objects 'already spent' where somebody was faster. */
  takeBack(id: string): Maybe<schema.LetterView> {
    return this.#letterBy(async () => {
      const letter = this.#sentLetter(id);
      return letter instanceof Objection ? letter : takeBack(this.#desk, letter);
    });
  }

  /** Takes a letter that arrived in a currency that was not known: adds the currency. */
  takeLetter(id: string): Maybe<schema.LetterView> {
    return this.#letterBy(async () => {
      const letter = letterOf(this.#desk, 'inbox', id);
      return letter instanceof Objection ? letter : takeLetter(this.#desk, letter);
    });
  }

  /** The coins of a sent letter that nobody has taken, as far as is known. */
  stack(id: string): CoinStack | Objection {
    const letter = this.#sentLetter(id);
    if (letter instanceof Objection) return letter;
    const stack = this.#desk.wallet.stackOf(letter.operation);
    return stack instanceof Refusal ? passOn(stack) : stack;
  }

  #sentLetter(id: string): LetterRecord | Objection {
    const letter = letterOf(this.#desk, 'sent', id);
    return letter instanceof Objection || letter.operation !== 0 ? letter : object('no letter');
  }

  look(input: schema.LookInput): Maybe<schema.OfferView> {
    return this.#guarded(() => lookAs(this.#desk, input.text));
  }

  /** A letter of the inbox, taken, or arriving while the issuer is away; of own coins the letter that was sent. */
  receive(input: schema.TakeInput): Maybe<schema.LetterView> {
    return this.#letterBy(() => receive(this.#desk, input));
  }

  ask(input: schema.InvoiceInput): Maybe<schema.InvoiceView> {
    return this.#inTurn(() => invoices.ask(this.#desk, input));
  }

  invoices(): Maybe<readonly schema.InvoiceView[]> {
    return invoices.invoices(this.#desk);
  }

  /** Anybody's; `isOwn` where it is this member's. */
  invoice(id: string): Maybe<schema.InvoiceView> {
    return invoices.invoiceAs(this.#desk, id);
  }

  withdraw(id: string): Maybe<schema.InvoiceView> {
    return this.#inTurn(() => invoices.withdraw(this.#desk, id));
  }

  /** Objects 'no currency' where the wallet does not know the currency, 'not open' before any coin leaves. */
  payInvoice(id: string): Maybe<schema.LetterView> {
    return this.#letterBy(() => invoices.payInvoice(this.#desk, id));
  }

  purses(): readonly schema.PurseView[] {
    return purses(this.#desk);
  }

  /** Newest first. */
  history(search: string): readonly schema.EntryView[] {
    return history(this.#desk, search);
  }

  addCurrency(input: schema.CurrencyInput): Maybe<schema.CurrencyView> {
    return this.#trading(() => trade.addCurrency(this.#desk, input));
  }

  currencies(): readonly schema.CurrencyView[] {
    return this.#desk.wallet.currencies().map(currencyView);
  }

  /** What may be added, to be read before: the currency at an address; without one the others of the host's issuers. */
  offers(url = ''): Maybe<readonly schema.CurrencyView[]> {
    return this.#guarded(() => trade.offers(this.#desk, url));
  }

  rails(currency: string): Maybe<readonly string[]> {
    return this.#guarded(() => trade.rails(this.#desk, currency));
  }

  bank(currency: string): Maybe<schema.BankView> {
    return this.#guarded(() => trade.bank(this.#desk, currency));
  }

  buy(input: schema.BuyInput): Maybe<schema.EntryView> {
    return this.#trading(() => trade.buy(this.#desk, input));
  }

  redeem(input: schema.RedeemInput): Maybe<schema.EntryView> {
    return this.#trading(() => trade.redeem(this.#desk, input));
  }

  payOut(input: schema.PayOutInput): Maybe<schema.EntryView> {
    return this.#trading(() => trade.payOut(this.#desk, input));
  }

  restoreCurrency(url: string): Maybe<schema.FoundView> {
    return this.#trading(() => trade.restoreCurrency(this.#desk, url));
  }

  /** Makes doubtful coins of a currency usable, as the person says that nobody has them; what was spent is gone. */
  clearDoubt(currency: string): Maybe<schema.ClearedView> {
    return this.#trading(() => trade.clearDoubt(this.#desk, currency));
  }

  /** Everything as files; the money leaves the purses into them. */
  takeAway(): Maybe<readonly TakenFile[]> {
    return this.#inTurn(() => takeAway(this.#desk));
  }

  /** Does what is due, at most once in HOST_TIMES.upkeep. */
  async upkeep(): Promise<void> {
    const now = this.#desk.context.parts.clock();
    if (this.#kept !== undefined && now - this.#kept < HOST_TIMES.upkeep) return;
    this.#kept = now;
    // It may be closed in between; what is left is done when it is opened again.
    const run = (job: () => Promise<unknown>): Promise<unknown> =>
      this.#isClosed ? Promise.resolve() : this.#inTurn(job);
    await keepUp(this.#desk, run, this.#rests);
  }

  /** Others have changed one of the letters: one was brought, or one that was sent was taken. */
  letterChanged(id: string): Promise<void> {
    return this.#inTurn(() => attendChanged(this.#desk, id));
  }

  /** Waits for what runs, and closes the wallet. */
  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.#queue.end();
    } finally {
      await this.#desk.titles?.close();
      await this.#desk.wallet.close();
    }
  }

  async #letterBy(job: () => Maybe<LetterRecord>): Maybe<schema.LetterView> {
    const letter = await this.#inTurn(job);
    return letter instanceof Objection ? letter : view(this.#desk, letter);
  }

  /** What changes letters, one after the other. Whoever looks is told when it is done. */
  #inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    return this.#queue.run(async () => {
      const { letters } = this.#desk;
      const before = letters.changes;
      const result = await this.#guarded(job);
      if (letters.changes !== before) this.news.tell({ kind: 'changed' });
      return result;
    });
  }

  /** What changes the purse and no letter; the wallet has an order of its own. */
  async #trading<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = await this.#guarded(job);
    this.news.tell({ kind: 'changed' });
    return result;
  }

  async #guarded<Result>(job: () => Promise<Result>): Promise<Result> {
    // What waited behind a failure would see letters of which nobody knows whether they are kept.
    if (this.#isBroken) throw new Error('this wallet has to be opened again');
    try {
      return await job();
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }
}
