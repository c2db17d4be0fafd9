/** An order at the bank: money in, a right to mint out. Asking again with the same reference tells how it stands. */
import Type from 'typebox';
import {
  DateText,
  Id,
  MessageReference,
  PositiveAmount,
  SerialText,
  ShortText,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';

export const OrderState = Type.Union([Type.Literal('unpaid'), Type.Literal('paid'), Type.Literal('funded')], {
  description: 'unpaid, paid or funded',
});

export const Order = Strict({
  amount: PositiveAmount,
  currency: Id,
  expires: DateText,
  instructions: ShortText,
  rail: ShortText,
  state: OrderState,
  transaction_reference: SerialText,
  type: Type.Literal('order'),
});
export type Order = Written<typeof Order>;

export const RequestOrder = Strict({
  amount: PositiveAmount,
  currency: Id,
  message_reference: MessageReference,
  rail: ShortText,
  transaction_reference: SerialText,
  type: Type.Literal('request order'),
});
export type RequestOrder = Written<typeof RequestOrder>;

/** How an order stands, by its reference alone: what a restored wallet asks. */
export const RequestOrderStatus = Strict({
  message_reference: MessageReference,
  transaction_reference: SerialText,
  type: Type.Literal('request order status'),
});
export type RequestOrderStatus = Written<typeof RequestOrderStatus>;

/** Pays an order on the rail *test*, which takes no money. */
export const RequestTestPayment = Strict({
  message_reference: MessageReference,
  transaction_reference: SerialText,
  type: Type.Literal('request test payment'),
});
export type RequestTestPayment = Written<typeof RequestTestPayment>;

export const ResponseOrder = Strict({ ...answerFields, order: Order, type: Type.Literal('response order') });
export type ResponseOrder = Written<typeof ResponseOrder>;
