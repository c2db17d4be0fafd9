import { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import { isPending } from './operations.ts';
import { boundToAnother } from './payee.ts';
import { renew, resumeRenewal } from './renew.ts';
import { findSent } from './send.ts';
import type { Operation, Renewal } from './state.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/**
 * Takes back what operation `number` sent by renewing its coins. Refuses 'already spent' when somebody was faster;
 * of a stack that was taken in part the rest comes back.
 */
export async function takeback(context: Context, number: number): Promise<Entry | Refusal> {
  const begun = pendingTakeback(context.book.operations.values(), number);
  const outcome = begun === undefined ? await begin(context, number) : await resumeRenewal(context, begun);
  return outcome instanceof Refusal ? outcome : entryOf(outcome);
}

/** The take-back of a send that waits to be taken up. */
export function pendingTakeback(operations: Iterable<Operation>, number: number): Renewal | undefined {
  for (const operation of operations) {
    if (operation.kind === 'takeback' && operation.sentBy === number && isPending(operation))
      return operation;
  }
  return undefined;
}

async function begin(context: Context, number: number): Promise<Renewal | Refusal> {
  const sent = findSent(context.book.operations.get(number), number);
  if (sent instanceof Refusal) return sent;
  const { currency, coins, subject } = sent;
  const foreign = boundToAnother(context, context.book.currency(currency), coins);
  if (foreign !== undefined) return foreign;
  return renew(context, { kind: 'takeback', currency, coins, subject, sentBy: number });
}
