/** Policies, orders and amounts as people read them. */
import { formatAmount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../base/dates.ts';
import type { Cdd } from '../../protocol/documents.ts';
import type {
  Action,
  ActionName,
  CashierLimits,
  DescriptionTerms,
  KeySchedule,
  Operator,
  OperatorSignature,
  Policy,
  Rule,
} from '../../protocol/governance.ts';

/** What is needed of a currency to write its amounts. */
export type Money = Pick<Cdd, 'currency_divisor' | 'currency_name'>;

/** An amount in the currency's main unit. */
export function written({ currency_divisor: divisor }: Money, value: number): string {
  return formatAmount(value as Amount, divisor);
}

/** An amount with the currency's name. */
export function named(money: Money, value: number): string {
  return `${written(money, value)} ${money.currency_name}`;
}

/** A span of time in the largest unit that it is whole in. */
export function spanned(milliseconds: number): string {
  const units = [
    [DAY, 'days'],
    [HOUR, 'hours'],
    [MINUTE, 'minutes'],
    [SECOND, 'seconds'],
  ] as const;
  const [size, name] = units.find(([unit]) => milliseconds % unit === 0) ?? [1, 'milliseconds'];
  const count = milliseconds / size;
  return count === 1 ? `1 ${name.slice(0, -1)}` : `${count} ${name}`;
}

/** A date as people read it: to the minute, in UTC. */
export function dated(date: string): string {
  return `${date.slice(0, 10)} ${date.slice(11, 16)} UTC`;
}

const COUNTED: ReadonlySet<ActionName> = new Set([
  'raise treasury',
  'lower treasury',
  'release reserve',
  'cashier limits',
  'reserve',
]);

/** The policy, a line for each rule. */
export function policyInWords(policy: Policy, money: Money): readonly string[] {
  return policy.rules.map((rule, index) => `rule ${index + 1}: ${ruleInWords(policy, rule, money)}`);
}

function ruleInWords({ operators }: Policy, rule: Rule, money: Money): string {
  const people = operators.filter((each) => rule.roles.includes(each.role)).map((each) => each.name);
  const who =
    rule.signatures === people.length && people.length === 1
      ? people.join('')
      : `any ${rule.signatures} of ${people.join(', ')}`;
  const limits = COUNTED.has(rule.action)
    ? `, ${limitsInWords(money, [rule.most_per_order, 'an order'], [rule.most_per_day, 'a day'])}`
    : '';
  return `${rule.action}: ${who} (${rule.roles.join(', ')})${limits}`;
}

/** A cashier's limits. */
export function cashierInWords(limits: CashierLimits, money: Money): string {
  return limits.limit_per_day === 0 && limits.limit_per_operation === 0
    ? `cashier ${limits.cashier} may fund nothing any more`
    : `cashier ${limits.cashier} may fund ${limitsInWords(
        money,
        [limits.limit_per_operation, 'an operation'],
        [limits.limit_per_day, 'a day'],
      )}`;
}

/** Limits, each with what it is for. The highest amount that there is limits nothing, and says so. */
function limitsInWords(money: Money, ...limits: readonly (readonly [number, string])[]): string {
  const bounds = limits
    .filter(([value]) => value < Number.MAX_SAFE_INTEGER)
    .map(([value, what]) => `${written(money, value)} ${what}`);
  return bounds.length === 0 ? 'without limit' : `up to ${bounds.join(' and ')}`;
}

/** Who signed, by name and role where the policy knows them. */
export function signersInWords(policy: Policy, signatures: readonly OperatorSignature[]): string {
  if (signatures.length === 0) return 'nobody';
  return signatures
    .map(({ operator }) => {
      const person = policy.operators.find((each) => each.public_key === operator);
      return person === undefined
        ? `${operator.slice(0, 16)}… (no operator)`
        : `${person.name} (${person.role})`;
    })
    .join(', ');
}

/** An operator of a policy. */
export function operatorInWords({ name, public_key, recipient, role }: Operator): string {
  return `${name} (${role}), key ${public_key}${recipient === '' ? '' : `, backups to ${recipient}`}`;
}

/** A schedule of mint keys. */
export function scheduleInWords(schedule: KeySchedule): string {
  return (
    `mint keys sign for ${spanned(schedule.keys_sign_seconds * SECOND)}, ` +
    `their coins live for ${spanned(schedule.coins_live_seconds * SECOND)}, ` +
    `the next are published ${spanned(schedule.publish_ahead_seconds * SECOND)} ahead`
  );
}

type Wordings = {
  readonly [Name in Action['type']]: (
    action: Action & { readonly type: Name },
    money: Money,
  ) => readonly string[];
};

const WORDINGS: Wordings = {
  'raise treasury': (action, money) => [`Raise the treasury by ${named(money, action.amount)}.`],
  'lower treasury': (action, money) => [`Lower the treasury by ${named(money, action.amount)}.`],
  'power off': () => ['Switch the mint off: it issues, renews and redeems nothing until it is switched on.'],
  'power on': () => ['Switch the mint on.'],
  'new currency': ({ founding }) => [
    `Found another currency, ${founding.description.currency_name}, with its own keys and operators:`,
    `its treasury is ${named(moneyOf(founding.description, founding.currency_divisor), founding.treasury)}`,
    ...founding.cashiers.map((each) =>
      cashierInWords(each, moneyOf(founding.description, founding.currency_divisor)),
    ),
    scheduleInWords(founding.key_schedule),
    ...policyInWords(founding.policy, moneyOf(founding.description, founding.currency_divisor)),
  ],
  'new description': ({ description }, money) => [
    `Publish a new description:`,
    `name ${description.currency_name}, at ${description.cdd_location}, until ${dated(description.cdd_expiry_date)}`,
    `denominations ${description.denominations.map((each) => written(money, each)).join(', ')}`,
    ...servicesInWords(description),
    ...(description.additional_info === '' ? [] : [`it says: ${description.additional_info}`]),
  ],
  'key schedule': ({ key_schedule }) => [`From now on ${scheduleInWords(key_schedule)}.`],
  'revoke mint key': (action) => [
    `Revoke the mint key ${action.mint_key_id} at once; its coins are taken until ${dated(action.coins_until)}.`,
  ],
  'change policy': ({ policy }, money) => [
    'Change who may do what; from then on these are the operators and rules:',
    ...policy.operators.map(operatorInWords),
    ...policyInWords(policy, money),
  ],
  'cashier limits': ({ limits }, money) => [`From now on ${cashierInWords(limits, money)}.`],
  backup: () => ['Write a sealed backup for the operators who have a recipient.'],
  reserve: ({ reserve }, money) => [
    `Take coins of the currency ${reserve.issuer_id} at ${reserve.cdd_location} as a reserve:`,
    `${reserve.units} of its smallest unit raise the treasury by ${named(money, reserve.gives)}, ` +
      limitsInWords(money, [reserve.most, 'in all']),
    'how much the mint holds of it is its own word, which nobody else can check',
  ],
  'release reserve': (action) => [
    `Pay ${action.amount} of the reserve's smallest unit out of the reserve, and lower the treasury by its worth.`,
    `only whoever holds the identity of ${action.recipient} can open the coins`,
  ],
};

/** What an action would do. The first line is a sentence; those behind it belong to it. */
export function actionInWords(action: Action, money: Money): readonly string[] {
  const wording = WORDINGS[action.type] as (action: Action, money: Money) => readonly string[];
  return wording(action, money);
}

function moneyOf({ currency_name }: DescriptionTerms, currency_divisor: number): Money {
  return { currency_name, currency_divisor };
}

function servicesInWords(description: DescriptionTerms): readonly string[] {
  const kinds = {
    'mints at': description.validation_service,
    'renews at': description.renewal_service,
    'redeems at': description.invalidation_service,
    'informs at': description.info_service,
  };
  return Object.entries(kinds)
    .filter(([, services]) => services.length > 0)
    .map(([what, services]) => `${what} ${services.map(([, url]) => url).join(', ')}`);
}
