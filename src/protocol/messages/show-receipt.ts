/** A wallet shows the bank a receipt, so that the bank fetches at once what the mint has for it. */
import Type from 'typebox';
import { SignedReceipt } from '../attestations.ts';
import { MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestShowReceipt = Strict({
  message_reference: MessageReference,
  signed_receipt: SignedReceipt,
  type: Type.Literal('request show receipt'),
});
export type RequestShowReceipt = Written<typeof RequestShowReceipt>;

/** `credited` says whether this very receipt is in the bank's books. */
export const ResponseShowReceipt = Strict({
  ...answerFields,
  credited: Type.Boolean({ description: 'true or false' }),
  type: Type.Literal('response show receipt'),
});
export type ResponseShowReceipt = Written<typeof ResponseShowReceipt>;
