/** Coins back to the issuer. The set of coins is the request's identity: it has no reference. */
import Type from 'typebox';
import { Coins } from '../documents.ts';
import { MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestRedeem = Strict({
  coins: Coins,
  message_reference: MessageReference,
  type: Type.Literal('request redeem'),
});
export type RequestRedeem = Written<typeof RequestRedeem>;

export const ResponseRedeem = Strict({ ...answerFields, type: Type.Literal('response redeem') });
export type ResponseRedeem = Written<typeof ResponseRedeem>;
