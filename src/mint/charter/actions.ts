/** What stands in the way of an action, whoever ordered it: asked before it is executed, and again by who reads along. */
import { formatAmount, isAmount } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Action, DescriptionTerms, Founding, KeySchedule, Reserve } from '../../protocol/governance.ts';
import { suiteNamed } from '../../suites/index.ts';
import { descriptionFaults } from '../description.ts';
import { sizeFault } from '../fitting.ts';
import { keysAtOnce, scheduleFaults } from '../keys/schedule.ts';
import { authorisedByAction } from './apply.ts';
import { descriptionOf, instantOf } from './charter.ts';
import type { Charter } from './charter.ts';
import { areDistinct, policyFaults } from './policy.ts';

type Faults = {
  readonly [Name in Action['type']]?: (
    charter: Charter,
    action: Action & { readonly type: Name },
    now: Instant,
  ) => Refusal | undefined;
};

const FAULTS: Faults = {
  'new currency': (_, { founding }, now) => foundingFault(founding, now),
  'new description': (charter, { description }, now) =>
    descriptionFault(description, now) ??
    scheduleFaults(charter.schedule, description.denominations.length) ??
    roomFault(charter, charter.schedule, description.denominations),
  'key schedule': (charter, { key_schedule }) =>
    scheduleFaults(key_schedule, descriptionOf(charter).denominations.length) ??
    roomFault(charter, key_schedule, descriptionOf(charter).denominations),
  'change policy': (_, { policy }) => policyFaults(policy),
  'revoke mint key': revocationFault,
  'cashier limits': (charter, { limits }) =>
    charter.cashiers.size >= LIMITS.operators && !charter.cashiers.has(limits.cashier)
      ? impossible(`a currency has at most ${LIMITS.operators} cashiers`)
      : undefined,
  reserve: (charter, { reserve }) => reserveFault(charter, reserve),
  'release reserve': (charter, action) => {
    const { held } = charter.reserve ?? { held: 0 };
    return action.amount > held ? impossible(`the reserve holds only ${held}`) : undefined;
  },
};

/** Why an action cannot be carried out now; undefined when nothing known here stands in its way. */
export function actionFault(charter: Charter, action: Action, now: Instant): Refusal | undefined {
  const fault = FAULTS[action.type] as
    ((charter: Charter, action: Action, now: Instant) => Refusal | undefined) | undefined;
  return fault?.(charter, action, now) ?? authorisedFault(charter, action);
}

/** Why a currency cannot begin like this. */
export function foundingFault(founding: Founding, now: Instant): Refusal | undefined {
  const suite = suiteNamed(founding.issuer_cipher_suite);
  if (suite instanceof Refusal) return suite;
  if (!areDistinct(founding.cashiers.map((each) => each.cashier)))
    return impossible('a cashier stands twice');
  return (
    policyFaults(founding.policy) ??
    descriptionFault(founding.description, now) ??
    scheduleFaults(founding.key_schedule, founding.description.denominations.length) ??
    sizeFault('founding', founding)
  );
}

/** The keys that there are stay until their coins have expired, whatever is ordered; statements and totals name them all. */
function roomFault(
  charter: Charter,
  schedule: KeySchedule,
  denominations: readonly number[],
): Refusal | undefined {
  const keys = charter.keys.size + keysAtOnce(schedule, denominations.length);
  if (keys > LIMITS.openMintKeys)
    return impossible(
      `up to ${keys} mint keys would be open at once, of at most ${LIMITS.openMintKeys}: wait until older ones have expired`,
    );
  const before = [...charter.keys.values()].map(({ certificate }) => certificate.mint_key.denomination);
  const named = new Set([...before, ...denominations]).size;
  return named > LIMITS.openDenominations
    ? impossible(
        `coins of ${named} denominations would be out at once, of at most ${LIMITS.openDenominations}: wait until older ones have expired`,
      )
    : undefined;
}

function descriptionFault(terms: DescriptionTerms, now: Instant): Refusal | undefined {
  // Whatever one request adds up to has to stay a whole number.
  if (!isAmount(Math.max(...terms.denominations) * LIMITS.coinsPerRequest)) {
    return impossible('the highest denomination is too high');
  }
  return descriptionFaults(terms, now);
}

function revocationFault(
  charter: Charter,
  action: Extract<Action, { readonly type: 'revoke mint key' }>,
): Refusal | undefined {
  const key = charter.keys.get(action.mint_key_id);
  if (key === undefined) return refuse('unknown', 'mint_key_id: the currency has no such mint key');
  if (key.state === 'live') return undefined;
  // What was revoked in peace may turn out to be stolen: then its coins are taken for a shorter time.
  const until = key.revoked?.revocation.coins_until;
  const isSooner =
    key.state === 'revoked' && until !== undefined && instantOf(action.coins_until) < instantOf(until);
  return isSooner ? undefined : impossible(`the mint key is ${key.state} already`);
}

function reserveFault(charter: Charter, terms: Reserve): Refusal | undefined {
  if (!URL.canParse(terms.cdd_location))
    return refuse('malformed', 'cdd_location: not a URL that can be read');
  if (terms.issuer_id === charter.issuerId) return impossible('a currency cannot back itself');
  const { reserve } = charter;
  if (reserve === null || reserve.held === 0) return undefined;
  return reserve.terms.issuer_id === terms.issuer_id
    ? undefined
    : impossible('the reserve holds another currency; release that first');
}

function authorisedFault(charter: Charter, action: Action): Refusal | undefined {
  const after = charter.authorised + authorisedByAction(charter, action);
  if (isAmount(after)) return undefined;
  if (after > 0) return impossible('more would be authorised than numbers can say');
  const most = formatAmount(charter.authorised, descriptionOf(charter).currency_divisor);
  return impossible(`only ${most} is authorised`);
}

function impossible(details: string): Refusal {
  return refuse('not possible', details);
}
