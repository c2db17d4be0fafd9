import { DAY, HOUR } from '../base/dates.ts';

/** How a rail is paid: by itself, by a teller's word, by a voucher's code, or from the customer's account. */
export type RailName = 'test' | 'manual' | 'voucher' | 'account';

/** A way for ordinary money to arrive. One function a rail; the bank is opened with those that it offers. */
export interface Rail {
  readonly name: RailName;
  /** What the customer has to do, as one sentence of at most `LIMITS.shortText` characters. */
  instructions(paymentReference: string): string;
  /** Milliseconds that an order may be paid in. */
  readonly orderLives: number;
}

/** The rail *voucher*: codes that a teller issues and a shop sells. */
export const voucherRail: Rail = {
  name: 'voucher',
  instructions: () => 'Enter the code of a voucher that is worth exactly this amount.',
  orderLives: DAY,
};

/** The rail *account*: paid from the customer's own balance. */
export const accountRail: Rail = {
  name: 'account',
  instructions: () => 'Confirm that it is paid from your account.',
  orderLives: HOUR,
};
