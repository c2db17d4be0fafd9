import { DAY } from '../base/dates.ts';
import type { Rail } from './rail.ts';

/** The rail *voucher*: codes that a teller issues and a shop sells. */
export const voucherRail: Rail = {
  name: 'voucher',
  instructions: () => 'Enter the code of a voucher that is worth exactly this amount.',
  orderLives: DAY,
};
