/** The wallet's commands for its account at a currency's bank. */
import { amount, formatAmount } from '../../../base/amount.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import type { CurrencyInfo, Entry, Wallet } from '../../../wallet/wallet.ts';
import { printable, say } from '../terminal.ts';
import { choose, chooseCurrency, money, promises } from './words.ts';
import type { WalletOptions } from './words.ts';

/** Shows the account; opens it where there is none. */
export async function account(
  wallet: Wallet,
  [url]: readonly string[],
  options: WalletOptions,
): Promise<Refusal | undefined> {
  const known = new Set(wallet.currencies().map(({ id }) => id));
  const currency = url === undefined ? chooseCurrency(wallet, options) : await wallet.add(url);
  if (currency instanceof Refusal) return currency;
  const found = await wallet.account(currency.id);
  if (found instanceof Refusal) return found;
  const write = (value: number) => written(value, currency);
  say(`Account ${printable(found.number)}: ${write(found.balance)} ${printable(currency.name)}`);
  if (!known.has(currency.id)) for (const line of promises(currency)) say(`  ${line}`);
  for (const { number, amount: value, to } of found.payouts)
    say(`  payout ${number} of ${write(value)} to ${printable(to)} waits to be paid`);
  for (const { time, kind, amount: change, balance } of found.entries)
    say(
      [`  ${time.slice(0, 16).replace('T', ' ')}`, kind.padEnd(10), write(change), write(balance)].join('  '),
    );
  return undefined;
}

/** Orders money out of the account. */
export async function payout(
  wallet: Wallet,
  [text = '']: readonly string[],
  options: WalletOptions,
): Promise<Refusal | undefined> {
  const chosen = choose(wallet, options, text);
  if (chosen instanceof Refusal) return chosen;
  if (options.to === undefined) return refuse('not possible', 'Say where the money goes: --to TEXT');
  const entry = await wallet.payOut(chosen.currency.id, chosen.amount, options.to);
  if (entry instanceof Refusal) return entry;
  say(`${money(wallet, entry)} will be paid to ${printable(entry.subject)}`);
  return undefined;
}

/** Shows the bank the receipt of a redemption, and says whether its account has the money. */
export async function credit(wallet: Wallet, { number, payee }: Entry): Promise<void> {
  const credited = await wallet.showReceipt(number);
  const account = `account ${printable(payee)}`;
  if (credited === true) say(`It is on ${account}.`);
  else say(`The bank has not put it on ${account} yet; the receipt is its proof.`);
}

/** An amount with its sign, in main units. */
function written(value: number, { divisor }: CurrencyInfo): string {
  return `${value < 0 ? '-' : ''}${formatAmount(amount(Math.abs(value)), divisor)}`;
}
