/** What pages are given besides the host's own views. */
import type {
  BankView,
  CurrencyView,
  EntryView,
  InvoiceView,
  LetterView,
  PurseView,
} from '../host/schemas.ts';
import type { TitleClassView, TitleLookView, TitlesView } from '../host/titles/schemas.ts';

/** One page of a long list. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
}

const PAGE_LENGTH = 50;

/** Cuts the page out of a list; a page that is not there is the nearest one that is. */
export function listing<Item>(all: readonly Item[], wanted: number): Listing<Item> {
  const pages = Math.max(1, Math.ceil(all.length / PAGE_LENGTH));
  const page = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), pages) : 1;
  return { items: all.slice((page - 1) * PAGE_LENGTH, page * PAGE_LENGTH), page, pages };
}

/** A folder, and the letter of it that is being read. */
export interface FolderView {
  readonly letters: Listing<LetterView>;
  readonly letter: LetterView | undefined;
  /** Of titles that were given: what their recipient's wallet takes. */
  readonly handover?: string | undefined;
}

/** A sent letter's coins for somebody's camera, and as text to paste. */
export interface CodesView {
  readonly letter: LetterView;
  readonly text: string;
  /** The text in parts, each small enough for one code; one part when it fits. */
  readonly parts: readonly string[];
}

export interface RequestsView {
  readonly invoices: readonly InvoiceView[];
  readonly purses: readonly PurseView[];
}

/** A request as its payer sees it: `purse` is of the request's currency; undefined when it is not known or nobody is signed in. */
export interface PayView {
  readonly invoice: InvoiceView;
  readonly purse: PurseView | undefined;
}

export interface PurseDesk {
  readonly purses: readonly PurseView[];
  /** Entries in state `pending`. */
  readonly pending: readonly EntryView[];
}

export interface BuyDesk {
  readonly purses: readonly PurseView[];
  /** The id of the currency that is bought; empty when there is none. */
  readonly currency: string;
  /** Undefined while the issuer does not answer. */
  readonly rails: readonly string[] | undefined;
  /** Purchases in state `pending`. */
  readonly pending: readonly EntryView[];
}

export interface CurrenciesView {
  readonly all: readonly CurrencyView[];
  /** Further currencies of the host's issuers, which the wallet does not know. */
  readonly offered: readonly CurrencyView[];
}

export interface BankDesk {
  readonly purses: readonly PurseView[];
  readonly currency: string;
  /** Undefined while the issuer does not answer. */
  readonly bank: BankView | undefined;
}

/** The titles of a member; `said`: what the servers said of those that are held no more, in English. */
export interface TitlesDesk {
  readonly view: TitlesView;
  readonly said: readonly string[];
}

export interface GiveDesk {
  readonly view: TitlesView;
  /** The id of the class that is given; empty when there is none. */
  readonly titleClass: string;
}

export interface VerifyDesk {
  readonly classes: readonly TitleClassView[];
  /** Undefined before anything was asked. */
  readonly looks: readonly TitleLookView[] | undefined;
}

export interface HistoryView {
  readonly entries: Listing<EntryView>;
  readonly search: string;
}
