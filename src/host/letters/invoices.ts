/** Requests for money: whoever has the link can pay, once. */
import { amount as amountOf, isAmount } from '../../base/amount.ts';
import { utf8 } from '../../base/bytes.ts';
import { writeDate } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { coinIdsOf } from '../money/coins.ts';
import type { HostContext } from '../context.ts';
import { knownCurrency, newId } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { letterView, newLetter } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import { HOST_LIMITS } from '../limits.ts';
import { find } from './look.ts';
import type { Found } from './look.ts';
import { Objection, object, passOn } from '../objections.ts';
import { payTo } from './pay.ts';
import type { InvoiceInput, InvoiceView, LetterView } from '../schemas.ts';
import type { InvoiceRow, MemberRow } from '../state.ts';
import { tell } from '../tell.ts';
import type { Delivered } from './transits.ts';

/** What an invoice shows of its currency. */
interface Naming {
  readonly name: string;
  readonly divisor: number;
}

/** A request for money, for whoever has its link; `member`: who looks, empty for somebody who is not signed in. */
export async function invoiceOf(
  context: HostContext,
  id: string,
  member: string,
): Promise<InvoiceView | Objection> {
  const found = await open(context, id);
  if (found instanceof Objection) return found;
  const { row, payee } = found;
  const info = await context.transits.issuers.describe(row.currency, row.location);
  return info instanceof Refusal ? passOn(info) : viewOf(context, row, payee, info, member);
}

async function open(
  { parts }: HostContext,
  id: string,
): Promise<{ readonly row: InvoiceRow; readonly payee: MemberRow } | Objection> {
  const row = await parts.store.invoice(id);
  const payee = row === undefined ? undefined : await parts.store.member(row.member);
  return row === undefined || payee === undefined ? object('no invoice') : { row, payee };
}

function viewOf(
  { parts }: HostContext,
  row: InvoiceRow,
  payee: MemberRow,
  { name, divisor }: Naming,
  member: string,
): InvoiceView {
  const { id, currency, amount, subject, state, location } = row;
  return {
    ...{ id, currency, currencyName: name, divisor, amount, subject, location },
    state: state === 'paying' ? 'open' : state,
    from: payee.name,
    time: `${writeDate(row.created)}Z`,
    link: `${parts.url}pay/${id}`,
    isOwn: row.member === member,
  };
}

/** The same for a member, without asking anybody where the wallet knows the currency. */
export async function invoiceAs(desk: Desk, id: string): Promise<InvoiceView | Objection> {
  const found = await open(desk.context, id);
  if (found instanceof Objection) return found;
  const info = knownCurrency(desk, found.row.currency);
  const member = desk.row().id;
  if (info instanceof Objection) return invoiceOf(desk.context, id, member);
  return viewOf(desk.context, found.row, found.payee, info, member);
}

/** Makes a request for money in a currency that the wallet knows. */
export async function ask(desk: Desk, input: InvoiceInput): Promise<InvoiceView | Objection> {
  const { store, clock } = desk.context.parts;
  const info = knownCurrency(desk, input.currency);
  if (info instanceof Objection) return info;
  if (!isAmount(input.amount) || input.amount === 0) return object('bad amount');
  const member = desk.row().id;
  const unpaid = (await store.invoicesOf(member)).filter(
    ({ state }) => state === 'open' || state === 'paying',
  );
  if (unpaid.length >= HOST_LIMITS.openInvoices) return object('full', 'your open requests');
  const row: InvoiceRow = {
    ...{ id: newId(desk), member, currency: info.id, location: info.location },
    ...{ amount: input.amount, subject: input.subject, created: clock(), state: 'open', letter: '' },
  };
  await store.putInvoice(row);
  return viewOf(desk.context, row, desk.row(), info, member);
}

/** A member's own, newest first. */
export async function invoices(desk: Desk): Promise<readonly InvoiceView[]> {
  const rows = await desk.context.parts.store.invoicesOf(desk.row().id);
  return rows.map((row) => {
    const info = knownCurrency(desk, row.currency);
    const naming = info instanceof Objection ? { name: '', divisor: 1 } : info;
    return viewOf(desk.context, row, desk.row(), naming, desk.row().id);
  });
}

/** Takes a request back that nobody has paid or is paying. */
export async function withdraw(desk: Desk, id: string): Promise<InvoiceView | Objection> {
  return holding(desk.context, id, '', async ({ row, payee }) => {
    const member = desk.row().id;
    if (row.member !== member) return object('no invoice');
    const withdrawn = await desk.context.transits.claims.withdraw(id);
    if (withdrawn === undefined) return object('not open');
    const info = knownCurrency(desk, row.currency);
    const naming = info instanceof Objection ? { name: '', divisor: 1 } : info;
    return viewOf(desk.context, withdrawn, payee, naming, member);
  });
}

/** Pays a request out of the purse. A payment of the member's that is on its way already is the payment. */
export async function payInvoice(desk: Desk, id: string): Promise<LetterRecord | Objection> {
  const sent = desk.letters.folder('sent');
  const before = sent.find(({ invoice, state }) => invoice === id && state === 'arriving');
  if (before !== undefined) return before;
  return holding(desk.context, id, '', async ({ row, payee }) => {
    if (payee.id === desk.row().id) return object('to yourself');
    const currency = knownCurrency(desk, row.currency);
    if (currency instanceof Objection) return currency;
    const { amount, subject } = row;
    const to = { way: 'name', member: payee } as const;
    return payTo(desk, { to, currency, amount, subject, text: '', invoice: id });
  });
}

/** Somebody who is not signed in pays with coins of exactly the amount. The letter is shown as one that was sent. */
export async function payInvoiceWith(
  context: HostContext,
  id: string,
  text: string,
): Promise<LetterView | Objection> {
  const coins = await find(context, text);
  if (coins instanceof Objection) return coins;
  const opened = await open(context, id);
  if (opened instanceof Objection) return opened;
  const letterId = outsidersId(context, id, coins.stack);
  const { row, payee } = opened;
  const { claim, drop, stack } = coins;
  if (claim.currency !== row.currency || claim.amount !== row.amount) return object('other amount');
  const info = await context.transits.issuers.describe(row.currency, row.location);
  if (info instanceof Refusal) return passOn(info);
  const letter = outsidersLetter(context, coins, row, payee, info);
  const shown = (state: Delivered): LetterView => ({
    ...letterView({ ...letter, state }, context.parts.url, true),
    folder: 'sent',
  });
  // These very coins have paid it before.
  if (row.state === 'paid' && row.letter === letterId) return shown('arrived');
  return holding(context, id, letterId, async () => {
    const outcome = await context.transits.deliver({ to: payee, letter: { ...letter, stack }, sender: null });
    if (outcome instanceof Objection) return outcome;
    // While the coins are on their way they may still come to nothing: then the link has to lead to them.
    if (drop !== undefined && outcome === 'arrived') {
      await context.parts.store.removeDrop(drop.id);
      tell(context, drop.member, drop.letter);
    }
    return shown(outcome);
  });
}

/** The same coins for the same invoice are the same letter, however often they are brought. */
function outsidersId({ parts }: HostContext, invoice: string, stack: CoinStack): string {
  return parts.secrets.hash(utf8([invoice, ...coinIdsOf(stack)].join(' '))).slice(0, 32);
}

function outsidersLetter(
  context: HostContext,
  { stack, claim }: Found,
  row: InvoiceRow,
  payee: MemberRow,
  { name, divisor }: Naming,
): LetterRecord {
  const { currency, location, subject, id: invoice } = row;
  return newLetter({
    ...{ currency, location, currencyName: name, divisor, amount: amountOf(claim.amount) },
    id: outsidersId(context, row.id, stack),
    ...{ folder: 'inbox', way: 'name', time: context.parts.clock(), from: '', to: payee.name, isRead: false },
    ...{ subject, invoice, state: 'arriving' },
  });
}

/**
 * Does something with an invoice that is open, or that this letter is paying, and that nobody else pays or withdraws
 * meanwhile; objects 'not open' before anything is done.
 */
async function holding<Result>(
  context: HostContext,
  id: string,
  letter: string,
  work: (invoice: { readonly row: InvoiceRow; readonly payee: MemberRow }) => Promise<Result | Objection>,
): Promise<Result | Objection> {
  const { claims } = context.transits;
  if (!claims.hold(id)) return object('not open');
  try {
    const found = await open(context, id);
    if (found instanceof Objection) return found;
    return (await claims.isFree(found.row, letter)) ? await work(found) : object('not open');
  } finally {
    claims.release(id);
  }
}
