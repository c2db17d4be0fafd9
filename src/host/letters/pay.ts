/** Paying: an intention is kept, then the coins leave the purse, then they go to whom they are for. */
import { isAmount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import type { CurrencyInfo } from '../../wallet/wallet.ts';
import { toBase64url } from '../../base/base64url.ts';
import { knownCurrency, newId } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { DROP_KEY_BYTES } from './drops.ts';
import { moneyOf, newLetter } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import { HOST_LIMITS } from '../limits.ts';
import { handleOf } from '../members/names.ts';
import { Objection, object, passOn } from '../objections.ts';
import type { PayInput } from '../schemas.ts';
import { forward } from './sent.ts';
import type { MemberRow } from '../state.ts';

/** Whom a payment is for. file: nobody; its coins are for a file, and nothing of it lies at the host. */
export type Addressee =
  | { readonly way: 'name'; readonly member: MemberRow }
  | { readonly way: 'mail'; readonly address: string }
  | { readonly way: 'link' | 'file' };

export interface PayOrder {
  readonly to: Addressee;
  readonly currency: CurrencyInfo;
  readonly amount: Amount;
  readonly subject: string;
  readonly text: string;
  /** The invoice that it pays; empty where it pays none. */
  readonly invoice: string;
  /** The id of its letter, where the payment may be asked for twice; not that of a letter that is there. */
  readonly id?: string;
}

/**
 * Pays to a name, to an e-mail address, or to whoever will have the link. What is asked for twice with the same `once` is
 * paid once, after a crash too, and after its letter was removed; empty: each time. Objects 'reference reused' where the same
 * `once` was another payment.
 */
export async function pay(desk: Desk, input: PayInput, once: string): Promise<LetterRecord | Objection> {
  const id = once === '' ? newId(desk) : letterIdOf(desk, once);
  const before = desk.letters.known(id);
  const currency = knownCurrency(desk, input.currency);
  if (currency instanceof Objection) return currency;
  const { amount, subject, text } = input;
  if (!isAmount(amount) || amount === 0) return object('bad amount');
  const to = await addresseeOf(desk, input.to.trim());
  // What was paid stays so, although whom it was for has left since.
  if (to instanceof Objection) return before !== undefined && isToNobodyNow(before, input) ? before : to;
  const order = { to, currency, amount, subject, text, invoice: '' };
  if (before === undefined) return payTo(desk, { ...order, id });
  return saysTheSame(before, input) && isTo(before, to)
    ? before
    : object('reference reused', 'another payment was called the same');
}

/** The same for the same `once` of the same member. */
function letterIdOf(desk: Desk, once: string): string {
  return desk.context.parts.secrets.hash(utf8(`pay ${desk.row().id} ${once}`)).slice(0, 32);
}

function saysTheSame(letter: LetterRecord, { currency, amount, subject, text }: PayInput): boolean {
  return (
    letter.currency === currency &&
    letter.amount === amount &&
    letter.subject === subject &&
    letter.text === text
  );
}

function isTo(letter: LetterRecord, to: Addressee): boolean {
  return Object.entries(addressing(to)).every(([field, value]) => letter[field as 'to'] === value);
}

/** Whether a letter is this very payment, to a name that nobody has any more. */
function isToNobodyNow(letter: LetterRecord, input: PayInput): boolean {
  const [name = ''] = input.to.trim().split('@');
  return letter.way === 'name' && handleOf(letter.to) === handleOf(name) && saysTheSame(letter, input);
}

/** An e-mail address as far as it can be told by looking: RFC 5321 without quoted names and bare IP addresses. */
const ADDRESS =
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}]{2,63}$/u;

async function addresseeOf(desk: Desk, to: string): Promise<Addressee | Objection> {
  if (to === '') return { way: 'link' };
  const { store, url } = desk.context.parts;
  const [name = '', host] = to.split('@');
  const isHere =
    host === undefined || [new URL(url).hostname, new URL(url).host].includes(host.toLowerCase());
  if (!isHere || name === '') {
    return to.length <= HOST_LIMITS.to && ADDRESS.test(to)
      ? { way: 'mail', address: to }
      : object('bad address');
  }
  const member = await store.memberNamed(handleOf(name));
  if (member === undefined) return object('no such member');
  return member.id === desk.row().id ? object('to yourself') : { way: 'name', member };
}

/**
 * Pays. Objects where nothing was paid, or where it could not be delivered: then the coins are back, or a letter in state
 * 'refused' has them.
 */
export async function payTo(desk: Desk, order: PayOrder): Promise<LetterRecord | Objection> {
  const { letters, wallet, context } = desk;
  if (letters.folder('sent').length >= HOST_LIMITS.letters) return object('full', 'your letters');
  const { to } = order;
  const full = to.way === 'name' ? await context.transits.roomFor(to.member.id, desk.row().id) : undefined;
  if (full !== undefined) return full;
  const intended = await letters.put(intention(desk, order));
  const sent = await wallet.send(order.currency.id, order.amount, order.subject);
  if (sent instanceof Refusal) {
    await letters.remove(intended.id);
    return passOn(sent);
  }
  return forward(desk, await letters.put({ ...intended, operation: sent.entry.number }));
}

function intention(desk: Desk, order: PayOrder): LetterRecord {
  const { to, currency, amount, subject, text, invoice, id = newId(desk) } = order;
  const { randomness, clock } = desk.context.parts;
  const isDrop = to.way === 'mail' || to.way === 'link';
  return newLetter({
    ...moneyOf(currency, amount),
    ...{ id, folder: 'sent', time: clock(), from: desk.row().name, subject, text, invoice },
    ...addressing(to),
    isNamed: order.id !== undefined,
    key: isDrop ? toBase64url(randomness(DROP_KEY_BYTES)) : '',
    mail: to.way === 'mail' ? 'due' : 'none',
    state: 'arriving',
  });
}

/** What a letter says of whom it is for. */
function addressing(to: Addressee): Pick<LetterRecord, 'way' | 'to' | 'recipient'> {
  if (to.way === 'name') return { way: 'name', to: to.member.name, recipient: to.member.id };
  return to.way === 'mail'
    ? { way: 'mail', to: to.address, recipient: '' }
    : { way: 'link', to: '', recipient: '' };
}

/**
 * After a crash: gives every intention the operation that it came to, and removes those that came to none. Coins that
 * left the purse without any letter are given one. Asks nobody.
 */
export async function reconcile(desk: Desk): Promise<void> {
  const { letters, wallet } = desk;
  const lettered = new Set([...letters.all(), ...letters.gone()].map(({ operation }) => operation));
  const loose = wallet
    .history()
    .filter(({ kind, state, number }) => kind === 'send' && state === 'sent' && !lettered.has(number));
  const intended = letters
    .all()
    .filter(({ folder, operation, titles }) => folder === 'sent' && operation === 0 && titles === null);
  for (const letter of intended) {
    const at = loose.findIndex(
      ({ currency, amount, subject }) =>
        currency === letter.currency && amount === letter.amount && subject === letter.subject,
    );
    const [entry] = at === -1 ? [] : loose.splice(at, 1);
    if (entry === undefined) await letters.remove(letter.id);
    else await letters.put({ ...letter, operation: entry.number });
  }
  for (const { number, currency, amount, subject, started } of loose) {
    const info = knownCurrency(desk, currency);
    if (info instanceof Objection) continue;
    const order: PayOrder = { to: { way: 'file' }, currency: info, amount, subject, text: '', invoice: '' };
    await letters.put({ ...intention(desk, order), operation: number, state: 'not taken', time: started });
  }
}
