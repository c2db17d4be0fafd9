/** Suites that are safe offline: coins that were handed over twice, with the proof who did it. Anyone may ask. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import {
  AmountField,
  BigIntText,
  Count,
  Id,
  List,
  MessageReference,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';

/**
 * `first` and `second` are the coin's signature as it was shown in either payment; `secret` is the identity's, which two
 * answers give away. Numbered from 1 without a gap, in the order in which they were found.
 */
export const DoublePayment = Strict({
  coin_id: Id,
  first: BigIntText,
  identity: BigIntText,
  mint_key_id: Id,
  number: Count,
  second: BigIntText,
  secret: BigIntText,
  type: Type.Literal('double payment'),
});
export type DoublePayment = Written<typeof DoublePayment>;

/** Those after a number. */
export const RequestDoublePayments = Strict({
  after: AmountField,
  message_reference: MessageReference,
  type: Type.Literal('request double payments'),
});
export type RequestDoublePayments = Written<typeof RequestDoublePayments>;

export const ResponseDoublePayments = Strict({
  ...answerFields,
  double_payments: List(DoublePayment, 0, LIMITS.doublePaymentsPage),
  type: Type.Literal('response double payments'),
});
export type ResponseDoublePayments = Written<typeof ResponseDoublePayments>;
