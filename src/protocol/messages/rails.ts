/** The ways to pay that a bank offers, so that a wallet can let its owner choose. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { List, MessageReference, ShortText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestRails = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request rails'),
});
export type RequestRails = Written<typeof RequestRails>;

/** `name` is what a `request order` names as its rail. */
const OfferedRail = Strict({ name: ShortText });

export const ResponseRails = Strict({
  ...answerFields,
  rails: List(OfferedRail, 0, LIMITS.ledgerAccounts),
  type: Type.Literal('response rails'),
});
export type ResponseRails = Written<typeof ResponseRails>;
