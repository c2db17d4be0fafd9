/** What the wallet's commands have in common: which currency is meant, and how amounts are written. */
import { formatAmount, parseAmount } from '../../../base/amount.ts';
import type { Amount } from '../../../base/amount.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import type { CurrencyInfo, Entry, Wallet } from '../../../wallet/wallet.ts';
import { printable } from '../terminal.ts';

export interface WalletOptions {
  readonly currency: string | undefined;
  readonly subject: string;
  readonly output: string | undefined;
  readonly json: boolean;
  /** How a purchase is paid. */
  readonly rail: string | undefined;
  /** Where money goes: an account's number, words for a teller, or the payee to whom alone coins are handed. */
  readonly to: string | undefined;
  readonly acceptChangedKeys: boolean;
  readonly voucherStdin: boolean;
  /** Whether coins to come are made without blinding; undefined: as before. */
  readonly unblinded: boolean | undefined;
  /** Whether nobody is asked. */
  readonly offline: boolean;
  /** Whether there are titles beside the coins: their pseudonyms come from this wallet's twelve words. */
  readonly hasTitles: boolean;
}

export interface WalletCommand {
  readonly usage: string;
  readonly operands: (count: number) => boolean;
  /** Whether it talks to issuers, and so first takes up what a crash cut short. */
  readonly online: boolean;
  readonly run: (
    wallet: Wallet,
    operands: readonly string[],
    options: WalletOptions,
  ) => Promise<Refusal | undefined> | Refusal | undefined;
}

export interface Chosen {
  readonly currency: CurrencyInfo;
  readonly amount: Amount;
}

/** The currency that is meant and the amount in it. */
export function choose(wallet: Wallet, options: WalletOptions, text: string): Chosen | Refusal {
  const currency = chooseCurrency(wallet, options);
  if (currency instanceof Refusal) return currency;
  const amount = parseAmount(text, currency.divisor);
  if (amount === undefined) return refuse('malformed', `“${text}” is no amount of ${currency.name}`);
  return { currency, amount };
}

/** The currency that is meant. */
export function chooseCurrency(wallet: Wallet, options: WalletOptions): CurrencyInfo | Refusal {
  const all = wallet.currencies();
  const meant = options.currency;
  const matching = meant === undefined ? all : all.filter((each) => each.name === meant || each.id === meant);
  const [currency, ...others] = matching;
  if (currency === undefined)
    return refuse(
      'unknown',
      'This wallet does not know that currency; make it known with: specie wallet add URL',
    );
  if (others.length > 0) {
    return refuse(
      'not possible',
      `Several currencies are meant; say which with --currency: ${matching.map((each) => each.id).join(' ')}`,
    );
  }
  return currency;
}

/** An entry's amount in main units, with the currency's name. */
export function money(wallet: Wallet, entry: Pick<Entry, 'amount' | 'currency'>): string {
  const info = wallet.currencies().find((each) => each.id === entry.currency);
  return info === undefined
    ? String(entry.amount)
    : `${formatAmount(entry.amount, info.divisor)} ${printable(info.name)}`;
}

/** What a currency's suite promises to people, a sentence a line: shown before the currency is first used. */
export function promises({ blinded, promises: made }: CurrencyInfo): readonly string[] {
  const whoTraces = made.untraceable
    ? 'Its issuer cannot trace its coins: it signs them without seeing them.'
    : 'The issuer can trace its coins.';
  return [
    blinded || made.verifiableBy === 'the mint' ? whoTraces : `${whoTraces} They are not blinded.`,
    made.verifiableBy === 'anyone' ? 'Anyone can check a coin.' : 'Only the issuer can check a coin.',
    made.safeOffline
      ? 'It can be paid offline: whoever pays with a coin twice is found out.'
      : 'A payment is safe only once the issuer has been asked.',
    ...(made.rounds === 2
      ? ['To have coins made you need an account at its bank; one is opened for you.']
      : []),
    ...(made.caution === '' ? [] : [made.caution]),
  ];
}
