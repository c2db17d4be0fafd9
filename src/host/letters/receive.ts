/** Receiving by hand: a link, a text or a file becomes a letter of the inbox, and its coins come into the purse. */
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import type { CurrencyInfo } from '../../wallet/wallet.ts';
import { coinIdsOf } from '../money/coins.ts';
import { isKnown, knownCurrency } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { moneyOf, newLetter } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import { HOST_LIMITS } from '../limits.ts';
import { find } from './look.ts';
import type { Found } from './look.ts';
import { Objection, object, passOn } from '../objections.ts';
import type { TakeInput } from '../schemas.ts';
import { takeBack } from './sent.ts';
import { makeKnown, take } from './take.ts';
import { tell } from '../tell.ts';

/**
 * Takes coins: a letter in state 'taken', or 'arriving' while the issuer does not answer. Own coins that nobody took come
 * back; their letter is the one that was sent. Objects 'not confirmed' where the currency is not known and not accepted.
 */
export async function receive(desk: Desk, { text, accept }: TakeInput): Promise<LetterRecord | Objection> {
  const coins = await find(desk.context, text);
  if (coins instanceof Objection) return coins;
  const sent = desk.wallet.sentAs(coins.stack);
  if (!(sent instanceof Refusal)) {
    const letter = desk.letters.ofOperation(sent);
    if (letter !== undefined) return takeBack(desk, letter);
  }
  const id = receivedId(desk, coins);
  const before = desk.letters.get(id);
  if (before?.stack === null) return before;
  const { currency, location } = coins.claim;
  if (!isKnown(desk, currency) && !accept) return object('not confirmed', location);
  const objection = await makeKnown(desk, currency, location);
  if (objection !== undefined) return objection;
  const info = knownCurrency(desk, currency);
  if (info instanceof Objection) return info;
  if (before === undefined && broughtByHand(desk) >= HOST_LIMITS.letters)
    return object('full', 'your letters');
  const letter = before ?? (await desk.letters.put(received(desk, id, coins, info)));
  const { letter: after, refusal } = await take(desk, letter);
  if (coins.drop !== undefined && after.state !== 'arriving') {
    tell(desk.context, coins.drop.member, coins.drop.letter);
  }
  return refusal === undefined || refusal.temporary ? after : passOn(refusal);
}

/** Letters that the member brought in: however many others send, these have a room of their own. */
function broughtByHand({ letters }: Desk): number {
  return letters.folder('inbox').filter(({ way }) => way === 'link').length;
}

/** The same coins make the same letter of the same member, however often they are brought. */
function receivedId(desk: Desk, { stack }: Found): string {
  return desk.context.parts.secrets.hash(utf8([desk.row().id, ...coinIdsOf(stack)].join(' '))).slice(0, 32);
}

function received(desk: Desk, id: string, coins: Found, info: CurrencyInfo): LetterRecord {
  const { claim, from, text, stack, drop } = coins;
  return newLetter({
    ...moneyOf(info, claim.amount),
    ...{ id, folder: 'inbox', way: 'link', from, to: '', subject: stack.subject, text, state: 'arriving' },
    ...{ time: desk.context.parts.clock(), stack, drop: drop?.id ?? '' },
  });
}
