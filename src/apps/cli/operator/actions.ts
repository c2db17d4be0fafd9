/** What operators type as actions: one table, an action out of each. */
import { parseAmount } from '../../../base/amount.ts';
import { DAY, SECOND, readDate, writeDate } from '../../../base/dates.ts';
import type { Instant } from '../../../base/dates.ts';
import { readJson } from '../../../base/json.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { termsOf } from '../../../mint/charter/charter.ts';
import { policyFaults } from '../../../mint/charter/policy.ts';
import { decodeDocument } from '../../../protocol/codec.ts';
import type { Cdd } from '../../../protocol/documents.ts';
import type { Action } from '../../../protocol/governance.ts';
import { askDescription } from '../../audit/ask.ts';
import { fileError, readFile } from '../files.ts';
import { checkedRecipient, readRecipient } from './identity-file.ts';
import type { Desk } from './desk.ts';

/** What was typed behind the action's name, and what it is about. */
export interface Typed {
  readonly operands: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  readonly cdd: Cdd;
  readonly now: Instant;
  readonly desk: Pick<Desk, 'wayTo'>;
}

interface ActionReader {
  readonly usage: string;
  readonly operands: number;
  /** The options that it takes, all of them needed. */
  readonly texts?: readonly string[];
  /** Options of which exactly one is needed. */
  readonly either?: readonly string[];
  readonly read: (typed: Typed) => Action | Refusal | Promise<Action | Refusal>;
}

export const ACTIONS: Readonly<Record<string, ActionReader>> = {
  'raise-treasury': {
    usage: 'raise-treasury AMOUNT',
    operands: 1,
    read: (typed) => withAmount(typed, (amount) => ({ type: 'raise treasury', amount })),
  },
  'lower-treasury': {
    usage: 'lower-treasury AMOUNT',
    operands: 1,
    read: (typed) => withAmount(typed, (amount) => ({ type: 'lower treasury', amount })),
  },
  power: { usage: 'power off|on', operands: 1, read: readPower },
  revoke: {
    usage: 'revoke MINT_KEY_ID --coins-until DATE|DAYS',
    operands: 1,
    texts: ['coins-until'],
    read: readRevocation,
  },
  policy: { usage: 'policy FILE', operands: 1, read: readPolicy },
  schedule: {
    usage: 'schedule --keys-sign DAYS --coins-live DAYS --publish-ahead DAYS',
    operands: 0,
    texts: ['keys-sign', 'coins-live', 'publish-ahead'],
    read: readSchedule,
  },
  cashier: {
    usage: 'cashier KEY --per-operation AMOUNT --per-day AMOUNT',
    operands: 1,
    texts: ['per-operation', 'per-day'],
    read: readCashier,
  },
  backup: { usage: 'backup', operands: 0, read: () => ({ type: 'backup' }) },
  description: { usage: 'description FILE', operands: 1, read: readDescription },
  currency: { usage: 'currency FILE', operands: 1, read: readCurrency },
  reserve: {
    usage: 'reserve URL --gives UNITS --units UNITS --most AMOUNT',
    operands: 1,
    texts: ['gives', 'units', 'most'],
    read: readReserve,
  },
  'release-reserve': {
    usage: 'release-reserve UNITS --recipient age1…|--to FILE',
    operands: 1,
    either: ['recipient', 'to'],
    read: readRelease,
  },
};

/** The options that any action takes. */
export const ACTION_TEXTS = Object.values(ACTIONS).flatMap(({ texts = [], either = [] }) => [
  ...texts,
  ...either,
]);

/** Reads an action; a text says how it is used. */
export async function readAction(name: string, typed: Typed): Promise<Action | Refusal | string> {
  const reader = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (reader === undefined) return `there is no action ${name}`;
  const { texts = [], either = [], operands, usage } = reader;
  const isGiven = (each: string) => each in typed.texts;
  const extra = ACTION_TEXTS.find((each) => isGiven(each) && !texts.includes(each) && !either.includes(each));
  const isComplete =
    typed.operands.length === operands &&
    texts.every(isGiven) &&
    (either.length === 0 || either.filter(isGiven).length === 1);
  return extra === undefined && isComplete ? reader.read(typed) : `${name} is written ${usage}`;
}

function withAmount(
  { cdd, operands: [text = ''] }: Typed,
  make: (amount: number) => Action,
): Action | Refusal {
  const amount = parseAmount(text, cdd.currency_divisor);
  return amount === undefined ? malformed(noAmount(text, cdd)) : make(amount);
}

function noAmount(text: string, { currency_divisor: divisor, currency_name: name }: Cdd): string {
  const parts =
    divisor === 1 ? 'a whole number' : `a number, as 12.50, with parts of 1/${divisor} at the finest`;
  return `${text} is no amount of ${name}: write ${parts}`;
}

function readPower({ operands: [word = ''] }: Typed): Action | Refusal {
  if (word === 'off' || word === 'on') return { type: `power ${word}` };
  return malformed(`power is switched on or off, not ${word}`);
}

function readRevocation({ operands: [id = ''], texts, now }: Typed): Action | Refusal {
  const typed = texts['coins-until'] ?? '';
  if (!/^[0-9a-f]{64}$/.test(id)) return malformed(`${id} is no id of a mint key: that has 64 hex digits`);
  const days = wholeNumber(typed);
  const date = readDate(/^\d{4}-\d\d-\d\d$/.test(typed) ? `${typed}T00:00:00` : typed);
  const until = days !== undefined && days <= MOST_DAYS ? now + days * DAY : date;
  return until === undefined
    ? malformed(`${typed} is no date, as 2027-01-31, and no number of days`)
    : { type: 'revoke mint key', mint_key_id: id, coins_until: writeDate(until) };
}

const MOST_DAYS = 36_500;

function readPolicy({ operands: [path = ''] }: Typed): Action | Refusal {
  const document = readDocument(path);
  if (document instanceof Refusal) return document;
  if (document.type !== 'policy') return malformed(`the file ${path} holds no policy`);
  return policyFaults(document) ?? { type: 'change policy', policy: document };
}

function readSchedule({ texts }: Typed): Action | Refusal {
  const seconds: number[] = [];
  for (const name of ['keys-sign', 'coins-live', 'publish-ahead'] as const) {
    const days = texts[name] === '0' ? 0 : wholeNumber(texts[name] ?? '');
    if (days === undefined || days > MOST_DAYS) return malformed(`--${name} takes a number of days`);
    seconds.push((days * DAY) / SECOND);
  }
  const [keys_sign_seconds = 0, coins_live_seconds = 0, publish_ahead_seconds = 0] = seconds;
  return {
    type: 'key schedule',
    key_schedule: { coins_live_seconds, keys_sign_seconds, publish_ahead_seconds },
  };
}

function readCashier({ operands: [cashier = ''], texts, cdd }: Typed): Action | Refusal {
  if (!/^[0-9a-f]{64}$/.test(cashier))
    return malformed(`${cashier} is no cashier's key: that has 64 hex digits`);
  const limits: number[] = [];
  for (const name of ['per-operation', 'per-day'] as const) {
    const text = texts[name] ?? '';
    const limit = text === '0' ? 0 : parseAmount(text, cdd.currency_divisor);
    if (limit === undefined) return malformed(noAmount(text, cdd));
    limits.push(limit);
  }
  const [limit_per_operation = 0, limit_per_day = 0] = limits;
  return { type: 'cashier limits', limits: { cashier, limit_per_day, limit_per_operation } };
}

/** The file holds only what is to change; all else stays as it is. */
function readDescription({ operands: [path = ''], cdd }: Typed): Action | Refusal {
  const bytes = readBytes(path);
  if (bytes instanceof Refusal) return bytes;
  const value = readJson(bytes);
  if (value instanceof Refusal) return malformed(`the file ${path} cannot be read (${value.details})`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed(`the file ${path} holds no fields of a description`);
  }
  // Whatever else stands in it is found when the order is read back.
  return { type: 'new description', description: { ...termsOf(cdd), ...value } };
}

function readCurrency({ operands: [path = ''] }: Typed): Action | Refusal {
  const document = readDocument(path);
  if (document instanceof Refusal) return document;
  if (document.type !== 'founding') return malformed(`the file ${path} holds no founding of a currency`);
  return policyFaults(document.policy) ?? { type: 'new currency', founding: document };
}

function readRelease({ operands: [text = ''], texts }: Typed): Action | Refusal {
  const amount = wholeNumber(text);
  if (amount === undefined) return malformed(`${text} is no whole number of the reserve's smallest unit`);
  const { to, recipient: typed = '' } = texts;
  const recipient = to === undefined ? checkedRecipient(typed) : readRecipient(to);
  return recipient instanceof Refusal ? recipient : { type: 'release reserve', amount, recipient };
}

async function readReserve({ operands: [url = ''], texts, cdd, desk }: Typed): Promise<Action | Refusal> {
  const gives = wholeNumber(texts['gives'] ?? '');
  const units = wholeNumber(texts['units'] ?? '');
  if (gives === undefined || units === undefined) {
    return malformed('--gives and --units take whole numbers of the smallest units');
  }
  const most = parseAmount(texts['most'] ?? '', cdd.currency_divisor);
  if (most === undefined) return malformed(noAmount(texts['most'] ?? '', cdd));
  const way = desk.wayTo(url);
  if (way instanceof Refusal) return way;
  const other = await askDescription(way);
  if (other instanceof Refusal) return other;
  const { cdd_location, id: issuer_id } = other.cdd;
  return { type: 'reserve', reserve: { cdd_location, gives, issuer_id, most, units } };
}

/** A whole number from 1 on. */
export function wholeNumber(text: string): number | undefined {
  const value = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

function readDocument(path: string) {
  const bytes = readBytes(path);
  if (bytes instanceof Refusal) return bytes;
  const document = decodeDocument(bytes);
  return document instanceof Refusal
    ? malformed(`the file ${path} cannot be read (${document.details})`)
    : document;
}

function readBytes(path: string): Uint8Array | Refusal {
  try {
    return readFile(path);
  } catch (error) {
    return fileError(error, path);
  }
}

function malformed(details: string): Refusal {
  return refuse('malformed', details);
}
