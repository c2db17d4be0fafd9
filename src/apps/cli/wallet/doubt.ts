/** What the wallet says of coins that came back from its phrase and may be paid already, and its command to use them. */
import { formatAmount } from '../../../base/amount.ts';
import type { Amount } from '../../../base/amount.ts';
import { Refusal } from '../../../base/refusal.ts';
import type { CurrencyInfo, Wallet } from '../../../wallet/wallet.ts';
import { printable, say } from '../terminal.ts';
import { chooseCurrency } from './words.ts';
import type { WalletOptions } from './words.ts';

/** Says what is doubtful of a currency, why it is not used, and what to type. */
export function sayDoubtful(wallet: Wallet, doubtful: Amount, { id, divisor }: CurrencyInfo): void {
  const which = wallet.currencies().length > 1 ? ` ${id}` : '';
  say(
    `  ${formatAmount(doubtful, divisor)} of it is not used: it came back from the twelve words alone, and`,
  );
  say('  if you paid somebody with it who has not brought it to the issuer yet, using it again would');
  say(`  show you up as someone who pays twice. If nobody has any of it: specie wallet clear-doubt${which}`);
}

/** The person says that nobody has any of the doubtful coins. */
export async function clearDoubt(
  wallet: Wallet,
  [meant]: readonly string[],
  options: WalletOptions,
): Promise<Refusal | undefined> {
  const currency = chooseCurrency(wallet, meant === undefined ? options : { ...options, currency: meant });
  if (currency instanceof Refusal) return currency;
  const cleared = await wallet.clearDoubt(currency.id);
  if (cleared instanceof Refusal) return cleared;
  const write = (value: Amount) => `${formatAmount(value, currency.divisor)} ${printable(currency.name)}`;
  if (cleared.amount === 0 && cleared.gone === 0) say('Nothing is doubtful');
  if (cleared.gone > 0) say(`${write(cleared.gone)} was brought to the issuer meanwhile, and is gone`);
  if (cleared.amount > 0) say(`${write(cleared.amount)} can be used`);
  return undefined;
}
