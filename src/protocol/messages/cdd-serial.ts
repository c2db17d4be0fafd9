/** Which version of the currency description is current: lets a client keep the one it has. */
import Type from 'typebox';
import { Count, MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestCddSerial = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request cdd serial'),
});
export type RequestCddSerial = Written<typeof RequestCddSerial>;

export const ResponseCddSerial = Strict({
  ...answerFields,
  cdd_serial: Count,
  type: Type.Literal('response cdd serial'),
});
export type ResponseCddSerial = Written<typeof ResponseCddSerial>;
