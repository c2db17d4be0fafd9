/** Who may do what to a currency: operators, their policy, and the orders that they sign. */
import Type from 'typebox';
import { LIMITS } from '../base/limits.ts';
import { Services } from './documents.ts';
import {
  AmountField,
  Count,
  DateText,
  Ed25519Key,
  Ed25519Signature,
  Id,
  List,
  PositiveAmount,
  SerialText,
  ShortText,
  Strict,
  Url,
} from './fields.ts';
import type { Written } from './fields.ts';

/** A person with a key. `recipient` is where sealed backups go to: an age recipient, or empty. */
export const Operator = Strict({
  name: ShortText,
  public_key: Ed25519Key,
  recipient: Type.String({
    pattern: '^(age1[0-9a-z]{58})?$',
    maxLength: 62,
    description: 'an age recipient (age1…), or empty',
  }),
  role: ShortText,
});
export type Operator = Written<typeof Operator>;

/** How long a mint key signs, how long its coins live from its first day, and how far ahead the next one is published. */
export const KeySchedule = Strict({
  coins_live_seconds: Count,
  keys_sign_seconds: Count,
  publish_ahead_seconds: AmountField,
});
export type KeySchedule = Written<typeof KeySchedule>;

export const CashierLimits = Strict({
  cashier: Ed25519Key,
  limit_per_day: AmountField,
  limit_per_operation: AmountField,
});
export type CashierLimits = Written<typeof CashierLimits>;

/** Coins of another currency that back this one: for `units` of theirs, `gives` of ours, up to `most` of ours in all. */
export const Reserve = Strict({
  cdd_location: Url,
  gives: PositiveAmount,
  issuer_id: Id,
  most: PositiveAmount,
  units: PositiveAmount,
});
export type Reserve = Written<typeof Reserve>;

/** What operators may order. Each is a rule's `action` by its `type`. */
export const ACTION_NAMES = [
  'raise treasury',
  'lower treasury',
  'power off',
  'power on',
  'new currency',
  'new description',
  'key schedule',
  'revoke mint key',
  'change policy',
  'cashier limits',
  'backup',
  'reserve',
  'release reserve',
] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** `signatures` operators of these roles may order the action, up to these amounts by order and by day in UTC. */
export const Rule = Strict({
  action: Type.Union(
    ACTION_NAMES.map((name) => Type.Literal(name)),
    { description: 'the name of an action' },
  ),
  most_per_day: AmountField,
  most_per_order: AmountField,
  roles: List(ShortText, 1, LIMITS.operators),
  signatures: Count,
});
export type Rule = Omit<Written<typeof Rule>, 'action'> & { readonly action: ActionName };

export const Policy = Strict({
  operators: List(Operator, 1, LIMITS.operators),
  rules: List(Rule, 1, LIMITS.rules),
  type: Type.Literal('policy'),
});
export type Policy = Omit<Written<typeof Policy>, 'rules'> & { readonly rules: readonly Rule[] };

/** What of a description may change: all but the currency's identity, suite and divisor. */
export const DescriptionTerms = Strict({
  additional_info: Type.String({ maxLength: LIMITS.additionalInfo, description: 'a text' }),
  cdd_expiry_date: DateText,
  cdd_location: Url,
  currency_name: ShortText,
  denominations: List(PositiveAmount, 1, LIMITS.denominations),
  info_service: Services,
  invalidation_service: Services,
  renewal_service: Services,
  validation_service: Services,
});
export type DescriptionTerms = Written<typeof DescriptionTerms>;

/** All that a new currency begins with. */
export const Founding = Strict({
  cashiers: List(CashierLimits, 0, LIMITS.operators),
  currency_divisor: Count,
  description: DescriptionTerms,
  issuer_cipher_suite: ShortText,
  key_schedule: KeySchedule,
  policy: Policy,
  treasury: AmountField,
  type: Type.Literal('founding'),
});
export type Founding = Omit<Written<typeof Founding>, 'policy'> & { readonly policy: Policy };

/** Who can read what is paid out of a reserve: an order is public, and so is the answer to it. */
const ReleaseRecipient = Type.String({
  pattern: '^age1[0-9a-z]{58}$',
  maxLength: 62,
  description: 'an age recipient (age1…)',
});

const action = <Name extends ActionName, Fields extends Type.TProperties>(name: Name, fields: Fields) =>
  Strict({ ...fields, type: Type.Literal(name) });

export const Action = Type.Union(
  [
    action('raise treasury', { amount: PositiveAmount }),
    action('lower treasury', { amount: PositiveAmount }),
    action('power off', {}),
    action('power on', {}),
    action('new currency', { founding: Founding }),
    action('new description', { description: DescriptionTerms }),
    action('key schedule', { key_schedule: KeySchedule }),
    action('revoke mint key', { coins_until: DateText, mint_key_id: Id }),
    action('change policy', { policy: Policy }),
    action('cashier limits', { limits: CashierLimits }),
    action('backup', {}),
    action('reserve', { reserve: Reserve }),
    action('release reserve', { amount: PositiveAmount, recipient: ReleaseRecipient }),
  ],
  { description: 'an action that operators may order' },
);
export type Action =
  | { readonly type: 'raise treasury' | 'lower treasury'; readonly amount: number }
  | { readonly type: 'power off' | 'power on' | 'backup' }
  | { readonly type: 'new currency'; readonly founding: Founding }
  | { readonly type: 'new description'; readonly description: DescriptionTerms }
  | { readonly type: 'key schedule'; readonly key_schedule: KeySchedule }
  | { readonly type: 'revoke mint key'; readonly mint_key_id: string; readonly coins_until: string }
  | { readonly type: 'change policy'; readonly policy: Policy }
  | { readonly type: 'cashier limits'; readonly limits: CashierLimits }
  | { readonly type: 'reserve'; readonly reserve: Reserve }
  | { readonly type: 'release reserve'; readonly amount: number; readonly recipient: string };

/** An order: executed once, when and only when the policy is met, and never after it has expired. */
export const OperatorOrder = Strict({
  action: Action,
  expires: DateText,
  issuer_id: Id,
  serial: SerialText,
  type: Type.Literal('operator order'),
});
export type OperatorOrder = Omit<Written<typeof OperatorOrder>, 'action'> & { readonly action: Action };

/** An operator's signature over the canonical form of an order. */
export const OperatorSignature = Strict({ operator: Ed25519Key, signature: Ed25519Signature });
export type OperatorSignature = Written<typeof OperatorSignature>;

export const OperatorSignatures = List(OperatorSignature, 0, LIMITS.operators);

export const SignedOrder = Strict({
  order: OperatorOrder,
  signatures: OperatorSignatures,
  type: Type.Literal('signed operator order'),
});
export type SignedOrder = {
  readonly order: OperatorOrder;
  readonly signatures: readonly OperatorSignature[];
  readonly type: 'signed operator order';
};
