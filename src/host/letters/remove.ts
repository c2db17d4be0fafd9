/** Removing letters: what is settled, and what nobody wants. */
import { DAY } from '../../base/dates.ts';
import { isKnown } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { isSettled } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import { HOST_TIMES } from '../limits.ts';
import { object } from '../objections.ts';
import type { Objection } from '../objections.ts';

/** So long it is remembered that a letter is not wanted: its sender's host would bring it again. */
const UNWANTED = 30 * DAY;

/**
 * Removes a letter that is settled; with its coins, where it is confirmed, one of the inbox in a currency that the wallet
 * does not know. Objects 'not confirmed' before that, 'not possible' for every other.
 */
export async function removeLetter(
  desk: Desk,
  id: string,
  confirmed: boolean,
): Promise<Objection | undefined> {
  const { letters } = desk;
  const letter = letters.get(id);
  if (letter === undefined) return object('no letter');
  if (isSettled(letter)) {
    if (isForgettable(desk, letter)) await letters.remove(id);
    else await letters.retire(letter);
    return undefined;
  }
  if (letter.titles !== null) return object('not possible', 'the titles of this letter are on their way');
  if (letter.folder !== 'inbox' || isKnown(desk, letter.currency)) {
    return object(
      'not possible',
      'the coins of this letter are not taken: take them, or take them back, first',
    );
  }
  if (!confirmed) return object('not confirmed', 'the coins of this letter go with it');
  const { transits } = desk.context;
  transits.abandon(desk.row().id, id);
  // The claim first: a letter that is gone could not give it up any more.
  if (letter.invoice !== '') await transits.claims.giveUp(letter.invoice, id);
  await letters.retire(letter);
  return undefined;
}

/** Forgets what was removed long ago. */
export async function forgetRemoved(desk: Desk): Promise<void> {
  for (const letter of desk.letters.gone()) {
    if (isForgettable(desk, letter)) await desk.letters.remove(letter.id);
  }
}

/** Whether nothing can come of it that a letter is not known any more. */
function isForgettable({ context }: Desk, { folder, isNamed, isGone, time }: LetterRecord): boolean {
  const age = context.parts.clock() - time;
  if (folder === 'sent') return !isNamed || age > HOST_TIMES.once;
  return !isGone || age > UNWANTED;
}
