/**
 * Redeeming: coins back to the issuer, against a receipt. The set of coins is the request's identity, so that it can
 * be sent twice.
 */
import type { Amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { ResponseRedeem } from '../protocol/messages/redeem.ts';
import { contradictsStatementKey, doubtsAboutReceipt, doubtsAboutStatementKey } from './attested.ts';
import type { Context } from './context.ts';
import { stop, usableCurrency } from './currency.ts';
import { exactCoins } from './exact.ts';
import { handOver, shown } from './hand.ts';
import { contradiction } from './key-list.ts';
import { askSpent, begin, done, refused, released, reservedBy } from './operations.ts';
import { ask } from './speak.ts';
import type { HeldCoin, KnownCurrency, Redemption } from './state.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

export interface RedeemOptions {
  /** The account at the bank that is credited; without one the bank keeps the money until it is shown the receipt. */
  readonly payee?: string;
}

/**
 * Gives coins of exactly this amount back. On a temporary refusal the redemption is kept and taken up later. The entry
 * is 'pending' with a reason where the mint answered without a receipt that proves it: the coins may be gone, so that
 * they stay reserved, and the same is asked again.
 */
export async function redeem(
  context: Context,
  currency: string,
  amount: Amount,
  { payee = '' }: RedeemOptions,
): Promise<Entry | Refusal> {
  if (payee.length > LIMITS.shortText)
    return refuse('malformed', `payee: an account has at most ${LIMITS.shortText} characters`);
  const chosen = await exactCoins(context, currency, amount);
  if (chosen instanceof Refusal) return chosen;
  const coins = handOver(context, context.book.currency(currency), chosen, { payee: '', amount });
  if (coins instanceof Refusal) return coins;
  const operation: Redemption = {
    ...begin(context, currency, amount),
    kind: 'redeem',
    state: 'pending',
    coins: coins.map(({ coin }) => coin),
    coinIds: coins.map(({ id }) => id),
    payee,
  };
  const reserved = coins.map((coin): HeldCoin => ({ ...coin, reservedBy: operation.number }));
  await context.book.commit({ operations: [operation], coins: reserved });
  const outcome = await resumeRedemption(context, operation);
  return outcome instanceof Refusal ? outcome : entryOf(outcome);
}

/** Takes up a redemption that is kept: done, or still pending without a good receipt, or the refusal that it met. */
export async function resumeRedemption(
  context: Context,
  operation: Redemption,
): Promise<Redemption | Refusal> {
  const known = usableCurrency(context, operation.currency);
  if (known instanceof Refusal) return known;
  const { coins, payee = '' } = operation;
  const answer = await ask(context, known.cddc.cdd, {
    coins: shown(known.cddc.cdd, coins),
    ...(payee === '' ? {} : { payee }),
    type: 'request redeem',
  });
  if (answer instanceof Refusal) return answer.temporary ? answer : giveUp(context, operation, answer);
  return conclude(context, known, operation, answer);
}

/** The coins are gone once their receipt is kept: nobody has to believe that they were given otherwise. */
async function conclude(
  context: Context,
  known: KnownCurrency,
  operation: Redemption,
  { signed_receipt: receipt, statement_key: statementKey }: ResponseRedeem,
): Promise<Redemption | Refusal> {
  if (receipt === undefined || statementKey === undefined)
    return without(context, operation, 'there is none');
  const { cdd } = known.cddc;
  const doubts = doubtsAboutStatementKey(cdd, statementKey);
  if (doubts !== undefined) return without(context, operation, 'nobody has certified the key that signed it');
  const other = contradictsStatementKey(known.statementKey, statementKey);
  if (other !== undefined) {
    await without(context, operation, other);
    return stop(context, known.id, contradiction(context.clock(), other, [], statementKey).contradiction);
  }
  const wrong = await doubtsAboutReceipt(context.verifyEd25519, statementKey, receipt, operation);
  if (wrong !== undefined) return without(context, operation, wrong);
  const settled: Redemption = { ...done(operation), reason: null, receipt };
  await context.book.commit({
    operations: [settled],
    gone: operation.coinIds,
    ...(known.statementKey === undefined ? { currencies: [{ ...known, statementKey }] } : {}),
  });
  return settled;
}

/** The mint may have the coins, and has not proved it: they stay reserved, and the very same is asked again. */
async function without(context: Context, operation: Redemption, wrong: string): Promise<Redemption> {
  const details =
    `the issuer took the coins, but its receipt proves nothing: ${wrong}; the coins are kept as evidence, ` +
    'and it is asked again';
  const waiting: Redemption = { ...operation, reason: { name: 'bad signature', details, own: true } };
  await context.book.commit({ operations: [waiting] });
  return waiting;
}

/** The coins are available again, but for those that the mint holds for spent. */
async function giveUp(context: Context, operation: Redemption, refusal: Refusal): Promise<Refusal> {
  const { book } = context;
  const { cdd } = book.currency(operation.currency).cddc;
  const spent = await askSpent(context, cdd, operation.coinIds);
  if (spent instanceof Refusal && spent.temporary) return spent;
  const isSpent = (id: string) => !(spent instanceof Refusal) && spent.has(id);
  await book.commit({
    operations: [refused(operation, refusal)],
    coins: released(reservedBy(context, operation).filter(({ id }) => !isSpent(id))),
    gone: operation.coinIds.filter(isSpent),
  });
  return refusal;
}
