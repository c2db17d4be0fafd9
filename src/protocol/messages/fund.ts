/** The cashier's word to the mint that an order was paid. Only this lets the mint issue. */
import Type from 'typebox';
import {
  DateText,
  Id,
  MessageReference,
  PositiveAmount,
  SerialText,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';

export const Funding = Strict({
  amount: PositiveAmount,
  cashier: Id,
  currency: Id,
  expires: DateText,
  transaction_reference: SerialText,
  type: Type.Literal('funding'),
});
export type Funding = Written<typeof Funding>;

export const RequestFund = Strict({
  funding: Funding,
  message_reference: MessageReference,
  signature: Type.String({
    pattern: '^[0-9a-f]{128}$',
    maxLength: 128,
    description: 'an Ed25519 signature: 128 lower-case hexadecimal digits',
  }),
  type: Type.Literal('request fund'),
});
export type RequestFund = Written<typeof RequestFund>;

export const ResponseFund = Strict({ ...answerFields, type: Type.Literal('response fund') });
export type ResponseFund = Written<typeof ResponseFund>;
