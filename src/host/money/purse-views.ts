/** The purses and the history as people see them. */
import { amount, formatAmount } from '../../base/amount.ts';
import { writeDate } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import { suiteNamed } from '../../suites/index.ts';
import type { Balance, CurrencyInfo, Entry } from '../../wallet/wallet.ts';
import type { Desk } from '../desk.ts';
import { isSettled } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import type { CurrencyView, EntryView, PurseView } from '../schemas.ts';

export function currencyView(info: CurrencyInfo): CurrencyView {
  const { id, name, divisor, location, additionalInfo: about, suite, promises, stopped } = info;
  const { untraceable, verifiableBy, safeOffline, rounds, caution } = promises;
  const offered = suiteNamed(suite);
  return {
    ...{ id, name, divisor, location, about, suite, stopped },
    promises: {
      ...{ untraceable, safeOffline, rounds, caution },
      leftUnblinded: !(offered instanceof Refusal) && offered.promises.untraceable && !untraceable,
      verifiableBy: verifiableBy === 'anyone' ? 'anyone' : 'issuer',
    },
  };
}

/** One purse for each currency. */
export function purses(desk: Desk): readonly PurseView[] {
  const buys = desk.wallet.history().filter(({ kind, state }) => kind === 'buy' && state === 'pending');
  return desk.wallet.balance().map((balance) => purse(desk, balance, buys));
}

function purse({ wallet }: Desk, balance: Balance, buys: readonly Entry[]): PurseView {
  const { currency, available, reserved, doubtful, expired } = balance;
  const ordered = buys.filter((each) => each.currency === currency.id);
  return {
    currency: currencyView(currency),
    ...{ available, reserved, doubtful, expired },
    ordered: ordered.reduce((total, each) => total + each.amount, 0),
    piles: wallet.piles(currency.id).map(({ denomination, coins, expires }) => ({
      ...{ denomination, coins },
      expires: `${writeDate(expires)}Z`,
    })),
  };
}

/**
 * Whether there is money that nobody else has: in the purses, in letters of the inbox, in what was sent and nobody has taken, or
 * in what is not finished.
 */
export function hasMoney({ wallet, letters }: Desk): boolean {
  const inPurses = wallet
    .balance()
    .some(({ available, reserved, doubtful }) => available + reserved + doubtful > 0);
  // What has arrived at a member is theirs, whether the wallet has asked or not.
  const arrived = new Set(
    [...letters.all(), ...letters.gone()].filter(isSettled).map(({ operation }) => operation),
  );
  const isOut = wallet
    .history()
    .some(({ state, number }) => state === 'pending' || (state === 'sent' && !arrived.has(number)));
  const waiting = letters.folder('inbox').filter((letter) => !isSettled(letter));
  return inPurses || isOut || waiting.some((letter) => letter.titles === null);
}

/** Whether there are titles, or letters that bring some: what the twelve words bring back. */
export function hasTitles({ letters, titles }: Desk): boolean {
  const isHeld = (titles?.titles() ?? []).length > 0;
  return isHeld || letters.folder('inbox').some((letter) => letter.titles !== null && !isSettled(letter));
}

/** Everything that was done, newest first; with a search, what has it in any of the fields that people see. */
export function history(desk: Desk, search: string): readonly EntryView[] {
  const letters = new Map(
    desk.letters
      .all()
      .filter(({ operation }) => operation !== 0)
      .map((letter) => [letter.operation, letter]),
  );
  const currencies = new Map(desk.wallet.currencies().map((info) => [info.id, info]));
  const wanted = search.trim().toLowerCase();
  return desk.wallet
    .history()
    .map((entry) => entryView(entry, currencies.get(entry.currency), letters.get(entry.number)))
    .filter((entry) => wanted === '' || fieldsOf(entry).some((field) => field.includes(wanted)))
    .reverse();
}

/** One entry, with the letter that it belongs to. */
export function entryView(
  entry: Entry,
  currency: CurrencyInfo | undefined,
  letter: LetterRecord | undefined,
): EntryView {
  const { number, kind, state, subject, instructions, reason, payee, receipt, started } = entry;
  if (kind === 'tidy') throw new Error('tidying is no part of the history');
  return {
    currency: entry.currency,
    currencyName: currency?.name ?? '',
    divisor: currency?.divisor ?? 1,
    amount: entry.amount,
    ...{ number, kind, state, subject, instructions, reason, payee },
    time: `${writeDate(started)}Z`,
    who: letter === undefined ? '' : letter.folder === 'sent' ? letter.to : letter.from,
    receipt: receipt?.receipt.sequence ?? 0,
    letter: letter?.id ?? '',
  };
}

function fieldsOf(entry: EntryView): readonly string[] {
  const { subject, who, kind, state, currencyName, payee, divisor } = entry;
  const money = formatAmount(amount(entry.amount), divisor);
  // A comma is what others write for the point.
  const fields = [subject, who, kind, state, currencyName, payee, money, money.replace('.', ',')];
  return fields.map((field) => field.toLowerCase());
}
