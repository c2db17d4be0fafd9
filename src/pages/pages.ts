/** Every page there is. */
import type {
  AccountView, CurrencyView, InvoiceView, LetterView, OfferView } from '../host/schemas.ts';
import type { Objection } from '../host/objections.ts';
import type { Html, Look, Values } from './look.ts';
import type { BankDesk, BuyDesk, CodesView, FolderView, HistoryView, PayView, PurseDesk, RequestsView } from './views.ts';

const notYet = (): never => { throw new Error('not yet'); };

// Values that every sign-in and sign-up form carries along when given: `text` (coins being offered) and `next` (a local path to go on to).
export const welcomePage: (look: Look, values: Values) => Html = notYet;              // GET /  (signed out): POST /signin name password text next
export const signInPage: (look: Look, values: Values) => Html = notYet;               // GET /signin
export const signUpPage: (look: Look, values: Values) => Html = notYet;               // GET /signup: POST name password phrase text next
export const secondFactorPage: (look: Look, view: { name: string }, values: Values) => Html = notYet; // GET /signin/passkey
export const recoverPage: (look: Look, values: Values) => Html = notYet;              // POST /recover: name phrase password
export const wordsPage: (look: Look, view: { phrase: string; isNew: boolean }, values: Values) => Html = notYet; // isNew: form POST /words (written=yes, text, next); else shown on request
export const signedOutPage: (look: Look) => Html = notYet;
export const closedPage: (look: Look) => Html = notYet;                               // after the account was closed
export const errorPage: (look: Look, objection: Objection) => Html = notYet;          // any objection; also 404 by object('unknown')
export const notFoundPage: (look: Look) => Html = notYet;

export const inboxPage: (look: Look, view: FolderView) => Html = notYet;              // GET /inbox, /inbox/:id (view.letter)
export const sentPage: (look: Look, view: FolderView) => Html = notYet;               // GET /sent, /sent/:id
export const notePage: (look: Look, letter: LetterView) => Html = notYet;             // letter.link must not be empty
export const codesPage: (look: Look, view: CodesView) => Html = notYet;
export const composePage: (look: Look, purses: PurseDesk['purses'], values: Values) => Html = notYet; // POST /compose: to currency amount subject text once

export const receivePage: (look: Look, values: Values) => Html = notYet;              // POST /receive/look multipart: text, file
export const offerPage: (look: Look, offer: OfferView, text: string) => Html = notYet;// POST /receive/take: text accept=yes?; POST /receive/file: text → download .oc
export const requestsPage: (look: Look, view: RequestsView, values: Values) => Html = notYet; // POST /request: currency amount subject once
export const requestPage: (look: Look, invoice: InvoiceView) => Html = notYet;        // GET /request/:id (own); POST /request/:id/withdraw
export const payPage: (look: Look, view: PayView, values: Values) => Html = notYet;   // POST /pay/:id: once; POST /pay/:id/coins multipart: text, file; POST /currencies: url next

export const pursePage: (look: Look, view: PurseDesk) => Html = notYet;
export const historyPage: (look: Look, view: HistoryView) => Html = notYet;           // GET /history?search=&page=; /history.csv?search=
export const buyPage: (look: Look, view: BuyDesk, values: Values) => Html = notYet;   // GET /buy?currency=; POST /buy: currency amount rail voucher once
export const redeemPage: (look: Look, view: BankDesk, values: Values) => Html = notYet; // GET /redeem?currency=; POST: currency amount to=account|other|none payee once
export const payOutPage: (look: Look, view: BankDesk, values: Values) => Html = notYet; // GET /payout?currency=; POST: currency amount to once
export const currenciesPage: (look: Look, currencies: readonly CurrencyView[], values: Values) => Html = notYet; // POST /currencies: url accept=yes? next do=add|restore
export const settingsPage: (look: Look, view: { account: AccountView; hasMoney: boolean }, values: Values) => Html = notYet;
export const tokenPage: (look: Look, view: { label: string; secret: string }) => Html = notYet; // after POST /settings/tokens
