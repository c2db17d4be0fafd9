import type { CoinStack } from '../protocol/documents.ts';
import type { HostContext } from './context.ts';
import { News } from './news.ts';
import type { Objection } from './objections.ts';
import type {
  AccountView,
  BankView,
  BuyInput,
  CurrencyInput,
  CurrencyView,
  EntryView,
  InvoiceInput,
  InvoiceView,
  LetterView,
  LookInput,
  OfferView,
  PayInput,
  PayOutInput,
  PurseView,
  RedeemInput,
  TakeInput,
} from './schemas.ts';
import type { MemberRow, Passkey } from './state.ts';

type Maybe<Result> = Promise<Result | Objection>;

export interface TakenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function notYet(): never {
  throw new Error('not yet');
}

/** A member whose wallet is open in memory. */
export class OpenMember {
  readonly news = new News();
  #row: MemberRow;

  constructor(row: MemberRow) {
    this.#row = row;
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
  /** The row as somebody else has just stored it. */
  rowChanged(row: MemberRow): void {
    this.#row = row;
  }
  /** Whether something failed that makes it unsafe to go on: close it, and open it again. */
  get isBroken(): boolean {
    return false;
  }
  unread(): number {
    return notYet();
  }
  account(_sessionHash: string): Maybe<AccountView> {
    return notYet();
  }
  changePassword(_before: string, _after: string, _sessionHash: string): Maybe<undefined> {
    return notYet();
  }
  setLanguage(_language: string): Maybe<undefined> {
    return notYet();
  }
  phrase(_password: string): Maybe<string> {
    return notYet();
  }
  checkPassword(_password: string): Maybe<undefined> {
    return notYet();
  }
  addPasskey(_passkey: Passkey, _prf: Uint8Array | undefined): Maybe<undefined> {
    return notYet();
  }
  removePasskey(_credential: string, _password: string): Maybe<undefined> {
    return notYet();
  }
  setSecondFactor(_on: boolean, _password: string): Maybe<undefined> {
    return notYet();
  }
  newToken(_label: string, _password: string): Maybe<string> {
    return notYet();
  }
  endSession(_id: string): Maybe<undefined> {
    return notYet();
  }
  closeAccount(_password: string, _confirmed: boolean): Maybe<undefined> {
    return notYet();
  }
  inbox(): readonly LetterView[] {
    return notYet();
  }
  sent(): readonly LetterView[] {
    return notYet();
  }
  letter(_id: string): LetterView | Objection {
    return notYet();
  }
  markRead(_id: string): Maybe<undefined> {
    return notYet();
  }
  removeLetter(_id: string): Maybe<undefined> {
    return notYet();
  }
  pay(_input: PayInput): Maybe<LetterView> {
    return notYet();
  }
  mailAgain(_id: string): Maybe<LetterView> {
    return notYet();
  }
  takeBack(_id: string): Maybe<LetterView> {
    return notYet();
  }
  takeLetter(_id: string): Maybe<LetterView> {
    return notYet();
  }
  stack(_id: string): CoinStack | Objection {
    return notYet();
  }
  look(_input: LookInput): Maybe<OfferView> {
    return notYet();
  }
  receive(_input: TakeInput): Maybe<LetterView> {
    return notYet();
  }
  ask(_input: InvoiceInput): Maybe<InvoiceView> {
    return notYet();
  }
  invoices(): Maybe<readonly InvoiceView[]> {
    return notYet();
  }
  invoice(_id: string): Maybe<InvoiceView> {
    return notYet();
  }
  withdraw(_id: string): Maybe<InvoiceView> {
    return notYet();
  }
  payInvoice(_id: string): Maybe<LetterView> {
    return notYet();
  }
  purses(): readonly PurseView[] {
    return notYet();
  }
  history(_search: string): readonly EntryView[] {
    return notYet();
  }
  addCurrency(_input: CurrencyInput): Maybe<CurrencyView> {
    return notYet();
  }
  currencies(): readonly CurrencyView[] {
    return notYet();
  }
  rails(_currency: string): Maybe<readonly string[]> {
    return notYet();
  }
  bank(_currency: string): Maybe<BankView> {
    return notYet();
  }
  buy(_input: BuyInput): Maybe<EntryView> {
    return notYet();
  }
  redeem(_input: RedeemInput): Maybe<EntryView> {
    return notYet();
  }
  payOut(_input: PayOutInput): Maybe<EntryView> {
    return notYet();
  }
  restoreCurrency(_url: string): Maybe<{ readonly amount: number }> {
    return notYet();
  }
  takeAway(): Maybe<readonly TakenFile[]> {
    return notYet();
  }
  upkeep(): Promise<void> {
    return notYet();
  }
  close(): Promise<void> {
    return notYet();
  }
}

/** Opens a member's wallet and letters under the member key. */
export function openMember(
  _context: HostContext,
  _row: MemberRow,
  _key: Uint8Array,
): Promise<OpenMember | Objection> {
  return notYet();
}
