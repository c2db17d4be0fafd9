/** What became of a stack: whether this wallet has taken it, whether anybody has. */
import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { askSpent } from './operations.ts';

/** The number of the receipt by which exactly these coins came into the purse; undefined where there is none. */
export function takenAs({ book }: Context, stack: CoinStack): number | undefined {
  const ids = new Set(idsOf(stack));
  for (const operation of book.operations.values()) {
    if (operation.kind !== 'receive' || operation.state !== 'done') continue;
    const { coinIds, number } = operation;
    if (coinIds.length === ids.size && coinIds.every((id) => ids.has(id))) return number;
  }
  return undefined;
}

/**
 * Asks the issuer whether any coin of a stack was spent: then it cannot be taken whole. Refuses 'unknown' when a currency
 * in it is not known here, since nobody can be asked.
 */
export async function isSpent(context: Context, stack: CoinStack): Promise<boolean | Refusal> {
  const byCurrency = Map.groupBy(stack.coins, ({ payload }) => payload.issuer_id);
  for (const [currency, coins] of byCurrency) {
    const known = usableCurrency(context, currency);
    if (known instanceof Refusal) return known;
    const spent = await askSpent(context, known.cddc.cdd, idsOf({ coins }));
    if (spent instanceof Refusal) return spent;
    if (spent.size > 0) return true;
  }
  return false;
}

function idsOf({ coins }: Pick<CoinStack, 'coins'>): readonly string[] {
  return [...new Set(coins.map(({ payload }) => coinId(payload)))];
}
