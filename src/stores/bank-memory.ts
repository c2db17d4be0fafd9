import { readDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { before, sameOrder } from '../bank/orders.ts';
import type { BankStore, CashierKey, PlaceOutcome } from '../bank/ports.ts';
import type { Order } from '../protocol/messages/order.ts';

/** A bank's orders in memory, for tests and simulators. */
export function openMemoryBankStore(): BankStore {
  let cashier: CashierKey | undefined;
  const orders = new Map<string, Order>();
  const place = (order: Order, now: Instant, unpaidMost: number): PlaceOutcome => {
    const known = orders.get(order.transaction_reference);
    if (known !== undefined) return sameOrder(known, order);
    for (const each of orders.values()) {
      if (each.state === 'unpaid' && !isOpen(each, now)) orders.delete(each.transaction_reference);
    }
    const unpaid = [...orders.values()].filter((each) => isOpen(each, now));
    if (unpaid.length >= unpaidMost) return { kind: 'too many unpaid' };
    orders.set(order.transaction_reference, order);
    return { kind: 'placed', order };
  };
  return {
    load: () => Promise.resolve(cashier),
    found: (key) => {
      if (cashier !== undefined) return Promise.reject(new Error('this bank has its cashier already'));
      cashier = key;
      return Promise.resolve();
    },
    place: (order, now, unpaidMost) => Promise.resolve(place(order, now, unpaidMost)),
    find: (reference) => Promise.resolve(orders.get(reference)),
    advance: (reference, to) => {
      const order = orders.get(reference);
      if (order?.state === before(to)) orders.set(reference, { ...order, state: to });
      return Promise.resolve(orders.get(reference));
    },
    unfunded: () => Promise.resolve([...orders.values()].filter((each) => each.state === 'paid')),
    close: () => Promise.resolve(),
  };
}

function isOpen(order: Order, now: Instant): boolean {
  return order.state === 'unpaid' && (readDate(order.expires) ?? 0) >= now;
}
