/** What the demo currency begins with: one operator whose key lies beside the books, so that everything can be tried. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, SECOND, writeDate } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import { ACTION_NAMES } from '../../protocol/governance.ts';
import type { Founding } from '../../protocol/governance.ts';
import { makeKeyFile } from './operator-key.ts';
import type { StartOptions } from './start.ts';

/** Powers of two, so that any amount takes few coins. */
const DENOMINATIONS = Array.from({ length: 20 }, (_, power) => 2 ** power);
const TREASURY = 10_000_000;
const FUND_AT_ONCE = 100_000;
const FUND_A_DAY = 10_000_000;
const SCHEDULE = { keys: 365 * DAY, coins: 730 * DAY, ahead: 30 * DAY };
const DESCRIPTION_LIVES = 3_650 * DAY;

export interface DemoOptions extends StartOptions {
  readonly url: string;
  /** The public key of the bank's cashier. */
  readonly cashier: string;
}

/** The path of the founding document, written with the operator's key at the first start. */
export function demoFounding(options: DemoOptions): string | Refusal {
  const path = join(options.folder, 'founding.json');
  if (existsSync(path)) return path;
  const keyFile = join(options.folder, 'operator.key');
  // Of a start that was cut short: no founding names it.
  rmSync(keyFile, { force: true });
  const operator = makeKeyFile(keyFile, undefined);
  if (operator instanceof Refusal) return operator;
  const unfinished = `${path}.new`;
  const text = JSON.stringify(founding(options, operator.publicKey), undefined, 2);
  writeFileSync(unfinished, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, path);
  return path;
}

function founding({ name, suite, url, cashier }: DemoOptions, operator: string): Founding {
  const service: [number, string][] = [[10, url]];
  return {
    cashiers: [{ cashier, limit_per_day: FUND_A_DAY, limit_per_operation: FUND_AT_ONCE }],
    currency_divisor: 1,
    description: {
      additional_info: 'A demonstration. Its coins are worth nothing.',
      cdd_expiry_date: writeDate(Date.now() + DESCRIPTION_LIVES),
      cdd_location: url,
      currency_name: name,
      denominations: DENOMINATIONS,
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
    policy: {
      operators: [{ name: 'Demo', public_key: operator, recipient: '', role: 'owner' }],
      rules: ACTION_NAMES.map((action) => ({
        action,
        most_per_day: Number.MAX_SAFE_INTEGER,
        most_per_order: Number.MAX_SAFE_INTEGER,
        roles: ['owner'],
        signatures: 1,
      })),
      type: 'policy',
    },
    treasury: TREASURY,
    type: 'founding',
  };
}
