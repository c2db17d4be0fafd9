/** The policy: which operators may order what, alone or together, up to how much. */
import { formatAmount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { canonicalBytes } from '../../base/canonical.ts';
import { DAY } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { outsideName, refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type {
  Action,
  ActionName,
  OperatorSignature,
  Policy,
  Rule,
  SignedOrder,
} from '../../protocol/governance.ts';
import { hashOf } from '../../protocol/ids.ts';
import { sizeFault } from '../fitting.ts';
import { dayOf } from '../ledger.ts';
import type { VerifySignature } from '../ports.ts';
import { descriptionOf, instantOf } from './charter.ts';
import type { Charter } from './charter.ts';

/** What a policy makes of an order. `rule` is a place in the policy; `sentences` tell people what is lacking. */
export type Verdict =
  | { readonly kind: 'met'; readonly rule: number }
  | { readonly kind: 'missing'; readonly sentences: readonly string[] }
  | { readonly kind: 'repeated' };

type Numbered = readonly [number, Rule];

/** What an action counts for against a rule's limits. */
export function amountOf(action: Action): number {
  switch (action.type) {
    case 'raise treasury':
    case 'lower treasury':
    case 'release reserve':
      return action.amount;
    case 'cashier limits':
      return action.limits.limit_per_day;
    case 'reserve':
      return action.reserve.most;
    default:
      return 0;
  }
}

/** The signatures under an order that are of operators of the policy and verify; of each operator one. */
export function verifiedSignatures(
  charter: Charter,
  { order, signatures }: SignedOrder,
  verify: VerifySignature,
): readonly OperatorSignature[] {
  const bytes = canonicalBytes(order);
  const operators = new Set(charter.policy.operators.map((each) => each.public_key));
  const kept = new Map<string, OperatorSignature>();
  for (const each of signatures) {
    if (!operators.has(each.operator) || kept.has(each.operator)) continue;
    if (verify(each.operator, bytes, each.signature)) kept.set(each.operator, each);
  }
  return [...kept.values()];
}

/** Whether an order may be executed now. Its signatures must be those that `verifiedSignatures` left. */
export function judgeOrder(charter: Charter, signed: SignedOrder, now: Instant): Verdict | Refusal {
  const { order } = signed;
  if (order.issuer_id !== charter.issuerId) {
    return refuse('unknown', 'signed_order.order.issuer_id: the order is for another currency');
  }
  const executed = charter.executed.get(order.serial);
  if (executed !== undefined) {
    return executed.hash === hashOf(order)
      ? { kind: 'repeated' }
      : refuse('reference reused', 'signed_order.order.serial: another order was executed under it');
  }
  if (instantOf(order.expires) < now) {
    return refuse('expired', 'signed_order.order.expires: the order has expired; write a new one');
  }
  // Its serial is remembered until then, and it may take a place among those that wait as long.
  if (instantOf(order.expires) > now + LIMITS.orderDays * DAY) {
    return refuse(
      'malformed',
      `signed_order.order.expires: more than ${LIMITS.orderDays} days ahead; write a new one`,
    );
  }
  const large = sizeFault('signed_order.order', order);
  if (large !== undefined) return large;
  const rules = within(charter, order.action, now);
  if (!Array.isArray(rules)) return rules as Refusal;
  const met = (rules as readonly Numbered[]).find(([, rule]) => lacking(charter.policy, rule, signed) === 0);
  if (met !== undefined) return { kind: 'met', rule: met[0] };
  return {
    kind: 'missing',
    sentences: (rules as readonly Numbered[]).map((each) => missing(charter, each, signed)),
  };
}

/** The rules that allow the action up to its amount. */
function within(charter: Charter, action: Action, now: Instant): readonly Numbered[] | Refusal {
  const named = [...charter.policy.rules.entries()].filter(([, rule]) => rule.action === action.type);
  if (named.length === 0)
    return refuse('unauthorised', `no rule of the policy names the action ${action.type}`);
  const asked = amountOf(action);
  const small = named.filter(([, rule]) => asked <= rule.most_per_order);
  if (small.length === 0) {
    const most = Math.max(...named.map(([, rule]) => rule.most_per_order)) as Amount;
    return refuse('unauthorised', `${action.type}: at most ${written(charter, most)} by one order`);
  }
  const left = small.filter(([index, rule]) => permittedOn(charter, index, now) + asked <= rule.most_per_day);
  return left.length > 0
    ? left
    : refuse('unauthorised', `${action.type}: more than the policy's rules have left for today`);
}

/** What a rule has permitted on the day of `now`. */
export function permittedOn(charter: Charter, rule: number, now: Instant): number {
  const permitted = charter.permitted.get(rule);
  return permitted?.day === dayOf(now) ? permitted.amount : 0;
}

/** How many more signatures a rule wants. */
function lacking(policy: Policy, rule: Rule, { signatures }: SignedOrder): number {
  const signed = new Set(signatures.map((each) => each.operator));
  const counted = policy.operators.filter(
    (each) => rule.roles.includes(each.role) && signed.has(each.public_key),
  );
  return Math.max(0, rule.signatures - counted.length);
}

function missing(charter: Charter, [index, rule]: Numbered, signed: SignedOrder): string {
  const roles = rule.roles.map(outsideName).join(', ');
  const more = `${lacking(charter.policy, rule, signed)} more of: `;
  const isLimited = COUNTED.has(rule.action) && rule.most_per_order < Number.MAX_SAFE_INTEGER;
  const limit = isLimited ? `: up to ${written(charter, rule.most_per_order as Amount)} an order` : '';
  const behind = ` (rule ${index + 1}${limit})`;
  // An answer's sentences are short texts, whatever the roles are called.
  return `${more}${roles.slice(0, LIMITS.shortText - more.length - behind.length)}${behind}`;
}

const COUNTED: ReadonlySet<ActionName> = new Set([
  'raise treasury',
  'lower treasury',
  'release reserve',
  'cashier limits',
  'reserve',
]);

function written(charter: Charter, value: Amount): string {
  return formatAmount(value, descriptionOf(charter).currency_divisor);
}

/** Actions without which a currency could never be governed again. */
const NEEDED: readonly ActionName[] = ['change policy', 'power off', 'power on'];

/** Why a policy cannot be: nobody may lock themselves out. */
export function policyFaults({ operators, rules }: Policy): Refusal | undefined {
  const fault = (details: string) => refuse('not possible', `policy: ${details}`);
  if (!areDistinct(operators.map((each) => each.public_key))) return fault('two operators have the same key');
  if (!areDistinct(operators.map((each) => each.name))) return fault('two operators have the same name');
  for (const [index, rule] of rules.entries()) {
    const able = operators.filter((each) => rule.roles.includes(each.role)).length;
    if (able < rule.signatures) {
      return fault(
        `rule ${index + 1} wants ${rule.signatures} signatures, and ${able} operators have its roles`,
      );
    }
  }
  const lacking = NEEDED.find((name) => !rules.some((rule) => rule.action === name));
  return lacking === undefined ? undefined : fault(`no rule says who may order ${lacking}`);
}

/** Whether no text stands twice. */
export function areDistinct(texts: readonly (string | number)[]): boolean {
  return new Set(texts).size === texts.length;
}
