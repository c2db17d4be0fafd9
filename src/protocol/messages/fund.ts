/** The cashier's word to the mint that an order was paid. Only this lets the mint issue. */
import Type from 'typebox';
import {
  DateText,
  Ed25519Signature,
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
  signature: Ed25519Signature,
  type: Type.Literal('request fund'),
});
export type RequestFund = Written<typeof RequestFund>;

export const ResponseFund = Strict({ ...answerFields, type: Type.Literal('response fund') });
export type ResponseFund = Written<typeof ResponseFund>;
