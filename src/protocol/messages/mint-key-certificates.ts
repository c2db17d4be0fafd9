/** The mint keys, certified: those of the denominations or ids asked for, or all whose coins still live. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { RevocationCertificate, StatementKeyCertificate } from '../attestations.ts';
import { MintKeyCertificate } from '../documents.ts';
import { Id, List, MessageReference, PositiveAmount, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';

export const RequestMintKeyCertificates = Strict({
  denominations: Type.Optional(List(PositiveAmount, 0, LIMITS.denominations)),
  message_reference: MessageReference,
  mint_key_ids: Type.Optional(List(Id, 0, LIMITS.coinsPerRequest)),
  type: Type.Literal('request mint key certificates'),
});
export type RequestMintKeyCertificates = Written<typeof RequestMintKeyCertificates>;

export const ResponseMintKeyCertificates = Strict({
  ...answerFields,
  keys: List(MintKeyCertificate, 0, LIMITS.mintKeyCertificates),
  revocations: Type.Optional(List(RevocationCertificate, 0, LIMITS.mintKeyCertificates)),
  statement_key: Type.Optional(StatementKeyCertificate),
  type: Type.Literal('response mint key certificates'),
});
export type ResponseMintKeyCertificates = Readonly<
  Omit<Static<typeof ResponseMintKeyCertificates>, 'keys' | 'revocations' | 'statement_key'>
> & {
  readonly keys: readonly MintKeyCertificate[];
  readonly revocations?: readonly RevocationCertificate[];
  readonly statement_key?: StatementKeyCertificate;
};
