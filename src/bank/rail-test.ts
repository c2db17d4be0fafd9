import { HOUR } from '../base/dates.ts';
import type { Rail } from './rail.ts';

/** The rail *test*: pays by itself and takes no money. For demonstrations only, and it says so. */
export const testRail: Rail = {
  name: 'test',
  instructions: () => 'TEST: no money is taken. Send a request test payment with this transaction reference.',
  orderLives: HOUR,
};
