/** Money out of a customer's account. The same reference again is the same payout. */
import Type from 'typebox';
import { MessageReference, PositiveAmount, SerialText, ShortText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';
import { AccountToken, Payout } from './account.ts';

export const RequestPayout = Strict({
  amount: PositiveAmount,
  message_reference: MessageReference,
  reference: SerialText,
  to: ShortText,
  token: AccountToken,
  type: Type.Literal('request payout'),
});
export type RequestPayout = Written<typeof RequestPayout>;

export const ResponsePayout = Strict({
  ...answerFields,
  payout: Payout,
  type: Type.Literal('response payout'),
});
export type ResponsePayout = Written<typeof ResponsePayout>;
