/** Looking at a link, a text or a file before anything is taken. */
import { Refusal } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { readHandover } from '../../title/wallet/handover.ts';
import type { CurrencyInfo } from '../../wallet/wallet.ts';
import { claimOf } from '../money/coins.ts';
import type { Claim } from '../money/coins.ts';
import type { HostContext } from '../context.ts';
import { knownCurrency } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { openDrop } from './drops.ts';
import { currencyView } from '../money/purse-views.ts';
import { Objection, object, passOn } from '../objections.ts';
import type { OfferView } from '../schemas.ts';
import type { DropRow } from '../state.ts';

/** Coins that somebody was given, with what was written to them. */
export interface Found {
  readonly stack: CoinStack;
  readonly claim: Claim;
  readonly from: string;
  readonly text: string;
  /** Where they lay; undefined where they came as text or as a file. */
  readonly drop: DropRow | undefined;
}

/** Characters of a link before its key: no longer run is looked at, since anybody may send anything. */
const LONGEST = 300;
const ADDRESS = /https?:\/\/[^\s<>"'#]+$/;
const KEY = /^[A-Za-z0-9_-]{1,100}/;

/** The first link in a text with something behind its sign: the address and what is behind. Linear, whatever the text. */
function linkIn(text: string): { readonly page: string; readonly key: string } | undefined {
  for (
    let start = 0, sign = text.indexOf('#');
    sign >= 0;
    start = sign + 1, sign = text.indexOf('#', start)
  ) {
    const [page] = ADDRESS.exec(text.slice(Math.max(start, sign - LONGEST), sign)) ?? [];
    const [key] = KEY.exec(text.slice(sign + 1, sign + 101)) ?? [];
    if (page !== undefined && key !== undefined) return { page, key };
  }
  return undefined;
}

/** What a text holds: coins, or the link of a drop of this host. Objects 'are titles' where it is a handover of some. */
export async function find({ parts }: HostContext, text: string): Promise<Found | Objection> {
  const stack = parts.handover.read(text);
  if (!(stack instanceof Refusal)) return found(stack, { from: '', text: '', drop: undefined });
  if (stack.name === 'too large') return passOn(stack);
  if (!(readHandover(text) instanceof Refusal)) return object('are titles');
  const link = linkIn(text);
  if (link === undefined) return object('no coins', stack.details);
  const { page, key } = link;
  if (page !== `${parts.url}receive`) return object(isOf(parts.url, page) ? 'no coins' : 'other host');
  const drop = await openDrop(parts, key);
  if (drop instanceof Objection) return drop;
  const { from, text: words, stack: coins } = drop.content;
  return found(coins, { from, text: words, drop: drop.row });
}

function isOf(url: string, page: string): boolean {
  return URL.canParse(page) && new URL(page).origin === new URL(url).origin;
}

function found(stack: CoinStack, where: Pick<Found, 'from' | 'text' | 'drop'>): Found | Objection {
  const claim = claimOf(stack);
  return claim instanceof Objection ? claim : { stack, claim, ...where };
}

/** What a link, a text or a file holds, for somebody who is not signed in. */
export async function look(context: HostContext, text: string): Promise<OfferView | Objection> {
  const coins = await find(context, text);
  if (coins instanceof Objection) return coins;
  return offer(context, coins);
}

async function offer({ transits }: HostContext, coins: Found): Promise<OfferView | Objection> {
  const { currency, location } = coins.claim;
  const info = await transits.issuers.describe(currency, location);
  if (info instanceof Refusal) return passOn(info);
  const isSpent = await transits.issuers.isSpent(currency, location, coins.stack);
  return { ...offerView(coins, info), isSpent: isSpent === true };
}

function offerView({ claim, stack, from, text }: Found, info: CurrencyInfo): Omit<OfferView, 'isSpent'> {
  return {
    currency: info.id,
    currencyName: info.name,
    divisor: info.divisor,
    amount: claim.amount,
    coins: claim.coins,
    subject: stack.subject,
    ...{ text, from },
    about: currencyView(info),
    isKnown: false,
    own: '',
  };
}

/** The same for a member: what this wallet knows of the coins too. */
export async function lookAs(desk: Desk, text: string): Promise<OfferView | Objection> {
  const coins = await find(desk.context, text);
  if (coins instanceof Objection) return coins;
  const own = ownership(desk, coins.stack);
  const currency = knownCurrency(desk, coins.claim.currency);
  if (currency instanceof Objection) {
    const stranger = await offer(desk.context, coins);
    return stranger instanceof Objection ? stranger : { ...stranger, own };
  }
  const isSpent = own === 'taken' ? true : await desk.wallet.isSpent(coins.stack);
  return { ...offerView(coins, currency), isKnown: true, own, isSpent: isSpent === true };
}

function ownership({ wallet }: Desk, stack: CoinStack): OfferView['own'] {
  if (wallet.takenAs(stack) !== undefined) return 'taken';
  return wallet.sentAs(stack) instanceof Refusal ? '' : 'sent';
}

/** The coins in a link or a text, to save as a file. */
export async function coinsIn(context: HostContext, text: string): Promise<CoinStack | Objection> {
  const coins = await find(context, text);
  return coins instanceof Objection ? coins : coins.stack;
}
