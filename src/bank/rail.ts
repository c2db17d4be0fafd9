import type { RequestOrder } from '../protocol/messages/order.ts';

/** A way for ordinary money to arrive. One file a rail; `RAILS` in bank.ts lists them. */
export interface Rail {
  readonly name: string;
  /** What the customer has to do, as one sentence. */
  instructions(order: RequestOrder): string;
  /** Milliseconds that an order may be paid in. */
  readonly orderLives: number;
  /** Whether the customer can pay by a message alone. */
  readonly paysItself: boolean;
}
