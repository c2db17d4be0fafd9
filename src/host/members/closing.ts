/** Ending a membership, when there is nothing that would be lost with it unsaid. */
import type { Desk } from '../desk.ts';
import { object } from '../objections.ts';
import type { Objection } from '../objections.ts';
import { hasMoney, hasTitles } from '../money/purse-views.ts';

/**
 * Removes the member and all that is theirs. Nothing is brought to them meanwhile, so that what is seen here is all there
 * is. Objects 'busy' while a payment is on its way to them, 'money left' or 'titles left' unless there are none or it is confirmed. To be
 * called when nothing else changes the member's letters, in the member's turn.
 */
export async function removeMember(desk: Desk, confirmed: boolean): Promise<Objection | undefined> {
  const { context, letters } = desk;
  const { id } = desk.row();
  // What is on its way is seen from now on, and can be refused where it never comes.
  await letters.catchUp();
  return context.transits.closing(id, async () => {
    await letters.catchUp();
    if (!confirmed && hasMoney(desk)) return object('money left');
    if (!confirmed && hasTitles(desk)) return object('titles left');
    await context.parts.store.removeMember(id);
    return undefined;
  });
}
