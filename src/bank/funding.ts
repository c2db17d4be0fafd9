/** The cashier's word to the mint that orders were paid. */
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, readDate, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { RefusalName } from '../base/refusal.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import type { Order } from '../protocol/messages/order.ts';
import { askFor } from './attest.ts';
import type { OpenBank } from './parts.ts';

/** How long a funding may be used after its order could be paid. */
const FUNDING_LIVES = 365 * DAY;

/** Refusals that every other funding would meet too. */
const NOBODY_THERE: ReadonlySet<RefusalName> = new Set<RefusalName>(['unreachable', 'switched off']);

/** Tells the mint of a paid order, then notes that it knows. A crash in between tells it twice, which counts once. */
export async function fund(bank: OpenBank, order: Order): Promise<Order | Refusal> {
  const funding: Funding = {
    amount: order.amount,
    cashier: bank.cashier.publicKey,
    currency: order.currency,
    // From the order's own date, so that telling the mint again says the very same.
    expires: writeDate((readDate(order.expires) ?? 0) + FUNDING_LIVES),
    transaction_reference: order.transaction_reference,
    type: 'funding',
  };
  const signature = await bank.sign(bank.cashier.secret, canonicalBytes(funding));
  const request = { funding, message_reference: 0, signature, type: 'request fund' } as const;
  const answer = await askFor(bank, request, 'response fund');
  if (answer instanceof Refusal) return answer;
  return (await bank.store.noteFunded(order.transaction_reference)) ?? order;
}

/** Tells the mint of every order that it may not have heard of; says what it refused. */
export async function fundAll(bank: OpenBank): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const order of await bank.store.unfunded()) {
    const outcome = await fund(bank, order);
    if (!(outcome instanceof Refusal)) continue;
    refused.push(outcome);
    if (NOBODY_THERE.has(outcome.name)) break;
  }
  return refused;
}
