/** The documents of the draft: what is signed, carried and kept. Field by field in spec/protocol.md. */
import Type from 'typebox';
import { LIMITS } from '../base/limits.ts';
import {
  BigIntText,
  Count,
  DateText,
  Id,
  List,
  PositiveAmount,
  SerialText,
  ShortText,
  Strict,
  Url,
} from './fields.ts';
import type { Written } from './fields.ts';

/**
 * A public key as its suite writes it, named by `type`. Which other fields there are is the suite's to say and to
 * check (`CipherSuite.readKey`), so that a new suite changes nothing here.
 */
export const PublicKey = Type.Object(
  { type: ShortText },
  {
    additionalProperties: Type.Union([BigIntText, Count], { description: 'a BigInt or a whole number' }),
    propertyNames: Type.String({
      pattern: '^[a-z][a-z0-9_]*$',
      maxLength: 40,
      description: 'a name in lower case',
    }),
    maxProperties: 8,
    description: 'a public key',
  },
);
export type PublicKey = { readonly type: string; readonly [field: string]: string | number };

const Denominations = List(PositiveAmount, 1, LIMITS.denominations);

/** `[weight, url]` pairs: lowest weight first, the next is tried when one fails. */
export const Services = List(
  Type.Tuple([Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'a weight' }), Url], {
    description: 'a pair of a weight and a URL',
  }),
  0,
  LIMITS.services,
);

export const Cdd = Strict({
  additional_info: Type.String({ maxLength: LIMITS.additionalInfo, description: 'a text' }),
  cdd_expiry_date: DateText,
  cdd_location: Url,
  cdd_serial: Count,
  cdd_signing_date: DateText,
  currency_divisor: Count,
  currency_name: ShortText,
  denominations: Denominations,
  id: Id,
  info_service: Services,
  invalidation_service: Services,
  issuer_cipher_suite: ShortText,
  issuer_public_master_key: PublicKey,
  protocol_version: Url,
  renewal_service: Services,
  type: Type.Literal('cdd'),
  validation_service: Services,
});
export type Cdd = Omit<Written<typeof Cdd>, 'issuer_public_master_key'> & {
  readonly issuer_public_master_key: PublicKey;
};

export const Cddc = Strict({ cdd: Cdd, signature: BigIntText, type: Type.Literal('cdd certificate') });
export type Cddc = { readonly cdd: Cdd; readonly signature: string; readonly type: 'cdd certificate' };

export const MintKey = Strict({
  cdd_serial: Count,
  coins_expiry_date: DateText,
  denomination: PositiveAmount,
  id: Id,
  issuer_id: Id,
  public_mint_key: PublicKey,
  sign_coins_not_after: DateText,
  sign_coins_not_before: DateText,
  type: Type.Literal('mint key'),
});
export type MintKey = Omit<Written<typeof MintKey>, 'public_mint_key'> & {
  readonly public_mint_key: PublicKey;
};

export const MintKeyCertificate = Strict({
  mint_key: MintKey,
  signature: BigIntText,
  type: Type.Literal('mint key certificate'),
});
export type MintKeyCertificate = {
  readonly mint_key: MintKey;
  readonly signature: string;
  readonly type: 'mint key certificate';
};

export const Payload = Strict({
  cdd_location: Url,
  denomination: PositiveAmount,
  issuer_id: Id,
  mint_key_id: Id,
  protocol_version: Url,
  serial: SerialText,
  type: Type.Literal('payload'),
});
export type Payload = Written<typeof Payload>;

export const Coin = Strict({ payload: Payload, signature: BigIntText, type: Type.Literal('coin') });
export type Coin = { readonly payload: Payload; readonly signature: string; readonly type: 'coin' };

export const Blind = Strict({
  blinded_payload_hash: BigIntText,
  mint_key_id: Id,
  reference: ShortText,
  type: Type.Literal('blinded payload hash'),
});
export type Blind = Written<typeof Blind>;

export const BlindSignature = Strict({
  blind_signature: BigIntText,
  reference: ShortText,
  type: Type.Literal('blind signature'),
});
export type BlindSignature = Written<typeof BlindSignature>;

export const Coins = List(Coin, 1, LIMITS.coinsPerRequest);
export const Blinds = List(Blind, 1, LIMITS.coinsPerRequest);

export const CoinStack = Strict({
  coins: Coins,
  subject: Type.String({
    maxLength: LIMITS.subject,
    description: `a text of at most ${LIMITS.subject} characters`,
  }),
  type: Type.Literal('coinstack'),
});
export type CoinStack = {
  readonly coins: readonly Coin[];
  readonly subject: string;
  readonly type: 'coinstack';
};

/** The one protocol version there is; the draft's examples carry it. */
export const PROTOCOL_VERSION = 'https://opencoin.org/1.0';
