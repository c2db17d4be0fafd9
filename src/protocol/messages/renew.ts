/** Old coins for fresh ones of the same sum. Answered by `response mint`. */
import Type from 'typebox';
import { Blinds, Coins } from '../documents.ts';
import { MessageReference, SerialText, Strict } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestRenew = Strict({
  blinds: Blinds,
  coins: Coins,
  message_reference: MessageReference,
  transaction_reference: SerialText,
  type: Type.Literal('request renew'),
});
export type RequestRenew = Written<typeof RequestRenew>;
