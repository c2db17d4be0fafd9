/** Coins of the currency that backs this one, given to the box: its treasury rises by what they are worth. */
import Type from 'typebox';
import { CoinStack } from '../documents.ts';
import { AmountField, MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestReserveDeposit = Strict({
  message_reference: MessageReference,
  stack: CoinStack,
  type: Type.Literal('request reserve deposit'),
});
export type RequestReserveDeposit = Omit<Written<typeof RequestReserveDeposit>, 'stack'> & {
  readonly stack: CoinStack;
};

/** `held` is all that the box holds now, `treasury` what may still be issued. */
export const ResponseReserveDeposit = Strict({
  ...answerFields,
  held: AmountField,
  treasury: AmountField,
  type: Type.Literal('response reserve deposit'),
});
export type ResponseReserveDeposit = Written<typeof ResponseReserveDeposit>;
