/**
 * Suites of two rounds: the bank registers what a customer's account is known by at the mint. The mint then opens
 * withdrawals for it, and whoever hands a coin over twice is found by it. Only the bank knows whose it is.
 */
import Type from 'typebox';
import type { Canonical } from '../../base/canonical.ts';
import { canonicalBytes } from '../../base/canonical.ts';
import { utf8 } from '../../base/bytes.ts';
import {
  BigIntText,
  Ed25519Key,
  Ed25519Signature,
  Id,
  MessageReference,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';
import { idOf } from '../ids.ts';
import { AccountToken } from './account.ts';

export const Registration = Strict({
  cashier: Ed25519Key,
  currency: Id,
  identity: BigIntText,
  type: Type.Literal('registration'),
});
export type Registration = Written<typeof Registration>;

/** Signed by the cashier it names. */
export const SignedRegistration = Strict({
  registration: Registration,
  signature: Ed25519Signature,
  type: Type.Literal('signed registration'),
});
export type SignedRegistration = Written<typeof SignedRegistration>;

/** The proof is bound to `registrationContext`. Refused until a teller approves it; again, it is the same registration. */
export const RequestRegistration = Strict({
  identity: BigIntText,
  message_reference: MessageReference,
  proof: BigIntText,
  token: AccountToken,
  type: Type.Literal('request registration'),
});
export type RequestRegistration = Written<typeof RequestRegistration>;

export const ResponseRegistration = Strict({
  ...answerFields,
  signed_registration: SignedRegistration,
  type: Type.Literal('response registration'),
});
export type ResponseRegistration = Written<typeof ResponseRegistration>;

/** What the proof of a registration is bound to: the currency, and the account by its token's hash. */
export function registrationContext(currency: string, token: string): Uint8Array {
  const context: Canonical = { currency, token_hash: idOf(utf8(token)), type: 'request registration' };
  return canonicalBytes(context);
}
