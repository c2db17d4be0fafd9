/** A reserve's wallet whose file is new: what its phrase has at the other issuer is found, and made its own alone. */
import { amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import type { RefusalName } from '../../base/refusal.ts';
import type { Reserve } from '../../protocol/governance.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/** Under this subject coins are set aside to be renewed. */
const SUBJECT = 'reserve renewed whole';

/** What becomes of coins that are worth nothing any more. */
const WORTHLESS: ReadonlySet<RefusalName> = new Set(['already spent', 'expired']);

/**
 * Finds every coin of the wallet's phrase and renews all of them. Released stacks of which this file knows nothing are
 * worth nothing afterwards: else coins would count here that somebody else has in hand. After a refusal it may be
 * repeated from the beginning.
 */
export async function searchWhole(wallet: Wallet, terms: Reserve): Promise<Refusal | undefined> {
  const found = await wallet.restore(wallet.phrase(), [terms.cdd_location]);
  if (found instanceof Refusal) return found;
  const currency = terms.issuer_id;
  return (
    // What an attempt before this one has left aside.
    (await bringBack(wallet, currency)) ?? (await setAside(wallet, currency)) ?? bringBack(wallet, currency)
  );
}

/** Sets all available coins aside, as many at once as one request carries. */
async function setAside(wallet: Wallet, currency: string): Promise<Refusal | undefined> {
  let most = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const { available = 0 } = wallet.balance().find((each) => each.currency.id === currency) ?? {};
    if (available === 0) return undefined;
    const wanted = amount(Math.min(most, available));
    const sent = await wallet.send(currency, wanted, SUBJECT);
    if (!(sent instanceof Refusal)) continue;
    if (sent.name !== 'too large' || wanted === 1) return sent;
    most = Math.ceil(wanted / 2);
  }
}

/** Renews what was set aside: coins that were spent already are gone then. */
async function bringBack(wallet: Wallet, currency: string): Promise<Refusal | undefined> {
  const aside = wallet
    .history()
    .filter((each) => each.kind === 'send' && each.state === 'sent')
    .filter((each) => each.subject === SUBJECT && each.currency === currency);
  for (const { number } of aside) {
    const entry = await wallet.takeback(number);
    if (entry instanceof Refusal && !WORTHLESS.has(entry.name)) return entry;
  }
  return undefined;
}
