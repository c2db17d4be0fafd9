/** Sending: coins leave the purse as a stack, and are kept until it is known that somebody has taken them. */
import type { Amount } from '../base/amount.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { exactCoins } from './exact.ts';
import { begin } from './operations.ts';
import type { Operation, Send } from './state.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** A stack to hand over, and how it stands in the history. */
export interface Sent {
  readonly entry: Entry;
  readonly stack: CoinStack;
}

/** Takes coins of exactly this amount out of the purse. They are kept with the operation before they are given out. */
export async function send(
  context: Context,
  currency: string,
  amount: Amount,
  subject: string,
): Promise<Sent | Refusal> {
  if (subject.length > LIMITS.subject) {
    return refuse('too large', `subject: has ${subject.length} characters, the limit is ${LIMITS.subject}`);
  }
  const coins = await exactCoins(context, currency, amount);
  if (coins instanceof Refusal) return coins;
  const operation: Send = {
    ...begin(context, currency, amount),
    kind: 'send',
    state: 'sent',
    subject,
    coins: coins.map(({ coin }) => coin),
    coinIds: coins.map(({ id }) => id),
  };
  await context.book.commit({ operations: [operation], gone: operation.coinIds });
  return { entry: entryOf(operation), stack: stackIn(operation) };
}

/** The stack of a send that nobody has taken, as far as is known. */
export function stackOf({ book }: Context, number: number): CoinStack | Refusal {
  const sent = findSent(book.operations.get(number), number);
  return sent instanceof Refusal ? sent : stackIn(sent);
}

/** The operation, when it is a send that nobody has taken, as far as is known. */
export function findSent(operation: Operation | undefined, number: number): Send | Refusal {
  if (operation?.kind !== 'send') return refuse('unknown', `operation ${number} sent nothing`);
  if (operation.state === 'sent') return operation;
  return refuse('already spent', `what operation ${number} sent was ${operation.state}`);
}

/** The number of the operation that sent a stack; refused when this wallet sent no such one. */
export function sentAs({ book }: Context, stack: CoinStack): number | Refusal {
  const ids = new Set(stack.coins.map(({ payload }) => coinId(payload)));
  for (const operation of book.operations.values()) {
    if (operation.kind !== 'send' || operation.coinIds.length !== ids.size) continue;
    if (operation.coinIds.every((id) => ids.has(id))) return operation.number;
  }
  return refuse('unknown', 'this wallet did not send that stack');
}

function stackIn({ coins, subject }: Send): CoinStack {
  return { coins, subject, type: 'coinstack' };
}
