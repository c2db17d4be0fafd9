/** Paying an order at the bank with what the order's rail asks for. */
import Type from 'typebox';
import { MessageReference, PositiveAmount, SerialText, ShortText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

/** `proof` is a secret: on the rail *voucher* a code, on the rail *account* the account's token. */
export const RequestPayment = Strict({
  message_reference: MessageReference,
  proof: ShortText,
  transaction_reference: SerialText,
  type: Type.Literal('request payment'),
});
export type RequestPayment = Written<typeof RequestPayment>;

/** What a voucher is worth, so that an order of that amount can be placed. */
export const RequestVoucher = Strict({
  code: ShortText,
  message_reference: MessageReference,
  type: Type.Literal('request voucher'),
});
export type RequestVoucher = Written<typeof RequestVoucher>;

export const ResponseVoucher = Strict({
  ...answerFields,
  amount: PositiveAmount,
  type: Type.Literal('response voucher'),
  used: Type.Boolean({ description: 'true or false' }),
});
export type ResponseVoucher = Written<typeof ResponseVoucher>;
