/** Keeping a purse so that it can pay any amount, with few coins and none about to expire. */
import { Refusal, refuse } from '../base/refusal.ts';
import { sum } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { breakUp, tidy } from './change.ts';
import type { Exchange } from './change.ts';
import type { Context } from './context.ts';
import { currentKeys, usableCurrency } from './currency.ts';
import { coinsEach } from './first-round.ts';
import { handOver } from './hand.ts';
import { isPending } from './operations.ts';
import { isDue, spendable } from './purse.ts';
import type { PurseCoin } from './purse.ts';
import { renew, resumeRenewal } from './renew.ts';

/** Exchanges that one tidying makes at most: a purse of thousands of coins takes more than one. */
const ROUNDS = 8;

/** Takes up tidying that was begun, and exchanges what makes the purse complete. A refusal has cost nothing. */
export async function tidyPurse(context: Context, currency: string): Promise<Refusal | undefined> {
  const usable = usableCurrency(context, currency);
  if (usable instanceof Refusal) return usable;
  const begun = await resumeTidying(context, currency);
  if (begun !== undefined) return begun;
  for (let round = 0; round < ROUNDS; round++) {
    const coins = spendable(context, currency);
    if (coins.length === 0) return undefined;
    const keys = await currentKeys(context, currency);
    if (keys instanceof Refusal) return keys;
    // A coin that was handed over and came back has said what it can say: it can be paid to no payee any more.
    const isStale = ({ held, form }: PurseCoin) => form !== 'held' || isDue(context, keys, held);
    const exchange = tidy(coins, [...keys.keys()], isStale, coinsEach(usable.cddc.cdd));
    if (exchange === undefined) return undefined;
    const refusal = await carryOut(context, currency, exchange);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Exchanges large coins so that this amount can be paid, where the purse cannot be made complete. */
export async function makeChange(
  context: Context,
  currency: string,
  amount: Amount,
): Promise<Refusal | undefined> {
  const keys = await currentKeys(context, currency);
  if (keys instanceof Refusal) return keys;
  const each = coinsEach(context.book.currency(currency).cddc.cdd);
  const exchange = breakUp(spendable(context, currency), amount, [...keys.keys()], each);
  if (exchange === undefined) return refuse('too large', 'amount: the change for it takes too many coins');
  return carryOut(context, currency, exchange);
}

/** Takes up the tidying of a currency that waits to be. */
export async function resumeTidying(context: Context, currency: string): Promise<Refusal | undefined> {
  for (const operation of context.book.operations.values()) {
    if (operation.kind !== 'tidy' || operation.currency !== currency || !isPending(operation)) continue;
    const outcome = await resumeRenewal(context, operation);
    if (outcome instanceof Refusal && outcome.temporary) return outcome;
  }
  return undefined;
}

async function carryOut(
  context: Context,
  currency: string,
  { give, get }: Exchange<PurseCoin>,
): Promise<Refusal | undefined> {
  const known = context.book.currency(currency);
  const total = sum(give.map(({ denomination }) => denomination));
  const handed = handOver(
    context,
    known,
    give.map(({ held }) => held),
    { payee: '', amount: total },
  );
  if (handed instanceof Refusal) return handed;
  const coins = handed.map(({ coin }) => coin);
  const outcome = await renew(context, { kind: 'tidy', currency, coins, get, subject: '', sentBy: null });
  return outcome instanceof Refusal ? outcome : undefined;
}
