import type { Amount } from '../base/amount.ts';
import { sum } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { choose } from './change.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { valueOf } from './keys.ts';
import { doubtfulIn, spendable } from './purse.ts';
import type { PurseCoin } from './purse.ts';
import type { HeldCoin } from './state.ts';
import { makeChange, resumeTidying, tidyPurse } from './tidy.ts';

type Step = (context: Context, currency: string, amount: Amount) => Promise<Refusal | undefined>;

/** What is tried, one after the other, when the coins at hand do not make up the amount. */
const STEPS: readonly Step[] = [resumeTidying, tidyPurse, makeChange];

/**
 * Coins of the purse that make up exactly this amount, few enough for one request; makes change with the issuer
 * where it has to. With `forPayee` of those alone that were never handed over. Refuses 'not enough', or with what stood in
 * the way of the change.
 */
export async function exactCoins(
  context: Context,
  currency: string,
  amount: Amount,
  forPayee = false,
): Promise<readonly HeldCoin[] | Refusal> {
  if (amount === 0) return refuse('malformed', 'amount: must be at least 1');
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const chosen = () => chooseFrom(spendable(context, currency), amount, forPayee);
  let refusal: Refusal | undefined;
  for (const step of STEPS) {
    const coins = chosen();
    if (coins !== undefined) return coins;
    if (step !== resumeTidying && total(context, currency) < amount) break;
    refusal = (await step(context, currency, amount)) ?? refusal;
  }
  const coins = chosen();
  if (coins !== undefined) return coins;
  if (refusal !== undefined) return refusal;
  const { currency_divisor: divisor, currency_name: name } = known.cddc.cdd;
  const held = total(context, currency);
  const doubtful = sum(doubtfulIn(context, currency).map(({ coin }) => coin.payload.denomination));
  const doubt =
    doubtful === 0
      ? ''
      : `; another ${valueOf(doubtful, divisor)} is doubtful: clear that first, if nobody has it`;
  return held < amount
    ? refuse(
        'not enough',
        `the purse holds ${valueOf(held, divisor)} of the ${valueOf(amount, divisor)} ${name}${doubt}`,
      )
    : refuse('too large', `amount: it takes more than ${LIMITS.coinsPerRequest} coins; use a smaller one`);
}

/** A coin that a payee alone can bring to the mint pays nobody else. */
function chooseFrom(
  purse: readonly PurseCoin[],
  amount: Amount,
  forPayee: boolean,
): readonly HeldCoin[] | undefined {
  const able = purse.filter(({ form }) => (forPayee ? form === 'held' : form !== 'bound'));
  const coins = choose(able, amount);
  return coins !== undefined && coins.length <= LIMITS.coinsPerRequest
    ? coins.map(({ held }) => held)
    : undefined;
}

function total(context: Context, currency: string): Amount {
  return sum(spendable(context, currency).map(({ denomination }) => denomination));
}
