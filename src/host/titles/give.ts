/**
 * Giving titles: a letter says what is meant, then the wallet transfers under the letter's name, then the handover goes to
 * whom it is for. Each step may be asked for again: the wallet does once what it is asked for with the same reference.
 */
import { isAmount } from '../../base/amount.ts';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { ADDRESS_PREFIX, readAddress } from '../../title/wallet/address.ts';
import type { TitleClassView, TitleOperationView, TitleWallet } from '../../title/wallet/facade.ts';
import { readHandover } from '../../title/wallet/handover.ts';
import { newId } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { newLetter, rowTime, writeLetter } from '../letter-record.ts';
import type { LetterRecord, TitleParcel } from '../letter-record.ts';
import { HOST_LIMITS } from '../limits.ts';
import { handleOf } from '../members/names.ts';
import { Objection, object, passTitle } from '../objections.ts';
import { tell } from '../tell.ts';
import type { GiveInput } from './schemas.ts';

/** A letter that brings titles. */
export type TitleLetter = LetterRecord & { readonly titles: TitleParcel };

export function isTitleLetter(letter: LetterRecord): letter is TitleLetter {
  return letter.titles !== null;
}

/**
 * Gives titles, or an amount of a class, to a name or to an address. What is asked for twice with the same `once` is done
 * once, after a crash too; empty: each time. Objects 'not ready' where there is no address of whom it is for.
 */
export async function give(
  desk: Desk,
  titles: TitleWallet,
  input: GiveInput,
  once: string,
): Promise<LetterRecord | Objection> {
  const { letters, context } = desk;
  const id = once === '' ? newId(desk) : letterIdOf(desk, once);
  const before = letters.known(id);
  if (before !== undefined) {
    if (!isTitleLetter(before) || !saysTheSame(before, input))
      return object('reference reused', 'something else was given under the same name');
    // The program may have ended between the letter and the transfer.
    return before.state === 'arriving' ? transfer(desk, titles, before) : before;
  }
  if (letters.folder('sent').length >= HOST_LIMITS.letters) return object('full', 'your letters');
  const meant = meaning(titles, input);
  if (meant instanceof Objection) return meant;
  const to = await recipientOf(desk, input.to.trim(), meant.titleClass.server);
  if (to instanceof Objection) return to;
  const letter = newLetter({
    ...{ id, folder: 'sent', time: context.parts.clock(), from: desk.row().name },
    ...{ way: to.way, to: to.name, recipient: to.member, state: 'arriving', isNamed: once !== '' },
    ...{ subject: input.subject, text: input.text, amount: meant.amount },
    ...classOf(titles, meant.titleClass),
    titles: { server: meant.titleClass.server, serials: input.serials, address: to.address, handover: '' },
  });
  return transfer(desk, titles, (await letters.put(letter)) as TitleLetter);
}

/** Why something was refused, as a letter says it. */
export function titleReason({ details, next }: Refusal): string {
  return details === '' ? next : details;
}

/** What a letter says of the class of its titles. */
export function classOf(
  titles: TitleWallet,
  { id, name, server }: TitleClassView,
): Pick<LetterRecord, 'currency' | 'currencyName' | 'divisor' | 'location'> {
  const location = titles.servers().find((each) => each.id === server)?.url ?? '';
  return { currency: id, currencyName: name, divisor: 1, location };
}

function letterIdOf(desk: Desk, once: string): string {
  return desk.context.parts.secrets.hash(utf8(`give ${desk.row().id} ${once}`)).slice(0, 32);
}

function saysTheSame(
  letter: TitleLetter,
  { to, titleClass, serials, amount, subject, text }: GiveInput,
): boolean {
  const isTo = isAddress(to)
    ? letter.titles.address === to.trim()
    : handleOf(letter.to) === handleOf(nameIn(to));
  const isWhat =
    serials.length === 0
      ? letter.titles.serials.length === 0 && letter.amount === amount
      : String(sorted(serials)) === String(sorted(letter.titles.serials));
  return (
    isTo && isWhat && letter.currency === titleClass && letter.subject === subject && letter.text === text
  );
}

function sorted(serials: readonly number[]): number[] {
  return [...serials].sort((left, right) => left - right);
}

interface Meaning {
  readonly titleClass: TitleClassView;
  readonly amount: LetterRecord['amount'];
}

/** What is given, as far as it is held. */
function meaning(titles: TitleWallet, input: GiveInput): Meaning | Objection {
  const held = input.serials.flatMap(
    (serial) => titles.title({ titleClass: input.titleClass, serial }) ?? [],
  );
  const [first = titles.titles().find((each) => each.titleClass.id === input.titleClass)] = held;
  if (first === undefined) return object('too few titles', 'you hold none of this class');
  const { titleClass } = first;
  const { serials, amount } = input;
  if ((serials.length === 0) === (amount === 0)) {
    return object('no title chosen', 'either titles by their numbers, or an amount');
  }
  if (serials.length === 0) return isAmount(amount) ? { titleClass, amount } : object('bad title amount');
  const chosen = held.filter(({ state }) => state === 'held');
  if (chosen.length !== serials.length)
    return object('too few titles', 'some of these are not yours, or leaving');
  const worth = chosen.reduce((total, { denomination }) => total + denomination, 0);
  return isAmount(worth) ? { titleClass, amount: worth } : object('bad title amount');
}

interface Recipient {
  readonly way: 'name' | 'address';
  readonly name: string;
  /** The id of the member; empty where it is an address. */
  readonly member: string;
  readonly address: string;
}

/** No name is as long as an address. What begins like one is one, however little of it is there: no name stands in for the rest. */
function isAddress(to: string): boolean {
  return to.trim().startsWith(ADDRESS_PREFIX) || nameIn(to).length > HOST_LIMITS.name;
}

function nameIn(to: string): string {
  return to.trim().split('@')[0] ?? '';
}

async function recipientOf(desk: Desk, to: string, server: string): Promise<Recipient | Objection> {
  if (to === '') return object('no address');
  if (isAddress(to)) return recipientAt(to, server);
  const { store, url } = desk.context.parts;
  const [name = '', host] = to.split('@');
  const isHere =
    host === undefined || [new URL(url).hostname, new URL(url).host].includes(host.toLowerCase());
  if (!isHere || name === '') return object('no address');
  const member = await store.memberNamed(handleOf(name));
  if (member === undefined) return object('no such recipient');
  if (member.id === desk.row().id) return object('to yourself');
  if (desk.context.transits.isClosing(member.id)) return object('no such recipient');
  const full = await desk.context.transits.roomFor(member.id, desk.row().id);
  if (full !== undefined) return full;
  const address = await store.takeTitleAddress(member.id, server);
  if (address === undefined) return object('not ready', member.name);
  return { way: 'name', name: member.name, member: member.id, address };
}

function recipientAt(address: string, server: string): Recipient | Objection {
  const read = readAddress(address);
  if (read instanceof Refusal) return object('bad title address', read.details);
  if (read.server !== undefined && read.server !== server) return object('other title server');
  return { way: 'address', name: '', member: '', address };
}

/** Transfers what a letter says, and goes on with it. Objects where nothing was transferred; then the letter is gone. */
async function transfer(
  desk: Desk,
  titles: TitleWallet,
  letter: TitleLetter,
): Promise<LetterRecord | Objection> {
  const { id, currency, amount, titles: parcel } = letter;
  const wanted = parcel.serials.map((serial) => ({ titleClass: currency, serial }));
  const given =
    wanted.length === 0
      ? await titles.pay(currency, amount, parcel.address, id)
      : await titles.give({ titles: wanted, to: parcel.address, reference: id });
  const operation = operationOf(titles, id);
  if (given instanceof Refusal && (operation === undefined || operation.state === 'refused')) {
    // What was signed shows the address: the next giver's is not to be known by it.
    if (operation === undefined) await giveBackAddress(desk, letter);
    await desk.letters.remove(id);
    return passTitle(given);
  }
  return follow(desk, titles, letter);
}

/** Nothing was signed that names it: it is ready again. */
async function giveBackAddress({ context }: Desk, { recipient, titles }: TitleLetter): Promise<void> {
  const { store } = context.parts;
  if (recipient === '' || (await store.member(recipient)) === undefined) return;
  await store.putTitleAddress({
    ...{ member: recipient, server: titles.server, address: titles.address },
    use: 'ready',
  });
}

function operationOf(titles: TitleWallet, reference: string): TitleOperationView | undefined {
  return titles.operations().find((each) => each.reference === reference);
}

/**
 * Brings a sent letter to where its transfer is: one of which the wallet knows nothing was never transferred, and goes. What
 * is transferred is delivered, or is there to be handed over.
 */
export async function follow(desk: Desk, titles: TitleWallet, letter: TitleLetter): Promise<LetterRecord> {
  if (letter.state !== 'arriving') return letter;
  const operation = operationOf(titles, letter.id);
  if (operation === undefined) {
    await desk.letters.remove(letter.id);
    return { ...letter, state: 'refused' };
  }
  if (operation.state === 'pending') return letter;
  if (operation.state === 'refused') {
    return desk.letters.put({ ...letter, state: 'refused', reason: operation.reason });
  }
  const handover = titles.handover(operation.number);
  if (handover instanceof Refusal) return desk.letters.put({ ...letter, reason: titleReason(handover) });
  const isThere = letter.way === 'address' || (await deliver(desk, letter, handover));
  const parcel = { ...letter.titles, given: serialsIn(handover), change: operation.change };
  return desk.letters.put({
    ...letter,
    ...{ reason: '', state: isThere ? 'arrived' : 'not taken', titles: parcel },
  });
}

/** Which titles a handover is of. */
function serialsIn(handover: string): readonly number[] {
  const read = readHandover(handover);
  return read instanceof Refusal ? [] : read.proofs.map(({ holding }) => holding.serial);
}

/** Puts the handover into the inbox of whom it is for, once; false: they are no member any more, or about to be none. */
async function deliver(desk: Desk, letter: TitleLetter, handover: string): Promise<boolean> {
  const { parts } = desk.context;
  const to = await parts.store.member(letter.recipient);
  if (to === undefined || desk.context.transits.isClosing(to.id)) return false;
  const id = desk.inboxId(letter.id);
  if ((await parts.store.letter(to.id, id)) !== undefined) return true;
  const { from, subject, text, currency, currencyName, divisor, location, amount } = letter;
  const { server } = letter.titles;
  const record = newLetter({
    ...{ id, folder: 'inbox', way: 'name', time: parts.clock(), from, to: to.name, subject, text },
    ...{ currency, currencyName, divisor, location, amount, state: 'arrived', isRead: false },
    titles: { server, serials: [], address: '', handover },
  });
  const sealed = await parts.secrets.sealTo(to.recipient, writeLetter(to.id, record));
  const row = { id, member: to.id, folder: 'inbox', time: rowTime(record.time), sealed } as const;
  if (!(await parts.store.putLetter({ ...row, sealedTo: 'recipient' }))) return false;
  desk.context.transits.brought(desk.row().id, to.id, id, sealed.length);
  tell(desk.context, to.id, id);
  return true;
}

/** What the recipient of a sent letter needs; objects 'no letter' for what is none of titles that were transferred. */
export function handoverOf(desk: Desk, titles: TitleWallet, id: string): string | Objection {
  const letter = desk.letters.get(id);
  const operation = operationOf(titles, id);
  if (letter === undefined || !isTitleLetter(letter) || operation === undefined) return object('no letter');
  const handover = titles.handover(operation.number);
  return handover instanceof Refusal ? passTitle(handover) : handover;
}
