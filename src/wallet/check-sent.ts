import { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import type { IsAsked } from './resume.ts';
import { askSpent } from './operations.ts';
import type { Send } from './state.ts';
import { pendingTakeback } from './takeback.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/**
 * Asks the issuers which of the sent stacks were taken; gives the entries of those that were. A stack counts as taken
 * once all of its coins are. An issuer that does not answer keeps nobody from asking the others; what it refused comes
 * back in the end, and what was found is kept.
 */
export async function checkSent(context: Context, isAsked: IsAsked): Promise<readonly Entry[] | Refusal> {
  const taken: Entry[] = [];
  let refusal: Refusal | undefined;
  for (const [currency, sends] of Map.groupBy(openSends(context), (each) => each.currency)) {
    if (!isAsked(currency)) continue;
    const { cdd } = context.book.currency(currency).cddc;
    const spent = await askSpent(
      context,
      cdd,
      sends.flatMap(({ coinIds }) => coinIds),
    );
    if (spent instanceof Refusal) {
      refusal = spent;
      continue;
    }
    const changed = sends.filter(({ coinIds }) => coinIds.every((id) => spent.has(id)));
    const operations = changed.map((each): Send => ({ ...each, state: 'taken', coins: [] }));
    if (operations.length > 0) await context.book.commit({ operations });
    taken.push(...operations.map(entryOf));
  }
  return refusal ?? taken;
}

/** Sends of which nobody knows yet what became, in currencies that go on; while one is being taken back, its coins may be spent by ourselves. */
function openSends({ book }: Context): readonly Send[] {
  const operations = [...book.operations.values()];
  return operations
    .filter((operation) => operation.kind === 'send')
    .filter(({ number, state }) => state === 'sent' && pendingTakeback(operations, number) === undefined)
    .filter(({ currency }) => book.currencies.get(currency)?.stopped === undefined);
}
