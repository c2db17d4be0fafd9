/** Operators' orders: handed in with whatever signatures there are; they gather until the policy is met. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { List, MessageReference, ShortText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';
import { SignedOrder } from '../governance.ts';

export const RequestOperate = Strict({
  message_reference: MessageReference,
  signed_order: SignedOrder,
  type: Type.Literal('request operate'),
});
export type RequestOperate = Omit<Written<typeof RequestOperate>, 'signed_order'> & {
  readonly signed_order: SignedOrder;
};

const SealedText = Type.String({
  pattern: '^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  maxLength: LIMITS.sealedStack,
  description: `base64 of at most ${LIMITS.sealedStack} characters`,
});

/** `signed_order` with all signatures gathered so far; `missing` says in words what it waits for. */
export const ResponseOperate = Strict({
  ...answerFields,
  missing: List(ShortText, 0, LIMITS.rules),
  /** The coin stack that a released reserve was paid out in, encrypted with age to the order's recipient alone. */
  sealed_stack: Type.Optional(SealedText),
  signed_order: SignedOrder,
  state: Type.Union([Type.Literal('waiting'), Type.Literal('executed')], {
    description: 'waiting or executed',
  }),
  type: Type.Literal('response operate'),
});
export type ResponseOperate = Omit<Written<typeof ResponseOperate>, 'signed_order'> & {
  readonly signed_order: SignedOrder;
};

export const RequestPendingOrders = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request pending orders'),
});
export type RequestPendingOrders = Written<typeof RequestPendingOrders>;

export const ResponsePendingOrders = Strict({
  ...answerFields,
  orders: List(SignedOrder, 0, LIMITS.pendingOrders),
  type: Type.Literal('response pending orders'),
});
export type ResponsePendingOrders = Omit<Written<typeof ResponsePendingOrders>, 'orders'> & {
  readonly orders: readonly SignedOrder[];
};
