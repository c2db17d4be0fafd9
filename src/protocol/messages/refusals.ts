/** What is answered when a request is not done: not now (the draft's delay) or not at all (an error). */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const ResponseDelay = Strict({ ...answerFields, type: Type.Literal('response delay') });
export type ResponseDelay = Written<typeof ResponseDelay>;

export const ResponseError = Strict({
  ...answerFields,
  details: Type.String({ maxLength: LIMITS.additionalInfo, description: 'a text' }),
  type: Type.Literal('response error'),
});
export type ResponseError = Written<typeof ResponseError>;
