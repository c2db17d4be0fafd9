/** What the demo currencies begin with: one operator whose key lies beside the books, so that everything can be tried. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, SECOND, writeDate } from '../../../base/dates.ts';
import { LIMITS } from '../../../base/limits.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { decodeDocument } from '../../../protocol/codec.ts';
import { ACTION_NAMES } from '../../../protocol/governance.ts';
import type { Founding, Policy } from '../../../protocol/governance.ts';
import { booksNamed } from '../../bank/folder.ts';
import { cashierOf } from '../../bank/open.ts';
import { demoPlace } from './demo-currencies.ts';
import type { DemoPlace } from './demo-currencies.ts';
import { makeKeyFile } from '../operator/key.ts';

const TREASURY = 10_000_000;
const FUND_AT_ONCE = 100_000;
const FUND_A_DAY = 10_000_000;
const SCHEDULE = { keys: 365 * DAY, coins: 730 * DAY, ahead: 30 * DAY };
const DESCRIPTION_LIVES = 3_650 * DAY;

export interface DemoOptions {
  readonly folder: string;
  /** The folder of the bank, where each currency gets books with a cashier. */
  readonly bank: string;
  readonly name: string;
  /** One currency for each; the first one lives at `url`. */
  readonly suites: readonly string[];
  readonly url: string;
}

/**
 * The paths of the founding documents, which are written where they are missing. What the folder began with stays the first
 * currency, and its operator is that of all.
 */
export async function demoFoundings(options: DemoOptions): Promise<readonly string[] | Refusal> {
  const first = await firstFounding(options);
  if (first instanceof Refusal) return first;
  const paths = [firstPath(options)];
  for (const suite of options.suites.filter((each) => each !== first.issuer_cipher_suite)) {
    const path = await furtherFounding(options, first, suite);
    if (path instanceof Refusal) return path;
    paths.push(path);
  }
  return paths;
}

function firstPath({ folder }: DemoOptions): string {
  return join(folder, 'founding.json');
}

async function firstFounding(options: DemoOptions): Promise<Founding | Refusal> {
  const path = firstPath(options);
  if (existsSync(path)) return readFounding(path);
  const cashier = await cashierOf(options.bank);
  if (cashier instanceof Refusal) return cashier;
  const keyFile = join(options.folder, 'operator.key');
  // Of a start that was cut short: no founding names it.
  rmSync(keyFile, { force: true });
  const operator = makeKeyFile(keyFile, undefined);
  if (operator instanceof Refusal) return operator;
  const [suite = ''] = options.suites;
  const { name, url } = options;
  const policy = policyOf(operator.publicKey);
  const made = founding({ name, url, suite, cashier, policy, place: demoPlace(suite) });
  write(path, made);
  return made;
}

/** Where its address says so: beside the first currency. */
async function furtherFounding(
  { folder, bank }: DemoOptions,
  first: Founding,
  suite: string,
): Promise<string | Refusal> {
  const place = demoPlace(suite);
  const path = join(folder, `founding-${place.path}.json`);
  if (existsSync(path)) return path;
  const books = booksNamed(bank, place.path);
  if (books instanceof Refusal) return books;
  const cashier = await cashierOf(books.folder);
  if (cashier instanceof Refusal) return cashier;
  const { currency_name, cdd_location } = first.description;
  const name = `${currency_name.slice(0, LIMITS.shortText - place.name.length - 1)} ${place.name}`;
  const url = new URL(`${place.path}/`, cdd_location).href;
  write(path, founding({ name, url, suite, cashier, policy: first.policy, place }));
  return path;
}

function readFounding(path: string): Founding | Refusal {
  const document = decodeDocument(readFileSync(path));
  if (document instanceof Refusal) return document;
  return document.type === 'founding' ? document : refuse('malformed', `${path} holds no founding`);
}

function write(path: string, made: Founding): void {
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, path);
}

interface Terms {
  readonly name: string;
  readonly url: string;
  readonly suite: string;
  /** The public key of the cashier of its books. */
  readonly cashier: string;
  readonly policy: Policy;
  readonly place: DemoPlace;
}

function founding({ name, url, suite, cashier, policy, place }: Terms): Founding {
  const service: [number, string][] = [[10, url]];
  return {
    cashiers: [{ cashier, limit_per_day: FUND_A_DAY, limit_per_operation: FUND_AT_ONCE }],
    currency_divisor: 1,
    description: {
      additional_info: `${place.about} Its coins are worth nothing.`,
      cdd_expiry_date: writeDate(Date.now() + DESCRIPTION_LIVES),
      cdd_location: url,
      currency_name: name,
      denominations: Array.from({ length: place.denominations }, (_, power) => 2 ** power),
      info_service: service,
      invalidation_service: service,
      renewal_service: service,
      validation_service: service,
    },
    issuer_cipher_suite: suite,
    key_schedule: {
      coins_live_seconds: SCHEDULE.coins / SECOND,
      keys_sign_seconds: SCHEDULE.keys / SECOND,
      publish_ahead_seconds: SCHEDULE.ahead / SECOND,
    },
    policy,
    treasury: TREASURY,
    type: 'founding',
  };
}

/** The one operator may order anything. */
function policyOf(operator: string): Policy {
  return {
    operators: [{ name: 'Demo', public_key: operator, recipient: '', role: 'owner' }],
    rules: ACTION_NAMES.map((action) => ({
      action,
      most_per_day: Number.MAX_SAFE_INTEGER,
      most_per_order: Number.MAX_SAFE_INTEGER,
      roles: ['owner'],
      signatures: 1,
    })),
    type: 'policy',
  };
}
