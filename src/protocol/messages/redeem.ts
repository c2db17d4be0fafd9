/** Coins back to the issuer. The set of coins is the request's identity: it has no reference. */
import Type from 'typebox';
import { SignedReceipt, StatementKeyCertificate } from '../attestations.ts';
import { Coins } from '../documents.ts';
import { MessageReference, ShortText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestRedeem = Strict({
  coins: Coins,
  message_reference: MessageReference,
  /** The number of the account at the bank that is credited; without one the bank keeps it as unclaimed. */
  payee: Type.Optional(ShortText),
  type: Type.Literal('request redeem'),
});
export type RequestRedeem = Written<typeof RequestRedeem>;

/** The draft's answer has no receipt. It can be read; a wallet does not settle for it. */
export const ResponseRedeem = Strict({
  ...answerFields,
  signed_receipt: Type.Optional(SignedReceipt),
  statement_key: Type.Optional(StatementKeyCertificate),
  type: Type.Literal('response redeem'),
});
export type ResponseRedeem = Written<typeof ResponseRedeem>;
