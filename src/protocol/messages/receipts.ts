/** Receipts of redemptions after a sequence number, for a cashier who signs for them: payees are nobody else's business. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { SignedReceipt, StatementKeyCertificate } from '../attestations.ts';
import {
  AmountField,
  DateText,
  Ed25519Key,
  Ed25519Signature,
  Id,
  List,
  MessageReference,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';

export const ReceiptsWanted = Strict({
  after: AmountField,
  cashier: Ed25519Key,
  expires: DateText,
  issuer_id: Id,
  type: Type.Literal('receipts wanted'),
});
export type ReceiptsWanted = Written<typeof ReceiptsWanted>;

export const RequestReceipts = Strict({
  message_reference: MessageReference,
  signature: Ed25519Signature,
  type: Type.Literal('request receipts'),
  wanted: ReceiptsWanted,
});
export type RequestReceipts = Written<typeof RequestReceipts>;

export const ResponseReceipts = Strict({
  ...answerFields,
  receipts: List(SignedReceipt, 0, LIMITS.receiptsPage),
  statement_key: StatementKeyCertificate,
  type: Type.Literal('response receipts'),
});
export type ResponseReceipts = Written<typeof ResponseReceipts>;
