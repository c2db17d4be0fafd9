/** Where a currency has lived: what the payloads of its older coins say. */
import { canonicalBytes } from '../base/canonical.ts';
import { Refusal } from '../base/refusal.ts';
import type { Cdd, Cddc } from '../protocol/documents.ts';
import type { Context } from './context.ts';
import { readMasterKey, suiteOf } from './keys.ts';
import { ask } from './speak.ts';
import type { KnownCurrency } from './state.ts';

/** Descriptions that are asked for, the newest first: who moves more often has moved too often. */
const MOST = 32;

/**
 * The `cdd_location` of every description there was, the current one first, as far as the issuer still shows them, each
 * signed by the master key. A temporary refusal comes back: whoever restores without them would find less.
 */
export async function locationsOf(
  context: Context,
  { cddc }: KnownCurrency,
): Promise<readonly string[] | Refusal> {
  const { cdd } = cddc;
  const locations = new Set([cdd.cdd_location]);
  const oldest = Math.max(1, cdd.cdd_serial - MOST);
  for (let cdd_serial = cdd.cdd_serial - 1; cdd_serial >= oldest; cdd_serial--) {
    const answer = await ask(context, cdd, { cdd_serial, type: 'request cddc' });
    if (answer instanceof Refusal) {
      if (answer.temporary) return answer;
      continue;
    }
    if (isOf(cdd, answer.cddc)) locations.add(answer.cddc.cdd.cdd_location);
  }
  return [...locations];
}

/** Whether a description is an earlier one of the same currency. */
function isOf(current: Cdd, { cdd, signature }: Cddc): boolean {
  return (
    cdd.id === current.id &&
    suiteOf(current).documents.verify(readMasterKey(current), canonicalBytes(cdd), signature)
  );
}
