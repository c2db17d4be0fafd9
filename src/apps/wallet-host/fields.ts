/** What a form brings, read into what the host takes. */
import { LIMITS } from '../../base/limits.ts';
import { parseAmount } from '../../base/amount.ts';
import { object } from '../../host/objections.ts';
import type { Objection } from '../../host/objections.ts';
import type { Values } from '../../pages/look.ts';
import type { Language } from '../../pages/texts/index.ts';
import type { HostRequest, MemberVisit } from './visit.ts';

export interface Fields {
  /** What was typed, by the fields' names. */
  readonly texts: Values;
  /** What the chosen file holds; empty where none was chosen. */
  readonly file: string;
}

/** Reads a form's body, which is no larger than a form may be. Undefined where it is no form. */
export async function readFields(request: HostRequest): Promise<Fields | undefined> {
  const type = request.req.header('content-type') ?? '';
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return undefined;
  let form: FormData;
  try {
    form = await request.req.formData();
  } catch (error) {
    // That is how a body says that it is no form.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
  const texts: Record<string, string> = {};
  let file = '';
  for (const [name, value] of form) {
    if (typeof value === 'string') texts[name] = LISTS.has(name) ? joined(texts[name], value) : value;
    else if (name === 'file' && value.size <= LIMITS.messageBytes) file = await value.text();
    else if (name === 'file') file = TOO_LARGE;
  }
  return { texts, file };
}

/** Fields of which a form may bring several: the boxes that are ticked. */
const LISTS: ReadonlySet<string> = new Set(['titles']);

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before},${value}`;
}

/** Stands for a file that is no coins for its size alone. */
const TOO_LARGE = 'too large';

/** A field's text; empty where it is missing. */
export function text({ texts }: Fields, name: string): string {
  return Object.hasOwn(texts, name) ? (texts[name] ?? '') : '';
}

/** Coins as a link, a text, or the content of a file; objects where there is neither. */
export function coins(fields: Fields): string | Objection {
  const given = fields.file === '' ? text(fields, 'text').trim() : fields.file;
  return given === '' || given.length > LIMITS.messageBytes ? object('no coins') : given;
}

/** Words are shown again: one of twelve is wrong, and it has to be found. */
const SECRETS = new Set(['csrf', 'once', 'password', 'before', 'after', 'voucher', 'secret']);

/** What may be shown again in the form: all that is no secret. */
export function retyped({ texts }: Fields): Values {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !SECRETS.has(name)));
}

/** A currency and an amount of it in its smallest unit, as they were typed. */
export function money(visit: MemberVisit, fields: Fields): { currency: string; amount: number } | Objection {
  const currency = currencyOf(visit, fields);
  if (typeof currency !== 'object' || !('divisor' in currency)) return currency;
  const amount = parseAmount(plainAmount(text(fields, 'amount'), visit.language) ?? '', currency.divisor);
  return amount === undefined ? object('bad amount') : { currency: currency.id, amount };
}

/** The currency that was chosen, which is one of the wallet's. */
export function currencyOf(
  { member }: MemberVisit,
  fields: Fields,
): { readonly id: string; readonly divisor: number } | Objection {
  return member.currencies().find(({ id }) => id === text(fields, 'currency')) ?? object('no currency');
}

/**
 * An amount as a person types it, as `parseAmount` reads it. In English `1,234.50`, in German `1.234,50`; the other sign
 * is taken for the decimal one too, unless three digits follow, which could be meant either way. Undefined for what is none.
 */
export function plainAmount(typed: string, language: Language): string | undefined {
  const [decimal, group] = language === 'de' ? [',', '\\.'] : ['\\.', ','];
  const amount = typed.replace(/[\s\u00a0\u202f'’]/g, '');
  const readings = [
    `^(\\d{1,3}(?:${group}\\d{3})+)(?:${decimal}(\\d+))?$`,
    `^(\\d+)(?:${decimal}(\\d+))?$`,
    `^(\\d+)${group}(\\d{1,2}|\\d{4,})$`,
  ];
  for (const pattern of readings) {
    const match = new RegExp(pattern).exec(amount);
    if (match === null) continue;
    const [, whole = '', fraction] = match;
    const digits = whole.replace(/\D/g, '');
    return fraction === undefined ? digits : `${digits}.${fraction}`;
  }
  return undefined;
}
