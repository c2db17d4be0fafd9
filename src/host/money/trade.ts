/** Money in and out: buying, redeeming, the account at a currency's bank. */
import { isAmount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import type { AddOptions, BuyOptions, Entry } from '../../wallet/wallet.ts';
import { entryOf, isKnown, knownCurrency } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { Objection, object, passOn } from '../objections.ts';
import { currencyView, entryView } from './purse-views.ts';
import type {
  BankView,
  BuyInput,
  ClearedView,
  CurrencyInput,
  CurrencyView,
  EntryView,
  FoundView,
  PayOutInput,
  RedeemInput,
} from '../schemas.ts';

/** Gets to know a currency, or goes on with one that was stopped. */
export async function addCurrency(
  { wallet }: Desk,
  { url, acceptKeys }: CurrencyInput,
): Promise<CurrencyView | Objection> {
  const options: AddOptions = { acceptKeys };
  const info = await wallet.add(url, options);
  return info instanceof Refusal ? passOn(info) : currencyView(info);
}

/**
 * The currency at an address; for an empty one the other currencies of the host's issuers, those that the wallet knows left
 * out. Nothing is added.
 */
export async function offers(desk: Desk, url: string): Promise<readonly CurrencyView[] | Objection> {
  const { offers: all } = desk.context.transits;
  if (url === '')
    return all
      .offered()
      .filter(({ id }) => !isKnown(desk, id))
      .map(currencyView);
  const info = await all.describe(url);
  return info instanceof Refusal ? passOn(info) : [currencyView(info)];
}

/** The names of the rails of a currency's bank. */
export async function rails(desk: Desk, currency: string): Promise<readonly string[] | Objection> {
  const known = knownCurrency(desk, currency);
  if (known instanceof Objection) return known;
  return passedOn(await desk.wallet.rails(currency));
}

/** The wallet's account at a currency's bank. */
export async function bank(desk: Desk, currency: string): Promise<BankView | Objection> {
  const known = knownCurrency(desk, currency);
  if (known instanceof Objection) return known;
  const account = await desk.wallet.account(currency);
  if (account instanceof Refusal) return passOn(account);
  const { number, balance, entries, payouts } = account;
  return {
    ...{ currency, number, balance },
    entries: entries.map(({ time, amount, kind }) => ({ time: withZone(time), amount, text: kind })),
    payouts: payouts.map(({ amount, to, state }) => ({ amount, to, state })),
  };
}

/** Dates of the protocol may go without the zone, which is UTC. */
function withZone(date: string): string {
  return date.endsWith('Z') ? date : `${date}Z`;
}

/** Orders coins; 'pending' with instructions as long as somebody has to pay. A voucher of no amount buys what it is worth. */
export async function buy(desk: Desk, input: BuyInput): Promise<EntryView | Objection> {
  const { currency, rail, voucher } = input;
  const amount = await amountToBuy(desk, input);
  if (amount instanceof Objection) return amount;
  const options: BuyOptions = {
    rail,
    payTest: rail === 'test',
    ...(rail === 'voucher' ? { proof: voucher } : {}),
  };
  return entered(desk, await desk.wallet.buy(currency, amount, options));
}

async function amountToBuy(desk: Desk, input: BuyInput): Promise<Amount | Objection> {
  const known = knownCurrency(desk, input.currency);
  if (known instanceof Objection) return known;
  if (input.rail !== 'voucher' || input.amount !== 0) return positive(input.amount);
  const worth = await desk.wallet.voucherValue(input.currency, input.voucher);
  return worth instanceof Refusal ? passOn(worth) : positive(worth);
}

function positive(value: number): Amount | Objection {
  return isAmount(value) && value > 0 ? value : object('bad amount');
}

/** Gives coins back; credited at once where the bank can be shown the receipt, later where it cannot. */
export async function redeem(desk: Desk, input: RedeemInput): Promise<EntryView | Objection> {
  const { wallet } = desk;
  const known = knownCurrency(desk, input.currency);
  if (known instanceof Objection) return known;
  const amount = positive(input.amount);
  if (amount instanceof Objection) return amount;
  const payee = input.to === 'account' ? await ownNumber(desk, input.currency) : input.to;
  if (payee instanceof Objection) return payee;
  const entry = await wallet.redeem(input.currency, amount, { payee });
  // The bank credits it in any case, when it asks the mint for its receipts.
  if (!(entry instanceof Refusal) && entry.state === 'done' && payee !== '')
    await wallet.showReceipt(entry.number);
  return entered(desk, entry);
}

async function ownNumber({ wallet }: Desk, currency: string): Promise<string | Objection> {
  const account = await wallet.account(currency);
  return account instanceof Refusal ? passOn(account) : account.number;
}

/** Orders money out of the account. */
export async function payOut(desk: Desk, input: PayOutInput): Promise<EntryView | Objection> {
  const known = knownCurrency(desk, input.currency);
  if (known instanceof Objection) return known;
  const amount = positive(input.amount);
  if (amount instanceof Objection) return amount;
  return entered(desk, await desk.wallet.payOut(input.currency, amount, input.to));
}

/**
 * Looks for coins of the wallet's phrase in a currency; their sum, and how much of it is doubtful: what another wallet made
 * with the same phrase it may have handed over, and nobody here can know.
 */
export async function restoreCurrency({ wallet }: Desk, url: string): Promise<FoundView | Objection> {
  const restored = await wallet.restore(wallet.phrase(), [url]);
  if (restored instanceof Refusal) return passOn(restored);
  return {
    amount: restored.reduce((total, { amount }) => total + amount, 0),
    doubtful: restored.reduce((total, { doubtful }) => total + doubtful, 0),
  };
}

/** Makes doubtful coins usable: the person says that nobody has them who has not brought them yet. */
export async function clearDoubt(desk: Desk, currency: string): Promise<ClearedView | Objection> {
  const known = knownCurrency(desk, currency);
  if (known instanceof Objection) return known;
  return passedOn(await desk.wallet.clearDoubt(currency));
}

function entered(desk: Desk, entry: Entry | Refusal): EntryView | Objection {
  if (entry instanceof Refusal) return passOn(entry);
  const info = knownCurrency(desk, entry.currency);
  const now = entryOf(desk, entry.number) ?? entry;
  return entryView(now, info instanceof Objection ? undefined : info, undefined);
}

function passedOn<Result>(outcome: Result | Refusal): Result | Objection {
  return outcome instanceof Refusal ? passOn(outcome) : outcome;
}
