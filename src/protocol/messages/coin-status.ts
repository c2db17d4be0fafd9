/** Whether coins were spent, by the hash of their payload: for the sender of a stack, and for a restore. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { Id, List, MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestCoinStatus = Strict({
  coin_ids: List(Id, 1, LIMITS.coinsPerRequest),
  message_reference: MessageReference,
  type: Type.Literal('request coin status'),
});
export type RequestCoinStatus = Written<typeof RequestCoinStatus>;

export const ResponseCoinStatus = Strict({
  ...answerFields,
  spent: List(Type.Boolean(), 1, LIMITS.coinsPerRequest),
  type: Type.Literal('response coin status'),
});
export type ResponseCoinStatus = Written<typeof ResponseCoinStatus>;
