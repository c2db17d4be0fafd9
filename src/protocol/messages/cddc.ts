/** The currency description, certified. Without a serial: the current one. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { Cddc } from '../documents.ts';
import { Count, MessageReference, Strict, answerFields } from '../fields.ts';

export const RequestCddc = Strict({
  cdd_serial: Type.Optional(Count),
  message_reference: MessageReference,
  type: Type.Literal('request cddc'),
});
export type RequestCddc = Readonly<Static<typeof RequestCddc>>;

export const ResponseCddc = Strict({ ...answerFields, cddc: Cddc, type: Type.Literal('response cddc') });
export type ResponseCddc = Readonly<Omit<Static<typeof ResponseCddc>, 'cddc'>> & { readonly cddc: Cddc };
