import { canonicalBytes } from '../base/canonical.ts';
import { writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Cdd } from '../protocol/documents.ts';
import type { DescriptionTerms } from '../protocol/governance.ts';

/** Why a description would be of no use to anyone; undefined when it may be published. */
export function descriptionFaults(terms: DescriptionTerms, now: Instant): Refusal | undefined {
  if (!terms.denominations.includes(1))
    return refuse('malformed', 'denominations: without a coin of 1 no purse can pay any amount');
  if (new Set(terms.denominations).size !== terms.denominations.length)
    return refuse('malformed', 'denominations: one stands twice');
  if (writeDate(now) >= terms.cdd_expiry_date)
    return refuse('malformed', 'cdd_expiry_date: must lie in the future');
  return addressFault(terms) ?? bytesFault(terms);
}

const SERVICES = [
  'info_service',
  'invalidation_service',
  'renewal_service',
  'validation_service',
] as const satisfies readonly (keyof DescriptionTerms)[];

/** The schema looks at how an address begins; whoever goes there has to read all of it. */
function addressFault(terms: DescriptionTerms): Refusal | undefined {
  const fault = (field: string) => refuse('malformed', `${field}: not a URL that can be read`);
  if (!URL.canParse(terms.cdd_location)) return fault('cdd_location');
  const unreadable = SERVICES.find((name) => !terms[name].every(([, url]) => URL.canParse(url)));
  return unreadable === undefined ? undefined : fault(unreadable);
}

/** All descriptions of a box are given in one answer. */
function bytesFault(terms: DescriptionTerms): Refusal | undefined {
  const bytes = canonicalBytes(terms).length;
  return bytes > LIMITS.descriptionBytes
    ? refuse('too large', `description: ${bytes} bytes in canonical form; at most ${LIMITS.descriptionBytes}`)
    : undefined;
}

/** The path under which a front serves a currency; undefined where the address cannot be read. */
export function pathOf({ cdd_location }: Pick<Cdd, 'cdd_location'>): string | undefined {
  return URL.canParse(cdd_location) ? new URL(cdd_location).pathname : undefined;
}

/** Why a currency cannot live where a description says, on a mint that has these others. */
export function pathTaken(
  terms: Pick<DescriptionTerms, 'cdd_location'>,
  others: readonly Cdd[],
): Refusal | undefined {
  const path = pathOf(terms);
  const holder = others.find((each) => pathOf(each) === path);
  return holder === undefined
    ? undefined
    : refuse('not possible', `cdd_location: the currency ${holder.id} lives at the path ${String(path)}`);
}
