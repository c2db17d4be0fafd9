/** What every suite asks first of a key that somebody shows. */
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { KeyDocument } from './suite.ts';

/**
 * Refuses a key document of another type, and one with a field beyond `type` and `fields`. That no field is missing is
 * seen when it is read.
 */
export function formFault(
  document: KeyDocument,
  type: string,
  fields: readonly string[],
): Refusal | undefined {
  if (document.type !== type) return refuse('malformed', `type: must be "${type}"`);
  const strange = Object.keys(document).find((field) => field !== 'type' && !fields.includes(field));
  return strange === undefined
    ? undefined
    : refuse('malformed', `${strange.slice(0, LIMITS.shortText)}: is no field of the type "${type}"`);
}
