/** The currency description, certified. Without a serial: the current one. */
import Type from 'typebox';
import { Cddc } from '../documents.ts';
import { Count, MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestCddc = Strict({
  cdd_serial: Type.Optional(Count),
  message_reference: MessageReference,
  type: Type.Literal('request cddc'),
});
export type RequestCddc = Written<typeof RequestCddc>;

export const ResponseCddc = Strict({ ...answerFields, cddc: Cddc, type: Type.Literal('response cddc') });
export type ResponseCddc = Omit<Written<typeof ResponseCddc>, 'cddc'> & { readonly cddc: Cddc };
