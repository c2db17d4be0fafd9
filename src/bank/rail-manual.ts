import { DAY } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import type { Rail } from './rail.ts';

/** Transfers take days, and people forget. */
const ORDER_LIVES = 30 * DAY;

/**
 * The rail *manual*: the customer transfers money, a teller sees it come and confirms. `payTo` is a sentence that says
 * where the money goes. Throws when it is too long for an order's instructions.
 */
export function manualRail(payTo: string): Rail {
  const instructions = (reference: string) => `${payTo} Write this reference on the transfer: ${reference}.`;
  if (instructions('0'.repeat(10)).length > LIMITS.shortText) {
    throw new Error('manual rail: where to pay is said in too many words');
  }
  return { name: 'manual', instructions, orderLives: ORDER_LIVES };
}
