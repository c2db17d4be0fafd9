/** Orders: placed, and how they stand. */
import { writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Order, RequestOrder } from '../protocol/messages/order.ts';
import { coverOf } from './cover.ts';
import { fund } from './funding.ts';
import type { OpenBank } from './parts.ts';
import type { Rail } from './rail.ts';
import { paymentReference } from './secrets.ts';

/** Places an order for what is sold here, when the mint can issue it beside all that is paid. */
export async function placeOrder(bank: OpenBank, request: RequestOrder): Promise<Order | Refusal> {
  if (request.currency !== bank.cddc.cdd.id) return refuse('unknown', 'currency: not sold here');
  const rail = bank.rails.find((each) => each.name === request.rail);
  if (rail === undefined) {
    return refuse('unknown', `rail: must be one of ${bank.rails.map((each) => each.name).join(', ')}`);
  }
  if (request.amount > bank.orderMost()) {
    return refuse('unauthorised', `amount: at most ${bank.orderMost()} in one order`);
  }
  const refused = await refuseNew(bank, request);
  if (refused !== undefined) return refused;
  const now = bank.clock();
  const outcome = await bank.store.place(draw(request, rail, now), now, LIMITS.unpaidOrders);
  switch (outcome.kind) {
    case 'placed':
    case 'repeated':
      return outcome.order;
    case 'reference reused':
      return refuse('reference reused', 'transaction_reference: kept for another order');
    case 'too many unpaid':
      return refuse('busy', 'too many orders wait for their payment');
  }
}

/** Why the mint could not issue a new order's coins. One that is kept is answered whatever the mint says. */
async function refuseNew(bank: OpenBank, request: RequestOrder): Promise<Refusal | undefined> {
  if ((await bank.store.find(request.transaction_reference)) !== undefined) return undefined;
  const cover = await coverOf(bank);
  if (cover instanceof Refusal) return cover;
  if (request.amount <= cover.left) return undefined;
  return refuse('treasury exhausted', 'amount: more than the mint may issue now');
}

function draw(request: RequestOrder, rail: Rail, now: number): Order {
  return {
    amount: request.amount,
    currency: request.currency,
    expires: writeDate(now + rail.orderLives),
    instructions: rail.instructions(paymentReference(request.transaction_reference)),
    rail: rail.name,
    state: 'unpaid',
    transaction_reference: request.transaction_reference,
    type: 'order',
  };
}

/** How an order stands. One that was paid while the mint would not take its funding is tried again. */
export async function orderStatus(bank: OpenBank, reference: string): Promise<Order | Refusal> {
  const order = await bank.store.find(reference);
  if (order === undefined) return refuse('unknown', 'transaction_reference: no such order');
  if (order.state !== 'paid') return order;
  const funded = await fund(bank, order);
  return funded instanceof Refusal ? order : funded;
}
