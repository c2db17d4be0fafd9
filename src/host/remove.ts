/** Removing letters: what is settled, and what nobody wants. */
import { isKnown } from './desk.ts';
import type { Desk } from './desk.ts';
import { isSettled } from './letter-record.ts';
import { object } from './objections.ts';
import type { Objection } from './objections.ts';

/**
 * Removes a letter that is settled; with its coins, where it is confirmed, one that arrived in a currency that the wallet
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
  if (!isSettled(letter)) {
    const isUnwanted = letter.folder === 'inbox' && letter.transit === '' && !isKnown(desk, letter.currency);
    if (!isUnwanted) {
      return object(
        'not possible',
        'the coins of this letter are not taken: take them, or take them back, first',
      );
    }
    if (!confirmed) return object('not confirmed', 'the coins of this letter go with it');
  }
  await letters.remove(id);
  return undefined;
}
