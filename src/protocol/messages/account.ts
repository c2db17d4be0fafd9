/** A customer's account at the bank. Whoever knows the token has the account; the number is what others pay to. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import {
  AmountField,
  Count,
  DateText,
  List,
  MessageReference,
  PositiveAmount,
  SerialText,
  ShortText,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';

/** 256 secret bits that the customer's wallet draws. The bank keeps only a hash. */
export const AccountToken = Type.String({
  pattern: '^[0-9a-f]{64}$',
  maxLength: 64,
  description: 'a token: 64 lower-case hexadecimal digits',
});

/** What an entry changed: money that came is positive, money that went negative. */
const SignedAmount = Type.Integer({
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'a whole number of the smallest unit, negative for what went out',
});

export const AccountEntry = Strict({
  amount: SignedAmount,
  balance: AmountField,
  kind: Type.Union([Type.Literal('payment'), Type.Literal('redemption'), Type.Literal('payout')], {
    description: 'payment, redemption or payout',
  }),
  time: DateText,
});
export type AccountEntry = Written<typeof AccountEntry>;

/** Money on its way out of an account. `to` is where a teller sends it, in the customer's words. */
export const Payout = Strict({
  amount: PositiveAmount,
  number: Count,
  reference: SerialText,
  state: Type.Union([Type.Literal('pending'), Type.Literal('paid')], { description: 'pending or paid' }),
  to: ShortText,
});
export type Payout = Written<typeof Payout>;

/** Opens the account of a token; again, it is the same one. */
export const RequestOpenAccount = Strict({
  message_reference: MessageReference,
  token: AccountToken,
  type: Type.Literal('request open account'),
});
export type RequestOpenAccount = Written<typeof RequestOpenAccount>;

export const RequestAccount = Strict({
  message_reference: MessageReference,
  token: AccountToken,
  type: Type.Literal('request account'),
});
export type RequestAccount = Written<typeof RequestAccount>;

/** `entries` are the last ones, newest first; `payouts` those that are pending, oldest first. */
export const ResponseAccount = Strict({
  ...answerFields,
  balance: AmountField,
  entries: List(AccountEntry, 0, LIMITS.accountEntries),
  number: ShortText,
  payouts: List(Payout, 0, LIMITS.pendingPayouts),
  type: Type.Literal('response account'),
});
export type ResponseAccount = Written<typeof ResponseAccount>;
