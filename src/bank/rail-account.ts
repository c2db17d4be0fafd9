import { HOUR } from '../base/dates.ts';
import type { Rail } from './rail.ts';

/** The rail *account*: paid from the customer's own balance. */
export const accountRail: Rail = {
  name: 'account',
  instructions: () => 'Confirm that it is paid from your account.',
  orderLives: HOUR,
};
