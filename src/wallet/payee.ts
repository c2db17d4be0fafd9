/** Whom a payment is for: suites whose coins can be handed to one payee alone. */
import { Refusal, refuse } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { identityOf } from './first-round.ts';
import { payeeOf } from './hand.ts';
import { suiteOf } from './keys.ts';
import type { KnownCurrency } from './state.ts';

/** What the wallet is paid under; refuses where coins cannot be handed to one payee. */
export function payeeIn(context: Context, currency: string): string | Refusal {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const identity = suiteOf(known.cddc.cdd).offline === undefined ? undefined : identityOf(context, known);
  return identity ?? refuse('not possible', 'coins of this currency cannot be handed to one payee alone');
}

/** Refuses coins that somebody else alone can bring to the mint; undefined where there are none. */
export function boundToAnother(
  context: Context,
  known: KnownCurrency,
  coins: readonly Coin[],
): Refusal | undefined {
  const payees = new Set(coins.map(({ signature }) => payeeOf(known.cddc.cdd, signature) ?? ''));
  payees.delete('');
  if (payees.size === 0) return undefined;
  payees.delete(identityOf(context, known) ?? '');
  return payees.size === 0
    ? undefined
    : refuse(
        'not possible',
        'these coins were handed to one payee: only the payee can bring them to the mint',
      );
}
