/** What is answered when a request is not done: not now (the draft's delay) or not at all (an error). */
import Type from 'typebox';
import type { Static } from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { Strict, answerFields } from '../fields.ts';

export const ResponseDelay = Strict({ ...answerFields, type: Type.Literal('response delay') });
export type ResponseDelay = Readonly<Static<typeof ResponseDelay>>;

export const ResponseError = Strict({
  ...answerFields,
  details: Type.String({ maxLength: LIMITS.additionalInfo, description: 'a text' }),
  type: Type.Literal('response error'),
});
export type ResponseError = Readonly<Static<typeof ResponseError>>;
