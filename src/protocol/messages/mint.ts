/** New coins against a paid order; the answer carries blind signatures. Renewals and resumptions are answered so too. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { BlindSignature, Blinds } from '../documents.ts';
import { List, MessageReference, SerialText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestMint = Strict({
  blinds: Blinds,
  message_reference: MessageReference,
  transaction_reference: SerialText,
  type: Type.Literal('request mint'),
});
export type RequestMint = Written<typeof RequestMint>;

export const ResponseMint = Strict({
  ...answerFields,
  blind_signatures: List(BlindSignature, 1, LIMITS.coinsPerRequest),
  type: Type.Literal('response mint'),
});
export type ResponseMint = Written<typeof ResponseMint>;
