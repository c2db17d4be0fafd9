import type { Amount } from '../base/amount.ts';
import { sum } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { choose } from './change.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { valueOf } from './keys.ts';
import { spendable } from './purse.ts';
import type { HeldCoin } from './state.ts';
import { makeChange, resumeTidying, tidyPurse } from './tidy.ts';

type Step = (context: Context, currency: string, amount: Amount) => Promise<Refusal | undefined>;

/** What is tried, one after the other, when the coins at hand do not make up the amount. */
const STEPS: readonly Step[] = [resumeTidying, tidyPurse, makeChange];

/**
 * Coins of the purse that make up exactly this amount, few enough for one request; makes change with the issuer
 * where it has to. Refuses 'not enough', or with what stood in the way of the change.
 */
export async function exactCoins(
  context: Context,
  currency: string,
  amount: Amount,
): Promise<readonly HeldCoin[] | Refusal> {
  if (amount === 0) return refuse('malformed', 'amount: must be at least 1');
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  let refusal: Refusal | undefined;
  for (const step of STEPS) {
    const coins = choose(spendable(context, currency), amount);
    if (coins !== undefined && coins.length <= LIMITS.coinsPerRequest) return coins.map(({ held }) => held);
    if (step !== resumeTidying && total(context, currency) < amount) break;
    refusal = (await step(context, currency, amount)) ?? refusal;
  }
  const coins = choose(spendable(context, currency), amount);
  if (coins !== undefined && coins.length <= LIMITS.coinsPerRequest) return coins.map(({ held }) => held);
  if (refusal !== undefined) return refusal;
  const { currency_divisor: divisor, currency_name: name } = known.cddc.cdd;
  const held = total(context, currency);
  return held < amount
    ? refuse(
        'not enough',
        `the purse holds ${valueOf(held, divisor)} of the ${valueOf(amount, divisor)} ${name}`,
      )
    : refuse('too large', `amount: it takes more than ${LIMITS.coinsPerRequest} coins; use a smaller one`);
}

function total(context: Context, currency: string): Amount {
  return sum(spendable(context, currency).map(({ denomination }) => denomination));
}
