/** The forms of letters and money. */
import { Objection, object } from '../../host/objections.ts';
import {
  BuyInput,
  CurrencyInput,
  InvoiceInput,
  LookInput,
  PayInput,
  PayOutInput,
  RedeemInput,
  TakeInput,
} from '../../host/schemas.ts';
import type { OpenMember } from '../../host/open-member.ts';
import type { CurrencyView, EntryView, LetterView } from '../../host/schemas.ts';
import { addPage, offerPage } from '../../pages/pages.ts';
import type { DoneKey } from '../../pages/texts/index.ts';
import { goOn, shown } from './answers.ts';
import type { Answer } from './answers.ts';
import { coins, currencyOf, money, text } from './fields.ts';
import type { Fields } from './fields.ts';
import { stackFile } from './files.ts';
import { members, open } from './form.ts';
import type { Counted, Form } from './form.ts';
import { withInput } from './inputs.ts';
import { isMailed, mailing } from './mailed.ts';
import { idOf } from './pages.ts';
import type { Site } from './site.ts';
import { addressOf, lookOf, ownPath } from './visit.ts';
import type { MemberVisit, Visit } from './visit.ts';

export const MONEY_FORMS: readonly Form[] = [
  members({ path: '/compose', isOnce: true, again: '/compose', counts: count('pay') }, pay),
  members({ path: '/sent/:id/takeback', isOnce: true, again: '/sent/:id' }, (visit) =>
    thenLetter(visit, visit.member.takeBack(idOf(visit))),
  ),
  members({ path: '/sent/:id/mail', again: '/sent/:id' }, (visit) => thenLetter(visit, mailAgain(visit))),
  members(
    { path: '/inbox/:id/take', isOnce: true, again: '/inbox/:id', counts: count('currency') },
    (visit) => thenLetter(visit, visit.member.takeLetter(idOf(visit))),
  ),
  members({ path: '/inbox/:id/remove', again: '/inbox/:id' }, (visit, fields) =>
    remove(visit, '/inbox', text(fields, 'confirmed') === 'yes'),
  ),
  members({ path: '/sent/:id/remove', again: '/sent/:id' }, (visit) => remove(visit, '/sent')),

  open({ path: '/receive/look', again: '/receive', counts: lookCounts }, look),
  members({ path: '/receive/take', isOnce: true, again: '/receive', counts: count('pay') }, take),
  open({ path: '/receive/file', again: '/receive', counts: lookCounts }, saveAsFile),

  members({ path: '/request', isOnce: true, again: '/request', counts: count('pay') }, ask),
  members({ path: '/request/:id/withdraw', again: '/request/:id' }, async (visit) => {
    const invoice = await visit.member.withdraw(idOf(visit));
    return invoice instanceof Objection ? invoice : goOn('/request', 'withdrawn');
  }),
  members({ path: '/pay/:id', isOnce: true, again: '/pay/:id', counts: count('pay') }, async (visit) =>
    paid(visit, await visit.member.payInvoice(idOf(visit))),
  ),
  open({ path: '/pay/:id/coins', again: '/pay/:id', counts: lookCounts }, async (visit, fields) => {
    const given = coins(fields);
    if (given instanceof Objection) return given;
    return paid(visit, await visit.site.host.payInvoiceWith(idOf(visit), given));
  }),

  members({ path: '/buy', isOnce: true, again: '/buy', counts: count('pay') }, buy),
  members({ path: '/redeem', isOnce: true, again: '/redeem', counts: count('pay') }, redeem),
  members({ path: '/payout', isOnce: true, again: '/payout', counts: count('pay') }, payOut),
  members({ path: '/purse/doubt', again: '/purse', counts: count('currency') }, clearDoubt),
  members({ path: '/currencies', again: '/currencies', counts: count('currency') }, currencies),
];

function count(kind: 'pay' | 'currency') {
  return ({ member }: MemberVisit): Counted => [[kind, member.id]];
}

function lookCounts({ site, request }: Visit): Counted {
  return [['look', addressOf(site, request)]];
}

async function pay(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const sum = money(visit, fields);
  if (sum instanceof Objection) return sum;
  const given = {
    ...sum,
    to: text(fields, 'to').trim(),
    subject: text(fields, 'subject').trim(),
    // Browsers write line breaks as two characters.
    text: text(fields, 'text').replaceAll('\r\n', '\n'),
  };
  const once = text(fields, 'once').slice(0, 64);
  const paying = () => withInput(PayInput, given, (input) => visit.member.pay(input, once));
  const { site, member } = visit;
  return thenLetter(visit, isMailed(site, given.to) ? mailing(visit, member.id, given.to, paying) : paying());
}

async function mailAgain(visit: MemberVisit): Promise<LetterView | Objection> {
  const { member } = visit;
  const letter = member.letter(idOf(visit));
  if (letter instanceof Objection) return letter;
  return mailing(visit, member.id, letter.to, () => member.mailAgain(letter.id));
}

/** On to a letter, with what has just become of it. */
async function thenLetter({ site }: Visit, done: Promise<LetterView | Objection>): Promise<Answer> {
  const letter = await done;
  return letter instanceof Objection
    ? letter
    : goOn(`/${letter.folder}/${letter.id}`, whatBecame(site, letter));
}

/** Undefined where the letter itself says what is the matter. */
function whatBecame(
  { hasMailServer }: Site,
  { state, folder, way, reason }: LetterView,
): DoneKey | undefined {
  if (state === 'taken back') return 'takenBack';
  if (state === 'refused') return undefined;
  if (state === 'arriving') return 'onTheWay';
  if (folder === 'inbox') return state === 'taken' ? 'taken' : undefined;
  if (way === 'mail' && reason !== '') return undefined;
  if (way === 'mail') return hasMailServer ? 'mailed' : 'mailLaid';
  return way === 'link' ? 'link' : 'sent';
}

async function remove(visit: MemberVisit, folder: '/inbox' | '/sent', confirmed = false): Promise<Answer> {
  const removed = await visit.member.removeLetter(idOf(visit), confirmed);
  return removed instanceof Objection ? removed : goOn(folder, 'removed');
}

/** The offer is an answer and no page with an address: what it is about is worth money to whoever reads it. */
async function look(visit: Visit, fields: Fields): Promise<Answer> {
  const given = coins(fields);
  if (given instanceof Objection) return given;
  const { site, member } = visit;
  const offer = await withInput(LookInput, { text: given }, (input) =>
    member === undefined ? site.host.look(input) : member.look(input),
  );
  return offer instanceof Objection ? offer : shown(offerPage(lookOf(visit), offer, given));
}

async function take(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const given = { text: text(fields, 'text'), accept: text(fields, 'accept') === 'yes' };
  return thenLetter(
    visit,
    withInput(TakeInput, given, (input) => visit.member.receive(input)),
  );
}

async function saveAsFile(visit: Visit, fields: Fields): Promise<Answer> {
  const given = { text: text(fields, 'text') };
  const stack = await withInput(LookInput, given, (input) => visit.site.host.coinsIn(input));
  return stack instanceof Objection ? stack : stackFile(stack);
}

async function ask(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const sum = money(visit, fields);
  if (sum instanceof Objection) return sum;
  const given = { ...sum, subject: text(fields, 'subject').trim() };
  const invoice = await withInput(InvoiceInput, given, (input) => visit.member.ask(input));
  return invoice instanceof Objection ? invoice : goOn(`/request/${invoice.id}`, 'requested');
}

function paid(visit: Visit, letter: LetterView | Objection): Answer {
  if (letter instanceof Objection) return letter;
  if (letter.state === 'refused') return object('not possible', letter.reason);
  return goOn(`/pay/${idOf(visit)}`, letter.state === 'arriving' ? 'onTheWay' : 'paid');
}

async function buy(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const rail = text(fields, 'rail');
  const currency = currencyOf(visit, fields);
  if (currency instanceof Objection) return currency;
  const isOpen = rail === 'voucher' && text(fields, 'amount').trim() === '';
  const sum = isOpen ? { currency: currency.id, amount: 0 } : money(visit, fields);
  if (sum instanceof Objection) return sum;
  const voucher = rail === 'voucher' ? text(fields, 'voucher').trim() : '';
  const entry = await withInput(BuyInput, { ...sum, rail, voucher }, (input) => visit.member.buy(input));
  return thenEntry(
    entry,
    { to: '/purse', done: 'bought' },
    { to: `/buy?currency=${currency.id}`, done: 'ordered' },
  );
}

async function redeem(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const sum = money(visit, fields);
  if (sum instanceof Objection) return sum;
  const where = text(fields, 'to');
  const payee = text(fields, 'payee').trim();
  const to = { account: 'account', other: payee, none: '' }[where];
  if (to === undefined || (where === 'other' && payee === '')) return object('unreadable', 'payee');
  const entry = await withInput(RedeemInput, { ...sum, to }, (input) => visit.member.redeem(input));
  return thenEntry(entry, { to: `/redeem?currency=${sum.currency}`, done: 'redeemed' });
}

async function payOut(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const sum = money(visit, fields);
  if (sum instanceof Objection) return sum;
  const given = { ...sum, to: text(fields, 'to').trim() };
  const entry = await withInput(PayOutInput, given, (input) => visit.member.payOut(input));
  return thenEntry(entry, { to: `/payout?currency=${sum.currency}`, done: 'paidOut' });
}

interface Then {
  readonly to: string;
  readonly done: DoneKey;
}

/** On to where an entry shows, once it is done or while it is pending. */
function thenEntry(
  entry: EntryView | Objection,
  done: Then,
  pending: Then = { ...done, done: 'onTheWay' },
): Answer {
  if (entry instanceof Objection) return entry;
  if (entry.state === 'refused') return object('not possible', entry.reason);
  const then = entry.state === 'pending' ? pending : done;
  return goOn(then.to, then.done);
}

async function currencies(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const { member } = visit;
  const next = ownPath(visit, text(fields, 'next'), '/currencies');
  const given = { url: text(fields, 'url').trim(), acceptKeys: text(fields, 'accept') === 'yes' };
  if (text(fields, 'do') === 'restore') {
    const restored = await withInput(CurrencyInput, given, ({ url }) => member.restoreCurrency(url));
    if (restored instanceof Objection) return restored;
    // The purse says what is doubtful, and what to do.
    return goOn(restored.doubtful > 0 ? '/purse' : next, restored.amount > 0 ? 'restored' : 'noneRestored');
  }
  const unread = given.acceptKeys
    ? undefined
    : await withInput(CurrencyInput, given, ({ url }) => unreadAt(member, url, text(fields, 'seen')));
  if (unread instanceof Objection) return unread;
  if (unread !== undefined) return shown(addPage(lookOf(visit), unread, { next }));
  const added = await withInput(CurrencyInput, given, (input) => member.addCurrency(input));
  return added instanceof Objection ? added : goOn(next, 'added');
}

async function clearDoubt(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const currency = currencyOf(visit, fields);
  if (currency instanceof Objection) return currency;
  const cleared = await visit.member.clearDoubt(currency.id);
  if (cleared instanceof Objection) return cleared;
  return goOn('/purse', cleared.amount === 0 && cleared.gone > 0 ? 'doubtGone' : 'doubtCleared');
}

/** The currency at an address, where its promises were not read yet; `seen` is the id of the one whose were. */
async function unreadAt(
  member: OpenMember,
  url: string,
  seen: string,
): Promise<CurrencyView | undefined | Objection> {
  const found = await member.offers(url);
  if (found instanceof Objection) return found;
  const isKnown = (id: string) => member.currencies().some((each) => each.id === id);
  return found.find(({ id }) => id !== seen && !isKnown(id));
}
