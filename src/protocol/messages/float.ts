/** How much has been issued: the mint's signed word for anyone who asks. */
import Type from 'typebox';
import { SignedStatement, StatementKeyCertificate } from '../attestations.ts';
import { MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestFloat = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request float'),
});
export type RequestFloat = Written<typeof RequestFloat>;

export const ResponseFloat = Strict({
  ...answerFields,
  signed_statement: SignedStatement,
  statement_key: StatementKeyCertificate,
  type: Type.Literal('response float'),
});
export type ResponseFloat = Written<typeof ResponseFloat>;
