/** Which currencies a box holds: what a front asks first. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { Cddc } from '../documents.ts';
import { List, MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestCurrencies = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request currencies'),
});
export type RequestCurrencies = Written<typeof RequestCurrencies>;

export const ResponseCurrencies = Strict({
  ...answerFields,
  currencies: List(Cddc, 0, LIMITS.currencies),
  type: Type.Literal('response currencies'),
});
export type ResponseCurrencies = Omit<Written<typeof ResponseCurrencies>, 'currencies'> & {
  readonly currencies: readonly Cddc[];
};
