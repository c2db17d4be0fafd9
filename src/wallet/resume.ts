import { Refusal } from '../base/refusal.ts';
import { resumeBuy } from './buy.ts';
import type { Context } from './context.ts';
import { isPending } from './operations.ts';
import type { Unsettled } from './operations.ts';
import { resumeRedemption } from './redeem.ts';
import { resumeRenewal } from './renew.ts';
import { tidyPurse } from './tidy.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** An operation that was taken up, as it stands now, and the refusal that it met on the way. */
export interface Resumed {
  readonly entry: Entry;
  readonly refusal: Refusal | undefined;
}

/** Takes up every unfinished operation in order, then tidies each purse. What fails is taken up the next time. */
export async function resumeAll(context: Context): Promise<readonly Resumed[]> {
  const { book } = context;
  const resumed: Resumed[] = [];
  for (const operation of [...book.operations.values()].filter(isPending)) {
    const outcome = await resumeOne(context, operation);
    if (operation.kind === 'tidy') continue;
    const entry = entryOf(book.operations.get(operation.number) ?? operation);
    resumed.push({ entry, refusal: outcome instanceof Refusal ? outcome : undefined });
  }
  for (const currency of book.currencies.keys()) await tidyPurse(context, currency);
  return resumed;
}

function resumeOne(context: Context, operation: Unsettled): Promise<Unsettled | Refusal> {
  switch (operation.kind) {
    case 'buy':
      return resumeBuy(context, operation);
    case 'redeem':
      return resumeRedemption(context, operation);
    case 'receive':
    case 'takeback':
    case 'tidy':
      return resumeRenewal(context, operation);
  }
}
