/** Redeeming: coins back to the issuer. The set of coins is the request's identity, so that it can be sent twice. */
import type { Amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import { exactCoins } from './exact.ts';
import { askSpent, begin, done, refused, released, reservedBy } from './operations.ts';
import { ask } from './speak.ts';
import type { HeldCoin, Redemption } from './state.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** Gives coins of exactly this amount back. On a temporary refusal the redemption is kept and taken up later. */
export async function redeem(context: Context, currency: string, amount: Amount): Promise<Entry | Refusal> {
  const coins = await exactCoins(context, currency, amount);
  if (coins instanceof Refusal) return coins;
  const operation: Redemption = {
    ...begin(context, currency, amount),
    kind: 'redeem',
    state: 'pending',
    coins: coins.map(({ coin }) => coin),
    coinIds: coins.map(({ id }) => id),
  };
  const reserved = coins.map((coin): HeldCoin => ({ ...coin, reservedBy: operation.number }));
  await context.book.commit({ operations: [operation], coins: reserved });
  const outcome = await resumeRedemption(context, operation);
  return outcome instanceof Refusal ? outcome : entryOf(outcome);
}

/** Takes up a redemption that is kept. */
export async function resumeRedemption(
  context: Context,
  operation: Redemption,
): Promise<Redemption | Refusal> {
  const { book } = context;
  const { cdd } = book.currency(operation.currency).cddc;
  const answer = await ask(context, cdd, { coins: [...operation.coins], type: 'request redeem' });
  if (answer instanceof Refusal) return answer.temporary ? answer : giveUp(context, operation, answer);
  const settled = done(operation);
  await book.commit({ operations: [settled], gone: operation.coinIds });
  return settled;
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
