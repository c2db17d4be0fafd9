/** New coins against a paid order; the answer carries blind signatures. Renewals and resumptions are answered so too. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { BlindSignature, Blinds } from '../documents.ts';
import { List, MessageReference, SerialText, Strict, answerFields } from '../fields.ts';

export const RequestMint = Strict({
  blinds: Blinds,
  message_reference: MessageReference,
  transaction_reference: SerialText,
  type: Type.Literal('request mint'),
});
export type RequestMint = Readonly<Static<typeof RequestMint>>;

export const ResponseMint = Strict({
  ...answerFields,
  blind_signatures: List(BlindSignature, 1, LIMITS.coinsPerRequest),
  type: Type.Literal('response mint'),
});
export type ResponseMint = Readonly<Static<typeof ResponseMint>>;
