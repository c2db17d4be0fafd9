/**
 * Suites of two rounds: the first. The mint commits itself to a nonce for each coin to come; the blinds that answer it
 * come with a `request mint` or `request renew` under the same transaction reference, within seconds.
 */
import Type from 'typebox';
import type { Canonical } from '../../base/canonical.ts';
import { canonicalBytes } from '../../base/canonical.ts';
import { LIMITS } from '../../base/limits.ts';
import { BigIntText, Id, List, MessageReference, SerialText, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';
import { SignedRegistration } from './registration.ts';

const MintKeyIds = List(Id, 1, LIMITS.coinsPerRequest);

/**
 * One id for each coin; a key stands as often as coins of it are wanted. The proof, by the identity that is registered,
 * is bound to `commitmentsContext`. The same request again, while its withdrawal is open, has the same answer.
 */
export const RequestCommitments = Strict({
  message_reference: MessageReference,
  mint_key_ids: MintKeyIds,
  proof: BigIntText,
  signed_registration: SignedRegistration,
  transaction_reference: SerialText,
  type: Type.Literal('request commitments'),
});
export type RequestCommitments = Written<typeof RequestCommitments>;

/** In the order of the request's `mint_key_ids`. */
export const ResponseCommitments = Strict({
  ...answerFields,
  commitments: List(BigIntText, 1, LIMITS.coinsPerRequest),
  type: Type.Literal('response commitments'),
});
export type ResponseCommitments = Written<typeof ResponseCommitments>;

/** What the proof of a first round is bound to. */
export function commitmentsContext(
  currency: string,
  { mint_key_ids, transaction_reference }: Pick<RequestCommitments, 'mint_key_ids' | 'transaction_reference'>,
): Uint8Array {
  const context: Canonical = {
    currency,
    mint_key_ids: [...mint_key_ids],
    transaction_reference,
    type: 'request commitments',
  };
  return canonicalBytes(context);
}
