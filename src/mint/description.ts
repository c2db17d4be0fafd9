import { writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { DescriptionTerms } from '../protocol/governance.ts';

/** Why a description would be of no use to anyone; undefined when it may be published. */
export function descriptionFaults(terms: DescriptionTerms, now: Instant): Refusal | undefined {
  if (!terms.denominations.includes(1))
    return refuse('malformed', 'denominations: without a coin of 1 no purse can pay any amount');
  if (new Set(terms.denominations).size !== terms.denominations.length)
    return refuse('malformed', 'denominations: one stands twice');
  if (writeDate(now) >= terms.cdd_expiry_date)
    return refuse('malformed', 'cdd_expiry_date: must lie in the future');
  return undefined;
}
