/** Amounts, dates and objections in the reader's language. */
import { html } from 'hono/html';
import { amount, formatAmount, isAmount } from '../base/amount.ts';
import type { Objection } from '../host/objections.ts';
import type { LetterView } from '../host/schemas.ts';
import type { Html, Look } from './look.ts';
import { TEXTS } from './texts/index.ts';
import type { Language } from './texts/index.ts';

/** Money that knows its currency, as most of the host's views do. */
export interface Money {
  readonly amount: number;
  readonly divisor: number;
  readonly currencyName: string;
}

/** An amount's figure, such as `1,234.50`; no currency. Negative amounts get a minus sign. */
export function figure(language: Language, value: number, divisor: number): string {
  const size = Math.abs(value);
  const written = formatAmount(amount(isAmount(size) ? size : 0), divisor);
  const decimals = written.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return `${value < 0 ? '−' : ''}${format.format(written as `${number}`)}`;
}

/** An amount as a person types it into a field: no grouping. */
export function typed(language: Language, value: number, divisor: number): string {
  const written = formatAmount(amount(value), divisor);
  return language === 'de' ? written.replace('.', ',') : written;
}

/** An amount with its currency, such as `5.00 Ducats`, on one line. */
export function money({ language }: Pick<Look, 'language'>, of: Money): string {
  return `${figure(language, of.amount, of.divisor)}\u00a0${of.currencyName}`;
}

/** The same, with the figure in front and the currency smaller. */
export function moneyShown({ language }: Pick<Look, 'language'>, of: Money): Html {
  return html`<span class="money"
    ><b>${figure(language, of.amount, of.divisor)}</b> <span class="unit">${of.currencyName}</span></span
  >`;
}

/** A count with its thousands parted. */
export function counted(language: Language, count: number): string {
  return new Intl.NumberFormat(language).format(count);
}

type Reader = Pick<Look, 'language' | 'now' | 'zone'>;

/** When something was, short: the time of today, the day of this year, else the date. `iso` is UTC. */
export function moment(reader: Reader, iso: string): Html {
  const time = new Date(zoned(iso));
  if (Number.isNaN(time.getTime())) return html``;
  const day = (of: Date): string => written(reader, of, { dateStyle: 'short' });
  const now = new Date(reader.now);
  const year = (of: Date): string => written(reader, of, { year: 'numeric' });
  let text = day(time);
  if (text === day(now)) text = written(reader, time, { timeStyle: 'short' });
  else if (year(time) === year(now)) text = written(reader, time, { day: 'numeric', month: 'short' });
  return html`<time datetime="${time.toISOString()}" title="${inFull(reader, time)}">${text}</time>`;
}

/** When something was, with date and time; the zone is named while it is not the reader's. */
export function fullMoment(reader: Reader, iso: string): Html {
  const time = new Date(zoned(iso));
  if (Number.isNaN(time.getTime())) return html``;
  return html`<time datetime="${time.toISOString()}">${inFull(reader, time)}</time>`;
}

/** A day of the calendar. */
export function day(reader: Reader, iso: string): Html {
  const time = new Date(zoned(iso));
  if (Number.isNaN(time.getTime())) return html``;
  const text = written(reader, time, { dateStyle: 'medium' });
  return html`<time datetime="${time.toISOString().slice(0, 10)}">${text}</time>`;
}

function inFull(reader: Reader, time: Date): string {
  const text = written(reader, time, { dateStyle: 'medium', timeStyle: 'short' });
  return reader.zone === undefined ? `${text} UTC` : text;
}

function written({ language, zone = 'UTC' }: Reader, time: Date, style: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...style, timeZone: zone }).format(
    time,
  );
}

/** The protocol's dates are UTC without saying so. */
function zoned(iso: string): string {
  return /Z$|[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}Z`;
}

/** An objection in a reader's language, in a sentence or two. */
export function objectionText(language: Language, objection: Objection): string {
  return TEXTS[language].objections[objection.name];
}

/** Objections whose sentence says all: what their details add is for programs. */
const SAID_IN_FULL: ReadonlySet<Objection['name']> = new Set([
  'no such title',
  'no titles',
  'bad title address',
]);

/** What an objection says besides, in English; empty where that tells a person nothing. */
export function objectionDetails({ name, details }: Objection): string {
  return SAID_IN_FULL.has(name) ? '' : details;
}

/**
 * A letter's money as it is to be named. What a currency is called is its issuer's choice: one that the wallet does not know
 * goes by the host of its issuer, which nobody else can have.
 */
export function named({ amount: value, divisor, currencyName, isKnown, location }: LetterView): Money {
  return { amount: value, divisor, currencyName: isKnown ? currencyName : issuerOf(location) };
}

/** The host of a currency's issuer; empty where the address is none. */
export function issuerOf(location: string): string {
  return URL.canParse(location) ? new URL(location).host : '';
}

/** A sentence on a letter that has just changed, for whoever looks at a page at this moment. */
export function newsOf(language: Language, letter: LetterView): string {
  const { news } = TEXTS[language];
  const unknown = letter.isKnown ? '' : ` (${TEXTS[language].folder.unknown})`;
  const worth = `${money({ language }, named(letter))}${unknown}`;
  if (letter.folder === 'sent') return news.taken(worth);
  return news.letter(letter.from === '' ? news.someone : letter.from, worth);
}
