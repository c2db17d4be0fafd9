/** How a rail is paid: by itself, by a teller's word, by a voucher's code, or from the customer's account. */
export type RailName = 'test' | 'manual' | 'voucher' | 'account';

/** A way for ordinary money to arrive. One file a rail; a bank is opened with those that it offers. */
export interface Rail {
  readonly name: RailName;
  /** What the customer has to do, as one sentence of at most `LIMITS.shortText` characters. */
  instructions(paymentReference: string): string;
  /** Milliseconds that an order may be paid in. */
  readonly orderLives: number;
}
