/** Sending: coins leave the purse as a stack, and are kept until it is known that somebody has taken them. */
import type { Amount } from '../base/amount.ts';
import { isBigIntText } from '../base/bigint.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import { outputsFor } from './change.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { exactCoins } from './exact.ts';
import { coinsEach } from './first-round.ts';
import { handOver } from './hand.ts';
import { suiteOf } from './keys.ts';
import { begin } from './operations.ts';
import type { Operation, Send } from './state.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** A stack to hand over, and how it stands in the history. */
export interface Sent {
  readonly entry: Entry;
  readonly stack: CoinStack;
}

/** To whom coins are sent. */
export interface SendOptions {
  /** What the payee is known by at the mint: only there the coins are money then, and can be accepted offline. */
  readonly payee?: string;
}

/** Takes coins of exactly this amount out of the purse. They are kept with the operation before they are given out. */
export async function send(
  context: Context,
  currency: string,
  amount: Amount,
  subject: string,
  { payee = '' }: SendOptions = {},
): Promise<Sent | Refusal> {
  if (subject.length > LIMITS.subject) {
    return refuse('too large', `subject: has ${subject.length} characters, the limit is ${LIMITS.subject}`);
  }
  const wrong = doubtsAboutPayment(context, currency, amount, payee);
  if (wrong !== undefined) return wrong;
  const chosen = await exactCoins(context, currency, amount, payee !== '');
  if (chosen instanceof Refusal) return chosen;
  const coins = handOver(context, context.book.currency(currency), chosen, { payee, amount });
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

/** Why a payment cannot be made so; undefined where it can. */
function doubtsAboutPayment(
  context: Context,
  currency: string,
  amount: Amount,
  payee: string,
): Refusal | undefined {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const { cdd } = known.cddc;
  const { accounts, offline } = suiteOf(cdd);
  if (payee !== '' && offline === undefined)
    return refuse('not possible', 'coins of this currency cannot be handed to one payee alone');
  if (payee !== '' && (payee.length > LIMITS.bigIntDigits || !isBigIntText(payee)))
    return refuse('malformed', 'payee: is none; ask whoever is to be paid for it');
  // Whoever is paid renews the coins at once: they must fit into one of its withdrawals.
  if (accounts === undefined || amount === 0) return undefined;
  return outputsFor(amount, cdd.denominations, coinsEach(cdd)) === undefined
    ? refuse('too large', 'amount: it takes more coins than this currency makes at once; send less at once')
    : undefined;
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
