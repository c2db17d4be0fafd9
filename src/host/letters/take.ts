/** Taking what lies in the inbox into the purse. Each step may be asked for again, after a crash too. */
import { Refusal } from '../../base/refusal.ts';
import type { RefusalName } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { isKnown, knownCurrency } from '../desk.ts';
import type { Desk } from '../desk.ts';
import type { LetterRecord, Taken } from '../letter-record.ts';
import { Objection, object, passOn, passTitle } from '../objections.ts';
import { reasonOf } from './sent.ts';
import { takeTitles } from '../titles/take.ts';
import { carryAgain } from './transit.ts';

/** Refusals of coins that will never be good. On every other one the coins are kept and tried again. */
const HOPELESS: ReadonlySet<RefusalName> = new Set([
  'already spent',
  'bad signature',
  'expired',
  'malformed',
]);

/**
 * Takes a letter of the inbox as far as it goes now. One whose currency the wallet does not know stays 'arrived'; one
 * that this host is still bringing is left alone.
 */
export async function take(desk: Desk, letter: LetterRecord): Promise<Taken> {
  if (letter.transit === '') return takeCoins(desk, letter);
  const member = desk.row().id;
  const { parts, transits } = desk.context;
  if (transits.isAt(member, letter.id)) return { letter, refusal: undefined };
  // Whoever brought it may have been faster than what is in memory here.
  const current = await desk.letters.reread(letter.id);
  if (current === undefined) return { letter, refusal: undefined };
  if (current.transit === '' || current.stack === null) return takeCoins(desk, current);
  const fresh = await carryAgain(parts, transits.issuers, current, current.stack);
  if (fresh instanceof Refusal) return refused(desk, current, fresh);
  const arrived = { ...current, stack: fresh, transit: '', state: 'arrived', reason: '' } as const;
  return takeCoins(desk, await desk.letters.put(arrived));
}

async function takeCoins(desk: Desk, letter: LetterRecord): Promise<Taken> {
  const { stack, invoice, id } = letter;
  if (stack === null) return { letter, refusal: undefined };
  // The host may have died between a payment's arrival and this.
  if (invoice !== '') await desk.context.transits.claims.settle(invoice, id);
  if (!isKnown(desk, letter.currency)) return { letter, refusal: undefined };
  const number = await intoPurse(desk, stack);
  if (number instanceof Refusal) return refused(desk, letter, number);
  if (letter.drop !== '') await desk.context.parts.store.removeDrop(letter.drop);
  const taken = { ...letter, state: 'taken', reason: '', operation: number, stack: null } as const;
  return { letter: await desk.letters.put(taken), refusal: undefined };
}

/** The number of the operation by which the purse has the coins. */
async function intoPurse({ wallet }: Desk, stack: CoinStack): Promise<number | Refusal> {
  const before = wallet.takenAs(stack);
  if (before !== undefined) return before;
  const entry = await wallet.receive(stack);
  return entry instanceof Refusal ? entry : entry.number;
}

async function refused(desk: Desk, letter: LetterRecord, refusal: Refusal): Promise<Taken> {
  const isHopeless = HOPELESS.has(refusal.name);
  if (isHopeless && letter.drop !== '' && refusal.name === 'already spent') {
    await desk.context.parts.store.removeDrop(letter.drop);
  }
  if (isHopeless && letter.invoice !== '') {
    await desk.context.transits.claims.giveUp(letter.invoice, letter.id);
  }
  const reason = reasonOf(refusal);
  const state = isHopeless ? 'refused' : letter.state;
  if (reason === letter.reason && state === letter.state) return { letter, refusal };
  return { letter: await desk.letters.put({ ...letter, state, reason }), refusal };
}

/** Whether upkeep goes on with a letter. */
export function isWaiting({ folder, state, stack }: LetterRecord): boolean {
  return folder === 'inbox' && (state === 'arriving' || state === 'arrived') && stack !== null;
}

/** Takes a letter whose currency may not be known yet, or that was refused before: the person wants it. */
export async function takeLetter(desk: Desk, letter: LetterRecord): Promise<LetterRecord | Objection> {
  const { titles } = desk;
  if (letter.titles !== null) {
    if (titles === undefined) return letter;
    const { letter: after, refusal } = await takeTitles(desk, titles, letter);
    return refusal === undefined || refusal.temporary ? after : passTitle(refusal);
  }
  if (letter.stack === null) return letter;
  const known = await makeKnown(desk, letter.currency, letter.location);
  if (known !== undefined) return known;
  const { letter: after, refusal } = await take(desk, letter);
  return refusal === undefined || refusal.temporary ? after : passOn(refusal);
}

/** Adds a currency where it is not known; gives what stands in the way. */
export async function makeKnown(
  desk: Desk,
  currency: string,
  location: string,
): Promise<Objection | undefined> {
  if (isKnown(desk, currency)) return undefined;
  // Looked at first, so that nothing is added but what the coins say.
  const described = await desk.context.transits.issuers.describe(currency, location);
  if (described instanceof Refusal) return passOn(described);
  const info = await desk.wallet.add(location);
  if (info instanceof Refusal) return passOn(info);
  const known = knownCurrency(desk, currency);
  return known instanceof Objection
    ? object('distrusted', 'at the address in these coins there is another currency')
    : undefined;
}
