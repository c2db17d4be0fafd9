/** Asks again for the answer to a mint or renewal by its reference alone. Answered by `response mint`. */
import Type from 'typebox';
import { MessageReference, SerialText, Strict } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestResume = Strict({
  message_reference: MessageReference,
  transaction_reference: SerialText,
  type: Type.Literal('request resume'),
});
export type RequestResume = Written<typeof RequestResume>;
