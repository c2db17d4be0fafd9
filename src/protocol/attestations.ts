/** What a mint says in its own name, signed by its statement key; the master key certifies that key. */
import Type from 'typebox';
import { LIMITS } from '../base/limits.ts';
import {
  AmountField,
  BigIntText,
  Count,
  DateText,
  Ed25519Key,
  Ed25519Signature,
  Id,
  List,
  PositiveAmount,
  ShortText,
  Strict,
} from './fields.ts';
import type { Written } from './fields.ts';

/** The key that signs statements, the journal and receipts. It makes no coins. */
export const StatementKey = Strict({
  issuer_id: Id,
  public_key: Ed25519Key,
  type: Type.Literal('statement key'),
});
export type StatementKey = Written<typeof StatementKey>;

export const StatementKeyCertificate = Strict({
  signature: BigIntText,
  statement_key: StatementKey,
  type: Type.Literal('statement key certificate'),
});
export type StatementKeyCertificate = Written<typeof StatementKeyCertificate>;

/** Where a hash chain ends: how many entries there are, and the hash of the last. */
export const JournalHead = Strict({ entries: AmountField, hash: Id, type: Type.Literal('journal head') });
export type JournalHead = Written<typeof JournalHead>;

const DenominationFloat = Strict({
  denomination: PositiveAmount,
  issued: AmountField,
  redeemed: AmountField,
});

/** How much has been issued: totals of the keys that live, by denomination. `sequence` counts the ledger's commits. */
export const Statement = Strict({
  authorised: AmountField,
  denominations: List(DenominationFloat, 0, LIMITS.openDenominations),
  float: AmountField,
  issuer_id: Id,
  journal: JournalHead,
  power: Type.Union([Type.Literal('on'), Type.Literal('off')], { description: 'on or off' }),
  sequence: AmountField,
  time: DateText,
  treasury: AmountField,
  type: Type.Literal('statement'),
});
export type Statement = Written<typeof Statement>;

export const SignedStatement = Strict({
  signature: Ed25519Signature,
  statement: Statement,
  type: Type.Literal('signed statement'),
});
export type SignedStatement = Written<typeof SignedStatement>;

/** What a redemption brought in. `payee` is an account at the bank, empty where none was named. */
export const Receipt = Strict({
  amount: PositiveAmount,
  issuer_id: Id,
  payee: ShortText,
  /** The hash of the set of the coins' ids. */
  redemption: Id,
  sequence: Count,
  time: DateText,
  type: Type.Literal('receipt'),
});
export type Receipt = Written<typeof Receipt>;

export const SignedReceipt = Strict({
  receipt: Receipt,
  signature: Ed25519Signature,
  type: Type.Literal('signed receipt'),
});
export type SignedReceipt = Written<typeof SignedReceipt>;

/** The end of a mint key before its time. Its coins are taken back until `coins_until`; none is made any more. */
export const Revocation = Strict({
  coins_until: DateText,
  issuer_id: Id,
  mint_key_id: Id,
  revoked: DateText,
  type: Type.Literal('mint key revocation'),
});
export type Revocation = Written<typeof Revocation>;

export const RevocationCertificate = Strict({
  revocation: Revocation,
  signature: Ed25519Signature,
  type: Type.Literal('mint key revocation certificate'),
});
export type RevocationCertificate = Written<typeof RevocationCertificate>;
