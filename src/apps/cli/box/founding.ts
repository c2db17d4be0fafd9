/** `specie box founding`: the document that a currency begins with, made from options. */
import { formatAmount, parseAmount } from '../../../base/amount.ts';
import type { Amount } from '../../../base/amount.ts';
import { DAY, SECOND, writeDate } from '../../../base/dates.ts';
import type { Instant } from '../../../base/dates.ts';
import { LIMITS } from '../../../base/limits.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { foundingFault } from '../../../mint/charter/actions.ts';
import { decodeDocument, encode } from '../../../protocol/codec.ts';
import type { CashierLimits, Founding, Policy } from '../../../protocol/governance.ts';
import { SUITES } from '../../../suites/index.ts';
import { cashierInWords, dated, named, scheduleInWords } from '../../audit/words.ts';
import { readArguments } from '../arguments.ts';
import { wholeNumber } from '../operator/actions.ts';
import { faultOf, policyLines, readPolicy, writeNew } from './policy-file.ts';
import { complain, misused, printable, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE = `specie box founding --name NAME --url URL --denominations 1..512|1,2,5,… --treasury AMOUNT --policy FILE -o FILE
  [--cashier KEY --per-operation AMOUNT --per-day AMOUNT] [--divisor N] [--info TEXT] [--suite SUITE]
  [--keys-sign DAYS] [--coins-live DAYS] [--publish-ahead DAYS] [--description-lives DAYS]`;

const NEEDED = ['name', 'url', 'denominations', 'treasury', 'policy', 'output'] as const;

/** What is taken where nothing is said. A year's keys are what wallets and auditors can follow with little work. */
const DEFAULTS = {
  divisor: '1',
  info: '',
  suite: SUITES[0]?.name ?? '',
  'keys-sign': '365',
  'coins-live': '730',
  'publish-ahead': '30',
  'description-lives': '3650',
} as const;

const CASHIER = ['cashier', 'per-operation', 'per-day'] as const;
const MOST_DAYS = 36_500;

type Texts = Readonly<Record<string, string>>;

/** Writes a founding document and says what it means, or says why no currency can begin like that. */
export function founding(args: readonly string[]): ExitStatus {
  const texts = [...NEEDED, ...CASHIER, ...Object.keys(DEFAULTS)];
  const given = readArguments(args, { texts, letters: { o: 'output' } });
  if (typeof given === 'string') return misused(USAGE, given);
  const [operand] = given.operands;
  if (operand !== undefined) return misused(USAGE, `founding takes no ${operand}`);
  const lacking = NEEDED.find((name) => !(name in given.texts));
  if (lacking !== undefined)
    return misused(USAGE, `${lacking === 'output' ? '-o' : `--${lacking}`} is needed`);
  const now = Date.now();
  const document = readFounding({ ...DEFAULTS, ...given.texts }, now);
  const fault = document instanceof Refusal ? document : founded(document, now);
  if (document instanceof Refusal || fault !== undefined)
    return complain(fault ?? refuse('malformed', 'no founding was made'));
  const output = given.texts['output'] ?? '';
  const unwritten = writeNew(output, document);
  if (unwritten !== undefined) return complain(unwritten);
  for (const line of inWords(document)) say(printable(line));
  say(
    `${output} is written. Name, rules and limits can be changed by order later; suite and divisor cannot.`,
  );
  return 0;
}

/** The same checks as the box makes when it begins with the document. */
function founded(document: Founding, now: Instant): Refusal | undefined {
  const read = decodeDocument(encode(document));
  return read instanceof Refusal ? read : (faultOf(document.policy) ?? foundingFault(document, now));
}

function readFounding(texts: Texts, now: Instant): Founding | Refusal {
  const divisor = wholeNumber(texts['divisor'] ?? '');
  if (divisor === undefined) return malformed('--divisor takes a whole number, as 100');
  const url = texts['url'] ?? '';
  if (!URL.canParse(url) || !url.startsWith('http') || !url.endsWith('/') || /[?#]/.test(url))
    return malformed(`--url takes an address such as https://mint.example/, with a / at its end`);
  const denominations = readDenominations(texts['denominations'] ?? '', divisor);
  if (denominations instanceof Refusal) return denominations;
  const treasury = readAmount('treasury', texts, divisor);
  if (treasury instanceof Refusal) return treasury;
  const cashiers = readCashiers(texts, divisor);
  if (cashiers instanceof Refusal) return cashiers;
  const policy = readPolicy(texts['policy'] ?? '');
  if (policy instanceof Refusal) return policy;
  const days = readDays(texts);
  if (days instanceof Refusal) return days;
  return assemble(texts, { divisor, url, denominations, treasury, cashiers, policy, days, now });
}

interface Read {
  readonly divisor: number;
  readonly url: string;
  readonly denominations: readonly number[];
  readonly treasury: number;
  readonly cashiers: readonly CashierLimits[];
  readonly policy: Policy;
  readonly days: Days;
  readonly now: Instant;
}

function assemble(texts: Texts, read: Read): Founding {
  const { url, days } = read;
  const service: [number, string][] = [[10, url]];
  return {
    cashiers: read.cashiers,
    currency_divisor: read.divisor,
    description: {
      additional_info: texts['info'] ?? '',
      cdd_expiry_date: writeDate(read.now + days['description-lives'] * DAY),
      cdd_location: url,
      currency_name: texts['name'] ?? '',
      denominations: read.denominations,
      info_service: service,
      invalidation_service: service,
      renewal_service: service,
      validation_service: service,
    },
    issuer_cipher_suite: texts['suite'] ?? '',
    key_schedule: {
      coins_live_seconds: (days['coins-live'] * DAY) / SECOND,
      keys_sign_seconds: (days['keys-sign'] * DAY) / SECOND,
      publish_ahead_seconds: (days['publish-ahead'] * DAY) / SECOND,
    },
    policy: read.policy,
    treasury: read.treasury,
    type: 'founding',
  };
}

/** A list, or `A..B`: A doubled as long as it does not pass B. */
function readDenominations(text: string, divisor: number): readonly number[] | Refusal {
  const [first, last, ...rest] = text.split('..').map((each) => parseAmount(each, divisor));
  if (text.includes('..')) {
    if (first === undefined || last === undefined || rest.length > 0 || first > last)
      return malformed(`${text} is no range of denominations: write it as 1..512`);
    const powers = Array.from({ length: LIMITS.denominations }, (_, power) => first * 2 ** power);
    return powers.filter((each) => each <= last);
  }
  const listed = text.split(',').map((each) => parseAmount(each.trim(), divisor));
  const denominations = listed.filter((each) => each !== undefined);
  return denominations.length === listed.length
    ? denominations.toSorted((left, right) => left - right)
    : malformed(`${text} is no list of denominations: write it as 1,2,5,10`);
}

function readAmount(name: string, texts: Texts, divisor: number): number | Refusal {
  const text = texts[name] ?? '';
  const read = text === '0' ? 0 : parseAmount(text, divisor);
  const least = formatAmount(1 as Amount, divisor);
  return read ?? malformed(`--${name} takes an amount in steps of ${least}, not ${text}`);
}

function readCashiers(texts: Texts, divisor: number): readonly CashierLimits[] | Refusal {
  const given = CASHIER.filter((name) => name in texts);
  if (given.length === 0) return [];
  const lacking = CASHIER.find((name) => !given.includes(name));
  if (lacking !== undefined) return malformed(`a cashier has a key and two limits; --${lacking} is missing`);
  const cashier = texts['cashier'] ?? '';
  if (!/^[0-9a-f]{64}$/.test(cashier))
    return malformed('--cashier takes the 64 hex digits that "specie bank init" says');
  const limit_per_operation = readAmount('per-operation', texts, divisor);
  if (limit_per_operation instanceof Refusal) return limit_per_operation;
  const limit_per_day = readAmount('per-day', texts, divisor);
  if (limit_per_day instanceof Refusal) return limit_per_day;
  return [{ cashier, limit_per_day, limit_per_operation }];
}

const DAYS = ['keys-sign', 'coins-live', 'publish-ahead', 'description-lives'] as const;
type Days = Readonly<Record<(typeof DAYS)[number], number>>;

function readDays(texts: Texts): Days | Refusal {
  const days: Record<(typeof DAYS)[number], number> = {
    'keys-sign': 0,
    'coins-live': 0,
    'publish-ahead': 0,
    'description-lives': 0,
  };
  for (const name of DAYS) {
    const read = wholeNumber(texts[name] ?? '');
    if (read === undefined || read > MOST_DAYS) return malformed(`--${name} takes a number of days`);
    days[name] = read;
  }
  return days;
}

function inWords(document: Founding): readonly string[] {
  const { description, currency_divisor, policy, cashiers } = document;
  const money = { currency_divisor, currency_name: description.currency_name };
  const write = (value: number) => formatAmount(value as Amount, currency_divisor);
  return [
    `${description.currency_name}, at ${description.cdd_location}:`,
    `  cipher suite ${document.issuer_cipher_suite}`,
    `  denominations ${description.denominations.map(write).join(', ')}`,
    `  treasury ${named(money, document.treasury)}: what may be issued to begin with`,
    ...cashiers.map((each) => `  ${cashierInWords(each, money)}`),
    ...(cashiers.length === 0 ? ['  no cashier: nothing can be bought until one is ordered'] : []),
    `  ${scheduleInWords(document.key_schedule)}`,
    `  its description is good until ${dated(description.cdd_expiry_date)}`,
    ...policyLines(policy, money),
  ];
}

function malformed(details: string): Refusal {
  return refuse('malformed', details);
}
