import { Refusal } from '../base/refusal.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { ask } from './speak.ts';

/** The names of the rails that a currency's bank offers. An issuer that has no bank, or does not know the question, refuses. */
export async function offeredRails(context: Context, currency: string): Promise<readonly string[] | Refusal> {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const answer = await ask(context, known.cddc.cdd, { type: 'request rails' });
  return answer instanceof Refusal ? answer : answer.rails.map(({ name }) => name);
}
