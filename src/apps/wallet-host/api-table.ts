/** What programs can do, one line a deed: the routes and the published description are both made of this. */
import Type from 'typebox';
import { HOST_LIMITS } from '../../host/limits.ts';
import { Objection } from '../../host/objections.ts';
import {
  AccountView,
  BankView,
  BuyInput,
  ClearedView,
  CurrencyInput,
  CurrencyView,
  EntryView,
  FoundView,
  InvoiceInput,
  InvoiceView,
  LetterView,
  LookInput,
  OfferView,
  Password,
  PayInput,
  PayOutInput,
  PurseView,
  RedeemInput,
  TakeInput,
} from '../../host/schemas.ts';
import { listing } from '../../pages/views.ts';
import { CoinStack } from '../../protocol/documents.ts';
import { forAnyone, forMembers, strict } from './api-route.ts';
import type { ApiRoute } from './api-route.ts';
import { TITLES } from './api-titles.ts';
import { isMailed, mailing } from './mailed.ts';

const Label = Type.String({ maxLength: 80 });
const WithPassword = strict({ password: Password });
const pageOf = (item: Type.TSchema) =>
  strict({ items: Type.Array(item), page: Type.Integer(), pages: Type.Integer() });

const LETTERS: readonly ApiRoute[] = [
  forMembers('GET', '/inbox', {
    what: 'Letters that came, newest first',
    query: { page: 'from 1; a page has 50' },
    output: pageOf(LetterView),
    run: async ({ member, query }) => listing(member.inbox(), Number(query('page') || 1)),
  }),
  forMembers('GET', '/sent', {
    what: 'Letters that were sent, newest first',
    query: { page: 'from 1; a page has 50' },
    output: pageOf(LetterView),
    run: async ({ member, query }) => listing(member.sent(), Number(query('page') || 1)),
  }),
  forMembers('GET', '/letters/:id', {
    what: 'One letter',
    output: LetterView,
    run: async ({ member, id }) => member.letter(id),
  }),
  forMembers('POST', '/letters/:id/read', {
    what: 'Mark a letter as read',
    run: ({ member, id }) => member.markRead(id),
  }),
  forMembers('DELETE', '/letters/:id', {
    what: 'Remove a letter that is settled; the money stays where it is. One in a currency that the wallet does not know goes with its coins',
    query: { confirmed: 'yes: to lose the coins of a letter in a currency that the wallet does not know' },
    run: ({ member, id, query }) => member.removeLetter(id, query('confirmed') === 'yes'),
  }),
  forMembers('POST', '/letters/:id/take-back', {
    what: 'Take back what was sent and nobody has taken',
    isOnce: true,
    output: LetterView,
    run: ({ member, id }) => member.takeBack(id),
  }),
  forMembers('POST', '/letters/:id/mail', {
    what: 'Send the e-mail of a letter again',
    output: LetterView,
    run: async (call) => {
      const { member, id } = call;
      const letter = member.letter(id);
      if (letter instanceof Objection) return letter;
      return mailing(call, member.id, letter.to, () => member.mailAgain(id));
    },
  }),
  forMembers('POST', '/letters/:id/take', {
    what: 'Take a letter in a currency that the wallet does not know yet, and add the currency',
    isOnce: true,
    output: LetterView,
    counts: () => ['currency'],
    run: ({ member, id }) => member.takeLetter(id),
  }),
  forMembers('GET', '/letters/:id/coins', {
    what: 'The coins of a sent letter that nobody has taken: what stands in an .oc file',
    output: CoinStack,
    run: async ({ member, id }) => member.stack(id),
  }),
];

const PAYING: readonly ApiRoute[] = [
  forMembers('POST', '/pay', {
    what: 'Pay to a name, by e-mail, or by a link for whoever has it',
    isOnce: true,
    input: PayInput,
    output: LetterView,
    counts: () => ['pay'],
    run: (call, input) => {
      const { site, member, once } = call;
      const paying = () => member.pay(input, once);
      return isMailed(site, input.to) ? mailing(call, member.id, input.to, paying) : paying();
    },
  }),
  forMembers('POST', '/look', {
    what: 'See what a link, a text or an .oc file holds',
    input: LookInput,
    output: OfferView,
    counts: () => ['look'],
    run: ({ member }, input) => member.look(input),
  }),
  forMembers('POST', '/receive', {
    what: 'Take what a link, a text or an .oc file holds',
    isOnce: true,
    input: TakeInput,
    output: LetterView,
    counts: () => ['pay'],
    run: ({ member }, input) => member.receive(input),
  }),
  forMembers('GET', '/invoices', {
    what: 'Requests for money, newest first',
    output: Type.Array(InvoiceView),
    run: ({ member }) => member.invoices(),
  }),
  forMembers('POST', '/invoices', {
    what: 'Request money',
    isOnce: true,
    input: InvoiceInput,
    output: InvoiceView,
    counts: () => ['pay'],
    run: ({ member }, input) => member.ask(input),
  }),
  forMembers('GET', '/invoices/:id', {
    what: 'A request, of whomever',
    output: InvoiceView,
    run: ({ member, id }) => member.invoice(id),
  }),
  forMembers('POST', '/invoices/:id/withdraw', {
    what: 'Withdraw a request of one’s own',
    output: InvoiceView,
    run: ({ member, id }) => member.withdraw(id),
  }),
  forMembers('POST', '/invoices/:id/pay', {
    what: 'Pay a request',
    isOnce: true,
    output: LetterView,
    counts: () => ['pay'],
    run: ({ member, id }) => member.payInvoice(id),
  }),
  forAnyone('GET', '/pay/:id', {
    what: 'A request, for whoever has its link',
    output: InvoiceView,
    run: ({ site, id }) => site.host.invoice(id),
  }),
  forAnyone('POST', '/pay/:id/coins', {
    what: 'Pay a request with coins of exactly its amount',
    input: LookInput,
    output: LetterView,
    run: ({ site, id }, { text }) => site.host.payInvoiceWith(id, text),
  }),
];

const MONEY: readonly ApiRoute[] = [
  forMembers('GET', '/purses', {
    what: 'What the wallet holds, and of which coins it consists',
    output: Type.Array(PurseView),
    run: async ({ member }) => member.purses(),
  }),
  forMembers('GET', '/history', {
    what: 'What was done, newest first',
    query: { search: 'only entries with this in them', page: 'from 1; a page has 50' },
    output: pageOf(EntryView),
    run: async ({ member, query }) =>
      listing(member.history(query('search').slice(0, HOST_LIMITS.subject)), Number(query('page') || 1)),
  }),
  forMembers('GET', '/currencies', {
    what: 'The currencies that the wallet knows',
    output: Type.Array(CurrencyView),
    run: async ({ member }) => member.currencies(),
  }),
  forMembers('GET', '/currencies/offered', {
    what: "Further currencies of the host's issuers that the wallet does not know; or with an address the one there. Nothing is added",
    query: { url: 'the address of a currency' },
    output: Type.Array(CurrencyView),
    counts: ({ query }) => (query('url') === '' ? [] : ['currency']),
    run: ({ member, query }) => member.offers(query('url').slice(0, HOST_LIMITS.url)),
  }),
  forMembers('POST', '/currencies', {
    what: 'Add a currency by its address, or go on with one that was stopped',
    input: CurrencyInput,
    output: CurrencyView,
    counts: () => ['currency'],
    run: ({ member }, input) => member.addCurrency(input),
  }),
  forMembers('POST', '/currencies/restore', {
    what: 'Look for coins of the twelve words in a currency',
    input: strict({ url: CurrencyInput.properties.url }),
    output: FoundView,
    counts: () => ['currency'],
    run: ({ member }, { url }) => member.restoreCurrency(url),
  }),
  forMembers('POST', '/currencies/:id/clear-doubt', {
    what: 'Use the doubtful coins of a currency: say this only if none of them was paid to somebody who has not brought it to the issuer yet. What was brought meanwhile is dropped first',
    output: ClearedView,
    counts: () => ['currency'],
    run: ({ member, id }) => member.clearDoubt(id),
  }),
  forMembers('GET', '/currencies/:id/rails', {
    what: 'The ways to pay for coins of a currency',
    output: Type.Array(Type.String()),
    run: ({ member, id }) => member.rails(id),
  }),
  forMembers('GET', '/currencies/:id/bank', {
    what: "The wallet's account at the currency's bank",
    output: BankView,
    run: ({ member, id }) => member.bank(id),
  }),
  forMembers('POST', '/buy', {
    what: 'Buy coins; pending until they are paid for',
    isOnce: true,
    input: BuyInput,
    output: EntryView,
    counts: () => ['pay'],
    run: ({ member }, input) => member.buy(input),
  }),
  forMembers('POST', '/redeem', {
    what: 'Give coins back to their issuer',
    isOnce: true,
    input: RedeemInput,
    output: EntryView,
    counts: () => ['pay'],
    run: ({ member }, input) => member.redeem(input),
  }),
  forMembers('POST', '/payout', {
    what: "Pay out money of the wallet's account at the bank",
    isOnce: true,
    input: PayOutInput,
    output: EntryView,
    counts: () => ['pay'],
    run: ({ member }, input) => member.payOut(input),
  }),
];

const ACCOUNT: readonly ApiRoute[] = [
  forMembers('GET', '/account', {
    what: 'Who this is, and what is signed in',
    output: AccountView,
    run: ({ member, session }) => member.account(session.hash),
  }),
  forMembers('POST', '/account/language', {
    what: "Choose a language; empty: the browser's",
    input: strict({ language: Type.String({ maxLength: 10 }) }),
    run: ({ member }, { language }) => member.setLanguage(language),
  }),
  forMembers('POST', '/account/password', {
    what: 'Change the password; browsers are signed out, tokens stay unless `endTokens` says so (the one that asks stays anyhow)',
    input: strict({ before: Password, after: Password, endTokens: Type.Optional(Type.Boolean()) }),
    counts: () => ['password'],
    run: ({ member, session }, { before, after, endTokens = false }) =>
      member.changePassword(before, after, session.hash, endTokens),
  }),
  forMembers('POST', '/account/words', {
    what: 'The twelve words',
    input: WithPassword,
    output: strict({ phrase: Type.String() }),
    counts: () => ['password'],
    run: async ({ member }, { password }) => {
      const phrase = await member.phrase(password);
      return phrase instanceof Objection ? phrase : { phrase };
    },
  }),
  forMembers('POST', '/account/second-factor', {
    what: 'Whether a passkey has to be shown with the password',
    input: strict({ on: Type.Boolean(), password: Password }),
    counts: () => ['password'],
    run: ({ member }, { on, password }) => member.setSecondFactor(on, password),
  }),
  forMembers('POST', '/account/passkeys/remove', {
    what: 'Remove a passkey; the last one ends the second factor',
    input: strict({ credential: Type.String({ maxLength: 2_000 }), password: Password }),
    counts: () => ['password'],
    run: ({ member }, { credential, password }) => member.removePasskey(credential, password),
  }),
  forMembers('POST', '/account/tokens', {
    what: 'A new token for a program: shown this once',
    input: strict({ label: Label, password: Password }),
    output: strict({ token: Type.String() }),
    counts: () => ['password'],
    run: async ({ member }, { label, password }) => {
      const token = await member.newToken(label, password);
      return token instanceof Objection ? token : { token };
    },
  }),
  forMembers('DELETE', '/account/sessions/:id', {
    what: 'Sign a browser or a program out',
    run: ({ member, id }) => member.endSession(id),
  }),
  forMembers('POST', '/account/files', {
    what: 'Take everything away as files: the coins leave the purse, and can be taken back until somebody has them',
    output: Type.Array(strict({ name: Type.String(), base64: Type.String() })),
    counts: () => ['take away'],
    run: async ({ member }) => {
      const files = await member.takeAway();
      if (files instanceof Objection) return files;
      return files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
    },
  }),
  forMembers('POST', '/account/close', {
    what: 'Close the wallet for good; what is still in it is lost where `confirmed` says so',
    input: strict({ password: Password, confirmed: Type.Boolean() }),
    counts: () => ['password'],
    run: ({ member }, { password, confirmed }) => member.closeAccount(password, confirmed),
  }),
];

export const API: readonly ApiRoute[] = [...LETTERS, ...PAYING, ...MONEY, ...TITLES, ...ACCOUNT];
