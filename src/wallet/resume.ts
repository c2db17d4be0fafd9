import { Refusal } from '../base/refusal.ts';
import { resumePayout } from './account.ts';
import { resumeBuy } from './buy.ts';
import type { Context } from './context.ts';
import { freshened } from './currency.ts';
import { isPending } from './operations.ts';
import { ZERO, subtract, sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { currentKeys } from './currency.ts';
import { isDue, spendable } from './purse.ts';
import { currencyInfo } from './views.ts';
import type { CurrencyInfo } from './views.ts';
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

/** What keeping a purse came to. */
export interface Renewed {
  readonly currency: CurrencyInfo;
  /** The coins that were renewed because they would have expired or their mint key was revoked. */
  readonly amount: Amount;
  /** What stood in the way; what was not done is done the next time. */
  readonly refusal: Refusal | undefined;
}

/** Which currencies are asked for, by their ids: so that an issuer that does not answer need not hold up the others. */
export type IsAsked = (currency: string) => boolean;
export const EVERY_CURRENCY: IsAsked = () => true;

/**
 * Takes up every unfinished operation in order, then renews what is due and tidies each purse. What fails is taken up
 * the next time.
 */
export async function resumeAll(context: Context): Promise<readonly Resumed[]> {
  const resumed = await resumePending(context, EVERY_CURRENCY);
  await renewDue(context, EVERY_CURRENCY);
  return resumed;
}

/** Takes up every unfinished operation in these currencies, in order. */
export async function resumePending(context: Context, isAsked: IsAsked): Promise<readonly Resumed[]> {
  const { book } = context;
  const resumed: Resumed[] = [];
  const away = new Set<string>();
  for (const operation of [...book.operations.values()].filter(isPending)) {
    if (!isAsked(operation.currency) || away.has(operation.currency)) continue;
    const outcome = await resumeOne(context, operation);
    // Each question to an issuer that does not answer costs a time-out.
    if (outcome instanceof Refusal && outcome.name === 'unreachable') away.add(operation.currency);
    if (operation.kind === 'tidy') continue;
    const entry = entryOf(book.operations.get(operation.number) ?? operation);
    resumed.push({ entry, refusal: outcome instanceof Refusal ? outcome : undefined });
  }
  return resumed;
}

/** Asks for revocations and coming keys where that was long ago, renews the coins that are due, and tidies. */
export async function renewDue(context: Context, isAsked: IsAsked): Promise<readonly Renewed[]> {
  const renewed: Renewed[] = [];
  for (const id of [...context.book.currencies.keys()].filter(isAsked)) {
    const before = await dueIn(context, id);
    const refusal = before instanceof Refusal ? before : await tidyPurse(context, id);
    const after = before instanceof Refusal ? before : await dueIn(context, id);
    const amount = before instanceof Refusal || after instanceof Refusal ? ZERO : subtract(before, after);
    renewed.push({ currency: currencyInfo(context.book.currency(id)), amount, refusal });
  }
  return renewed;
}

/** The sum of the coins that are to be renewed now. */
async function dueIn(context: Context, currency: string): Promise<Amount | Refusal> {
  const fresh = await freshened(context, currency);
  if (fresh instanceof Refusal) return fresh;
  const coins = spendable(context, currency);
  if (coins.length === 0) return ZERO;
  const keys = await currentKeys(context, currency);
  if (keys instanceof Refusal) return keys;
  return sum(coins.filter(({ held }) => isDue(context, keys, held)).map((each) => each.denomination));
}

function resumeOne(context: Context, operation: Unsettled): Promise<Unsettled | Refusal> {
  switch (operation.kind) {
    case 'buy':
      return resumeBuy(context, operation);
    case 'redeem':
      return resumeRedemption(context, operation);
    case 'payout':
      return resumePayout(context, operation);
    case 'receive':
    case 'takeback':
    case 'tidy':
      return resumeRenewal(context, operation);
  }
}
