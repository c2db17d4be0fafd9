/** The rules of an order's life, the same for every store. */
import type { Order } from '../protocol/messages/order.ts';
import type { PlaceOutcome } from './ports.ts';

/** The state that an order advances from. */
export function before(to: 'paid' | 'funded'): 'unpaid' | 'paid' {
  return to === 'paid' ? 'unpaid' : 'paid';
}

/** Whether an order asked for again is the one that is kept. */
export function sameOrder(kept: Order, asked: Order): PlaceOutcome {
  const same = kept.amount === asked.amount && kept.currency === asked.currency && kept.rail === asked.rail;
  return same ? { kind: 'repeated', order: kept } : { kind: 'reference reused' };
}
